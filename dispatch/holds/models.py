"""The only place where time is taken, and the only table with the overlap guard."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base


class Hold(Base):
    """A span of an interpreter's time that is taken: by an exclusive offer, or an assignment.

    By video or telephone (`way`) it is taken where the interpreter is, not at the site.

    The database refuses two holds of one interpreter at overlapping times (`[starts_at, ends_at)`),
    two on one seat of a request, and one person twice in a team. A row exists only while the time
    is taken: whoever blocks points to its hold, and a CHECK there ties state and hold together.
    """

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", "ends_after_start"),
        CheckConstraint("seat >= 1", "seat_from_one"),
        CheckConstraint("way IN ('on_site', 'video', 'telephone')", "known_way"),
        CheckConstraint("cause IN ('offer', 'assignment', 'to_reconfirm')", "known_cause"),
        UniqueConstraint("interpretation_request_id", "seat", name="uq_holds_one_for_a_seat"),
        UniqueConstraint(
            "interpretation_request_id", "interpreter_id", name="uq_holds_person_once_in_a_team"
        ),
        Index("ix_holds_of_interpreter", "interpreter_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreters.id"))
    interpretation_request_id: Mapped[int] = mapped_column(ForeignKey("interpretation_requests.id"))
    seat: Mapped[int]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    way: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    cause: Mapped[str]
