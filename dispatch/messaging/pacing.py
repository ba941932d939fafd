"""How many messages a second a provider gets of us, all workers together (a setting).

Each message takes the next free instant, an urgent one too: those who wait for theirs are as many
as hand over at once, so it is there within seconds.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from dispatch.messaging import outages
from dispatch.messaging.rules import Channel
from dispatch.settings import active

MOST_AHEAD_SECONDS = 2.0
"""Who would wait longer comes back later: whoever is urgent finds a turn soon."""


class Turn(NamedTuple):
    """In how many seconds a message may leave; `is_taken`: that instant is its own."""

    seconds: float
    is_taken: bool


def a_second(channel: Channel) -> float | None:
    """Return how many messages of a channel may leave in a second, None for as many as can."""
    return {
        Channel.EMAIL: active().mails_per_second,
        Channel.SMS: active().sms_per_second,
    }[channel]


def turn(channel: Channel, now: datetime, *, urgent: bool) -> Turn:
    """Take the next free turn of a channel; one that is far away is not taken, unless urgent.

    Holds the row of the channel until the transaction ends, so that no two take the same.
    """
    rate = a_second(channel)
    if rate is None:
        return Turn(0.0, is_taken=True)
    state = outages.locked(channel, now)
    free = max(now, state.next_turn_at or now)
    seconds = (free - now).total_seconds()
    if seconds > MOST_AHEAD_SECONDS and not urgent:
        return Turn(seconds, is_taken=False)
    state.next_turn_at = free + timedelta(seconds=1 / rate)
    return Turn(seconds, is_taken=True)
