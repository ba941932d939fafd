"""Handing one queued message to a transport, at most once too often and never out of order."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from time import sleep
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

from dispatch.database import Instant, db, transaction
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.messaging import (
    claiming,
    following,
    numbers,
    otherwise,
    outages,
    receipts,
    rules,
    second,
    several,
    together,
    transports,
    turns,
)
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState, TransportError
from dispatch.messaging.states import become, begin, close, forget_secret
from dispatch.messaging.turns import Wait

_chance = secrets.SystemRandom()


class Taken(NamedTuple):
    """A message a transport has taken, as it is still to be written down."""

    message_id: int
    reference: str
    body: str
    has_lost_secret: bool
    at: datetime
    mends: tuple[str, outages.Seen] | None
    """The way that had trouble before, as it was seen then; that is over by this."""
    is_for_several: bool
    """Others went with it, in one mail."""


class Outcome(NamedTuple):
    """What became of a try: settled, taken, or to be tried again after a `pause` in seconds.

    `concerns_all`: it waits for the way, and whatever goes the same way waits as long.
    """

    pause: float | None = None
    taken: Taken | None = None
    concerns_all: bool = False


def deliver(message_id: int, now: datetime) -> float | None:
    """Do what `deliver_alone` does, all in one instant."""
    return deliver_alone(message_id, lambda: now)


def deliver_alone(message_id: int, tell_time: Callable[[], datetime]) -> float | None:
    """Hand one message over; return in how many seconds to try again, or None when it is settled.

    Each time it is asked first whether what it says still stands. The row says `sending` before
    the transport is called, and no transaction is open while it is. Found so at the start, it waits
    while another job has it; else a worker died in between: the message is handed over once more
    and marked as perhaps repeated. Messages to one recipient about one thing or one talk keep their
    order. While the way is down, it waits.
    """
    outcome = hand_over(message_id, tell_time)
    if outcome.taken is not None:
        write_down(outcome.taken)
    return outcome.pause


def hand_over(
    message_id: int, tell_time: Callable[[], datetime], last: Taken | None = None
) -> Outcome:
    """Do what `deliver_alone` does, but leave it to the caller to write down what was taken.

    `last` is what the caller was left with before: it is written down in the transaction in which
    this message is claimed. So it costs one commit for each message instead of two, which is what
    limits an embedded database, and nothing is handed over before the last one is known to be.
    Where the provider's pace is set, it is slept until the turn that was taken comes.
    """
    now = tell_time()
    with transaction():
        if last is not None:
            _keep(last)
        wait, claimed = _claim(message_id, now, has_turn=False)
    if wait is not None and wait.is_turn:
        sleep(wait.seconds)
        now = tell_time()
        with transaction():
            wait, claimed = _claim(message_id, now, has_turn=True)
    if wait is not None:
        return Outcome(wait.seconds, concerns_all=wait.concerns_all)
    return Outcome() if claimed is None else _hand_over(*claimed, tell_time)


def write_down(taken: Taken) -> None:
    """Write down what a transport has taken; nothing where that is written already."""
    with transaction():
        _keep(taken)


def _claim(
    message_id: int, now: datetime, *, has_turn: bool
) -> tuple[Wait | None, tuple[claiming.Found, Message] | None]:
    """Let a message say `sending`, or return what it waits for; nothing where it is settled.

    What is handed over is returned with it: the message, or one mail that says it with others.
    """
    found = claiming.found(message_id)
    message = found.message
    if message.state not in rules.ON_THEIR_WAY:
        return None, None
    left = together.seconds_until_left(message, now) or turns.seconds_with_another_job(message)
    if left > 0:
        return Wait(left), None
    several.say_what_stands(message, now)
    if _is_over(message, now):
        return None, None
    found = following.led(found, now)
    if _is_told_otherwise(found, now):
        return None, None
    found = second.rerouted(found, now)
    wait = turns.wait(found, now, has_turn=has_turn)
    if wait is None:
        begin(message, now)
        others = together.taken_along(message, now)
        return None, (found, together.as_one(message, others) if others else message)
    if not found.way.is_open:
        otherwise.tell_of_waiting(message, now)
    if not wait.is_turn:
        message.state = MessageState.QUEUED
        message.next_try_at = now + timedelta(seconds=wait.seconds)
    return wait, None


def _hand_over(
    claimed: claiming.Found, mail: Message, tell_time: Callable[[], datetime]
) -> Outcome:
    """Call the transport; what it asks of us counts from its answer, not from the question."""
    message = claimed.message
    is_for_several = mail is not message
    db.session.expunge(message)  # what is handed over is read while no transaction is open
    try:
        reference = (
            transports.send_by_second(mail)
            if claimed.road == rules.Road.SECOND
            else transports.send(mail, claiming.earlier_mails(claimed))
        )
    except TransportError as error:
        now = tell_time()
        with transaction():
            failed = db.session.get_one(Message, message.id, with_for_update=True)
            pause = _failed(failed, error, now, claimed)
            if is_for_several:
                together.follow(failed, now)
            return Outcome(pause, concerns_all=error.outage and not outages.is_open(claimed.road))
    mends = None if claimed.way.is_well else (claimed.road, claimed.way)
    body = rules.without_secrets(message.body)
    lost = message.has_lost_secret or body != message.body
    at = tell_time()
    return Outcome(taken=Taken(message.id, reference, body, lost, at, mends, is_for_several))


def _is_told_otherwise(found: claiming.Found, now: datetime) -> bool:
    """Settle an SMS to who wants none, and say by mail what nobody hears; tell if it is settled."""
    message = found.message
    if found.is_silent and message.state in rules.ON_THEIR_WAY:
        message.error_code = "opted-out"
        otherwise.tell(message, now)
        close(message, "opted-out")
    return message.state == MessageState.SETTLED


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


def _keep(taken: Taken) -> None:
    """Write down what was taken: one statement, unless a receipt or somebody else came between."""
    values: dict[str, Any] = {"at": taken.at, "reference": taken.reference}
    values |= {"without_secrets": taken.body, "lost": taken.has_lost_secret}
    result = db.session.execute(_TAKEN, {"message_id": taken.message_id} | values)
    if not cast("sa.CursorResult[Any]", result).rowcount:
        message = db.session.get_one(Message, taken.message_id, with_for_update=True)
        if MessageState.SENT in rules.TRANSITIONS[MessageState(message.state)]:
            _sent(message, taken.reference, taken.at)
    if taken.is_for_several:
        message = db.session.get_one(Message, taken.message_id, populate_existing=True)
        together.follow(message, taken.at)
    if taken.mends is not None:
        road, seen = taken.mends
        outages.note(road, None, taken.at, seen)


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
        has_lost_secret=sa.bindparam("lost"),
        parts=None,
    )
)


def _sent(message: Message, reference: str, now: datetime) -> None:
    become(message, MessageState.SENT)
    message.may_have_left = True
    message.sent_at, message.provider_reference = now, reference
    message.error_code, message.error = "", ""
    forget_secret(message)
    receipts.apply(message, now)  # one may have come before we knew that it was taken


def _failed(
    message: Message, error: TransportError, now: datetime, claimed: claiming.Found
) -> float | None:
    """Keep what went wrong; return in how many seconds to try again, if that is of any use."""
    probe_pause = outages.note(claimed.road, error, now, claimed.way)
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
    if error.outage and message.urgent and outages.is_open(claimed.road):
        pause = min(pause, rules.URGENT_AGAIN_SECONDS)  # a stumble that closed nothing
    message.next_try_at = now + timedelta(seconds=pause)
    return pause


def _gave_up(message: Message, error: TransportError, now: datetime) -> None:
    """Write down that a message did not go out, and see that the person hears of it otherwise."""
    if error.opted_out:
        numbers.block(message.recipient, now)
    if message.name in rules.ASKED_FOR_ANEW:
        forget_secret(message)
    if message.state == MessageState.PERHAPS_SENT and message.receipt:
        receipts.apply(message, now)
        return
    if message.state != MessageState.PERHAPS_SENT:
        otherwise.tell(message, now)
    _record(message, now)


def _record(message: Message, now: datetime) -> None:
    ledger.record(SYSTEM, f"message.{message.state}", Concerning(message=message.id), now=now)
