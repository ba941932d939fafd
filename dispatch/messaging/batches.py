"""Messages of one change: handed over one after the other by a few jobs, instead of one job each.

A job of its own for every message costs more than the message. So that nothing waits for others'
sake, a batch is no larger than it must be for all threads to be busy, gives way after two seconds
(an urgent message waits for that and one hand-over at most), and whatever has to be tried again
goes on alone.
"""

import itertools
import logging
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from time import monotonic

import sqlalchemy as sa

from dispatch import engine
from dispatch.database import at_end, db, get, transaction
from dispatch.messaging.delivery import Outcome, Taken, deliver_alone, hand_over, write_down
from dispatch.messaging.email_smtp import keeping_connection
from dispatch.messaging.models import Message
from dispatch.messaging.rules import ON_THEIR_WAY, Channel, MessageState, delivery_job
from dispatch.settings import active

MOST_IN_ONE = 20
GIVE_WAY_SECONDS = 2.0
PAUSE_AFTER_FAULT_SECONDS = 1.0
STRANDED_AFTER = timedelta(minutes=15)
MOST_STRANDED = 200
_log = logging.getLogger(__name__)
_held_seconds: ContextVar[float] = ContextVar("held_seconds", default=0.0)


@contextmanager
def held_back(seconds: float) -> Iterator[None]:
    """Let messages of a transaction in here wait so long before they leave, but urgent ones.

    Who takes back at once what they have done then sends nothing.
    """
    before = _held_seconds.set(seconds)
    try:
        yield
    finally:
        _held_seconds.reset(before)


def enqueue(message: Message) -> None:
    """Have a (flushed) message delivered, with the others of the same transaction."""
    at_end(_enqueue_all, message)


def at_once(channel: str, *, urgent: bool = False) -> int:
    """Return how many hand-overs of a channel one worker makes at the same time.

    A fifth of them, one at least, is for urgent ones alone: however many others hang, one is begun.
    """
    here = active()
    most = {Channel.EMAIL: here.mails_at_once, Channel.SMS: here.sms_at_once}[Channel(channel)]
    for_urgent = max(1, most // 5)
    return for_urgent if urgent else most - for_urgent


def deliver_in_turn(
    message_ids: Sequence[int], tell_time: Callable[[], datetime], *, give_way: float | None = None
) -> float | None:
    """Hand over these messages one after the other, for `give_way` seconds at most.

    What has to be tried again and what there was no time for are jobs of their own afterwards;
    when the way is not open, that is all the rest together. Where it is nothing but what was given,
    the pause until the next try is returned instead, None when there is none.
    """
    if len(message_ids) == 1:
        return deliver_alone(message_ids[0], tell_time)
    until = monotonic() + (GIVE_WAY_SECONDS if give_way is None else give_way)
    last: Taken | None = None
    with keeping_connection():
        for number, message_id in enumerate(message_ids):
            if number and monotonic() >= until:
                _go_on_with(message_ids[number:])
                break
            pause, last, concerns_all = _deliver_one(message_id, tell_time, last)
            if pause is None:
                continue
            rest = message_ids[number:] if concerns_all else [message_id]
            if len(rest) == len(message_ids):
                return _put_off(rest, pause, tell_time())
            _go_on_with(rest, pause)
            if concerns_all:
                _put_off(rest, pause, tell_time())
                break
        if last is not None:
            write_down(last)
    return None


def stranded(now: datetime) -> Sequence[int]:
    """Return messages whose time was a quarter of an hour ago: whatever became of their job."""
    last = sa.func.coalesce(Message.next_try_at, Message.handed_over_at, Message.queued_at)
    query = sa.select(Message.id).where(
        Message.state.in_(ON_THEIR_WAY), last < now - STRANDED_AFTER
    )
    return db.session.scalars(query.order_by(Message.id).limit(MOST_STRANDED)).all()


def take_up(message_id: int, *, now: datetime) -> None:
    """Enqueue a message that was left behind once more, once in an hour at most."""
    message = get(Message, message_id)
    engine.enqueue(
        delivery_job(message.channel, urgent=message.urgent),
        message.id,
        priority=_priority(message.urgent),
        key=f"message:{message.id}:stranded:{now:%Y%m%d%H}",
    )


def _deliver_one(message_id: int, tell_time: Callable[[], datetime], last: Taken | None) -> Outcome:
    """Hand one over; a row that is itself at fault must not hold up those behind it.

    Nor may it take along what is to be written down of the last one.
    """
    try:
        return hand_over(message_id, tell_time, last)
    except Exception as fault:
        _log.error("message %s failed in its batch: %s", message_id, type(fault).__name__)
        if last is not None:
            write_down(last)
        return Outcome(PAUSE_AFTER_FAULT_SECONDS)


def _put_off(message_ids: Sequence[int], pause: float, now: datetime) -> float:
    """Let these say when they are tried again, so that nobody takes them for left behind."""
    with transaction():
        waiting = sa.update(Message).where(
            Message.id.in_(message_ids), Message.state == MessageState.QUEUED
        )
        db.session.execute(waiting.values(next_try_at=now + timedelta(seconds=pause)))
    return pause


def _go_on_with(message_ids: Sequence[int], pause: float = 0.0) -> None:
    """Enqueue these in one job; a batch that is resumed after a crash does so only once."""
    with transaction():
        first = db.session.execute(
            sa.select(Message.channel, Message.urgent, Message.queued_at).where(
                Message.id == message_ids[0]
            )
        ).one()
        kind = "alone" if len(message_ids) == 1 else "rest"
        since = f"{first.queued_at:%Y%m%dT%H%M%S}"  # what a person sends again is queued anew
        engine.enqueue(
            delivery_job(first.channel, urgent=first.urgent),
            *message_ids,
            delay_seconds=pause,
            priority=_priority(first.urgent),
            key=f"message:{message_ids[0]}:{since}:{kind}:{message_ids[-1]}",
        )


def _enqueue_all(messages: list[Message]) -> None:
    groups: dict[tuple[str, bool], list[int]] = {}
    for message in messages:
        groups.setdefault((message.channel, message.urgent), []).append(message.id)
    for (channel, urgent), ids in groups.items():
        delay = 0.0 if urgent else _held_seconds.get()
        own = at_once(channel, urgent=True) if urgent else 0
        for number, batch in enumerate(_batches(sorted(ids), own + at_once(channel))):
            # many urgent ones have the threads of the others as well, before the others
            job = delivery_job(channel, urgent=number < own)
            engine.enqueue(job, *batch, delay_seconds=delay, priority=_priority(urgent))


def _batches(ids: Sequence[int], threads: int) -> Iterable[Sequence[int]]:
    """Share the ids out among the threads, `MOST_IN_ONE` to a batch at most."""
    size = min(MOST_IN_ONE, math.ceil(len(ids) / threads))
    them = iter(ids)
    return iter(lambda: list(itertools.islice(them, size)), [])


def _priority(urgent: bool) -> int:
    return engine.URGENT if urgent else engine.NORMAL
