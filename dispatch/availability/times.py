"""The one function that says when somebody can be asked; plan, candidates and offers all ask it."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar

from dispatch.availability.rules import Exceptional, Way
from dispatch.cities import City
from dispatch.clock import at_place, day_bounds, zone

A_DAY = timedelta(days=1)
MINUTES_OF_A_DAY = 24 * 60
MINUTES_OF_A_WEEK = 7 * MINUTES_OF_A_DAY
T = TypeVar("T", datetime, int)

Span = tuple[datetime, datetime]
"""A half-open interval of instants."""


class Hours(Protocol):
    """Wall times on a weekday (0 is Monday); an end not after the start lies on the next day."""

    @property
    def weekday(self) -> int: ...  # noqa: D102
    @property
    def start(self) -> time: ...  # noqa: D102
    @property
    def end(self) -> time: ...  # noqa: D102
    @property
    def valid_from(self) -> date | None: ...  # noqa: D102
    @property
    def valid_until(self) -> date | None: ...  # noqa: D102
    @property
    def ways(self) -> Sequence[str]: ...  # noqa: D102


class ExceptionalDay(Protocol):
    """What is otherwise on one day; times as in `Hours`, None on a day off."""

    @property
    def day(self) -> date: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def start(self) -> time | None: ...  # noqa: D102
    @property
    def end(self) -> time | None: ...  # noqa: D102
    @property
    def ways(self) -> Sequence[str]: ...  # noqa: D102


class Away(Protocol):
    """A span of absence."""

    @property
    def starts_at(self) -> datetime: ...  # noqa: D102
    @property
    def ends_at(self) -> datetime: ...  # noqa: D102


class Times(Protocol):
    """All that somebody has said about when to be asked."""

    @property
    def weekly_hours(self) -> Sequence[Hours]: ...  # noqa: D102
    @property
    def exceptional_days(self) -> Sequence[ExceptionalDay]: ...  # noqa: D102
    @property
    def absences(self) -> Sequence[Away]: ...  # noqa: D102
    @property
    def busy_minutes(self) -> Sequence[Sequence[int]]: ...  # noqa: D102
    @property
    def on_public_holidays(self) -> bool: ...  # noqa: D102
    @property
    def in_school_holidays(self) -> bool: ...  # noqa: D102


def free_times(
    times: Times, day: date, zone_name: str, city: City, way: Way = Way.ON_SITE
) -> list[Span]:
    """Return when somebody can be asked on a local day, as half-open spans in UTC.

    Weekly hours, or what an exceptional day puts in their place, less absences and what private
    calendars say. A night belongs to the day on which it begins, and so do its holiday and its
    exception. On days with a clock change nobody is asked outside the agreed wall times: hours
    begin after the gap or at the second of two equal times, and end before the gap or at the
    first.
    """
    first, after = day_bounds(day, zone_name)
    spans = merged(
        (max(start, first), min(end, after))
        for begun in (day - A_DAY, day)
        for start, end in _instants(times, begun, zone_name, city, way)
    )
    away = [(one.starts_at, one.ends_at) for one in times.absences]
    for begins, ends in (*away, *busy_between(times, first, after)):
        spans = [
            piece
            for start, end in spans
            for piece in ((start, min(end, begins)), (max(start, ends), end))
            if piece[0] < piece[1]
        ]
    return spans


def busy_between(times: Times, first: datetime, after: datetime) -> list[Span]:
    """Return when private calendars say that somebody is busy, as far as it meets a span."""
    begin, end = first.timestamp() / 60, after.timestamp() / 60
    known = times.busy_minutes
    found = []
    for span in known[bisect_left(known, begin, key=lambda one: one[1]) :]:
        if span[0] >= end:
            break
        found.append((_at_minute(span[0]), _at_minute(span[1])))
    return found


def _at_minute(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def is_free(
    times: Times,
    starts_at: datetime,
    ends_at: datetime,
    zone_name: str,
    city: City,
    way: Way = Way.ON_SITE,
) -> bool:
    """Tell whether `[starts_at, ends_at)` lies within one span; midnight divides nothing."""
    first, last = (at_place(at, zone_name).date() for at in (starts_at, ends_at))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    spans = merged(span for day in days for span in free_times(times, day, zone_name, city, way))
    return any(start <= starts_at and ends_at <= end for start, end in spans)


def minutes_a_week(hours: Iterable[Hours], on_day: date) -> int:
    """Return how many minutes a week somebody offers on that day; hours told twice count once."""
    spans: list[tuple[int, int]] = []
    for hour in hours:
        if not _is_valid(hour, on_day):
            continue
        start, end = minutes_of(hour.start, hour.end)
        start, end = (at + hour.weekday * MINUTES_OF_A_DAY for at in (start, end))
        spans += [
            (start, min(end, MINUTES_OF_A_WEEK)),
            (0, max(end - MINUTES_OF_A_WEEK, 0)),  # Sunday's night ends on Monday
        ]
    return sum(end - start for start, end in merged(spans))


def minutes_of(start: time, end: time) -> tuple[int, int]:
    """Return wall times as minutes of the day; an end not after the start is the next day's."""
    first, last = start.hour * 60 + start.minute, end.hour * 60 + end.minute
    return first, last + MINUTES_OF_A_DAY * (end <= start)


def _instants(times: Times, day: date, zone_name: str, city: City, way: Way) -> Iterator[Span]:
    for start, end in _hours_of(times, day, city, way):
        last = day + A_DAY if end <= start else day
        yield (
            max(_possible(datetime.combine(day, start), zone_name)),
            min(_possible(datetime.combine(last, end), zone_name)),
        )


def _hours_of(times: Times, day: date, city: City, way: Way) -> list[tuple[time, time]]:
    """Return the wall times of a day: what an exception says, else the week's where they hold."""
    special = [one for one in times.exceptional_days if one.day == day]
    if any(one.kind == Exceptional.OFF for one in special):
        return []
    usual: list[Hours | ExceptionalDay] = [
        one for one in special if one.kind == Exceptional.INSTEAD
    ]
    if not usual and _is_worked(times, day, city):
        usual = [
            one
            for one in times.weekly_hours
            if one.weekday == day.weekday() and _is_valid(one, day)
        ]
    usual += [one for one in special if one.kind == Exceptional.ALSO]
    return [
        (one.start, one.end)
        for one in usual
        if way in one.ways and one.start is not None and one.end is not None
    ]


def _is_worked(times: Times, day: date, city: City) -> bool:
    if city.is_holiday(day) and not times.on_public_holidays:
        return False
    return times.in_school_holidays or not city.is_school_holiday(day)


def _is_valid(hour: Hours, day: date) -> bool:
    begun = hour.valid_from is None or hour.valid_from <= day
    return begun and (hour.valid_until is None or day <= hour.valid_until)


def merged(spans: Iterable[tuple[T, T]]) -> list[tuple[T, T]]:
    """Return spans in order, what overlaps or touches as one, without those of no length."""
    found: list[tuple[T, T]] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _possible(wall: datetime, zone_name: str) -> list[datetime]:
    """Return the one or two instants of a wall time; of one in a gap, the instant of the gap."""
    place = zone(zone_name)
    instants = [wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)]
    if instants[0].astimezone(place).replace(tzinfo=None) == wall:
        return instants
    moment, after = min(instants), max(instants).astimezone(place).utcoffset()
    while moment.astimezone(place).utcoffset() != after:
        moment += timedelta(minutes=1)
    return [moment]
