"""Queueing a message with the change it reports, and handing it to a transport once."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dispatch import engine
from dispatch.database import db, transaction
from dispatch.messaging import transports
from dispatch.messaging.models import Message
from dispatch.messaging.rendering import render
from dispatch.messaging.rules import Channel, MessageState, TransportError, pause_after
from dispatch.settings import active

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


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

    The text is made of `facts` alone. Raises `TemplateFault` rather than queue a text with a hole.
    """
    is_mail = channel == Channel.EMAIL
    message = Message(
        name=name,
        channel=channel,
        recipient=recipient.address,
        recipient_name=recipient.name,
        sender=sender or active().mail_from,
        locale=recipient.locale,
        subject=render(name, "subject", recipient.locale, facts) if is_mail else "",
        body=render(name, "body" if is_mail else "sms", recipient.locale, facts),
        calendar_method=calendar.method if calendar else None,
        calendar_text=calendar.text if calendar else None,
        about=about,
        urgent=urgent,
        state=MessageState.QUEUED,
        queued_at=now,
    )
    db.session.add(message)
    db.session.flush()
    priority = engine.URGENT if urgent else engine.NORMAL
    engine.enqueue("deliver_message", message.id, priority=priority)
    return message


def deliver(message_id: int, now: datetime) -> float | None:
    """Hand one message over; return in how many seconds to try again, or None when it is settled.

    The row says `sending` before the transport is called. Found so at the start, a worker died in
    between: the message is handed over again and marked as perhaps repeated.
    """
    with transaction():
        message = db.session.get_one(Message, message_id, with_for_update=True)
        if message.state not in {MessageState.QUEUED, MessageState.SENDING}:
            return None
        message.perhaps_repeated |= message.state == MessageState.SENDING
        message.state = MessageState.SENDING
        message.attempts += 1
        message.handed_over_at = now
    db.session.refresh(message)
    db.session.expunge(message)
    db.session.rollback()
    try:
        reference = transports.send(message)
    except TransportError as error:
        return _settle_failure(message_id, error)
    with transaction():
        sent = db.session.get_one(Message, message_id)
        sent.state, sent.sent_at, sent.provider_reference = MessageState.SENT, now, reference
        sent.error = ""
    return None


def _settle_failure(message_id: int, error: TransportError) -> float | None:
    with transaction():
        message = db.session.get_one(Message, message_id)
        message.error = str(error)
        pause = None if error.permanent else pause_after(message.attempts)
        if error.unknown:
            message.state, pause = MessageState.PERHAPS_SENT, None
        else:
            message.state = MessageState.FAILED if pause is None else MessageState.QUEUED
    return pause
