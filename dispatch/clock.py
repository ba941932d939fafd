"""What time it is, and what a local wall time means as an instant."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal

FIRST_YEAR, LAST_YEAR = 2000, 2999
"""Days outside these years are slips of the pen, and some are no instants in UTC."""

_frozen_at: datetime | None = None


def freeze(at: datetime | None) -> None:
    """Stop the clock at `at` (aware) for a demonstration or a test; None lets it run again."""
    global _frozen_at
    _frozen_at = at


def now() -> datetime:
    """Return the current instant in UTC."""
    return _frozen_at or datetime.now(UTC)


def zone(name: str) -> ZoneInfo:
    """Return the IANA time zone called `name`; refuse a name nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise Refusal(
            "unknown-time-zone",
            _l("There is no time zone “%(name)s”; an example is Europe/Berlin.", name=name),
            field="time_zone",
        ) from unknown


def require_plausible(day: date) -> None:
    """Refuse a day in a year nobody plans."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refusal(
            "implausible-day",
            _l(
                "The year %(year)d is not plausible; give a day from %(first)d to %(last)d.",
                year=day.year,
                first=FIRST_YEAR,
                last=LAST_YEAR,
            ),
            field="day",
        )


def localize(wall: datetime, zone_name: str, *, second: bool | None = None) -> datetime:
    """Turn a naive wall time at a place into an instant in UTC.

    A time that does not exist (clocks go forward) is refused. A time that exists twice (clocks go
    back) is refused until `second` says which: False the first, True the second.
    """
    require_plausible(wall.date())
    place = zone(zone_name)
    early = wall.replace(tzinfo=place, fold=0)
    late = wall.replace(tzinfo=place, fold=1)
    if early.astimezone(UTC).astimezone(place).replace(tzinfo=None) != wall:
        raise Refusal(
            "local-time-does-not-exist",
            _l(
                "On %(day)s the clocks go forward and %(time)s does not exist; "
                "choose a time before or after the gap.",
                day=wall.strftime("%d.%m.%Y"),
                time=wall.strftime("%H:%M"),
            ),
            field="start",
        )
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    if second is None:
        raise Refusal(
            "local-time-exists-twice",
            _l(
                "On %(day)s the clocks go back and %(time)s exists twice; "
                "say whether you mean the first or the second.",
                day=wall.strftime("%d.%m.%Y"),
                time=wall.strftime("%H:%M"),
            ),
            field="start",
        )
    return (late if second else early).astimezone(UTC)


def at_place(instant: datetime, zone_name: str) -> datetime:
    """Return the instant as wall time (aware) at the place."""
    return instant.astimezone(zone(zone_name))


def day_bounds(day: date, zone_name: str) -> tuple[datetime, datetime]:
    """Return first and first-after instant of a local day, in UTC (23, 24 or 25 hours apart)."""
    require_plausible(day)
    place = zone(zone_name)
    first = datetime.combine(day, time.min, place)
    after = datetime.combine(day + timedelta(days=1), time.min, place)
    return first.astimezone(UTC), after.astimezone(UTC)


def minutes_between(start: datetime, end: datetime) -> int:
    """Return the whole elapsed minutes from start to end (both aware)."""
    return int((end - start).total_seconds() // 60)
