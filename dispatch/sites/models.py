"""The site register."""

from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base


class Site(Base):
    """A place where interpreting happens, with its point (WGS 84), zone and buffers (minutes).

    `is_public` is False for places whose address tells something about the client (a shelter, a
    clinic): messages and calendars then name the district only.
    """

    __tablename__ = "sites"

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
    search_text: Mapped[str]
    source: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
