"""When people rest: what can wait until then leaves after their quiet hours, as they are now."""

from datetime import datetime

import sqlalchemy as sa

from dispatch import engine
from dispatch.database import db
from dispatch.messaging import rules
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.settings import active


def until(message: Message, now: datetime, *, urgent: bool) -> datetime:
    """Return until when quiet hours hold a message back; now where they do not."""
    ends, city = message.makes_sense_until, active().city
    return rules.quiet_until(message.quiet_hours, ends, now, city, urgent=urgent)


def holds(message: Message, now: datetime) -> datetime | None:
    """Return until when a message that waits rests; None for one that rests no more, or never."""
    if message.state != MessageState.QUEUED or message.channel != Channel.SMS:
        return None
    rests_until = until(message, now, urgent=message.urgent)
    return rests_until if rests_until > now else None


def change_hours(account_id: int, quiet_hours: str, *, now: datetime) -> None:
    """Let SMS that may still leave rest in other quiet hours ("21:00-07:00") than when written.

    What would rest for too long now leaves when the new ones are over. What rests in none, since it
    answers what somebody had just written or was taken along by something urgent, goes on so.
    """
    may_leave = sa.select(Message).where(
        Message.account_id == account_id,
        Message.channel == Channel.SMS,
        Message.state.in_(rules.ON_THEIR_WAY | rules.NEEDS_A_PERSON),
        Message.quiet_hours.not_in(["", quiet_hours]),
    )
    locked = may_leave.order_by(Message.id).with_for_update()
    for message in db.session.scalars(locked.execution_options(populate_existing=True)).all():
        held_until = holds(message, now)
        message.quiet_hours = quiet_hours
        rests_until = until(message, now, urgent=message.urgent)
        if held_until is not None and rests_until < held_until:
            _wake(message, rests_until, now)


def _wake(message: Message, at: datetime, now: datetime) -> None:
    """Have a message handed over at an instant instead of later, when its own job would come."""
    message.next_try_at = at
    engine.enqueue(
        rules.delivery_job(message.channel, urgent=message.urgent),
        message.id,
        delay_seconds=(at - now).total_seconds(),
        priority=engine.URGENT if message.urgent else engine.NORMAL,
        key=f"message:{message.id}:hours:{message.quiet_hours}:{at:%Y%m%d%H%M}",
    )
