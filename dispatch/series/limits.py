"""How much somebody may work on a day and in a week, looked at date by date of a series."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import DONE
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter

Span = tuple[datetime, datetime]
A_WEEK = timedelta(weeks=1)


def work_around(
    first: datetime, last: datetime, interpreter_ids: Collection[int]
) -> dict[int, list[Span]]:
    """Return the service each is asked for, comes to or gave, in the whole weeks of the span."""
    to_do, done = (
        sa.select(table.interpreter_id, table.starts_at, table.ends_at).where(
            table.interpreter_id.in_(interpreter_ids),
            table.starts_at < last + A_WEEK,
            table.ends_at > first - A_WEEK,
        )
        for table in (Hold, Assignment)
    )
    found: dict[int, list[Span]] = defaultdict(list)
    # in one statement: the pages that ask have a budget of fifteen
    both = sa.union_all(to_do, done.where(Assignment.state.in_(DONE)))
    for interpreter_id, starts_at, ends_at in db.session.execute(both):
        found[interpreter_id].append((starts_at, ends_at))
    return found


def require_within(
    interpreter: Interpreter, new: Span, others: Iterable[Span], zone_name: str
) -> None:
    """Refuse (409) what would make a day or a week longer than somebody may work."""
    on_day, in_week = minutes_too_many(
        new,
        others,
        ZoneInfo(zone_name),
        most_per_day=interpreter.maximum_minutes_per_day,
        most_per_week=interpreter.maximum_minutes_per_week,
    )
    if on_day > 0:
        raise Conflict(
            "not-possible", _l("would work %(n)d min more than allowed on the day", n=on_day)
        )
    if in_week > 0:
        raise Conflict(
            "not-possible", _l("would work %(n)d min more than allowed in the week", n=in_week)
        )


def minutes_too_many(
    new: Span, others: Iterable[Span], zone: tzinfo, *, most_per_day: int, most_per_week: int
) -> tuple[int, int]:
    """Return by how many minutes the day and the week would be too long; below nothing is room.

    Weeks begin on Monday. Days are those of the place, and what begins on one belongs to it.
    """
    day = new[0].astimezone(zone).date()
    week = day.isocalendar()[:2]
    on_day = in_week = clock.minutes_between(*new)
    for starts_at, ends_at in others:
        its_day = starts_at.astimezone(zone).date()
        if its_day.isocalendar()[:2] == week:
            minutes = clock.minutes_between(starts_at, ends_at)
            in_week += minutes
            on_day += minutes * (its_day == day)
    return on_day - most_per_day, in_week - most_per_week
