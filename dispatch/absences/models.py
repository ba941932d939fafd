"""What was decided about each assignment that an absence hit."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.absences.rules import Resolution
from dispatch.assignments.models import Assignment
from dispatch.availability.models import Absence
from dispatch.database import Base, one_of


class AbsenceJob(Base):
    """One assignment in the time of an absence; as long as it is asked, nothing is settled."""

    __tablename__ = "absence_jobs"
    __table_args__ = (
        one_of("resolution", Resolution),
        UniqueConstraint("absence_id", "assignment_id"),
        CheckConstraint("(resolution = 'ask') = (settled_at IS NULL)", "settled_but_while_asked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    absence_id: Mapped[int] = mapped_column(ForeignKey("absences.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    resolution: Mapped[str]
    by_office: Mapped[bool]
    """Who asks: the office the interpreter, or the interpreter the office."""
    settled_at: Mapped[datetime | None]

    absence: Mapped[Absence] = relationship()
    assignment: Mapped[Assignment] = relationship()
