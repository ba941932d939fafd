"""The geometry of a day: minutes since midnight, the hours shown, where a span lies in them."""

from collections.abc import Iterable
from datetime import date, datetime

from dispatch.clock import at_place

ICON_AND_TIME, LETTER = 60, 6.3
"""Pixels that stand before a language, and of a letter of it on average."""

SMALL_ICON_AND_TIME, EDGES, SMALL_LETTER = 58, 10, 5.9
"""The same where both are smaller, and what stands around a line of its own."""

Span = tuple[int, int]
Hours = tuple[int, int]
MINUTES_OF_A_DAY = 24 * 60
USUAL_HOURS: Hours = (6, 22)


def minute_of_day(instant: datetime, day: date, zone_name: str) -> int:
    """Return the wall time at the place as minutes since the day's first midnight.

    Of a night that began the day before they are negative, after the next midnight over 1440.
    """
    local = at_place(instant, zone_name)
    return (local.date() - day).days * MINUTES_OF_A_DAY + local.hour * 60 + local.minute


def hours_shown(spans: Iterable[Span]) -> Hours:
    """Return the hours that show all these spans as far as they lie on the day; 6 to 22 at least.

    A night is shown to the edge of the day on which it begins, and from the edge of the next.
    """
    first, last = USUAL_HOURS
    for start, end in spans:
        first, last = min(first, max(start, 0) // 60), max(last, -(-end // 60))
    return first, min(last, 24)


def place_of(span: Span, hours: Hours) -> str:
    """Return the classes that place a span within the hours shown; empty where it lies outside.

    `h` and `m` are the start, `H` and `M` the length; a zero is left out (`times.css`).
    """
    start, end = max(span[0], hours[0] * 60), min(span[1], hours[1] * 60)
    if end <= start:
        return ""
    parts = [f"h{start // 60}"]
    if start % 60:
        parts.append(f"m{start % 60}")
    length = end - start
    if length // 60:
        parts.append(f"H{length // 60}")
    if length % 60:
        parts.append(f"M{length % 60}")
    if span[0] < start:
        parts.append("from-before")
    if span[1] > end:
        parts.append("goes-on")
    return " ".join(parts)


def clock_of(minute: int) -> str:
    """Return a minute as the clock on the wall shows it, such as 23:05; of a night, too."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def next_free(taken: Iterable[Span], hours: Iterable[Span], since: int) -> int | None:
    """Return the first minute from `since` on at which somebody works and is not taken."""
    busy = sorted(taken)
    for start, end in sorted(hours):
        at = max(start, since)
        for first, last in busy:
            if first <= at < last:
                at = last
        if at < end:
            return at
    return None


def written_on(language: str, code: str, room: float) -> tuple[str, str]:
    """Return how a block is written, and what stands for the language on it.

    That is its name, its name without the variety, or its code: the first that has room beside the
    time, else the first below it. All of the name is said to whoever points at the block.
    """
    if room >= ICON_AND_TIME + LETTER * len(language):
        return "", language
    names = (language, language.partition(" (")[0])
    for name in names:
        if room >= SMALL_ICON_AND_TIME + SMALL_LETTER * len(name):
            return "medium", name
    if room < SMALL_ICON_AND_TIME - EDGES:
        return "small", code
    for name in names:
        if room >= EDGES + SMALL_LETTER * len(name):
            return "narrow", name
    return ("coded" if room >= ICON_AND_TIME else "small"), code
