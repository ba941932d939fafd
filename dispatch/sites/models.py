"""The site register."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, one_of
from dispatch.sites.rules import SiteKind


class Site(Base):
    """A place where interpreting happens, with its point (WGS 84), zone and buffers (minutes).

    `is_public` is False for places whose address tells something about the client (a shelter, a
    clinic): messages and calendars then name the district only, and members of other organisations
    than the one it belongs to (`organisation_id`) do not find it (`requests/places.py`). Nobody
    can choose one that is not `active`; what is agreed there stays.
    """

    __tablename__ = "sites"
    __table_args__ = (
        one_of("kind", SiteKind),
        CheckConstraint("latitude BETWEEN -90 AND 90", "latitude_in_degrees"),
        CheckConstraint("longitude BETWEEN -180 AND 180", "longitude_in_degrees"),
        CheckConstraint("buffer_before_minutes BETWEEN 0 AND 120", "short_buffer_before"),
        CheckConstraint("buffer_after_minutes BETWEEN 0 AND 120", "short_buffer_after"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    register_number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    address: Mapped[str]
    postcode: Mapped[str]
    district: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    time_zone: Mapped[str]
    buffer_before_minutes: Mapped[int] = mapped_column(default=5)
    buffer_after_minutes: Mapped[int] = mapped_column(default=5)
    is_public: Mapped[bool] = mapped_column(default=True)
    access_notes: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    search_text: Mapped[str]
    source: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
