"""What several are asked for at once is no part of a plan: nobody could be asked beside them."""

from collections.abc import Callable

import pytest
from flask import Flask

import solver
from dispatch.accounts.rules import Role
from dispatch.assignments import service as assignments
from dispatch.database import get, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.offers.rules import Strategy
from dispatch.planning.proposals import rules, service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.rounds import service as rounds
from dispatch.planning.snapshot.problem import of_days
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW, TOMORROW_TEN, hours_later
from tests.planning_days import TUESDAY, confirmed

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Asking = Callable[..., object]
ASKING_SEVERAL = pytest.mark.parametrize("ask", [rounds.broadcast, rounds.interest, rounds.tiers])


def planned(at_most: int = 0) -> Proposal:
    question = of_days(TUESDAY, now=NOW, disturb_at_most=at_most, to_plan=True)
    made = service.checked(question, solver.solve(question.problem), filled_undisturbed=1)
    with transaction():
        return service.store(SYSTEM, made, now=NOW)


def items(proposal: Proposal) -> list[int]:
    return [one.request_id for one in rules.items_of(service.plan_of(proposal))]


@in_session
@ASKING_SEVERAL
def test_a_plan_leaves_aside_what_several_are_asked_for(ask: Asking) -> None:
    with transaction():
        factories.interpreter()
        asked = factories.asked()
        free = factories.asked(start=hours_later(TOMORROW_TEN, 3))
        ask(SYSTEM, asked.id, now=NOW)
    proposal = planned()
    assert items(proposal) == [free.id]
    assert service.plan_of(proposal).unassigned == ()


@in_session
def test_a_cascade_holds_its_seat_and_the_others_are_planned() -> None:
    with transaction():
        ada, ben = (factories.interpreter(name=name) for name in ("Ada", "Ben"))
        asked = factories.asked(interpreters=2)
        offers.make(SYSTEM, asked.id, ada.id, strategy=Strategy.CASCADE, now=NOW)
    [item] = rules.items_of(service.plan_of(planned()))
    assert (item.request_id, item.interpreter_id) == (asked.id, ben.id)


@in_session
def test_whoever_comes_to_a_team_stays_while_several_are_asked_for_the_other_place() -> None:
    with transaction():
        nour = factories.interpreter("ro", "tr", name="Nour")
        factories.interpreter("ro", name="Mira")
        team, wanted = factories.asked("ro", interpreters=2), factories.asked("tr")
        factories.coming(team, nour)
        rounds.broadcast(SYSTEM, team.id, now=NOW)
    proposal = planned(at_most=1)
    assert rules.moves_of(service.plan_of(proposal)) == []
    assert items(proposal) == []
    assert [one.request for one in service.plan_of(proposal).unassigned] == [str(wanted.id)]
    assert [one.interpreter_id for one in assignments.live(team)] == [nour.id]


@in_session
def test_a_plan_that_moves_somebody_can_be_adopted_beside_a_round_for_something_else() -> None:
    there = confirmed()
    with transaction():
        asked = factories.asked("ro", start=hours_later(TOMORROW_TEN, 3))
        rounds.broadcast(SYSTEM, asked.id, now=NOW)
    proposal = planned(at_most=1)
    with transaction():
        adopted = service.adopt(SYSTEM, proposal.id, None, zone_name=TUESDAY.zone_name, now=NOW)
    assert {one.interpretation_request_id for one in adopted.offers} == {
        there.held.id, there.open.id,
    }  # fmt: skip
    assert adopted.dropped == []


@on_sqlite
def test_the_plan_says_what_it_has_left_aside(app: Flask) -> None:
    with app.app_context():
        with transaction():
            factories.interpreter()
            asked = factories.asked()
            rounds.broadcast(SYSTEM, asked.id, now=NOW)
            reference = asked.reference
        proposal_id = planned().id
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
    browser = sign_in(app, coordinator)
    page = browser.get(f"/proposals/{proposal_id}").text
    assert "several were being asked at once for 1 request" in page
    assert reference in page
    assert "no longer holds" not in page
    day = browser.get("/plan/2027-03-02").text
    assert reference in day.partition("Several are asked at once")[2]
    assert "Make a plan" not in day


@on_sqlite
def test_a_plan_that_holds_only_as_a_whole_says_which_line_stops_it_and_why(app: Flask) -> None:
    with app.app_context():
        there = confirmed()
        proposal_id = planned(at_most=1).id
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
            factories.interpreter("tr", name="New")
            rounds.broadcast(SYSTEM, there.open.id, now=NOW)
            reference = get(InterpretationRequest, there.open.id).reference
    browser, url = sign_in(app, coordinator), f"/proposals/{proposal_id}"
    page = browser.get(url).text
    assert "This proposal cannot be adopted any more: 1 line does not hold." in page
    told = page.partition("cannot be adopted any more")[2].partition("</ul>")[0]
    assert reference in told
    assert "Nour" in told
    assert "Several are asked for the request at once" in told
    assert "Plan again: a new plan takes in what has changed." in page
    assert "Release and make these offers" not in page
    assert "1 person would be asked" in page  # not Nour, whose line does not hold


@on_sqlite
def test_a_plan_that_moves_somebody_says_that_the_new_one_may_say_no(app: Flask) -> None:
    with app.app_context():
        confirmed()
        proposal_id = planned(at_most=1).id
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
    page = sign_in(app, coordinator).get(f"/proposals/{proposal_id}").text
    assert "Who would be asked instead" in page
    assert "whoever is asked instead may say no" in page
    assert "This cannot be undone in one step" in page
    assert "Release and make these offers" in page


@on_sqlite
def test_what_has_its_language_to_be_settled_says_so_and_not_that_nobody_speaks_it(
    app: Flask,
) -> None:
    with app.app_context():
        with transaction():
            factories.asked("", language_in_words="Zaghawa")
        proposal_id = planned().id
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
    page = sign_in(app, coordinator).get(f"/proposals/{proposal_id}").text
    assert "Settle which language it is" in page
    assert "Zaghawa" in page
    assert "Nobody in the pool works in this language" not in page
