"""Series and their dates: each date is an interpretation request of its own."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.accounts.models import Account
from dispatch.database import Base, one_of
from dispatch.interpreters.models import Interpreter
from dispatch.organisations.models import Organisation
from dispatch.requests.models import InterpretationRequest
from dispatch.series.rules import Rhythm


class Series(Base):
    """What was asked for several dates at once; every so many weeks or months, or chosen days."""

    __tablename__ = "series"
    __table_args__ = (
        one_of("rhythm", Rhythm),
        CheckConstraint("every BETWEEN 1 AND 12", "every_one_to_twelve"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    rhythm: Mapped[str]
    every: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()
    account: Mapped[Account] = relationship()
    dates: Mapped[list["SeriesDate"]] = relationship(
        order_by="SeriesDate.number", back_populates="series"
    )


class SeriesDate(Base):
    """One date of a series by its number; it keeps its request, whatever is changed.

    `regular_interpreter_id` is who comes to it as a rule: whom a person gave several dates. Who
    comes instead for one date alone does not change it.
    """

    __tablename__ = "series_dates"
    __table_args__ = (
        UniqueConstraint("series_id", "number"),
        UniqueConstraint("interpretation_request_id"),
        CheckConstraint("number >= 1", "numbered_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    number: Mapped[int]
    interpretation_request_id: Mapped[int] = mapped_column(ForeignKey("interpretation_requests.id"))
    regular_interpreter_id: Mapped[int | None] = mapped_column(ForeignKey("interpreters.id"))

    series: Mapped[Series] = relationship(back_populates="dates")
    interpretation_request: Mapped[InterpretationRequest] = relationship()
    regular_interpreter: Mapped[Interpreter | None] = relationship()

    @property
    def starts_at(self) -> datetime:
        """When its request begins."""
        return self.interpretation_request.starts_at
