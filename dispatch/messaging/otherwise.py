"""Telling by mail what an SMS was to say, when it does not arrive."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch import engine
from dispatch.database import db
from dispatch.messaging import rules, subjects, whose
from dispatch.messaging.addresses import new_sender
from dispatch.messaging.imprint import with_imprint
from dispatch.messaging.models import Message
from dispatch.messaging.rendering import render
from dispatch.messaging.rules import Channel, MessageState
from dispatch.settings import active

NAME = "instead_of_sms"
FAILED, STOPPED, CHOSEN, WAITS, GONE = "failed", "stopped", "chosen", "waits", "gone"
WAITED_FOR = timedelta(minutes=5)
"""So long an urgent SMS waits for a way that is down before its mail goes."""


@dataclass(frozen=True)
class InsteadFacts:
    """What a mail in place of an SMS says: to whom, what the SMS said, and whom to call.

    `why` it is no SMS: it failed, the person stopped them, has chosen a mail, none goes out, or the
    number was taken away.
    """

    name: str
    text: str
    why: str
    page: str
    office: str
    phone: str


def facts_of(message: Message, text: str, why: str) -> InsteadFacts:
    """Return what a mail to the recipient of a message says in place of an SMS."""
    here = active()
    return InsteadFacts(
        name=message.recipient_name,
        text=text,
        why=why,
        page=here.base_url,
        office=here.city.office.name,
        phone=here.city.office_phone,
    )


def tell_of_waiting(message: Message, now: datetime) -> None:
    """Queue the mail of an urgent SMS that has waited too long for its way; the SMS goes later."""
    if message.urgent and now - message.queued_at >= WAITED_FOR:
        tell(message, now, WAITS)


def tell(message: Message, now: datetime, why: str = FAILED) -> None:
    """Queue the mail in place of an SMS that did not arrive, if no mail says the same anyway.

    Nothing is queued for what no longer stands. Once for each SMS.
    """
    address = message.otherwise_to
    over = rules.why_it_no_longer_stands(message.taken_back_at, message.makes_sense_until, now)
    if message.channel != Channel.SMS or address is None or over is not None:
        return
    if message.account_id is not None:
        address = whose.address(message.account_id, Channel.EMAIL)
    message.otherwise_to = None
    abouts = subjects.of(message)
    why = STOPPED if message.error_code == "opted-out" else why
    facts = facts_of(message, message.body, why)
    sender = new_sender(active().mail_from)
    mail = Message(
        name=NAME,
        channel=Channel.EMAIL,
        recipient=address,
        recipient_name=message.recipient_name,
        account_id=message.account_id,
        sender=sender,
        locale=message.locale,
        subject=" ".join(render(NAME, "subject", message.locale, facts).split()),
        body=with_imprint(render(NAME, "body", message.locale, facts), message.locale),
        mail_id=f"{secrets.token_hex(16)}@{sender.rpartition('@')[2]}",
        about=message.about,
        urgent=message.urgent,
        state=MessageState.QUEUED,
        queued_at=now,
        makes_sense_until=message.makes_sense_until,
        parts=message.parts and message.parts | {"instead": why},
    )
    db.session.add(mail)
    db.session.flush()
    subjects.note(mail, abouts if len(abouts) > 1 else [], [])
    priority = engine.URGENT if mail.urgent else engine.NORMAL
    job = rules.delivery_job(Channel.EMAIL, urgent=mail.urgent)
    engine.enqueue(job, mail.id, priority=priority)
