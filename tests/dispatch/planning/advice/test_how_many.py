"""Beside an open request stands how many could come: as many as looking at it finds."""

from datetime import timedelta

import pytest

from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.planning.advice.candidates import look
from dispatch.planning.advice.how_many import Coming, Stop, how_many
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.dispatch.planning.advice.test_quickly import World
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
TOMORROW = TOMORROW_TEN.date()
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize("seed", range(3))
def test_as_many_could_come_as_looking_at_the_request_finds(seed: int) -> None:
    world, compared = World(seed), 0
    for _ in range(6):
        world.happen()
        found = how_many(TOMORROW, BERLIN, now=NOW)
        for id_, coming in found.items():
            lines = look(db.session.get_one(InterpretationRequest, id_), NOW).lines
            assert coming.count == sum(one.fits for one in lines)
            compared += 1
    assert compared > 20


def told(request_id: int) -> Coming:
    return how_many(TOMORROW, BERLIN, now=NOW)[request_id]


def test_it_says_what_keeps_most_away() -> None:
    with transaction():
        asked = {
            Stop.NOBODY: factories.asked("el"),
            Stop.HOURS: factories.asked("ro", start=TOMORROW_TEN + timedelta(hours=10)),
            Stop.GENDER: factories.asked("ro", gender_required="female"),
            Stop.QUALIFICATION: factories.asked("ro", qualification_required="sworn"),
            Stop.TAKEN: factories.asked("tr"),
        }
        factories.interpreter("ro", gender="male")
        busy = factories.interpreter("tr")
        offers.make(SYSTEM, factories.asked("tr").id, busy.id, now=NOW)
    assert {why: told(one.id) for why, one in asked.items()} == {
        why: Coming(0, why) for why in asked
    }


def test_who_is_asked_already_does_not_count_and_a_change_is_seen_at_once() -> None:
    with transaction():
        asked = factories.asked("ro", interpreters=2)
        first, _second = factories.interpreter("ro"), factories.interpreter("ro")
    assert told(asked.id) == Coming(2)
    with transaction():
        offers.make(SYSTEM, asked.id, first.id, now=NOW)
    assert told(asked.id) == Coming(1)
