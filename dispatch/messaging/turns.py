"""Whose turn it is: quiet hours, what leaves with others, those who came before, way, cap, pace."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from dispatch import engine
from dispatch.database import db
from dispatch.messaging import cap, claiming, outages, pacing, resting, rules, subjects, together
from dispatch.messaging.claiming import Before, Found
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState

WAIT_FOR_TURN_SECONDS = 5.0


class Wait(NamedTuple):
    """For how many seconds a message waits.

    `concerns_all`: for the way, as do all others that go it. `is_turn`: for a turn that is its own
    by now, so that nobody else may take it.
    """

    seconds: float
    concerns_all: bool = False
    is_turn: bool = False


def wait(found: Found, now: datetime, *, has_turn: bool) -> Wait | None:
    """Return what a (locked) message waits for, None when it may be handed over now.

    `has_turn`: it has waited for its turn at the provider's pace already.
    """
    message = found.message
    rest, woke = _seconds_of_rest(message, found.abouts, now)
    if rest > 0:
        return Wait(rest)
    if (for_others := together.seconds_to_wait(message, now)) > 0:
        return Wait(for_others)
    if woke:
        found = found._replace(
            before=claiming.found(message.id).before
        )  # what it takes along is due now, not in the morning
    in_line = [
        one
        for one in found.before
        if one.channel == message.channel and one.state in rules.ON_THEIR_WAY
    ]
    if in_line:
        return Wait(_seconds_in_line(message, in_line, now))
    until_open = 0.0 if found.way.is_open else outages.seconds_to_wait(message, found.road, now)
    if until_open > 0:
        return Wait(until_open, concerns_all=True)
    full = cap.seconds_to_wait(message, now)
    if full > 0:
        return Wait(full)
    return None if has_turn else _turn(message, now)


def seconds_with_another_job(message: Message) -> float:
    """Return how long to wait for another job that is handing a message over; 0 for none.

    A dead worker's job is resumed under its own id, or is done with for good.
    """
    by, is_begun = message.handed_over_by, message.state == MessageState.SENDING
    is_held = is_begun and by not in {"", engine.current_job()} and engine.is_to_be_done(by)
    return WAIT_FOR_TURN_SECONDS if is_held else 0.0


def _turn(message: Message, now: datetime) -> Wait | None:
    turn = pacing.turn(Channel(message.channel), now, urgent=message.urgent)
    if turn.seconds <= 0:
        return None
    return Wait(turn.seconds, concerns_all=not turn.is_taken, is_turn=turn.is_taken)


def _seconds_of_rest(message: Message, abouts: list[str], now: datetime) -> tuple[float, bool]:
    """Return how long the recipient still rests; what goes through takes along what waits before.

    Also whether it took something along: an urgent SMS, such as the answer to one that somebody has
    just written, neither waits behind one about the same that can wait, nor overtakes it.
    """
    until = resting.until(message, now, urgent=message.urgent)
    woke = False
    if until == now and message.urgent:
        # Not those that are locked: whoever takes them back waits for this one, and they are over.
        at_rest = sa.select(Message).where(
            subjects.concerns(abouts),
            Message.recipient == message.recipient,
            Message.id < message.id,
            Message.state == MessageState.QUEUED,
            Message.quiet_hours != "",
            Message.urgent.is_(False),
        )
        for one in db.session.scalars(at_rest.with_for_update(skip_locked=True)):
            if resting.until(one, now, urgent=False) == now:
                continue  # it leaves by itself, by the job it has
            woke, one.quiet_hours, one.next_try_at = True, "", now
            job = rules.delivery_job(one.channel, urgent=True)
            key = f"message:{one.id}:woken:{message.id}"
            engine.enqueue(job, one.id, priority=engine.URGENT, key=key)
    return (until - now).total_seconds(), woke


def _seconds_in_line(message: Message, in_line: Sequence[Before], now: datetime) -> float:
    if message.urgent and in_line[0].error_code == cap.FULL:
        _let_through(in_line[0].id, message)
        return WAIT_FOR_TURN_SECONDS
    if in_line[0].error_code == together.WAITS:
        together.let_go([one.id for one in in_line])
        return WAIT_FOR_TURN_SECONDS
    until_its_turn = (in_line[0].next_try_at or now) - now
    return max(WAIT_FOR_TURN_SECONDS, until_its_turn.total_seconds() + 1)


def _let_through(message_id: int, urgent: Message) -> None:
    """Have what waits for the next day handed over now, for something urgent waits behind it."""
    job = rules.delivery_job(urgent.channel, urgent=True)
    key = f"message:{message_id}:before:{urgent.id}"
    engine.enqueue(job, message_id, priority=engine.URGENT, key=key)
