"""What is to be known of a message before it is handed over, in as few statements as may be.

They are built once: to build them anew for each message takes longer than to run them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from dispatch.database import db
from dispatch.messaging import numbers, subjects, whose
from dispatch.messaging.models import Message, MessageSubject, PhoneNumber, TransportState
from dispatch.messaging.outages import Seen
from dispatch.messaging.rules import Channel, Way

MOST_REFERENCES = 10


class Before(NamedTuple):
    """What matters of an earlier message to the same person about the same thing."""

    id: int
    channel: str
    state: str
    error_code: str
    next_try_at: datetime | None
    mail_id: str | None
    may_have_left: bool


class Found(NamedTuple):
    """A message, held until the transaction ends, and what it waits in line for.

    `abouts` are the things and talks it is about, `before` what was written to the person about
    the same before, oldest first. `is_silent`: its number wants no SMS. `address`: where its
    person is reached now. `road`: which way it takes,
    its channel unless that is `second.py`'s; `way`: how that stands.
    """

    message: Message
    abouts: list[str]
    before: Sequence[Before]
    is_silent: bool
    address: str
    road: str
    way: Seen


def found(message_id: int) -> Found:
    """Return what is to be known of a message; raises `NoResultFound` for one that is not there."""
    row = db.session.execute(_MESSAGE, {"message_id": message_id}).one()
    message, has_more, is_silent, reached_at, way, failures, has_before = row
    abouts = subjects.in_line_of(message) if has_more else [message.about]
    before: list[Before] = []
    if has_more or has_before:
        values = {
            "abouts": abouts,
            "recipient": message.recipient,
            "account_id": message.account_id,
            "channel": message.channel,
            "message_id": message.id,
        }
        before = [Before(*one) for one in db.session.execute(_BEFORE, values)]
    if message.channel == Channel.SMS and message.account_id is not None and not is_silent:
        is_silent = numbers.has_stopped_as_nobody(message.recipient)
    seen = Seen(way or Way.UP, failures or 0)
    address = message.recipient
    if message.account_id is not None and reached_at != address:
        address = whose.as_written(message.channel, reached_at or "")
    return Found(message, abouts, before, is_silent, address, message.channel, seen)


def earlier_mails(found: Found) -> list[str]:
    """Return the Message-IDs of what the person may have about the same thing, oldest first."""
    if found.message.mail_id is None:
        return []
    return [one.mail_id for one in found.before if one.mail_id and one.may_have_left][
        -MOST_REFERENCES:
    ]


def _message() -> sa.Select[Any]:
    more = sa.exists().where(MessageSubject.message_id == Message.id)
    silent = sa.exists().where(PhoneNumber.number == Message.recipient, numbers.SILENT)
    here = TransportState.channel == Message.channel
    way, failures = (
        sa.select(column).where(here).scalar_subquery()
        for column in (TransportState.state, TransportState.failures)
    )
    reached_at = whose.address_column(Message.account_id, Message.channel)
    earlier, other = aliased(Message), aliased(Message)
    alone = sa.exists().where(
        earlier.about == Message.about,
        _same_person(earlier, Message.recipient, Message.account_id, Message.channel),
        earlier.id < Message.id,
    )
    among_others = sa.exists().where(
        MessageSubject.about == Message.about,
        MessageSubject.message_id < Message.id,
        other.id == MessageSubject.message_id,
        _same_person(other, Message.recipient, Message.account_id, Message.channel),
    )
    return (
        sa.select(Message, more, silent, reached_at, way, failures, sa.or_(alone, among_others))
        .where(Message.id == sa.bindparam("message_id"))
        .with_for_update(of=Message)
    )


def _same_person(one: Any, recipient: Any, account_id: Any, channel: Any) -> Any:
    """Return the condition that a message goes where another goes, or to whom, by the same way."""
    to_them = sa.and_(one.account_id == account_id, one.channel == channel)
    return sa.or_(one.recipient == recipient, to_them)


_MESSAGE = _message()
_BEFORE = (
    sa.select(
        Message.id,
        Message.channel,
        Message.state,
        Message.error_code,
        Message.next_try_at,
        Message.mail_id,
        Message.may_have_left,
    )
    .where(
        subjects.concerns(sa.bindparam("abouts", expanding=True)),
        _same_person(
            Message,
            sa.bindparam("recipient"),
            sa.bindparam("account_id", type_=sa.Integer()),
            sa.bindparam("channel"),
        ),
        Message.id < sa.bindparam("message_id"),
    )
    .order_by(Message.id)
)
