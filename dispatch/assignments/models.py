"""Assignments and the calendar invitations that belong to them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.database import Base
from dispatch.interpreters.models import Interpreter
from dispatch.requests.models import InterpretationRequest

NOT_OVER = "state NOT IN ('released', 'cancelled')"


class Assignment(Base):
    """One seat of a request: one interpreter, one place, one time (ISO 18841, 5.2).

    `[starts_at, ends_at)` is the service itself; the database refuses that one interpreter has two
    assignments that block at overlapping times. A seat nobody was asked for has no row (decision
    0004). `pinned` marks a person's decision.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", "ends_after_start"),
        CheckConstraint("seat >= 1", "seat_from_one"),
        Index(
            "uq_assignments_live_seat",
            "interpretation_request_id",
            "seat",
            unique=True,
            sqlite_where=text(NOT_OVER),
            postgresql_where=text(NOT_OVER),
        ),
        Index(
            "uq_assignments_person_once_in_a_team",
            "interpretation_request_id",
            "interpreter_id",
            unique=True,
            sqlite_where=text(NOT_OVER),
            postgresql_where=text(NOT_OVER),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interpretation_request_id: Mapped[int] = mapped_column(
        ForeignKey("interpretation_requests.id"), index=True
    )
    seat: Mapped[int]
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreters.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    state: Mapped[str]
    state_reason: Mapped[str] = mapped_column(default="")
    pinned: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    interpretation_request: Mapped[InterpretationRequest] = relationship()
    interpreter: Mapped[Interpreter] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Invitation(Base):
    """The calendar entry of one person for one assignment: one UID for its life (RFC 5546)."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreters.id"))
    uid: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    stamped_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    assignment: Mapped[Assignment] = relationship()
    interpreter: Mapped[Interpreter] = relationship()

    __mapper_args__ = {"version_id_col": version}
