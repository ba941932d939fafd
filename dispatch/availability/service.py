"""Saying when to be asked; `whose` names the person for the record."""

from collections.abc import Collection, Iterable
from datetime import datetime, time
from typing import TypeVar

from dispatch import database
from dispatch.availability import rules
from dispatch.availability.models import Availability, ExceptionalDay, WeeklyHours
from dispatch.availability.rules import (
    ConditionDetails,
    DayDetails,
    Exceptional,
    WeeklyDetails,
)
from dispatch.availability.times import MINUTES_OF_A_DAY, merged, minutes_of
from dispatch.availability.writing import Written
from dispatch.cities import City
from dispatch.cities.working_time import local_day
from dispatch.database import db, expect_version, not_there
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning

CHANGED = "availability.changed"
Row = TypeVar("Row", WeeklyHours, ExceptionalDay)


def lock(availability_id: int) -> Availability:
    """Return what somebody has said, holding the row so that only one changes it at a time."""
    return database.lock(Availability, availability_id)


def be_busy(availability_id: int, spans: Iterable[tuple[int, int]]) -> None:
    """Note when private calendars say that somebody is busy, in minutes since 1970."""
    availability = lock(availability_id)
    found = [list(span) for span in merged(spans)]
    if found != availability.busy_minutes:
        availability.busy_minutes = found


def add_hours(
    actor: Actor, availability_id: int, details: WeeklyDetails, *, whose: Concerning, now: datetime
) -> list[WeeklyHours]:
    """Add hours on some weekdays; what overlaps or touches them becomes one with them.

    Returns those that became one with others. Raises `Refusal` naming the field to change.
    """
    rules.require_weekly(details)
    availability = lock(availability_id)
    joined = []
    for weekday in sorted(set(details.weekdays)):
        added = WeeklyHours(
            weekday=weekday,
            start=details.start,
            end=details.end,
            valid_from=details.valid_from,
            valid_until=details.valid_until,
            ways=sorted(details.ways),
        )
        if _join(availability, added):
            joined.append(added)
        availability.weekly_hours.append(added)
    db.session.flush()
    ledger.record(actor, CHANGED, whose, now=now, fields=["weekly_hours"])
    return joined


def replace_hours(
    actor: Actor,
    availability_id: int,
    week: Iterable[Written],
    *,
    whose: Concerning,
    now: datetime,
) -> None:
    """Put these hours, on site and by all other ways, in the place of the whole week."""
    availability = lock(availability_id)
    availability.weekly_hours = [
        WeeklyHours(weekday=weekday, start=start, end=end) for weekday, start, end in week
    ]
    ledger.record(actor, CHANGED, whose, now=now, fields=["weekly_hours"])


def remove_hours(
    actor: Actor, availability_id: int, hours_id: int, *, whose: Concerning, now: datetime
) -> None:
    """Take hours out of the week; 404 when they are not there."""
    availability = lock(availability_id)
    availability.weekly_hours.remove(_find(availability.weekly_hours, hours_id))
    ledger.record(actor, CHANGED, whose, now=now, fields=["weekly_hours"])


def add_day(
    actor: Actor,
    availability_id: int,
    details: DayDetails,
    *,
    whose: Concerning,
    now: datetime,
    city: City,
) -> None:
    """Say what is otherwise on one day; a day off and hours on the same day replace each other.

    Raises `Refusal` naming the field to change.
    """
    rules.require_day(details, local_day(now, city))
    availability = lock(availability_id)
    is_off = details.kind == Exceptional.OFF
    availability.exceptional_days = [
        one
        for one in availability.exceptional_days
        if one.day != details.day or not (is_off or one.kind == Exceptional.OFF)
    ]
    availability.exceptional_days.append(
        ExceptionalDay(
            day=details.day,
            kind=details.kind,
            start=None if is_off else details.start,
            end=None if is_off else details.end,
            ways=sorted(details.ways),
        )
    )
    db.session.flush()
    ledger.record(actor, CHANGED, whose, now=now, fields=["exceptional_days"])


def remove_day(
    actor: Actor, availability_id: int, day_id: int, *, whose: Concerning, now: datetime
) -> None:
    """Take an exception back, so that the day is as every week; 404 when it is not there."""
    availability = lock(availability_id)
    availability.exceptional_days.remove(_find(availability.exceptional_days, day_id))
    ledger.record(actor, CHANGED, whose, now=now, fields=["exceptional_days"])


def set_conditions(
    actor: Actor,
    availability_id: int,
    details: ConditionDetails,
    *,
    districts: Collection[str],
    whose: Concerning,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Say how long before, to which of the `districts` and on which holidays to be asked.

    Raises `Refusal` naming the field to change, `Conflict` when somebody changed it meanwhile.
    """
    rules.require_conditions(details, districts)
    availability = lock(availability_id)
    expect_version(availability.version, expected_version)
    said = {
        "notice": details.notice,
        "notice_unit": str(details.notice_unit),
        "regions": sorted(details.regions),
        "on_public_holidays": details.on_public_holidays,
        "in_school_holidays": details.in_school_holidays,
    }
    changed = [name for name, value in said.items() if getattr(availability, name) != value]
    for name in changed:
        setattr(availability, name, said[name])
    if changed:
        ledger.record(actor, CHANGED, whose, now=now, fields=changed)


def _join(availability: Availability, added: WeeklyHours) -> bool:
    """Let hours take in all of the same kind that overlap or touch them, within a day's length."""
    joined = False
    for other in sorted(availability.weekly_hours, key=lambda one: one.start):
        if _kind(other) != _kind(added):
            continue
        (first, last), (start, end) = (minutes_of(one.start, one.end) for one in (other, added))
        whole = min(first, start), max(last, end)
        if first <= end and start <= last and whole[1] - whole[0] <= MINUTES_OF_A_DAY:
            added.start, added.end = (_wall(minute) for minute in whole)
            availability.weekly_hours.remove(other)
            joined = True
    return joined


def _kind(hours: WeeklyHours) -> tuple[object, ...]:
    return hours.weekday, hours.valid_from, hours.valid_until, tuple(sorted(hours.ways))


def _wall(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _find(rows: Collection[Row], row_id: int) -> Row:
    for row in rows:
        if row.id == row_id:
            return row
    raise not_there()
