"""Having a day looked at again: somebody fell out of it, is free by now, or comes late."""

import time
from datetime import date, datetime

from dispatch import engine, settings
from dispatch.clock import at_place
from dispatch.database import at_end
from dispatch.requests.models import InterpretationRequest

LOOK_AGAIN = "look_again"
"""The job of whoever can plan a day again: planning, which stands above this room."""
LOOKS_APART = 10.0
COMMITTED_WITHIN = 2.0
"""Seconds of the clock on the wall, as jobs have them: what a stopped clock shows stays the same,
and whatever is committed after a look began is for the next one."""


def look_again_at(interpretation_request: InterpretationRequest, now: datetime) -> None:
    """Have the day of a request looked at again: somebody fell out of it, or is free by now."""
    if interpretation_request.starts_at > now:
        look_again_on(interpretation_request.day, now)


def look_again_on(day: date, now: datetime) -> None:
    """Have a day looked at again: what is to come on it may have to be otherwise."""
    at_end(_enqueue_looks, (day, now))


def _enqueue_looks(days: list[tuple[date, datetime]]) -> None:
    """Have each day looked at once for all that happens within some seconds, the nearest first."""
    at = time.time()
    slot = (at + COMMITTED_WITHIN) // LOOKS_APART + 1
    today = at_place(days[0][1], settings.active().time_zone).date()
    for day in sorted({day for day, _now in days}):
        engine.enqueue(
            LOOK_AGAIN,
            day.isoformat(),
            delay_seconds=slot * LOOKS_APART - at,
            priority=engine.NORMAL + max(0, (day - today).days),
            key=f"look-again-{day}-{slot:.0f}",
        )
