"""What messages are about: one thing, or several that one action brought one person."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from dispatch.database import db
from dispatch.messaging.models import Message, MessageSubject


def note(message: Message, abouts: Collection[str]) -> None:
    """Write down every thing a (flushed) message about several is about."""
    for about in abouts:
        db.session.add(MessageSubject(message_id=message.id, about=about))


def concerns(abouts: Collection[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a message is about one of the things, alone or among others.

    A set of ids, found by two indexes; as an "or" databases read the whole table for it.
    """
    one = aliased(Message)
    alone = sa.select(one.id).where(one.about.in_(abouts))
    among_others = sa.select(MessageSubject.message_id).where(MessageSubject.about.in_(abouts))
    return Message.id.in_(sa.union_all(alone, among_others))


def of(message: Message) -> list[str]:
    """Return the things a message is about."""
    several = db.session.scalars(
        sa.select(MessageSubject.about).where(MessageSubject.message_id == message.id)
    ).all()
    return [message.about, *several]


def is_left_standing(message: Message, without: str, now: datetime) -> bool:
    """Take one thing out of a message about several; tell whether it still says something true.

    What it says of the others must reach the person all the same, so it is not taken back; the
    person hears of the one thing afterwards, in this order.
    """
    several = db.session.scalars(
        sa.select(MessageSubject).where(MessageSubject.message_id == message.id)
    ).all()
    for one in several:
        if one.about == without and one.taken_back_at is None:
            one.taken_back_at = now
    return any(one.taken_back_at is None for one in several)
