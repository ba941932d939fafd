"""Assignments: what was agreed with one interpreter, and each answer to it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.assignments.rules import AssignmentState, Terms, Via
from dispatch.database import Base, one_of
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter
from dispatch.requests.models import InterpretationRequest
from dispatch.sites.models import Site

NOT_OVER = "state NOT IN ('released', 'cancelled')"


class Assignment(Base):
    """One interpreter, one place, one time (ISO 18841, 5.2); it begins with a yes.

    Site, span, language and way are as the interpreter agreed to them or, while they are to be
    reconfirmed, as they were asked to; every earlier answer stays in `confirmations`. Until it is
    over it points to its hold on the interpreter's time. `pinned` marks a person's decision that no
    plan changes, `against_wishes` which wishes of the interpreter a person set aside with a reason;
    `withdrawn_at` is when its interpreter took the yes back. `late_minutes` is how
    late the interpreter said to be, `lasts_until` when it ends that runs longer than agreed,
    `began_at` and `ended_at` when it really took place, as far as somebody said so.
    The day before the interpreter is asked once more and confirms; the link's token is kept as a
    hash only.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", "ends_after_start"),
        CheckConstraint("seat >= 1", "seat_from_one"),
        one_of("state", AssignmentState),
        CheckConstraint("way IN ('on_site', 'video', 'telephone')", "known_way"),
        # Whoever takes time has a hold, and nobody else: none can be forgotten or left behind.
        CheckConstraint(
            "(state IN ('confirmed', 'to_reconfirm', 'on_the_way', 'arrived', 'running'))"
            " = (hold_id IS NOT NULL)",
            "holds_while_to_come",
        ),
        CheckConstraint("late_minutes BETWEEN 1 AND 240", "late_by_minutes"),
        CheckConstraint("ended_at > began_at", "ended_after_it_began"),
        CheckConstraint("withdrawn_at IS NULL OR state = 'released'", "withdrawn_is_released"),
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
        Index("ix_assignments_of_interpreter", "interpreter_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interpretation_request_id: Mapped[int] = mapped_column(
        ForeignKey("interpretation_requests.id"), index=True
    )
    seat: Mapped[int]
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreters.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    language: Mapped[str]
    way: Mapped[str]
    state: Mapped[str]
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("holds.id"), unique=True)
    pinned: Mapped[bool] = mapped_column(default=False)
    against_wishes: Mapped[list[str]] = mapped_column(default=list)
    confirmed_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    reminded_again_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    day_before_asked_at: Mapped[datetime | None]
    day_before_token_hash: Mapped[str | None] = mapped_column(unique=True)
    day_before_confirmed_at: Mapped[datetime | None]
    late_minutes: Mapped[int | None]
    lasts_until: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    interpretation_request: Mapped[InterpretationRequest] = relationship()
    interpreter: Mapped[Interpreter] = relationship()
    site: Mapped[Site] = relationship()
    hold: Mapped[Hold | None] = relationship()
    confirmations: Mapped[list["Confirmation"]] = relationship(
        order_by="Confirmation.terms_number",
        cascade="all, delete-orphan",
        back_populates="assignment",
    )

    __mapper_args__ = {"version_id_col": version}


class Confirmation(Base):
    """The question whether certain terms are agreed to, and the answer; earlier ones stay.

    The first of an assignment was an offer's. Each later one has a deadline and a signed link of
    its own, of which only a hash is kept. `was_urgent`: the request was, on these terms.
    """

    __tablename__ = "confirmations"
    __table_args__ = (
        UniqueConstraint("assignment_id", "terms_number"),
        CheckConstraint("terms_number >= 1", "numbered_from_one"),
        CheckConstraint("ends_at > starts_at", "ends_after_start"),
        CheckConstraint("way IN ('on_site', 'video', 'telephone')", "known_way"),
        one_of("via", Via),
        CheckConstraint("answer IN ('yes', 'no')", "yes_or_no"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", "answered_at_a_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    terms_number: Mapped[int]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    language: Mapped[str]
    way: Mapped[str]
    was_urgent: Mapped[bool]
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    answer_by: Mapped[datetime | None] = mapped_column(index=True)
    remind_at: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    via: Mapped[str | None]

    site: Mapped[Site] = relationship()
    assignment: Mapped[Assignment] = relationship(back_populates="confirmations")

    @classmethod
    def of(
        cls, terms: Terms, number: int, *, was_urgent: bool, asked_at: datetime
    ) -> "Confirmation":
        """Return the question whether these terms are agreed to, without an answer."""
        return cls(
            terms_number=number,
            site_id=terms.site_id,
            starts_at=terms.starts_at,
            ends_at=terms.ends_at,
            language=terms.language,
            way=terms.way,
            was_urgent=was_urgent,
            asked_at=asked_at,
        )

    def answered(self, answer: str, via: str, at: datetime) -> "Confirmation":
        """Write the answer ("yes" or "no") beside the question, and return it."""
        self.answer, self.via, self.answered_at = answer, via, at
        return self
