"""Queueing a message with the change it reports, and handing it to a transport once."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import engine
from dispatch.database import db, get, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Actor, Concerning
from dispatch.messaging import rules, transports
from dispatch.messaging.addresses import usable
from dispatch.messaging.models import Message
from dispatch.messaging.rendering import render
from dispatch.messaging.rules import Channel, MessageState, TransportError
from dispatch.settings import active

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

WAIT_FOR_TURN_SECONDS = 5.0


@dataclass(frozen=True)
class Recipient:
    """The one person a message goes to: an e-mail address or a telephone number."""

    address: str
    name: str
    locale: str


@dataclass(frozen=True)
class CalendarPart:
    """What a mail tells the recipient's calendar: an iTIP method and its text (RFC 6047)."""

    method: str
    text: str


def queue(
    name: str,
    *,
    channel: Channel,
    recipient: Recipient,
    facts: "DataclassInstance",
    about: str,
    now: datetime,
    calendar: CalendarPart | None = None,
    sender: str | None = None,
    urgent: bool = False,
) -> Message:
    """Write the message and its delivery into the caller's transaction.

    The text is made of `facts` alone. An address nobody can be reached at makes a message that
    has failed, for the coordinator to see; it does not stop the change. Raises `TemplateFault`
    rather than queue a text with a hole.
    """
    is_mail = channel == Channel.EMAIL
    address = usable(channel, recipient.address)
    message = Message(
        name=name,
        channel=channel,
        recipient=address or recipient.address,
        recipient_name=recipient.name,
        sender=sender or active().mail_from,
        locale=recipient.locale,
        subject=" ".join(render(name, "subject", recipient.locale, facts).split())
        if is_mail
        else "",
        body=render(name, "body" if is_mail else "sms", recipient.locale, facts),
        calendar_method=calendar.method if calendar else None,
        calendar_text=calendar.text if calendar else None,
        about=about,
        urgent=urgent,
        state=MessageState.QUEUED if address else MessageState.FAILED,
        error="" if address else "not one address that a message can be sent to",
        queued_at=now,
    )
    db.session.add(message)
    db.session.flush()
    if address:
        _enqueue(message)
    return message


def deliver(message_id: int, now: datetime) -> float | None:
    """Hand one message over; return in how many seconds to try again, or None when it is settled.

    The row says `sending` before the transport is called, and no transaction is open while it is.
    Found so at the start, a worker died in between: the message is handed over again and marked
    as perhaps repeated. Messages to one recipient about one thing keep their order.
    """
    with transaction():
        message = db.session.get_one(Message, message_id, with_for_update=True)
        if message.state not in rules.ON_THEIR_WAY:
            return None
        if _is_behind_another(message):
            return WAIT_FOR_TURN_SECONDS
        message.perhaps_repeated |= message.state == MessageState.SENDING
        _become(message, MessageState.SENDING)
        message.attempts += 1
        message.handed_over_at = now
    try:
        reference = transports.send(_detached(message))
    except TransportError as error:
        return _settle_failure(message_id, error, now)
    with transaction():
        message = db.session.get_one(Message, message_id, with_for_update=True)
        _become(message, MessageState.SENT)
        message.sent_at, message.provider_reference, message.error = now, reference, ""
        message.body = rules.without_secrets(message.body)
    return None


def send_again(actor: Actor, message_id: int, *, now: datetime) -> None:
    """Queue once more what failed or was perhaps sent, because a person decided so.

    Raises `Conflict` when it needs no decision or a newer message has overtaken it, `Refusal` when
    there is no address it could go to.
    """
    message = _waiting_for_a_person(message_id)
    if usable(Channel(message.channel), message.recipient) is None:
        raise Refusal(
            "address-unusable",
            _l(
                "“%(address)s” is not one address; reach the person another way.",
                address=message.recipient,
            ),
        )
    if _is_overtaken(message):
        raise Conflict(
            "message-overtaken",
            _l("A newer message about the same thing has been written; this one would mislead."),
        )
    message.perhaps_repeated |= message.state == MessageState.PERHAPS_SENT
    _become(message, MessageState.QUEUED)
    message.queued_at, message.error = now, ""
    ledger.record(
        actor, "message.sent_again", Concerning(message=message.id), now=now, fields=["state"]
    )
    _enqueue(message)


def settle(actor: Actor, message_id: int, *, now: datetime) -> None:
    """Close what failed or was perhaps sent: the person knows, told another way or by this one.

    Raises `Conflict` when the message needs no decision.
    """
    message = _waiting_for_a_person(message_id)
    _become(message, MessageState.SETTLED)
    message.body = rules.without_secrets(message.body)
    ledger.record(
        actor, "message.settled", Concerning(message=message.id), now=now, fields=["state"]
    )


def _enqueue(message: Message) -> None:
    priority = engine.URGENT if message.urgent else engine.NORMAL
    engine.enqueue("deliver_message", message.id, priority=priority)


def _waiting_for_a_person(message_id: int) -> Message:
    message = get(Message, message_id)
    db.session.refresh(message, with_for_update=True)
    rules.require_waits_for_a_person(message.state)
    return message


def _is_overtaken(message: Message) -> bool:
    newer = sa.select(Message.id).where(
        Message.about == message.about, Message.name != message.name, Message.id > message.id
    )
    return db.session.scalar(newer.limit(1)) is not None


def _is_behind_another(message: Message) -> bool:
    earlier = sa.select(Message.id).where(
        Message.about == message.about,
        Message.channel == message.channel,
        Message.recipient == message.recipient,
        Message.state.in_(rules.ON_THEIR_WAY),
        Message.id < message.id,
    )
    return db.session.scalar(earlier.limit(1)) is not None


def _detached(message: Message) -> Message:
    """Return the row as it is now, with no transaction left open behind it."""
    db.session.refresh(message)
    db.session.expunge(message)
    db.session.rollback()
    return message


def _settle_failure(message_id: int, error: TransportError, now: datetime) -> float | None:
    with transaction():
        message = db.session.get_one(Message, message_id, with_for_update=True)
        waited = now - message.queued_at
        message.error = str(error)
        _become(message, rules.state_after(error, Channel(message.channel), waited))
        if message.state == MessageState.QUEUED:
            message.perhaps_repeated |= error.unknown
            return rules.pause_after(message.attempts, error)
        ledger.record(SYSTEM, f"message.{message.state}", Concerning(message=message_id), now=now)
    return None


def _become(message: Message, state: MessageState) -> None:
    if state not in rules.TRANSITIONS[MessageState(message.state)]:
        raise ValueError(f"a message that is {message.state} cannot become {state}")
    message.state = state


def take_back(about: str, *, now: datetime) -> frozenset[Channel]:
    """Stop what waits to be said about a thing; return the channels on which something left."""
    messages = db.session.scalars(sa.select(Message).where(Message.about == about)).all()
    left = frozenset(Channel(one.channel) for one in messages if one.attempts)
    for one in messages:
        if one.state in rules.NEEDS_A_PERSON | {MessageState.QUEUED}:
            one.state, one.error = MessageState.SETTLED, "taken back"
    return left
