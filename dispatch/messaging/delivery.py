"""Handing one queued message to a transport, at most once too often and never out of order."""

import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

from dispatch import engine
from dispatch.database import Instant, db, transaction
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.messaging import (
    cap,
    claiming,
    numbers,
    otherwise,
    outages,
    receipts,
    rules,
    subjects,
    transports,
)
from dispatch.messaging.claiming import Before
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState, TransportError
from dispatch.messaging.states import become, close
from dispatch.settings import active

WAIT_FOR_TURN_SECONDS = 5.0
_chance = secrets.SystemRandom()
_log = logging.getLogger(__name__)


class Taken(NamedTuple):
    """A message a transport has taken, as it is still to be written down."""

    message_id: int
    reference: str
    body: str
    at: datetime
    closed: Channel | None
    """The channel whose way was not open, and is by this."""


def deliver(message_id: int, now: datetime) -> float | None:
    """Hand one message over; return in how many seconds to try again, or None when it is settled.

    Each time it is asked first whether what it says still stands. The row says `sending` before
    the transport is called, and no transaction is open while it is. Found so at the start, a worker
    died in between: the message is handed over once more and marked as perhaps repeated. Messages
    to one recipient about one thing or one talk keep their order. While the way is down, it waits.
    """
    pause, taken = hand_over(message_id, now)
    if taken is not None:
        write_down(taken)
    return pause


def hand_over(
    message_id: int, now: datetime, last: Taken | None = None
) -> tuple[float | None, Taken | None]:
    """Do what `deliver` does, but leave it to the caller to write down what was taken.

    `last` is what the caller was left with before: it is written down in the transaction in which
    this message is claimed. So it costs one commit for each message instead of two, which is what
    limits an embedded database, and nothing is handed over before the last one is known to be.
    """
    with transaction():
        if last is not None:
            _keep(last)
        pause, claimed = _claim(message_id, now)
    if claimed is None:
        return pause, None
    message, earlier_mails, is_open = claimed
    db.session.expunge(message)  # what is handed over is read while no transaction is open
    try:
        reference = transports.send(message, earlier_mails)
    except TransportError as error:
        with transaction():
            failed = db.session.get_one(Message, message_id, with_for_update=True)
            return _failed(failed, error, now), None
    closed = None if is_open else Channel(message.channel)
    return None, Taken(message_id, reference, rules.without_secrets(message.body), now, closed)


def write_down(taken: Taken) -> None:
    """Write down what a transport has taken; nothing where that is written already."""
    with transaction():
        _keep(taken)


class _Claimed(NamedTuple):
    """A message that says `sending`, the mails before it, and whether the way was open."""

    message: Message
    earlier_mails: list[str]
    is_open: bool


def _claim(message_id: int, now: datetime) -> tuple[float | None, _Claimed | None]:
    """Claim a message, or return in how many seconds to try again, if at all."""
    found = claiming.found(message_id)
    message = found.message
    if message.state not in rules.ON_THEIR_WAY or _is_over(message, now):
        return None, None
    if found.is_silent:
        _say_otherwise(message, now)
        return None, None
    rest, woke = _seconds_of_rest(message, found.abouts, now)
    if woke:
        found = claiming.found(message_id)  # what it takes along is due now, not in the morning
    wait = rest or _seconds_to_wait(message, found.before, found.is_open, now)
    if wait > 0:
        message.state = MessageState.QUEUED
        message.next_try_at = now + timedelta(seconds=wait)
        return wait, None
    _begin(message, now)
    return None, _Claimed(message, claiming.earlier_mails(found), found.is_open)


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


def _seconds_of_rest(message: Message, abouts: list[str], now: datetime) -> tuple[float, bool]:
    """Return how long the recipient still rests; what goes through takes along what waits before.

    Also whether it took something along: an urgent SMS neither waits behind one about the same
    that can wait, nor overtakes it.
    """
    quiet, city = message.quiet_hours, active().city
    until = rules.quiet_until(quiet, message.makes_sense_until, now, city, urgent=message.urgent)
    woke = False
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
            woke, one.quiet_hours, one.next_try_at = True, "", now
            engine.enqueue(rules.delivery_job(one.channel), one.id, priority=engine.URGENT)
    return (until - now).total_seconds(), woke


def _seconds_to_wait(
    message: Message, before: Sequence[Before], is_open: bool, now: datetime
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


def _keep(taken: Taken) -> None:
    """Write down what was taken: one statement, unless a receipt or somebody else came between."""
    values = {"at": taken.at, "reference": taken.reference, "without_secrets": taken.body}
    result = db.session.execute(_TAKEN, {"message_id": taken.message_id} | values)
    if not cast("sa.CursorResult[Any]", result).rowcount:
        message = db.session.get_one(Message, taken.message_id, with_for_update=True)
        if MessageState.SENT in rules.TRANSITIONS[MessageState(message.state)]:
            _sent(message, taken.reference, taken.at)
    if taken.closed is not None:
        outages.note(taken.closed, None, taken.at)


_messages = cast(sa.Table, Message.__table__)
_TAKEN = (
    sa.update(_messages)
    .where(
        _messages.c.id == sa.bindparam("message_id"),
        _messages.c.state == MessageState.SENDING,
        _messages.c.receipt == "",
    )
    .values(
        state=MessageState.SENT,
        may_have_left=True,
        sent_at=sa.bindparam("at", type_=Instant()),
        provider_reference=sa.bindparam("reference"),
        error_code="",
        error="",
        body=sa.bindparam("without_secrets"),
    )
)


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


def _record(message: Message, now: datetime) -> None:
    ledger.record(SYSTEM, f"message.{message.state}", Concerning(message=message.id), now=now)
