"""Group after group: staff, freelancers, volunteers, each at once and each after a wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from dispatch.accounts.rules import Role
from dispatch.assignments.rules import Via
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.models import OfferRound
from dispatch.offers.rules import AGENCY, OfferState, RoundState, tiers_after
from dispatch.pages.coordinator import worklist
from dispatch.planning.rounds import service as rounds
from tests import factories
from tests.correspondence import written
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
LATER = TOMORROW_TEN + timedelta(days=9)
WAIT = timedelta(minutes=60)


@dataclass(frozen=True)
class World:
    """A request next week, two of the staff and one each of the other tiers."""

    request_id: int
    names: dict[int, str]


def world(start: datetime = LATER) -> World:
    with transaction():
        asked = factories.asked(start=start)
        names = {}
        for name, employment in (
            ("Vera", "volunteer"),
            ("Finn", "freelance"),
            ("Sam", "staff"),
            ("Sue", "staff"),
        ):
            one = factories.interpreter(name=name)
            one.employment = employment
            names[one.id] = name
        return World(asked.id, names)


def begin(w: World) -> None:
    with transaction():
        rounds.tiers(SYSTEM, w.request_id, wait_minutes=60, now=NOW)


def carry_on(at: datetime) -> None:
    with transaction():
        for round_id in offers.rounds_due(at):
            rounds.carry_on(round_id, now=at)


def asked_now(w: World) -> list[str]:
    return sorted(w.names[one.interpreter_id] for one in queries.open_for(w.request_id))


def decline(w: World, name: str) -> None:
    [question] = [
        one for one in queries.open_for(w.request_id) if w.names[one.interpreter_id] == name
    ]
    with transaction():
        offers.decline(SYSTEM, question.id, via=Via.LINK, now=NOW)


def the_round() -> OfferRound:
    db.session.expire_all()
    return db.session.scalars(sa.select(OfferRound)).one()


def test_the_next_group_is_asked_as_well_once_the_wait_is_over() -> None:
    w = world()
    begin(w)
    assert asked_now(w) == ["Sam", "Sue"]
    carry_on(NOW + WAIT - timedelta(minutes=1))
    assert asked_now(w) == ["Sam", "Sue"]
    carry_on(NOW + WAIT)
    assert asked_now(w) == ["Finn", "Sam", "Sue"]
    carry_on(NOW + 2 * WAIT)
    assert asked_now(w) == ["Finn", "Sam", "Sue", "Vera"]
    assert the_round().next_at == NOW + 3 * WAIT


def test_last_comes_the_partner_agency_and_is_called_by_a_person() -> None:
    w = world()
    begin(w)
    for waits in (1, 2):
        carry_on(NOW + waits * WAIT)
    with transaction():
        office = factories.account(Role.COORDINATOR)
    sent = len(written())
    assert worklist.needed(office, NOW + 2 * WAIT) == []
    carry_on(NOW + 3 * WAIT)
    assert (the_round().tier, the_round().state) == (AGENCY, RoundState.OPEN)
    [one] = worklist.needed(office, NOW + 3 * WAIT)
    assert one.why.endswith("is asked. Call Partneragentur Beispiel, +493023125001.")
    assert len(written()) == sent
    carry_on(NOW + 4 * WAIT)
    for name in ("Sam", "Sue", "Finn", "Vera"):
        decline(w, name)
    carry_on(NOW)
    assert the_round().state == RoundState.EXHAUSTED
    [one] = worklist.needed(office, NOW + 3 * WAIT)
    assert one.why.endswith("4 asked, 4 declined. Call Partneragentur Beispiel, +493023125001.")


def test_without_an_agency_for_the_language_the_volunteers_are_the_last() -> None:
    assert tiers_after("volunteer", with_agency=False) == ()


def test_when_a_whole_group_declines_the_next_is_asked_at_once() -> None:
    w = world()
    begin(w)
    decline(w, "Sam")
    carry_on(NOW)
    assert asked_now(w) == ["Sue"]
    decline(w, "Sue")
    carry_on(NOW)
    assert asked_now(w) == ["Finn"]


def test_a_group_without_anybody_who_could_come_is_passed_over() -> None:
    with transaction():
        asked = factories.asked(start=LATER)
        vera = factories.interpreter(name="Vera")
        vera.employment = "volunteer"
    with transaction():
        rounds.tiers(SYSTEM, asked.id, now=NOW)
    assert [one.interpreter_id for one in queries.open_for(asked.id)] == [vera.id]
    assert the_round().tier == "volunteer"


def test_the_first_yes_of_any_group_ends_it() -> None:
    w = world()
    begin(w)
    carry_on(NOW + WAIT)
    [question] = [
        one for one in queries.open_for(w.request_id) if w.names[one.interpreter_id] == "Finn"
    ]
    with transaction():
        offers.accept(SYSTEM, question.id, via=Via.LINK, now=NOW + WAIT)
    carry_on(NOW + 2 * WAIT)
    ended = [one.state for one in queries.of_request(w.request_id)]
    assert sorted(ended) == [OfferState.ACCEPTED, OfferState.LOST, OfferState.LOST]
    assert the_round().state == RoundState.FILLED


def test_with_every_group_asked_in_vain_it_has_run_out() -> None:
    w = world()
    begin(w)
    for group in (("Sam", "Sue"), ("Finn",), ("Vera",)):
        for name in group:
            decline(w, name)
        carry_on(NOW)
    assert the_round().state == RoundState.EXHAUSTED
    assert len(written("nobody_yet")) == 1


@pytest.mark.parametrize("minutes", [0, 14, 26 * 60 + 1])
def test_a_wait_out_of_range_is_refused(minutes: int) -> None:
    w = world()
    with pytest.raises(Refusal) as refused, transaction():
        rounds.tiers(SYSTEM, w.request_id, wait_minutes=minutes, now=NOW)
    assert refused.value.code == "wait-out-of-range"
