"""Handing one queued message to a transport, at most once too often and never out of order."""

import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from dispatch import engine
from dispatch.database import db, transaction
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.messaging import (
    cap,
    numbers,
    otherwise,
    outages,
    receipts,
    rules,
    subjects,
    transports,
)
from dispatch.messaging.models import Message, MessageSubject, PhoneNumber
from dispatch.messaging.rules import Channel, MessageState, TransportError
from dispatch.messaging.states import become, close
from dispatch.settings import active

WAIT_FOR_TURN_SECONDS = 5.0
MOST_REFERENCES = 10
_chance = secrets.SystemRandom()
_log = logging.getLogger(__name__)


def deliver(message_id: int, now: datetime) -> float | None:
    """Hand one message over; return in how many seconds to try again, or None when it is settled.

    Each time it is asked first whether what it says still stands. The row says `sending` before
    the transport is called, and no transaction is open while it is. Found so at the start, a worker
    died in between: the message is handed over once more and marked as perhaps repeated. Messages
    to one recipient about one thing or one talk keep their order. While the way is down, it waits.
    """
    with transaction():
        message, abouts, is_silent = _locked(message_id)
        if message.state not in rules.ON_THEIR_WAY or _is_over(message, now):
            return None
        if is_silent:
            _say_otherwise(message, now)
            return None
        rest = _seconds_of_rest(message, abouts, now)
        before = _before(message, abouts)
        is_open = outages.is_open(Channel(message.channel))
        wait = rest or _seconds_to_wait(message, before, is_open, now)
        if wait > 0:
            message.state = MessageState.QUEUED
            message.next_try_at = now + timedelta(seconds=wait)
            return wait
        _begin(message, now)
    db.session.expunge(message)  # what is handed over is read while no transaction is open
    error: TransportError | None = None
    reference = ""
    try:
        reference = transports.send(message, _earlier_mails(message, before))
    except TransportError as failure:
        error = failure
    with transaction():
        message = db.session.get_one(Message, message_id, with_for_update=True)
        if error is not None:
            return _failed(message, error, now)
        _sent(message, reference, now)
        if not is_open:
            outages.note(Channel(message.channel), None, now)
    return None


def _locked(message_id: int) -> tuple[Message, list[str], bool]:
    """Return the message, held until the transaction ends, and what it waits in line for.

    The last is whether its number wants no SMS.
    """
    more = sa.exists().where(MessageSubject.message_id == Message.id)
    silent = sa.exists().where(PhoneNumber.number == Message.recipient, numbers.SILENT)
    query = sa.select(Message, more, silent).where(Message.id == message_id)
    message, has_more, is_silent = db.session.execute(query.with_for_update(of=Message)).one()
    return message, subjects.in_line_of(message) if has_more else [message.about], is_silent


def _say_otherwise(message: Message, now: datetime) -> None:
    """Settle an SMS to somebody who wants none: what nobody hears otherwise goes by mail."""
    message.error_code = "opted-out"
    otherwise.tell(message, now)
    close(message, "opted-out")


def _is_over(message: Message, now: datetime) -> bool:
    """Settle what must not go out (again); tell whether it was."""
    was_sending = message.state == MessageState.SENDING
    message.may_have_left |= was_sending
    if was_sending and message.receipt:  # the provider has it, whatever became of the worker
        _sent(message, message.provider_reference or "", now)
        return True
    why = rules.why_it_no_longer_stands(message.taken_back_at, message.makes_sense_until, now)
    if why is not None:
        close(message, why)
        return True
    if was_sending and message.perhaps_repeated:
        become(message, MessageState.PERHAPS_SENT)
        message.error_code, message.error = "worker-died", ""
        _record(message, now)
        return True
    return False


def _seconds_of_rest(message: Message, abouts: list[str], now: datetime) -> float:
    """Return how long the recipient still rests; what goes through takes along what waits before.

    So an urgent SMS neither waits behind one about the same that can wait, nor overtakes it.
    """
    quiet, city = message.quiet_hours, active().city
    until = rules.quiet_until(quiet, message.makes_sense_until, now, city, urgent=message.urgent)
    if until == now and quiet and message.urgent:
        # Not those that are locked: whoever takes them back waits for this one, and they are over.
        resting = sa.select(Message).where(
            subjects.concerns(abouts),
            Message.recipient == message.recipient,
            Message.id < message.id,
            Message.state == MessageState.QUEUED,
            Message.quiet_hours != "",
            Message.urgent.is_(False),
        )
        for one in db.session.scalars(resting.with_for_update(skip_locked=True)):
            one.quiet_hours, one.next_try_at = "", now
            engine.enqueue(rules.delivery_job(one.channel), one.id, priority=engine.URGENT)
    return (until - now).total_seconds()


