"""Having a day looked at again: somebody fell out of it, is free by now, or comes late."""

from datetime import UTC, date, datetime, timedelta

from dispatch import engine
from dispatch.database import at_end
from dispatch.requests.models import InterpretationRequest

LOOK_AGAIN = "look_again"
"""The job of whoever can plan a day again: planning, which stands above this room."""
LOOKS_APART = timedelta(seconds=10)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def look_again_at(interpretation_request: InterpretationRequest, now: datetime) -> None:
    """Have the day of a request looked at again: somebody fell out of it, or is free by now."""
    if interpretation_request.starts_at > now:
        look_again_on(interpretation_request.day, now)


def look_again_on(day: date, now: datetime) -> None:
    """Have a day looked at again: what is to come on it may have to be otherwise."""
    at_end(_enqueue_looks, (day, now))


def _enqueue_looks(days: list[tuple[date, datetime]]) -> None:
    """Have each day looked at once for all that happens within some seconds."""
    for day, now in sorted(set(days)):
        at = now + LOOKS_APART - (now - EPOCH) % LOOKS_APART
        engine.enqueue(LOOK_AGAIN, day.isoformat(), at=at, key=f"look-again-{day}")
