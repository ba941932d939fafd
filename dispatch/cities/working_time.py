"""When a city works and when its people answer: counting in its days and hours.

Instants are aware; days and hours are those of the city's clock.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from dispatch.cities.city import City, Span
from dispatch.cities.hours import Hours

MORNING, NOON, AFTERNOON, EVENING = time(10), time(12), time(16), time(18)
LONGEST_CLOSED = timedelta(days=31)
"""No city rests longer; hours that never come are found out instead of sought for ever."""


def local_day(at: datetime, city: City) -> date:
    """Return the city's day of an instant."""
    return at.astimezone(city.zone).date()


def at_wall(day: date, wall: time, city: City) -> datetime:
    """Return the instant of a wall time; the first of two equal ones, and after a gap."""
    return datetime.combine(day, wall, city.zone).astimezone(UTC)


def next_office_hour(at: datetime, city: City) -> datetime:
    """Return when the office works: at once, or when it opens next."""
    return next(max(first, at) for first, last in _spans(at, city, city.office_span) if at < last)


def next_answering_time(at: datetime, city: City) -> datetime:
    """Return when people answer: at once, or when answering hours begin next."""
    spans = _spans(at, city, city.answering_span)
    return next(max(first, at) for first, last in spans if at <= last)


def after_answering(at: datetime, length: timedelta, city: City) -> datetime:
    """Return the instant when so much of answering hours has passed since `at`."""
    return _after(at, length, city, city.answering_span)


def _after(
    at: datetime, length: timedelta, city: City, span_of: Callable[[date], Span | None]
) -> datetime:
    for first, last in _spans(at, city, span_of):
        begin = max(first, at)
        if begin + length <= last:
            return begin + length
        length -= max(last - begin, timedelta(0))
    raise AssertionError("unreachable: the spans never end")


def after_office(at: datetime, length: timedelta, city: City) -> datetime:
    """Return the instant when so much of office hours has passed since `at`."""
    return _after(at, length, city, city.office_span)


def answering_between(first: datetime, last: datetime, city: City) -> timedelta:
    """Return how much of answering hours lies between two instants."""
    return _between(first, last, city, city.answering_span)


def office_between(first: datetime, last: datetime, city: City) -> timedelta:
    """Return how much of office hours lies between two instants."""
    return _between(first, last, city, city.office_span)


def _between(
    first: datetime, last: datetime, city: City, span_of: Callable[[date], Span | None]
) -> timedelta:
    total = timedelta(0)
    for begin, end in _spans(first, city, span_of):
        if begin >= last:
            break
        total += max(min(end, last) - max(begin, first), timedelta(0))
    return total


def working_days_between(first: date, last: date, city: City) -> int:
    """Return how many working days come after the first day, up to the last."""
    days = (last - first).days
    return sum(city.is_working_day(first + timedelta(days=n)) for n in range(1, days + 1))


def add_working_days(day: date, count: int, city: City) -> date:
    """Return the day so many working days later, or earlier where the count is negative."""
    step = timedelta(days=1 if count > 0 else -1)
    while count:
        day += step
        count -= step.days * city.is_working_day(day)
    return day


def is_urgent(now: datetime, starts_at: datetime, city: City) -> bool:
    """Tell whether something begins so soon that messages go by SMS as well."""
    return _is_nearer(now, starts_at, city.policies.urgent_below_working_days, city)


def is_short_notice(now: datetime, starts_at: datetime, city: City) -> bool:
    """Tell whether something begins sooner than the city wants to be asked for it."""
    return _is_nearer(now, starts_at, city.policies.notice_working_days, city)


def first_day_in_time(now: datetime, city: City) -> date:
    """Return the first day of which a request comes as early as the city wants to be asked."""
    return add_working_days(local_day(now, city), city.policies.notice_working_days, city)


def _is_nearer(now: datetime, starts_at: datetime, working_days: int, city: City) -> bool:
    """Tell whether fewer working days come after today up to the start's; looks no further."""
    first_far_enough = add_working_days(local_day(now, city), working_days, city)
    return working_days > 0 and local_day(starts_at, city) < first_far_enough


def working_days_before(starts_at: datetime, count: int, city: City) -> datetime:
    """Return when the office opens so many working days before the start."""
    day = add_working_days(local_day(starts_at, city), -count, city)
    opened = city.office_span(day)
    return opened[0] if opened else at_wall(day, NOON, city)


def noon_before(starts_at: datetime, city: City) -> datetime:
    """Return noon of the last working day before the start: there is time to do something."""
    return at_wall(add_working_days(local_day(starts_at, city), -1, city), NOON, city)


def morning_before(starts_at: datetime, city: City) -> datetime:
    """Return ten o'clock of the last working day before the start, or when quiet hours are over."""
    day = add_working_days(local_day(starts_at, city), -1, city)
    return after_quiet(at_wall(day, MORNING, city), city)


def afternoon_before(starts_at: datetime, city: City) -> datetime:
    """Return four o'clock of the last working day before the start: the office is still there."""
    return at_wall(add_working_days(local_day(starts_at, city), -1, city), AFTERNOON, city)


def after_quiet(at: datetime, city: City, own: Hours | None = None) -> datetime:
    """Return when an SMS that can wait may go out: at once, or when quiet hours are over.

    `own` are the quiet hours of somebody who does not keep those of the city.
    """
    begin, end = own or city.quiet_hours
    wall = at.astimezone(city.zone).time()
    over_midnight = begin > end
    is_quiet = wall >= begin or wall < end if over_midnight else begin <= wall < end
    if not is_quiet:
        return at
    last = local_day(at, city) + timedelta(days=int(over_midnight and wall >= begin))
    over = at_wall(last, end, city)
    # when clocks go back the hour is there twice, and this may be the second time
    return (
        over
        if over > at
        else datetime.combine(last, end.replace(fold=1), city.zone).astimezone(UTC)
    )


def evening_before(starts_at: datetime, city: City) -> datetime:
    """Return six o'clock in the evening of the day before, whatever day that is."""
    return at_wall(local_day(starts_at, city) - timedelta(days=1), EVENING, city)


def _spans(at: datetime, city: City, span_of: Callable[[date], Span | None]) -> Iterator[Span]:
    """Yield the spans of the day of `at` and of all days after it."""
    day = local_day(at, city)
    latest = day + LONGEST_CLOSED
    while day <= latest:
        if span := span_of(day):
            latest = day + LONGEST_CLOSED
            yield span
        day += timedelta(days=1)
    raise ValueError(f"{city.name} has no hours after {at}")