def _seconds_to_wait(
    message: Message, before: Sequence["_Before"], is_open: bool, now: datetime
) -> float:
    in_line = [
        one for one in before if one.channel == message.channel and one.state in rules.ON_THEIR_WAY
    ]
    if not in_line:
        until_open = 0.0 if is_open else outages.seconds_to_wait(message, now)
        return until_open or cap.seconds_to_wait(message, now)
    if message.urgent and in_line[0].error_code == cap.FULL:
        _let_through(in_line[0].id, message)
        return WAIT_FOR_TURN_SECONDS
    until_its_turn = (in_line[0].next_try_at or now) - now
    return max(WAIT_FOR_TURN_SECONDS, until_its_turn.total_seconds() + 1)


def _let_through(message_id: int, urgent: Message) -> None:
    """Have what waits for the next day handed over now, for something urgent waits behind it."""
    job = rules.delivery_job(urgent.channel)
    key = f"message:{message_id}:before:{urgent.id}"
    engine.enqueue(job, message_id, priority=engine.URGENT, key=key)


def _begin(message: Message, now: datetime) -> None:
    message.perhaps_repeated |= message.may_have_left
    become(message, MessageState.SENDING)
    message.attempts += 1
    message.handed_over_at, message.next_try_at = now, None


def _sent(message: Message, reference: str, now: datetime) -> None:
    become(message, MessageState.SENT)
    message.may_have_left = True
    message.sent_at, message.provider_reference = now, reference
    message.error_code, message.error = "", ""
    message.body = rules.without_secrets(message.body)
    receipts.apply(message, now)  # one may have come before we knew that it was taken


def _failed(message: Message, error: TransportError, now: datetime) -> float | None:
    """Keep what went wrong; return in how many seconds to try again, if that is of any use."""
    probe_pause = outages.note(Channel(message.channel), error, now)
    in_doubt = message.may_have_left
    message.may_have_left |= error.unknown
    message.error_code, message.error = error.code, error.detail
    message.attempts -= error.outage  # the way was down; that is not the message's doing
    state = rules.state_after(
        error,
        Channel(message.channel),
        now - message.queued_at,
        attempts=message.attempts,
        may_have_left=in_doubt,
    )
    why = rules.why_it_no_longer_stands(message.taken_back_at, message.makes_sense_until, now)
    if state == MessageState.QUEUED and why is not None:
        close(message, why)
        return None
    become(message, state)
    if state != MessageState.QUEUED:
        _gave_up(message, error, now)
        return None
    own_pause = rules.pause_after(message.attempts, error, _chance.random())
    pause = probe_pause if error.outage else own_pause
    message.next_try_at = now + timedelta(seconds=pause)
    return pause


def _gave_up(message: Message, error: TransportError, now: datetime) -> None:
    """Write down that a message did not go out, and see that the person hears of it otherwise."""
    if error.opted_out:
        numbers.block(message.recipient, now)
    if message.state == MessageState.PERHAPS_SENT and message.receipt:
        receipts.apply(message, now)
        return
    if message.state != MessageState.PERHAPS_SENT:
        otherwise.tell(message, now)
    _record(message, now)


class _Before(NamedTuple):
    """What matters of an earlier message to the same person about the same thing."""

    id: int
    channel: str
    state: str
    error_code: str
    next_try_at: datetime | None
    mail_id: str | None
    may_have_left: bool


def _before(message: Message, abouts: list[str]) -> list[_Before]:
    """Return what was written to the person about the same or its talk before, oldest first."""
    query = (
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
            subjects.concerns(abouts),
            Message.recipient == message.recipient,
            Message.id < message.id,
        )
        .order_by(Message.id)
    )
    return [_Before(*row) for row in db.session.execute(query)]


def _earlier_mails(message: Message, before: Sequence[_Before]) -> list[str]:
    """Return the Message-IDs of what the person may have about the same thing, oldest first."""
    if message.mail_id is None:
        return []
    return [one.mail_id for one in before if one.mail_id and one.may_have_left][-MOST_REFERENCES:]


def _record(message: Message, now: datetime) -> None:
    ledger.record(SYSTEM, f"message.{message.state}", Concerning(message=message.id), now=now)
