"""Messages for the people who look after them, and how the ways stand."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.database import db
from dispatch.messaging import cap, second, subjects, words
from dispatch.messaging.models import (
    FOR_A_PERSON,
    ON_THEIR_WAY,
    Message,
    MessageSubject,
    TransportState,
)
from dispatch.messaging.rules import (
    LATE,
    NEEDS_A_PERSON,
    Channel,
    MessageState,
    Way,
    as_shown,
)
from dispatch.messaging.transports import Kind, kind_of
from dispatch.settings import active

LOOKED_AT = 20_000
"""Messages one search reads at most, so that it costs the same however many there are."""
WAITING = "waiting"
A_THING = re.compile(r"[a-z_]+:\d+")


@dataclass(frozen=True)
class Page:
    """Some messages, newest first; `before_id` leads to older ones, None: there are none."""

    messages: Sequence[Message]
    before_id: int | None


@dataclass(frozen=True)
class Transport:
    """How the way of a channel stands: `kind` real, sink or none (not set up).

    `since` when it stands so (None: nothing was tried yet), `waiting` messages that wait for it;
    `second` is the provider by whom what is urgent goes meanwhile, "" for none.
    """

    channel: Channel
    kind: Kind
    state: Way
    since: datetime | None
    error_code: str
    error: str
    waiting: int
    second: str = ""

    @property
    def is_well(self) -> bool:
        """Whether messages go the way they should."""
        return self.state == Way.UP and self.kind != Kind.NONE

    @property
    def reason(self) -> str:
        """Why it is not well, in words."""
        code = "not-set-up" if self.kind == Kind.NONE else self.error_code
        why = words.reason(code, self.error)
        return f"{why} {words.goes_by_second(self.second)}" if self.second else why


def page(
    state: str | None = None, text: str = "", before_id: int | None = None, most: int = 25
) -> Page:
    """Return messages of a state (None: any) that hold the text, newest first.

    The state WAITING is all of those that need a person.

    `text` is part of a name or an address, a number of a message, or a thing such as "offer:12".
    A search by name looks at the newest 20,000 below `before_id`; the page then leads further.
    """
    query = sa.select(Message).order_by(Message.id.desc())
    if state == WAITING:
        query = query.where(sa.text(FOR_A_PERSON))
    elif state is not None:
        query = query.where(Message.state == state)
    if before_id is not None:
        query = query.where(Message.id < before_id)
    wanted, oldest = text.strip(), 0
    if wanted:
        if not (A_THING.fullmatch(wanted) or wanted.isdigit() or "@" in wanted):
            oldest = _first_looked_at(before_id)
            query = query.where(Message.id >= oldest)
        query = query.where(holds(wanted))
    found = db.session.scalars(query.limit(most + 1)).all()
    if len(found) > most:
        return Page(found[:most], found[most - 1].id)
    return Page(found, oldest if oldest > 1 else None)


def states_about(abouts: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Return channel and state (as shown) of the latest message of each channel, by its subject."""
    found: dict[str, dict[str, str]] = {}
    if not abouts:
        return {}
    told = _told(abouts)
    rows = db.session.execute(
        sa.select(
            told.c.about,
            Message.channel,
            Message.state,
            Message.error_code,
            Message.may_have_left,
        )
        .join(Message, Message.id == told.c.id)
        .order_by(Message.id)
    )
    for about, channel, state, code, left in rows:
        found.setdefault(about, {})[channel] = as_shown(state, code, may_have_left=left)
    return {about: sorted(states.items()) for about, states in found.items()}


def first_left(about: str, names: Collection[str] | None = None) -> datetime | None:
    """Return when the first message about a thing left or may have; None where none has.

    `names` looks at messages of these names only.
    """
    return db.session.scalar(when_first_left(about, names))


def when_first_left(
    about: str | sa.BindParameter[str], names: Collection[str] | None = None
) -> sa.Select[datetime]:
    """Return the query for when the first message about a thing left or may have."""
    at = sa.func.coalesce(Message.sent_at, Message.handed_over_at)
    query = sa.select(sa.func.min(at)).where(
        subjects.concerns([about]),
        sa.or_(Message.may_have_left, Message.state == MessageState.SENDING),
    )
    return query if names is None else query.where(Message.name.in_(names))


def has_failed(about: str, name: str) -> bool:
    """Tell whether the last message of a name about a thing did not go out, or did not arrive."""
    query = sa.select(Message.state).where(subjects.concerns([about]), Message.name == name)
    last = db.session.scalar(query.order_by(Message.id.desc()).limit(1))
    return last in {MessageState.FAILED, MessageState.SUPPRESSED}


