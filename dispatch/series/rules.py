"""The dates a rhythm gives, which of them an action names, and what a change makes of each; pure.

Days are those of the place. A series keeps wall times: ten o'clock stays ten o'clock, because each
date is turned into an instant on its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import NamedTuple, Protocol, TypeVar

from dateutil import rrule
from flask_babel import lazy_gettext as _l

from dispatch.cities import City
from dispatch.clock import require_plausible
from dispatch.errors import Conflict, Refusal
from dispatch.requests.details import RequestDetails

MOST_DATES, MOST_EVERY = 60, 12
SURELY_IN_EVERY_MONTH = 28
A_DAY = timedelta(days=1)


class Rhythm(StrEnum):
    """How a series repeats."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    CHOSEN = "chosen"


class OnHoliday(StrEnum):
    """What becomes of a date on a public holiday."""

    LEAVE_OUT = "leave_out"
    MOVE = "move"
    KEEP = "keep"


class Remark(StrEnum):
    """What is particular about a date of a preview."""

    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_HOLIDAY = "school_holiday"
    SHORT_MONTH = "short_month"
    """The month has no such day, so it is its last."""

    TAKEN = "taken"
    """Moved to a day that has a date already."""


@dataclass(frozen=True)
class Pattern:
    """How somebody says when a series takes place.

    From `first` on every so many weeks or months, until `last` or so many times (`count`); or the
    `chosen` days. `on_holiday` says what becomes of public holidays.
    """

    rhythm: Rhythm
    first: date
    every: int = 1
    last: date | None = None
    count: int | None = None
    chosen: tuple[date, ...] = ()
    on_holiday: OnHoliday = OnHoliday.LEAVE_OUT
    in_school_holidays: bool = True


@dataclass(frozen=True)
class Proposed:
    """A date of a preview: the day of the rhythm, the day it becomes (None: left out), and why."""

    planned: date
    day: date | None
    remarks: tuple[Remark, ...] = ()

    @property
    def is_moved(self) -> bool:
        """Tell whether it takes place on another day than the rhythm's."""
        return self.day is not None and self.day != self.planned


def preview(pattern: Pattern, city: City) -> list[Proposed]:
    """Return the dates of a rhythm in order, with what is a holiday, left out or moved, and why.

    Raises `Refusal` for a rhythm without an end, without a date or with too many.
    """
    _require_readable(pattern)
    days = list(islice(_days(pattern), MOST_DATES + 1))
    require_some(days)
    found: list[Proposed] = []
    taken: set[date] = set()
    for planned in days:
        one = _proposed(planned, pattern, city)
        if one.day in taken:
            one = replace(one, day=None, remarks=(*one.remarks, Remark.TAKEN))
        taken |= {one.day} if one.day else set()
        found.append(one)
    return found


def read_days(text: str) -> tuple[date, ...]:
    """Read days, one a line, as 31.3.2027 or 2027-03-31; raises `Refusal` naming the wrong one."""
    return tuple(sorted({_read_day(part) for part in text.replace(",", "\n").split()}))


def _read_day(text: str) -> date:
    for pattern in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
        require_plausible(day)
        return day
    raise Refusal(
        "no-such-day",
        _l("“%(text)s” is no day; write days such as 31.03.2027, one a line.", text=text),
        field="chosen",
    )


def _days(pattern: Pattern) -> Iterator[date]:
    if pattern.rhythm == Rhythm.CHOSEN:
        yield from sorted(set(pattern.chosen))
        return
    start = datetime.combine(pattern.first, time.min)
    last = datetime.combine(pattern.last, time.min) if pattern.last else None
    count = None if last else pattern.count
    if pattern.rhythm == Rhythm.WEEKLY:
        repeated = rrule.rrule(rrule.WEEKLY, start, interval=pattern.every, count=count, until=last)
    else:
        # Of the days up to the wanted one each month's last: the 31st, or the 30th of April.
        day = pattern.first.day
        nearest = range(min(day, SURELY_IN_EVERY_MONTH), day + 1)
        repeated = rrule.rrule(
            rrule.MONTHLY,
            start,
            interval=pattern.every,
            count=count,
            until=last,
            bymonthday=tuple(nearest),
            bysetpos=-1,
        )
    yield from (one.date() for one in repeated)


