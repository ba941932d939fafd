"""Whether messages still reach an address: the last answer from there says so."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from dispatch.database import db
from dispatch.messaging import numbers, words
from dispatch.messaging.models import Message, PhoneNumber
from dispatch.messaging.rules import Channel, MessageState


def unreachable_channels(addresses: Collection[str]) -> frozenset[Channel]:
    """Return the channels that reach a person of these addresses no more.

    The last answer to a message there said so (no such mailbox, no mobile number), or the person
    wants no SMS.
    """
    known = sorted(set(addresses))
    silent = sa.or_(
        sa.exists().where(PhoneNumber.number.in_(known), numbers.SILENT),
        numbers.stopped_as_nobody([one for one in known if "@" not in one]),
    )
    answers = sa.select(silent, *(_last_answer(address) for address in known))
    is_silent, *codes = db.session.execute(answers).one()
    dead = {
        Channel.EMAIL if "@" in address else Channel.SMS
        for address, code in zip(known, codes, strict=True)
        if code in words.ADDRESS_IS_DEAD
    }
    return frozenset(dead | {Channel.SMS} if is_silent else dead)


def is_unreached(address: Any, channel: Channel) -> sa.ColumnElement[bool]:
    """Return, for a statement, whether messages reach nobody at the address of a column."""
    is_dead = sa.func.coalesce(_last_answer(address), "").in_(words.ADDRESS_IS_DEAD)
    if channel == Channel.EMAIL:
        return is_dead
    return sa.or_(is_dead, sa.exists().where(PhoneNumber.number == address, numbers.SILENT))


def _last_answer(address: Any) -> sa.ScalarSelect[str]:
    """Return the code of the last answer to a message there, "" for one that was taken."""
    answered = sa.select(Message.error_code).where(
        Message.recipient == address,
        sa.or_(
            Message.state == MessageState.SENT,
            Message.error_code.in_(words.ADDRESS_IS_DEAD),
        ),
    )
    return answered.order_by(Message.id.desc()).limit(1).scalar_subquery()