def last_standing(about: str, names: Collection[str] | None = None) -> tuple[str, int]:
    """Return name and id of the last message about a thing that was not settled; ("", 0) for none.

    `names` looks at messages of these names only.
    """
    query = sa.select(Message.name, Message.id).where(
        subjects.concerns([about]), Message.state != MessageState.SETTLED
    )
    if names is not None:
        query = query.where(Message.name.in_(names))
    found = db.session.execute(query.order_by(Message.id.desc()).limit(1)).first()
    return (found.name, found.id) if found else ("", 0)


def facts_unsaid(about: str, names: Collection[str]) -> Sequence[dict[str, Any]]:
    """Return what messages of these names about a thing were to say, of which nothing has left."""
    query = sa.select(Message.facts, Message.parts).where(
        subjects.concerns([about]),
        Message.name.in_(names),
        Message.state == MessageState.QUEUED,
        ~Message.may_have_left,
    )
    found: list[dict[str, Any]] = []
    for facts, parts in db.session.execute(query.order_by(Message.id)):
        if parts:
            found += [one["facts"] for one in parts["each"] if one["about"] == about]
        elif facts:
            found.append(facts)
    return found


def waiting_for_a_person(most: int = 50) -> Sequence[Message]:
    """Return the newest messages that failed, were opted out or perhaps sent."""
    query = sa.select(Message).where(sa.text(FOR_A_PERSON))
    return db.session.scalars(query.order_by(Message.id.desc()).limit(most)).all()


def newest_and_count_for_a_person(most: int) -> tuple[list[Message], int]:
    """Return the newest of the messages that wait for a person, and how many there are in all."""
    query = sa.select(Message, sa.func.count().over()).where(sa.text(FOR_A_PERSON))
    rows = db.session.execute(query.order_by(Message.id.desc()).limit(most)).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def transports(now: datetime) -> list[Transport]:
    """Return how the way of each channel stands, and how many messages wait for it."""
    channels = sa.union_all(
        *(sa.select(sa.literal(str(channel)).label("channel")) for channel in Channel)
    ).subquery()
    count = (
        sa.select(sa.func.count())
        .where(sa.text(ON_THEIR_WAY), Message.channel == channels.c.channel)
        .correlate(channels)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(
            channels.c.channel,
            TransportState,
            count,
            cap.count_of_last_day(now),
            cap.count_of_interpreters(),
        ).outerjoin(TransportState, TransportState.channel == channels.c.channel)
    ).all()
    known = {row[0]: row[1] for row in rows if row[1] is not None}
    waiting = {row[0]: row[2] for row in rows}
    is_full = rows[0][3] >= cap.most(rows[0][4])
    settings = active()
    found = [
        Transport(
            channel=channel,
            kind=kind_of(channel, settings),
            state=Way(known[channel].state) if channel in known else Way.UP,
            since=known[channel].since if channel in known else None,
            error_code=known[channel].error_code if channel in known else "",
            error=known[channel].error if channel in known else "",
            waiting=waiting.get(channel, 0),
            second=second.name_now() if channel == Channel.SMS else "",
        )
        for channel in Channel
    ]
    return [_full(one) if is_full and one.channel == Channel.SMS else one for one in found]


def _full(sms: Transport) -> Transport:
    """Return how the way of SMS stands when as many have left within a day as may."""
    if not sms.is_well:
        return sms
    return replace(sms, state=Way.SLOWED, since=None, error_code=cap.FULL, error="")


def undelivered(about: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Return, for a statement, whether a message about a thing ("offer:12") is missing or late."""
    missing = sa.or_(Message.state.in_(NEEDS_A_PERSON), Message.error_code == LATE)
    alone = sa.exists().where(Message.about == about, missing)
    among_others = sa.exists().where(
        MessageSubject.about == about, MessageSubject.message_id == Message.id, missing
    )
    return sa.or_(alone, among_others)


def _told(abouts: Collection[str]) -> sa.Subquery:
    """Return which message (id) tells of which of the things, alone or among others."""
    alone = sa.select(Message.about, Message.id).where(Message.about.in_(abouts))
    among_others = sa.select(MessageSubject.about, MessageSubject.message_id).where(
        MessageSubject.about.in_(abouts)
    )
    return sa.union(alone, among_others).subquery()


def _first_looked_at(before_id: int | None) -> int:
    newest = before_id or (db.session.scalar(sa.select(sa.func.max(Message.id))) or 0) + 1
    return max(0, newest - LOOKED_AT)


def holds(text: str) -> sa.ColumnElement[bool]:
    """Return the condition that a message is what somebody searches for (`page`); "" is any."""
    text = text.strip()
    if not text:
        return sa.true()
    if A_THING.fullmatch(text):
        return subjects.concerns([text])
    if "@" in text:
        return Message.recipient == text
    if text.isdigit():
        return Message.id == int(text) if len(text) < 10 else Message.recipient == f"+{text}"
    return sa.or_(
        Message.recipient_name.icontains(text, autoescape=True),
        Message.recipient.startswith(text, autoescape=True),
    )
