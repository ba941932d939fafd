"""Messages for the people who look after them, failures first."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from dispatch.database import db
from dispatch.messaging.models import Message
from dispatch.messaging.rules import NEEDS_A_PERSON


def latest(state: str | None = None, most: int = 200) -> Sequence[Message]:
    """Return messages of a state (None: any), those that need a person first, then the newest."""
    query = sa.select(Message).order_by(
        sa.case((Message.state.in_(NEEDS_A_PERSON), 0), else_=1), Message.id.desc()
    )
    if state is not None:
        query = query.where(Message.state == state)
    return db.session.scalars(query.limit(most)).all()


def states_about(abouts: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Return channel and state of the latest message of each channel, by what it is about."""
    found: dict[str, dict[str, str]] = {}
    rows = db.session.execute(
        sa.select(Message.about, Message.channel, Message.state)
        .where(Message.about.in_(abouts))
        .order_by(Message.id)
    )
    for about, channel, state in rows:
        found.setdefault(about, {})[channel] = state
    return {about: sorted(states.items()) for about, states in found.items()}
