"""A round begins as is agreed for the request, or else with its organisation."""

import pytest

from dispatch.database import transaction
from dispatch.errors import Conflict
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.rules import Strategy
from dispatch.organisations import service as organisations
from dispatch.planning.proposals import service as planning
from dispatch.planning.rounds import service as rounds
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.factories import NOW
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("session", "frozen_clock")

ASKED = {
    Strategy.DIRECT: (1, True),
    Strategy.CASCADE: (1, True),
    Strategy.BROADCAST: (2, False),
    Strategy.INTEREST: (2, False),
    Strategy.TIERS: (2, False),
}
"""How many of two are asked, and whether their time is held."""


def of_an_organisation_with(strategy: Strategy) -> InterpretationRequest:
    with transaction():
        asked = factories.asked()
        factories.interpreter(name="Ada")
        factories.interpreter(name="Ben")
        organisations.agree(
            SYSTEM, asked.organisation_id, strategy=strategy, assigns_directly=True, now=NOW
        )
    return asked


@pytest.mark.parametrize("strategy", list(Strategy))
def test_the_office_asks_as_is_agreed_with_the_organisation(strategy: Strategy) -> None:
    asked = of_an_organisation_with(strategy)
    with transaction():
        rounds.begin(SYSTEM, asked.id, now=NOW)
    made = queries.of_request(asked.id)
    assert {one.round.strategy for one in made} == {strategy}
    assert (len(made), made[0].exclusive) == ASKED[strategy]


def test_what_is_agreed_for_one_request_goes_before_until_it_is_taken_back() -> None:
    asked = of_an_organisation_with(Strategy.BROADCAST)
    with transaction():
        offers.ask_by(SYSTEM, asked.id, Strategy.CASCADE, now=NOW)
    with transaction():
        rounds.begin(SYSTEM, asked.id, now=NOW)
    assert [one.round.strategy for one in queries.of_request(asked.id)] == [Strategy.CASCADE]
    with transaction():
        offers.ask_by(SYSTEM, asked.id, None, now=NOW)
    assert asked.agreed_strategy == Strategy.BROADCAST


def test_nobody_is_asked_beside_a_round_that_is_under_way() -> None:
    asked = of_an_organisation_with(Strategy.BROADCAST)
    with transaction():
        rounds.begin(SYSTEM, asked.id, now=NOW)
    with pytest.raises(Conflict) as refused, transaction():
        rounds.begin(SYSTEM, asked.id, now=NOW)
    assert refused.value.code == "round-open"


def test_a_plan_that_was_made_before_still_holds_and_is_adopted_as_the_request_says() -> None:
    asked = of_an_organisation_with(Strategy.DIRECT)
    made = planning.compute(TUESDAY, now=NOW)
    with transaction():
        proposal = planning.store(SYSTEM, made, now=NOW)
    with transaction():
        offers.ask_by(SYSTEM, asked.id, Strategy.CASCADE, now=NOW)
    with transaction():
        adopted = planning.adopt(SYSTEM, proposal.id, None, zone_name=TUESDAY.zone_name, now=NOW)
    assert [one.round.strategy for one in adopted.offers] == [Strategy.CASCADE]
    assert adopted.dropped == []


def test_how_a_filled_request_is_asked_for_is_no_question_any_more() -> None:
    asked = of_an_organisation_with(Strategy.DIRECT)
    with transaction():
        factories.coming(asked, factories.interpreter(name="Cem"))
    with pytest.raises(Conflict, match="Nobody is needed"), transaction():
        offers.ask_by(SYSTEM, asked.id, Strategy.CASCADE, now=NOW)
