"""The tables of when somebody can be asked; whose they are, the person's own row says."""

from datetime import date, datetime, time

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.availability.rules import Exceptional, NoticeUnit, Way
from dispatch.database import Base, one_of


def _every_way() -> list[str]:
    return [str(way) for way in Way]


class Availability(Base):
    """When, how long before and where somebody wants to be asked; no regions are all of them.

    `busy_minutes` is what their private calendars say: pairs of minutes since 1970, in order.
    """

    __tablename__ = "availabilities"
    __table_args__ = (
        one_of("notice_unit", NoticeUnit),
        CheckConstraint("notice >= 0", "notice_from_nothing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice: Mapped[int] = mapped_column(default=0)
    notice_unit: Mapped[str] = mapped_column(default=NoticeUnit.HOURS)
    regions: Mapped[list[str]] = mapped_column(default=list)
    on_public_holidays: Mapped[bool] = mapped_column(default=False)
    in_school_holidays: Mapped[bool] = mapped_column(default=True)
    busy_minutes: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)

    weekly_hours: Mapped[list["WeeklyHours"]] = relationship(
        order_by="WeeklyHours.weekday, WeeklyHours.start, WeeklyHours.id",
        cascade="all, delete-orphan",
    )
    exceptional_days: Mapped[list["ExceptionalDay"]] = relationship(
        order_by="ExceptionalDay.day, ExceptionalDay.start, ExceptionalDay.id",
        cascade="all, delete-orphan",
    )
    absences: Mapped[list["Absence"]] = relationship(
        order_by="Absence.starts_at, Absence.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}


class WeeklyHours(Base):
    """Wall times on a weekday (0 is Monday) in the city's zone; a night ends on the next day."""

    __tablename__ = "weekly_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", "monday_to_sunday"),
        CheckConstraint("valid_until >= valid_from", "valid_from_first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    availability_id: Mapped[int] = mapped_column(ForeignKey("availabilities.id"), index=True)
    weekday: Mapped[int]
    start: Mapped[time]
    end: Mapped[time]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    ways: Mapped[list[str]] = mapped_column(default=_every_way)


class ExceptionalDay(Base):
    """One day on which it is otherwise: other hours, none, or these too."""

    __tablename__ = "exceptional_days"
    __table_args__ = (
        one_of("kind", Exceptional),
        CheckConstraint("(kind = 'off') = (start IS NULL)", "times_but_on_days_off"),
        CheckConstraint('(start IS NULL) = ("end" IS NULL)', "both_times_or_none"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    availability_id: Mapped[int] = mapped_column(ForeignKey("availabilities.id"), index=True)
    day: Mapped[date]
    kind: Mapped[str]
    start: Mapped[time | None]
    end: Mapped[time | None]
    ways: Mapped[list[str]] = mapped_column(default=_every_way)


class Absence(Base):
    """A time at which somebody cannot be asked whatever the hours say.

    Why stands beside the change of the record by which it was saved, for the office alone.
    """

    __tablename__ = "absences"
    __table_args__ = (CheckConstraint("ends_at > starts_at", "ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    availability_id: Mapped[int] = mapped_column(ForeignKey("availabilities.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    change_id: Mapped[int | None] = mapped_column(ForeignKey("changes.id"))
