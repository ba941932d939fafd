"""How many of the messages that failed may be sent again: counted, before anybody presses."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from dispatch.database import db
from dispatch.messaging import otherwise, queries, words
from dispatch.messaging.models import Message, MessageSubject
from dispatch.messaging.rules import MessageState


def count(text: str, now: datetime) -> int:
    """Return how many failed, hold the text (`queries.page`), and still stand at an address."""
    query = sa.select(sa.func.count(Message.id)).where(
        Message.state == MessageState.FAILED,
        queries.holds(text),
        Message.taken_back_at.is_(None),
        sa.or_(Message.makes_sense_until.is_(None), Message.makes_sense_until > now),
        Message.error_code.not_in(words.UNUSABLE.values()),
        Message.has_lost_secret.is_(False),
        *_not_overtaken(),
    )
    return db.session.scalar(query) or 0


def _not_overtaken() -> list[Any]:
    """Return the conditions that nothing newer was written about any of the same things.

    Four, of which each is answered by an index: both messages may be about one thing or several.
    """
    newer, mine, theirs = aliased(Message), aliased(MessageSubject), aliased(MessageSubject)
    is_newer = (
        newer.id > Message.id,
        newer.name.not_in([otherwise.NAME]),
        newer.name != Message.name,
    )
    by_theirs = sa.exists().where(theirs.message_id == newer.id, *is_newer)
    by_mine = sa.exists().where(mine.message_id == Message.id)
    return [
        ~sa.exists().where(newer.about == Message.about, *is_newer),
        ~by_theirs.where(theirs.about == Message.about),
        ~by_mine.where(mine.about == newer.about, *is_newer),
        ~by_mine.where(theirs.about == mine.about, theirs.message_id == newer.id, *is_newer),
    ]
