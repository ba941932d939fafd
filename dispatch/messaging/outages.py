"""While a way is down, one message at a time finds out whether it is open again.

The ways are those of `rules.Road`.
"""

import logging
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from dispatch.database import db
from dispatch.messaging import rules
from dispatch.messaging.models import Message, TransportState
from dispatch.messaging.rules import TransportError, Way

URGENT_LOOKS_SECONDS = 1.0
"""So soon an urgent message looks again whether the probe of somebody else got through."""
UNDER_WAY_SECONDS = float(rules.PROBE_PAUSES_SECONDS[0])
"""A probe that has no answer by then is followed by another."""
SPREAD_SECONDS = 5.0
"""Those who wait for a way come back over some seconds, not all in the one it opens in; how many
hand over at once is limited in any case."""
_chance = secrets.SystemRandom()
_log = logging.getLogger(__name__)


class Seen(NamedTuple):
    """How a way stood when a message was claimed: its state, and failures in a row."""

    state: str
    failures: int

    @property
    def is_open(self) -> bool:
        """Tell whether whatever was claimed then was no probe."""
        return self.state == Way.UP

    @property
    def is_well(self) -> bool:
        """Tell whether the last hand-over had no trouble either."""
        return self.is_open and not self.failures


def is_open(road: str) -> bool:
    """Tell without a lock what nearly always holds, so that hand-overs do not wait in line."""
    query = sa.select(TransportState.state).where(TransportState.channel == road)
    return db.session.scalar(query) in {None, Way.UP}


def seconds_to_wait(message: Message, road: str, now: datetime) -> float:
    """Return 0 when the message may be handed over now, else the seconds until it asks again.

    Holds the row of a channel that is not open until the transaction ends, so that of those that
    ask then exactly one becomes the probe.
    """
    state = locked(road, now)
    if state.state != Way.UP:
        if now < state.next_try_at:
            left = (state.next_try_at - now).total_seconds()
            if message.urgent:
                return min(left, URGENT_LOOKS_SECONDS) if left <= UNDER_WAY_SECONDS else left
            return left + 1 + _chance.uniform(0, SPREAD_SECONDS)
        # Before the answer is known nobody else tries; a probe that hangs is followed by another.
        # Soon: in a burst everybody asks while the first probe is under way.
        state.next_try_at = now + timedelta(seconds=UNDER_WAY_SECONDS)
    return 0.0


def note(road: str, error: TransportError | None, now: datetime, seen: Seen) -> float:
    """Keep what a hand-over says about the way; return the pause until the next probe.

    Any answer to a message of its own, a refusal too, shows that the way is open as it was `seen`
    when the message was claimed: it says nothing of trouble that came since. Nor are twenty that
    were under way when it closed more than the first.
    """
    if error is None or not error.outage:
        if not seen.is_well:
            _open_again(road, now, seen)
        return 0.0
    state = locked(road, now)
    if state.state != Way.UP and seen.is_open:
        state.next_try_at = max(state.next_try_at, now + timedelta(seconds=error.retry_after))
        return max(1.0, (state.next_try_at - now).total_seconds())
    state.failures += 1
    if state.state == Way.UP and rules.may_be_chance(state.failures, error):
        return rules.PROBE_PAUSES_SECONDS[0]
    if state.state == Way.UP:
        _log.warning("the way of %s is not open: %s %s", road, error.code, error.detail)
        state.since, state.failures = now, 1  # from here on probes are counted
    state.state = Way.SLOWED if error.code == "slow-down" else Way.DOWN
    state.error_code, state.error = error.code, error.detail
    pause = rules.probe_pause(state.failures, error)
    state.next_try_at = now + timedelta(seconds=pause)
    return pause


def lock(road: str) -> TransportState | None:
    """Return how the way of a channel stands, held until the transaction ends; None if untried."""
    return db.session.get(TransportState, road, with_for_update=True)


def _open_again(road: str, now: datetime, seen: Seen) -> None:
    state = locked(road, now)
    if state.state != Way.UP and (state.state, state.failures) != seen:
        return  # it closed, or was asked to wait longer, after this one was claimed
    if state.state != Way.UP:
        _log.warning("the way of %s is open again, after %s", road, state.error_code)
        state.since = now
    state.state, state.failures, state.error_code, state.error = Way.UP, 0, "", ""


def locked(road: str, now: datetime) -> TransportState:
    """Return how the way of a channel stands, held until the transaction ends; made if untried."""
    query = sa.select(TransportState).where(TransportState.channel == road).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            fresh = TransportState(channel=road, state=Way.UP, since=now, next_try_at=now)
            db.session.add(fresh)
        return fresh
    except IntegrityError:  # somebody else made it a moment ago
        return db.session.scalars(query.execution_options(populate_existing=True)).one()
