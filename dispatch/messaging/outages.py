"""While the way of a channel is down, one message at a time finds out whether it is open again."""

import logging
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from dispatch.database import db
from dispatch.messaging import rules
from dispatch.messaging.models import Message, TransportState
from dispatch.messaging.rules import Channel, TransportError, Way

SPREAD_SECONDS = 5.0
"""Those who wait for a way come back over some seconds, not all in the one it opens in; how many
hand over at once is limited in any case."""
_chance = secrets.SystemRandom()
_log = logging.getLogger(__name__)


def is_open(channel: Channel) -> bool:
    """Tell without a lock what nearly always holds, so that hand-overs do not wait in line."""
    query = sa.select(TransportState.state).where(TransportState.channel == channel)
    return db.session.scalar(query) in {None, Way.UP}


def seconds_to_wait(message: Message, now: datetime) -> float:
    """Return 0 when the message may be handed over now, else the seconds until it asks again.

    Holds the row of a channel that is not open until the transaction ends, so that of those that
    ask then exactly one becomes the probe.
    """
    state = locked(Channel(message.channel), now)
    if state.state != Way.UP:
        if now < state.next_try_at:
            spread = 0.0 if message.urgent else _chance.uniform(0, SPREAD_SECONDS)
            return (state.next_try_at - now).total_seconds() + 1 + spread
        # Before the answer is known nobody else tries; a probe that hangs is followed by another.
        # Soon: in a burst everybody asks while the first probe is under way.
        state.next_try_at = now + timedelta(seconds=rules.PROBE_PAUSES_SECONDS[0])
    return 0.0


def note(
    channel: Channel, error: TransportError | None, now: datetime, *, is_probe: bool = True
) -> float:
    """Keep what a hand-over says about the way; return the pause until the next probe.

    Any answer to a message of its own, a refusal too, shows that the way is open. Not a probe is
    what was under way when it closed: twenty such say no more than the first.
    """
    if error is None or not error.outage:
        if _has_trouble(channel):
            _open_again(channel, now)
        return 0.0
    state = locked(channel, now)
    if state.state != Way.UP and not is_probe:
        state.next_try_at = max(state.next_try_at, now + timedelta(seconds=error.retry_after))
        return max(1.0, (state.next_try_at - now).total_seconds())
    state.failures += 1
    if state.state == Way.UP and rules.may_be_chance(state.failures, error):
        return rules.PROBE_PAUSES_SECONDS[0]
    if state.state == Way.UP:
        _log.warning("the way of %s is not open: %s %s", channel, error.code, error.detail)
        state.since, state.failures = now, 1  # from here on probes are counted
    state.state = Way.SLOWED if error.code == "slow-down" else Way.DOWN
    state.error_code, state.error = error.code, error.detail
    pause = rules.probe_pause(state.failures, error)
    state.next_try_at = now + timedelta(seconds=pause)
    return pause


def lock(channel: Channel) -> TransportState | None:
    """Return how the way of a channel stands, held until the transaction ends; None if untried."""
    return db.session.get(TransportState, channel, with_for_update=True)


def _has_trouble(channel: Channel) -> bool:
    query = sa.select(TransportState.state, TransportState.failures)
    found = db.session.execute(query.where(TransportState.channel == channel)).one_or_none()
    return found is not None and (found.state != Way.UP or found.failures > 0)


def _open_again(channel: Channel, now: datetime) -> None:
    state = locked(channel, now)
    if state.state != Way.UP:
        _log.warning("the way of %s is open again, after %s", channel, state.error_code)
        state.since = now
    state.state, state.failures, state.error_code, state.error = Way.UP, 0, "", ""


def locked(channel: Channel, now: datetime) -> TransportState:
    """Return how the way of a channel stands, held until the transaction ends; made if untried."""
    query = sa.select(TransportState).where(TransportState.channel == channel).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            fresh = TransportState(channel=channel, state=Way.UP, since=now, next_try_at=now)
            db.session.add(fresh)
        return fresh
    except IntegrityError:  # somebody else made it a moment ago
        return db.session.scalars(query.execution_options(populate_existing=True)).one()
