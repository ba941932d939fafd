"""Urgent SMS go by the second provider while the first does not work (decision 0056)."""

import logging
from datetime import datetime

import sqlalchemy as sa

from dispatch.database import db
from dispatch.messaging import outages, rules
from dispatch.messaging.claiming import Found
from dispatch.messaging.models import TransportState
from dispatch.messaging.outages import Seen
from dispatch.messaging.rules import Channel, Road, Way
from dispatch.settings import active

_log = logging.getLogger(__name__)


def rerouted(found: Found, now: datetime) -> Found:
    """Return a (locked) message by the way it takes now: that of its channel, or the second.

    Holds the row of the second way until the transaction ends, so that all go over together.
    """
    message, carriers = found.message, active().sms_carriers
    if message.channel != Channel.SMS or not message.urgent or len(carriers) < 2:
        return found
    first, second = _first(), outages.locked(Road.SECOND, now)
    if first is None:
        return found
    is_over = second.taken_over_at is not None
    goes = rules.goes_over(
        Way(first.state),
        waits=first.next_try_at - now,
        stands_since=now - first.since,
        is_over=is_over,
        second_can=second.state == Way.UP or now >= second.next_try_at,
    )
    if goes != is_over and (goes or first.state == Way.UP):
        _log.warning("urgent SMS go by %s from now on", carriers[goes].name)
        second.taken_over_at = now if goes else None
    message.sender = carriers[goes].sender
    if not goes:
        return found
    return found._replace(road=Road.SECOND, way=Seen(second.state, second.failures))


def name_now() -> str:
    """Return the provider by whom urgent SMS go instead of the first; "" while they do not."""
    carriers = active().sms_carriers
    if len(carriers) < 2:
        return ""
    query = sa.select(TransportState.taken_over_at).where(TransportState.channel == Road.SECOND)
    return carriers[1].name if db.session.scalar(query) else ""


def _first() -> TransportState | None:
    query = sa.select(TransportState).where(TransportState.channel == Channel.SMS)
    return db.session.scalar(query.execution_options(populate_existing=True))
