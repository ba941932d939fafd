"""What has been said about a thing, will be, or was not said after all."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.database import db
from dispatch.messaging import subjects
from dispatch.messaging.models import Message
from dispatch.messaging.queries import first_left, last_standing
from dispatch.messaging.rules import MessageState


def left_about(abouts: Collection[str], names: Collection[str]) -> set[str]:
    """Return about which of these things a message of these names has left, or may have.

    Of messages that are about one thing each.
    """
    query = sa.select(Message.about).where(
        Message.about.in_(abouts),
        Message.name.in_(names),
        sa.or_(Message.may_have_left, Message.state == MessageState.SENDING),
    )
    return set(db.session.scalars(query))


def is_said(about: str, names: Collection[str] | None = None) -> bool:
    """Tell whether a message about a thing has left or may have, or waits to; of these `names`."""
    return first_left(about, names) is not None or last_standing(about, names)[1] > 0


def is_written(about: str) -> bool:
    """Tell whether a message about a thing was ever written, whatever became of it."""
    query = sa.select(Message.id).where(subjects.concerns([about]))
    return db.session.scalar(query.limit(1)) is not None


def last_unsaid(about: str, names: Collection[str]) -> str:
    """Return the name of the last message of these about a thing where nothing of it has left.

    "" where it has, where it waits to, or where there was none.
    """
    query = sa.select(Message).where(subjects.concerns([about]), Message.name.in_(names))
    last = db.session.scalar(query.order_by(Message.id.desc()).limit(1))
    if last is None or last.state != MessageState.SETTLED or last.may_have_left:
        return ""
    return last.name


def is_heard_since(about: str, names: Collection[str], since: datetime) -> bool:
    """Tell whether a message of these names about a thing has left since, or may have."""
    query = sa.select(Message.id).where(
        subjects.concerns([about]),
        Message.name.in_(names),
        Message.queued_at >= since,
        sa.or_(Message.may_have_left, Message.state == MessageState.SENDING),
    )
    return db.session.scalar(query.limit(1)) is not None


def is_lost_since(about: str, but: Collection[str], since: datetime) -> bool:
    """Tell whether a message about a thing that had not left was taken back since; of other names.

    The person does not know then what it was to say.
    """
    query = sa.select(Message.id).where(
        subjects.concerns([about]),
        Message.name.not_in(but),
        Message.taken_back_at >= since,
        ~Message.may_have_left,
    )
    return db.session.scalar(query.limit(1)) is not None


def first_lost(about: str, names: Collection[str], since: datetime) -> datetime | None:
    """Return when the first of what was taken back since was written; None where nothing was.

    Of messages of these names about a thing, of which nothing had left.
    """
    return db.session.scalar(
        sa.select(sa.func.min(Message.queued_at)).where(*_lost(about, names, since))
    )


def facts_lost(about: str, names: Collection[str], since: datetime) -> Sequence[dict[str, Any]]:
    """Return what messages of these names about a thing were to say that were taken back since."""
    query = sa.select(Message.facts).where(*_lost(about, names, since), Message.facts.is_not(None))
    return [facts for facts in db.session.scalars(query.order_by(Message.id)) if facts]


def _lost(about: str, names: Collection[str], since: datetime) -> list[sa.ColumnElement[bool]]:
    return [
        subjects.concerns([about]),
        Message.name.in_(names),
        Message.taken_back_at >= since,
        ~Message.may_have_left,
    ]
