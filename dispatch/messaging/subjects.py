"""What messages are about: one thing, or several that one action brought one person; whose talk."""

from collections.abc import Collection, Set
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from dispatch.database import db
from dispatch.messaging.models import Message, MessageSubject

_ONE = aliased(Message)
TALK = "talk:"
"""Before the id of a request: what one person is told of it keeps its order.

Somebody who comes after all has a new assignment; without it "please come" could arrive before
the "please do not come" about the former one, and the last word would be wrong. It is nothing a
message is about: nothing is taken back or overtaken for its sake.
"""


def note(message: Message, abouts: Collection[str], talks: Collection[int]) -> None:
    """Write down every thing a (flushed) message about several is about, and whose talk it is."""
    lines = (*abouts, *(f"{TALK}{talk}" for talk in sorted(talks)))
    if lines:  # all at once: a mail of four hundred offers is about eight hundred things
        rows = [{"message_id": message.id, "about": about} for about in lines]
        db.session.execute(sa.insert(MessageSubject), rows)


def concerns(
    abouts: Collection[str | sa.BindParameter[str]] | sa.BindParameter[str],
) -> sa.ColumnElement[bool]:
    """Return the condition that a message is about one of the things, alone or among others.

    A set of ids, found by two indexes; as an "or" databases read the whole table for it.
    """
    alone = sa.select(_ONE.id).where(_ONE.about.in_(abouts))
    among_others = sa.select(MessageSubject.message_id).where(MessageSubject.about.in_(abouts))
    return Message.id.in_(sa.union_all(alone, among_others))


def of(message: Message) -> list[str]:
    """Return the things a message is about."""
    return [one for one in in_line_of(message) if not one.startswith(TALK)]


def in_line_of(message: Message) -> list[str]:
    """Return the things and talks of which the same person is told in order."""
    several = db.session.scalars(
        sa.select(MessageSubject.about).where(MessageSubject.message_id == message.id)
    ).all()
    return [message.about, *several]


def taken_back(message: Message) -> set[str]:
    """Return the things a message is about that were taken back alone."""
    gone = sa.select(MessageSubject.about).where(
        MessageSubject.message_id == message.id, MessageSubject.taken_back_at.is_not(None)
    )
    return set(db.session.scalars(gone))


def keep_only(message: Message, what: Collection[tuple[str, int | None]]) -> None:
    """Let a message be about these things, each with its talk, and nothing else any more."""
    db.session.execute(sa.delete(MessageSubject).where(MessageSubject.message_id == message.id))
    abouts = list(dict.fromkeys(about for about, _talk in what))
    message.about = abouts[0]
    talks = {talk for _about, talk in what if talk is not None}
    note(message, abouts if len(abouts) > 1 else [], talks)


def goes_on(before: str, after: str) -> None:
    """Let what was said of one thing have been said of another, which is the same to the person."""
    waiting = sa.select(Message).where(concerns([before]), Message.parts.is_not(None))
    for message in db.session.scalars(waiting).all():
        kept = message.parts or {}
        each = [one | {"about": after} if one["about"] == before else one for one in kept["each"]]
        message.parts = kept | {"each": each}
    for model in (Message, MessageSubject):
        said = sa.update(model).where(model.about == before)
        db.session.execute(said.values(about=after))


def left_standing(messages: Collection[Message], without: Set[str], now: datetime) -> Set[int]:
    """Take things out of messages about several; return the ids of those still worth saying.

    What they say of the others must reach the person all the same, so they are not taken back; the
    person hears of these things afterwards, in this order.
    """
    several = db.session.scalars(
        sa.select(MessageSubject).where(
            MessageSubject.message_id.in_([message.id for message in messages]),
            sa.not_(MessageSubject.about.startswith(TALK)),
        )
    ).all()
    for one in several:
        if one.about in without and one.taken_back_at is None:
            one.taken_back_at = now
    return {one.message_id for one in several if one.taken_back_at is None}
