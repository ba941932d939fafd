"""Invitations: one UID for life, a SEQUENCE that only grows."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base


class Invitation(Base):
    """What one person's calendar was told of one assignment, or of the question before it.

    It begins with the question where answers from calendars are read (RFC 5546), and goes on as
    the entry of the assignment.

    Organizer and attendee are kept as they were written: an update or a cancellation that names
    others than the invitation did is not recognised by calendars. `answered_sequence`,
    `answered_stamp` and `answered_standing` are those of the last answer from the calendar.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("sequence >= 0", "sequence_from_zero"),
        CheckConstraint("offer_id IS NOT NULL OR assignment_id IS NOT NULL", "of_something"),
        Index(
            "uq_invitations_one_question_in_force",
            "offer_id",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        Index(
            "uq_invitations_one_in_force",
            "assignment_id",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreters.id"))
    uid: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    stamped_at: Mapped[datetime]
    organizer_name: Mapped[str]
    organizer_address: Mapped[str]
    attendee_name: Mapped[str]
    attendee_address: Mapped[str]
    cancelled_at: Mapped[datetime | None]
    answered_sequence: Mapped[int | None]
    answered_stamp: Mapped[datetime | None]
    answered_standing: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
