"""What was decided about money when an assignment was cancelled."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.accounts.models import Account
from dispatch.assignments.models import Assignment
from dispatch.cancellations.owing import Rule, paid_until
from dispatch.database import Base, one_of


class CancellationDecision(Base):
    """What an assignment that was taken away owes to its interpreter, by which rule of the policy.

    One for every assignment that a cancelled or changed request took along or that the office
    released, also where nothing is owed. The office can waive it, with a reason that lies in the
    record; it ends when the cancellation is undone and the interpreter comes after all.
    """

    __tablename__ = "cancellation_decisions"
    __table_args__ = (
        CheckConstraint("minutes >= 0", "minutes_from_nothing"),
        CheckConstraint("amount >= 0", "amount_from_nothing"),
        CheckConstraint("(rule = 'late') OR (minutes = 0)", "only_late_owes"),
        CheckConstraint("(waived_at IS NULL) = (waived_by IS NULL)", "waived_by_somebody"),
        one_of("rule", Rule),
        Index("ix_cancellation_decisions_of_interpreter", "interpreter_id", "starts_at"),
        Index("ix_cancellation_decisions_starts_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), unique=True)
    interpretation_request_id: Mapped[int] = mapped_column(
        ForeignKey("interpretation_requests.id"), index=True
    )
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreters.id"))
    rule: Mapped[str]
    told_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    cents_per_hour: Mapped[int]
    amount: Mapped[Decimal]
    decided_at: Mapped[datetime]
    waived_at: Mapped[datetime | None]
    waived_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    undone_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    assignment: Mapped[Assignment] = relationship()
    waived_by_account: Mapped[Account | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def stands(self) -> bool:
        """Tell whether something is owed: neither waived nor undone."""
        return bool(self.minutes) and self.waived_at is None and self.undone_at is None

    @property
    def paid_until(self) -> datetime:
        """Until when the interpreter is still paid."""
        return paid_until(self.starts_at, self.minutes)
