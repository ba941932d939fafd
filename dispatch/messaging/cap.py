"""How many SMS leave within a day: whatever goes wrong, it costs no more than that.

What is urgent goes all the same. Everything else waits until there is room again, and is asked
before it leaves whether it still stands.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from dispatch.database import db, one_at_a_time
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.settings import active

WITHIN = timedelta(days=1)
LEAST, FOR_EACH_INTERPRETER = 200, 20
"""Where no number is set: a busy day is a handful of SMS for each."""
FULL = "day-is-full"
_interpreters = sa.table("interpreters")
"""By its name: the room it belongs to lies above this one."""


def most(interpreters: int) -> int:
    """Return how many SMS may leave within 24 hours with so many interpreters."""
    return active().sms_per_day or max(LEAST, FOR_EACH_INTERPRETER * interpreters)


def count_of_interpreters() -> "sa.ScalarSelect[int]":
    """Return the subquery that counts them."""
    return sa.select(sa.func.count()).select_from(_interpreters).scalar_subquery()


def count_of_last_day(now: datetime) -> "sa.ScalarSelect[int]":
    """Return the subquery that counts the SMS handed over within the last 24 hours."""
    return (
        sa.select(sa.func.count())
        .select_from(Message)
        .where(Message.channel == "sms", Message.handed_over_at > now - WITHIN)
        .scalar_subquery()
    )


def seconds_to_wait(message: Message, now: datetime) -> float:
    """Return 0 when the SMS may leave now, else the seconds until there is room for one more.

    One transaction at a time counts, so that no more leave than may. What an urgent SMS to the same
    number waits for is let through with it.
    """
    if message.channel != Channel.SMS or message.urgent:
        return 0.0
    one_at_a_time("sms of a day")
    interpreters = db.session.scalar(sa.select(count_of_interpreters())) or 0
    before = sa.select(Message.handed_over_at).where(
        Message.channel == "sms", Message.handed_over_at > now - WITHIN, Message.id != message.id
    )
    newest_first = before.order_by(Message.handed_over_at.desc())
    in_the_way = db.session.scalar(newest_first.offset(most(interpreters) - 1).limit(1))
    if in_the_way is None or _urgent_waits_behind(message):
        return 0.0
    message.error_code = FULL
    return (in_the_way + WITHIN - now).total_seconds() + 1


def _urgent_waits_behind(message: Message) -> bool:
    behind = sa.select(Message.id).where(
        Message.recipient == message.recipient,
        Message.id > message.id,
        Message.urgent,
        Message.state == MessageState.QUEUED,
    )
    return db.session.scalar(behind.limit(1)) is not None
