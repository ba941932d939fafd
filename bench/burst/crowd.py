"""The messages of a burst: many, some in pairs, some whose time passes, some taken back, urgent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from dispatch import clock
from dispatch.database import db, transaction
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message, TransportState
from dispatch.messaging.rules import ON_THEIR_WAY, Channel, Way

MANY, PAIR, PASSING, TAKEN_BACK, URGENT = "many", "pair", "passing", "taken_back", "urgent"
NAMES = {Channel.EMAIL: "sign_in_link", Channel.SMS: "assignment_reminder"}


@dataclass(frozen=True)
class Facts:
    """What the texts used here ask for."""

    city: str = "Dortmund"
    office: str = "Dolmetschvermittlung"
    phone: str = "+492315000"
    number: str = "7"
    short_day: str = "Di 02.03."
    start: str = "10:00"
    end: str = "11:00"
    language: str = "Rumänisch"
    relay_with: str = ""
    team: int = 0
    district: str = "Hörde"
    link: str = "https://dragoman.example/o/0123456789abcdefghijkl"


@dataclass(frozen=True)
class Shape:
    """How many messages of which kind; every `sms_every`th is an SMS."""

    many: int
    sms_every: int = 4
    passes_after_seconds: float = 8.0

    @property
    def few(self) -> int:
        """How many are in pairs, lose their time, or are taken back: a hundredth of each."""
        return max(2, self.many // 100)


def queue_all(shape: Shape) -> None:
    """Queue the whole burst as one change of the office does: in one transaction."""
    until = clock.now() + timedelta(seconds=shape.passes_after_seconds)
    with transaction():
        for number in range(shape.many - 4 * shape.few):
            _queue(MANY, number, shape)
        for number in range(shape.few):
            for _twice in range(2):
                _queue(PAIR, number, shape)
        for number in range(shape.few):
            _queue(PASSING, number, shape, until=until)
            _queue(TAKEN_BACK, number, shape)


def queue_urgent(number: int) -> None:
    """Queue an urgent mail and an urgent SMS."""
    with transaction():
        for channel in Channel:
            _write(channel, URGENT, 2 * number + (channel == Channel.SMS), urgent=True)


def take_back(shape: Shape) -> datetime:
    """Take back what is to be; return when."""
    now = clock.now()
    with transaction():
        messaging.take_back({f"{TAKEN_BACK}:{number}" for number in range(shape.few)}, now=now)
    return now


def waiting(*, urgent: bool = False) -> int:
    """Return how many messages are on their way, either the urgent ones or the others."""
    query = sa.select(sa.func.count(Message.id)).where(
        Message.state.in_(ON_THEIR_WAY), Message.urgent.is_(urgent)
    )
    found = int(db.session.scalar(query) or 0)
    db.session.remove()
    return found


def claimed_at(message_id: str) -> float:
    """Return when a message was claimed last (since 1970)."""
    query = sa.select(Message.handed_over_at).where(Message.id == int(message_id))
    found = db.session.scalar(query)
    db.session.remove()
    return found.timestamp() if found else 0.0


def is_slowed(channel: Channel) -> bool:
    """Tell whether the database says that a channel was asked to wait."""
    state = db.session.scalar(
        sa.select(TransportState.state).where(TransportState.channel == channel)
    )
    db.session.remove()
    return state == Way.SLOWED


def rows() -> Iterator[Message]:
    """Return every message as it stands, in order."""
    yield from db.session.scalars(sa.select(Message).order_by(Message.id))


def _queue(kind: str, number: int, shape: Shape, until: datetime | None = None) -> None:
    channel = Channel.SMS if number % shape.sms_every == 0 else Channel.EMAIL
    _write(channel, kind, number, until=until)


def _write(
    channel: Channel, kind: str, number: int, *, urgent: bool = False, until: datetime | None = None
) -> None:
    address = f"{kind}-{number}@example.org"
    if channel == Channel.SMS:
        first = [MANY, PAIR, PASSING, TAKEN_BACK, URGENT].index(kind)
        address = f"+49152{28 + first}{number:06d}"
    messaging.queue(
        NAMES[channel],
        channel=channel,
        recipient=messaging.Recipient(address, f"P {number}", "de"),
        facts=Facts(),
        about=f"{kind}:{number}",
        now=clock.now(),
        urgent=urgent,
        makes_sense_until=until,
    )
