"""Handing one queued message to a transport, at most once too often and never out of order."""

import logging
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from dispatch.database import db, transaction
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.messaging import outages, rules, subjects, transports
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState, TransportError
from dispatch.messaging.states import become, close

WAIT_FOR_TURN_SECONDS = 5.0
MOST_REFERENCES = 10
_chance = secrets.SystemRandom()
_log = logging.getLogger(__name__)


def deliver(message_id: int, now: datetime) -> float | None:
    """Hand one message over; return in how many seconds to try again, or None when it is settled.

    Each time it is asked first whether what it says still stands. The row says `sending` before
    the transport is called, and no transaction is open while it is. Found so at the start, a worker
    died in between: the message is handed over once more and marked as perhaps repeated. Messages
    to one recipient about one thing keep their order. While the way is down, it waits.
    """
    with transaction():
        message = db.session.get_one(Message, message_id, with_for_update=True)
        if message.state not in rules.ON_THEIR_WAY or _is_over(message, now):
            return None
        wait = _seconds_to_wait(message, now)
        if wait > 0:
            message.state = MessageState.QUEUED
            message.next_try_at = now + timedelta(seconds=wait)
            return wait
        _begin(message, now)
        earlier = _earlier_mails(message)
    error: TransportError | None = None
    reference = ""
    try:
        reference = transports.send(_detached(message), earlier)
    except TransportError as failure:
        error = failure
    with transaction():
        message = db.session.get_one(Message, message_id, with_for_update=True)
        if error is None:
            _sent(message, reference, now)
            return None
        return _failed(message, error, now)


def _is_over(message: Message, now: datetime) -> bool:
    """Settle what must not go out (again); tell whether it was."""
    was_sending = message.state == MessageState.SENDING
    message.may_have_left |= was_sending
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


def _seconds_to_wait(message: Message, now: datetime) -> float:
    first = _first_in_line(message)
    if first is None:
        return outages.seconds_to_wait(message, now)
    until_its_turn = (first.next_try_at or now) - now
    return max(WAIT_FOR_TURN_SECONDS, until_its_turn.total_seconds() + 1)


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
    outages.note(Channel(message.channel), None, now)


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
        _record(message, now)
        return None
    own_pause = rules.pause_after(message.attempts, error, _chance.random())
    pause = probe_pause if error.outage else own_pause
    message.next_try_at = now + timedelta(seconds=pause)
    return pause


def _first_in_line(message: Message) -> Message | None:
    earlier = (
        sa.select(Message)
        .where(
            subjects.concerns(subjects.of(message)),
            Message.channel == message.channel,
            Message.recipient == message.recipient,
            Message.state.in_(rules.ON_THEIR_WAY),
            Message.id < message.id,
        )
        .order_by(Message.id)
    )
    return db.session.scalar(earlier.limit(1))


def _earlier_mails(message: Message) -> list[str]:
    """Return the Message-IDs of what the person may have about the same thing, oldest first."""
    if message.mail_id is None:
        return []
    earlier = (
        sa.select(Message.mail_id)
        .where(
            subjects.concerns(subjects.of(message)),
            Message.recipient == message.recipient,
            Message.may_have_left,
            Message.mail_id.is_not(None),
            Message.id < message.id,
        )
        .order_by(Message.id.desc())
    )
    return [one for one in db.session.scalars(earlier.limit(MOST_REFERENCES)) if one][::-1]


def _detached(message: Message) -> Message:
    """Return the row as it is now, with no transaction left open behind it."""
    db.session.refresh(message)
    db.session.expunge(message)
    db.session.rollback()
    return message


def _record(message: Message, now: datetime) -> None:
    ledger.record(SYSTEM, f"message.{message.state}", Concerning(message=message.id), now=now)
