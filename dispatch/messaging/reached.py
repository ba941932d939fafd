"""Whether messages still reach an address: the last answer from there says so."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from dispatch.database import db
from dispatch.messaging import numbers
from dispatch.messaging.models import NOBODY_THERE, Message, PhoneNumber
from dispatch.messaging.rules import Channel, MessageState

_NEWER = aliased(Message)
_TAKEN_SINCE = sa.exists().where(
    _NEWER.recipient == Message.recipient,
    _NEWER.id > Message.id,
    _NEWER.state == MessageState.SENT,
)


def unreachable_channels(addresses: Collection[str]) -> frozenset[Channel]:
    """Return the channels that reach a person of these addresses no more.

    The last answer to a message there said so (no such mailbox, no mobile number), or the person
    wants no SMS.
    """
    known = sorted(set(addresses))
    stopped = numbers.stopped_as_nobody([one for one in known if "@" not in one])
    channels = [Channel.EMAIL if "@" in one else Channel.SMS for one in known]
    unreached = (
        is_unreached(sa.literal(one), channel) for one, channel in zip(known, channels, strict=True)
    )
    is_silent, *answers = db.session.execute(sa.select(stopped, *unreached)).one()
    found = {channel for channel, answer in zip(channels, answers, strict=True) if answer}
    return frozenset(found | {Channel.SMS} if is_silent else found)


def is_unreached(address: Any, channel: Channel) -> sa.ColumnElement[bool]:
    """Return, for a statement, whether messages reach nobody at an address any more."""
    is_dead = _is_dead(address)
    if channel == Channel.EMAIL:
        return is_dead
    return sa.or_(is_dead, sa.exists().where(PhoneNumber.number == address, numbers.SILENT))


def _is_dead(address: Any) -> sa.ColumnElement[bool]:
    """Return whether nobody was there and nothing was taken since; few messages are looked at."""
    return sa.exists().where(Message.recipient == address, sa.text(NOBODY_THERE), ~_TAKEN_SINCE)
