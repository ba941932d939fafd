"""A simulated city: each person's last word is true, and nobody hears too much."""

import os
from collections import Counter

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.contacts.choosing import CHANNEL_OF_WAY
from dispatch.contacts.hearing import TABLE, Way
from dispatch.database import db
from dispatch.messaging.models import Message
from dispatch.messaging.rules import ON_THEIR_WAY, Channel, MessageState
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import Settings
from tests.conftest import FrozenClock
from tests.dispatch.fortnight import City, state_of
from tests.dispatch.last_words import nobody_is_in_two_places, untrue_words

PEOPLE = int(os.environ.get("DRAGOMAN_TEST_PEOPLE", "200"))
DAYS = int(os.environ.get("DRAGOMAN_TEST_DAYS", "1"))
"""How many people live how many days in `make test-all`: 14 are a fortnight."""
ONCE = frozenset(
    {"offer_reminder", "day_before", "assignment_reminder", "assignment_soon", "offer_expired",
     "request_received", "not_filled", "change_reminder"}
)  # fmt: skip
"""What one person hears of one thing once, whatever happens."""
OTHERWISE = "instead_of_sms"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={
            "twilio_from": "+4915735982345",  # people can answer by SMS; it goes to the sink
            "imap_url": "imap://einsatz:word@127.0.0.1/INBOX",
            "sms_per_day": 100_000,
        }
    )


@pytest.mark.parametrize(
    ("database_url", "people", "days", "seed"),
    [
        ("sqlite", 24, 2, 1),
        pytest.param("sqlite", PEOPLE, DAYS, 2, marks=pytest.mark.slow),
        pytest.param("postgresql", 24, 2, 3, marks=pytest.mark.slow),
    ],
    indirect=["database_url"],
)
def test_every_last_word_is_true_and_nobody_hears_too_much(
    app: Flask, frozen_clock: FrozenClock, people: int, days: int, seed: int
) -> None:
    with app.app_context():
        city = City(frozen_clock, people, seed)
        for _day in range(days):
            city.live(1)
            assert untrue(city) == []
        city.calm_down()
        assert untrue(city) == []
        assert nobody_is_in_two_places(city.pool) == []
        assert still_waiting() == []
        assert too_much() == []
        assert not_in_the_table() == []
        states = Counter(db.session.scalars(sa.select(Message.state)))
        assert states[MessageState.SENT] > 10 * days
        db.session.remove()


def untrue(city: City) -> list[str]:
    """Last words of what lies ahead that do not describe what is so."""
    db.session.rollback()
    ahead = db.session.scalars(
        sa.select(InterpretationRequest.id).where(InterpretationRequest.starts_at > city.clock.now)
    ).all()
    return [f"{one}: {words}" for one in ahead for words in untrue_words(one, **state_of(one))]


def still_waiting() -> list[tuple[str, str]]:
    """What has not left although its time has come: it was calm for sixteen hours."""
    query = sa.select(Message.name, Message.recipient).where(Message.state.in_(ON_THEIR_WAY))
    return [(name, to) for name, to in db.session.execute(query)]


def too_much() -> list[str]:
    """What somebody was told twice by one action, or twice of what is said once."""
    left = db.session.scalars(
        sa.select(Message).where(Message.state == MessageState.SENT).order_by(Message.id)
    ).all()
    by_action = Counter((m.recipient, m.channel, m.name, m.queued_at, m.about) for m in left)
    by_thing = Counter((m.recipient, m.channel, m.name, m.about) for m in left if m.name in ONCE)
    return [str(one) for found in (by_action, by_thing) for one, n in found.items() if n > 1]


def not_in_the_table() -> list[str]:
    """Messages that no row of the table has, or not by this way."""
    ways: dict[str, set[Way]] = {}
    for row in TABLE.values():
        for hears in row.tells.values():
            ways.setdefault(hears.message, set()).update(hears.ways)
    found = []
    for one in db.session.scalars(sa.select(Message)):
        name = one.name.removesuffix("_several")
        by = {way for way in ways.get(name, ()) if CHANNEL_OF_WAY[way] == one.channel}
        if by == {Way.URGENT_SMS} and not one.urgent:
            found.append(f"{one.name} by SMS is not urgent")
        if not by and one.channel == Channel.SMS:
            found.append(f"{one.name} by SMS")
        if name not in ways and name != OTHERWISE:
            found.append(one.name)
    return found
