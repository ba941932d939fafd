"""From a calendar text to busy time (RFC 5545); titles and everything else stay unread."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component
from icalendar.error import BrokenCalendarProperty

from dispatch.busy.rules import Unreadable
from dispatch.busy.thinning import thinned

MOST_SPANS = 5000
TOO_DENSE = frozenset({"SECONDLY", "MINUTELY"})
FREE_STATES = frozenset({"FREE", "WORKINGELSEWHERE"})


def busy_minutes(
    octets: bytes, zone_name: str, first: datetime, after: datetime, own_domain: str
) -> list[list[int]]:
    """Return the busy time in `[first, after)` as merged pairs of minutes since 1970, in UTC.

    Times without a zone and whole days are those of `zone_name`, unless the calendar names a zone
    (X-WR-TIMEZONE). What is marked as free or cancelled, and what stands in a feed of ours (its UID
    ends in `own_domain`), is not busy. Raises `Unreadable`.
    """
    found: list[tuple[int, int]] = []
    try:
        for calendar in _calendars(thinned(octets, first, after)):
            for start, end in _spans(calendar, ZoneInfo(zone_name), first, after, own_domain):
                start, end = max(start, first), min(end, after)
                if start < end:
                    found.append((int(start.timestamp() // 60), -int(-end.timestamp() // 60)))
                if len(found) > MOST_SPANS:
                    raise Unreadable("too-much")
    except BrokenCalendarProperty:  # the library says so when one looks, not when it reads
        raise Unreadable("no-calendar") from None
    return _merged(found)


def _calendars(octets: bytes) -> list[Component]:
    try:
        found: list[Component] = [
            one for one in Calendar.from_ical(octets, multiple=True) if one.name == "VCALENDAR"
        ]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise Unreadable("no-calendar") from None
    if not found:
        raise Unreadable("no-calendar")
    return found


def _spans(
    calendar: Component, place: ZoneInfo, first: datetime, after: datetime, own_domain: str
) -> Iterator[tuple[datetime, datetime]]:
    for event in calendar.walk("VEVENT"):
        _require_sparse(event)
    try:
        events = recurring_ical_events.of(calendar, skip_bad_series=True).between(first, after)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise Unreadable("no-calendar") from None
    for event in events:
        if _is_busy(event, own_domain):
            start, end = event.start, event.end
            yield _instant(start, place), _instant(end, place)
    for answer in calendar.walk("VFREEBUSY"):
        yield from _periods(answer, place)


def _require_sparse(event: Component) -> None:
    """Refuse what repeats so often that nobody has such a calendar."""
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if TOO_DENSE & {str(one).upper() for one in rule.get("FREQ", [])}:
            raise Unreadable("too-much")


def _is_busy(event: Component, own_domain: str) -> bool:
    def said(name: str) -> str:
        return str(event.get(name, "")).upper()

    return (
        said("TRANSP") != "TRANSPARENT"
        and said("STATUS") != "CANCELLED"
        and said("X-MICROSOFT-CDO-BUSYSTATUS") not in FREE_STATES
        and not said("UID").endswith(f"@{own_domain}".upper())
    )


def _periods(answer: Component, place: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Yield what a free/busy answer (RFC 5545, 3.6.4) calls busy."""
    said: Any = answer.get("FREEBUSY", [])
    for period in said if isinstance(said, list) else [said]:
        if str(period.params.get("FBTYPE", "BUSY")).upper() != "FREE":
            yield _instant(period.start, place), _instant(period.end, place)


def _instant(at: date, place: ZoneInfo) -> datetime:
    """Return the instant of a time; of a day, its first one at the place."""
    if not isinstance(at, datetime):
        at = datetime(at.year, at.month, at.day, tzinfo=place)
    return (at if at.tzinfo else at.replace(tzinfo=place)).astimezone(UTC)


def _merged(spans: list[tuple[int, int]]) -> list[list[int]]:
    found: list[list[int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return found