def _proposed(planned: date, pattern: Pattern, city: City) -> Proposed:
    is_short = pattern.rhythm == Rhythm.MONTHLY and planned.day != pattern.first.day
    remarks = [Remark.SHORT_MONTH] if is_short else []
    day: date | None = planned
    if city.is_holiday(planned):
        remarks.append(Remark.PUBLIC_HOLIDAY)
        if pattern.on_holiday == OnHoliday.LEAVE_OUT:
            day = None
        elif pattern.on_holiday == OnHoliday.MOVE:
            day = _next_working_day(planned, city)
    if day is not None and city.is_school_holiday(day):
        remarks.append(Remark.SCHOOL_HOLIDAY)
        day = day if pattern.in_school_holidays else None
    return Proposed(planned, day, tuple(remarks))


def _next_working_day(day: date, city: City) -> date:
    while not city.is_working_day(day):
        day += A_DAY
    return day


def _require_readable(pattern: Pattern) -> None:
    if pattern.rhythm == Rhythm.CHOSEN:
        return
    if not 1 <= pattern.every <= MOST_EVERY:
        raise Refusal(
            "every-out-of-range",
            _l("Give a number from 1 to %(most)d.", most=MOST_EVERY),
            field="every",
        )
    if pattern.last is None and pattern.count is None:
        raise Refusal(
            "series-without-end",
            _l("Say how many times, or until which day."),
            field="count",
        )
    if pattern.last is not None and pattern.last < pattern.first:
        raise Refusal(
            "ends-before-it-begins",
            _l("The last day is before the first; choose a later one."),
            field="last",
        )
    if pattern.last is None and not 1 <= (pattern.count or 0) <= MOST_DATES:
        raise _too_many("count")


def require_some(days: Sequence[date]) -> None:
    """Refuse a series without a date, or with more than anybody looks through."""
    if not days:
        raise Refusal("no-dates", _l("Choose at least one date."))
    if len(days) > MOST_DATES:
        raise _too_many("last")


def _too_many(field: str) -> Refusal:
    return Refusal(
        "too-many-dates",
        _l("A series has 1 to %(most)d dates; ask for the rest later.", most=MOST_DATES),
        field=field,
    )


class Scope(StrEnum):
    """Which dates of a series an action names."""

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


class Choice(NamedTuple):
    """From which date (its number in the series), and which with it."""

    number: int
    scope: Scope


class Dated(Protocol):
    """A date of a series, with its number and its start."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def starts_at(self) -> datetime: ...  # noqa: D102


D = TypeVar("D", bound=Dated)


def named(dates: Iterable[D], choice: Choice) -> list[D]:
    """Return which of the dates an action names, in order of time.

    Following are those that begin later, whatever their numbers: one may have been moved. Raises
    `Conflict` where the date it begins from is not among them any more.
    """
    there = sorted(dates, key=lambda one: (one.starts_at, one.number))
    chosen = next((one for one in there if one.number == choice.number), None)
    if chosen is None:
        raise Conflict(
            "date-over",
            _l("This date is over or cancelled; choose one that is still to come."),
        )
    if choice.scope == Scope.ONE:
        return [chosen]
    return there if choice.scope == Scope.ALL else there[there.index(chosen) :]


def changed_for(
    current: RequestDetails, before: RequestDetails, after: RequestDetails, rhythm: str
) -> RequestDetails:
    """Return what one date asks for after a change from `before` to `after` of the chosen date.

    Only what is different changes, and a date whose value was another keeps it: what was decided
    for one date alone stays. A change of day moves each date by as many days.
    """
    differing = {
        one.name: getattr(after, one.name)
        for one in fields(RequestDetails)
        if one.name not in {"wall_start", "second_occurrence"}
        and getattr(before, one.name) != getattr(after, one.name)
        and getattr(current, one.name) == getattr(before, one.name)
    }
    wall = _wall_after(current.wall_start, before.wall_start, after.wall_start, rhythm)
    second = current.second_occurrence
    if wall != current.wall_start:
        second = after.second_occurrence
    return replace(current, wall_start=wall, second_occurrence=second, **differing)


def _wall_after(current: datetime, before: datetime, after: datetime, rhythm: str) -> datetime:
    moves = rhythm != Rhythm.WEEKLY or current.weekday() == before.weekday()
    day = current.date() + (after.date() - before.date()) if moves else current.date()
    at = after.time() if current.time() == before.time() else current.time()
    return datetime.combine(day, at)


def require_seen(digest: str, seen: str | None) -> None:
    """Refuse to do something else than what a person was shown; None where nobody was shown it."""
    if seen is not None and seen != digest:
        raise Conflict(
            "changed-meanwhile",
            _l("Something of these dates changed meanwhile; look at them again, and then decide."),
        )


def digest_of(parts: Iterable[object]) -> str:
    """Return a text that differs where anything of what was shown differs."""
    return sha256(repr(list(parts)).encode()).hexdigest()
