"""From a day to a proposal, and from a proposal to offers that still make sense."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

import solver
from dispatch.accounts.rules import Role
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.errors import Conflict, NotFound, Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning, Reasons
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.planning.advice import assigning
from dispatch.planning.proposals import service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.proposals.rules import items_of
from dispatch.planning.proposals.service import Adopted
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from tests import factories
from tests.browsing import TOKEN, sign_in
from tests.correspondence import written
from tests.factories import NOW
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")


def plan() -> Proposal:
    made = service.compute(TUESDAY, now=NOW)
    with transaction():
        return service.store(SYSTEM, made, now=NOW)


def adopt(proposal: Proposal, chosen: set[tuple[int, int]] | None = None) -> Adopted:
    with transaction():
        return service.adopt(SYSTEM, proposal.id, chosen, zone_name=TUESDAY.zone_name, now=NOW)


def pairs(proposal: Proposal) -> list[tuple[int, int]]:
    return [(one.request_id, one.interpreter_id) for one in items_of(service.plan_of(proposal))]


def two_requests() -> list[InterpretationRequest]:
    """Two requests at ten and at two, and two people who could do either."""
    with transaction():
        factories.interpreter(name="Mira")
        factories.interpreter(name="Nour")
        site = factories.site()
        afternoon = factories.hours_later(factories.TOMORROW_TEN, 4)
        return [factories.asked(at=site), factories.asked(at=site, start=afternoon)]


def count(model: type[Offer] | type[Message] | type[Proposal] | type[Assignment]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@in_session
def test_planning_stores_the_plan_with_its_proof_and_tells_nobody() -> None:
    two_requests()
    made = service.compute(TUESDAY, now=NOW)
    assert count(Proposal) == 0
    with transaction():
        proposal = service.store(SYSTEM, made, now=NOW)
    assert (made.proof.filled, made.proof.requests, made.proof.proven) == (2, 2, True)
    assert len(pairs(proposal)) == 2
    assert service.problem_of(proposal) == made.question.problem
    assert [entry.kind for entry in ledger.history(Concerning(proposal=proposal.id))] == [
        "proposal.made"
    ]
    assert (count(Offer), count(Assignment)) == (0, 0)
    assert {one.name for one in written()} == {"request_received"}


@in_session
def test_a_plan_that_breaks_a_rule_is_never_returned() -> None:
    two_requests()
    made = service.compute(TUESDAY, now=NOW)
    routes = made.plan.routes
    stranger = routes[0].model_copy(update={"stops": routes[0].stops * 2})
    broken = made.plan.model_copy(update={"routes": (stranger, *routes[1:])})
    with pytest.raises(service.UnsoundPlan, match="thrown away") as refused:
        service.checked(made.question, broken)
    assert refused.value.status == 500
    assert service.checked(made.question, made.plan).proof == made.proof


@in_session
def test_adopting_all_makes_an_offer_for_every_line() -> None:
    asked = two_requests()
    proposal = plan()
    adopted = adopt(proposal)
    assert adopted.dropped == []
    made = {(offer.interpretation_request_id, offer.interpreter_id) for offer in adopted.offers}
    assert made == set(pairs(proposal))
    assert {request_id for request_id, _ in made} == {one.id for one in asked}
    assert proposal.adopted_at == NOW
    assert "proposal.adopted" in [
        entry.kind for entry in ledger.history(Concerning(proposal=proposal.id))
    ]


@in_session
def test_adopting_a_part_leaves_the_rest_open() -> None:
    two_requests()
    proposal = plan()
    first, second = pairs(proposal)
    adopted = adopt(proposal, {first})
    assert [offer.interpretation_request_id for offer in adopted.offers] == [first[0]]
    left = db.session.get_one(InterpretationRequest, second[0])
    assert offers.free_seats(left)
    assert [pair[0] for pair in pairs(plan())] == [second[0]]


@pytest.mark.parametrize("chosen", [set(), {(999, 999)}])
@in_session
def test_what_is_not_in_the_proposal_cannot_be_adopted_and_uses_nothing_up(
    chosen: set[tuple[int, int]],
) -> None:
    two_requests()
    proposal = plan()
    with pytest.raises(Refusal) as refused:
        adopt(proposal, chosen)
    assert refused.value.code == "not-in-proposal"
    assert len(adopt(proposal).offers) == 2


@in_session
def test_what_was_left_out_of_a_proposal_can_be_adopted_later() -> None:
    two_requests()
    proposal = plan()
    first, second = pairs(proposal)
    adopt(proposal, {first})
    assert [offer.interpretation_request_id for offer in adopt(proposal).offers] == [second[0]]
    with pytest.raises(Conflict):
        adopt(proposal)


@in_session
def test_adopting_twice_is_refused() -> None:
    two_requests()
    proposal = plan()
    adopt(proposal)
    with pytest.raises(Conflict) as refused:
        adopt(proposal)
    assert (refused.value.code, refused.value.status) == ("adopted-before", 409)
    assert count(Offer) == 2


@in_session
def test_a_proposal_nobody_made_is_not_there() -> None:
    with pytest.raises(NotFound), transaction():
        service.adopt(SYSTEM, 999, None, zone_name=TUESDAY.zone_name, now=NOW)


@in_session
def test_a_request_cancelled_meanwhile_is_dropped_and_named_and_the_rest_adopted() -> None:
    gone, stays = two_requests()
    proposal = plan()
    with transaction():
        reasons = Reasons(office="The talk is off")
        cancellations.cancel_request(SYSTEM, gone.id, reasons=reasons, now=NOW)
    adopted = adopt(proposal)
    assert [drop.item.request_id for drop in adopted.dropped] == [gone.id]
    assert "was cancelled since the plan" in str(adopted.dropped[0].reason)
    assert [offer.interpretation_request_id for offer in adopted.offers] == [stays.id]


@in_session
def test_a_request_filled_meanwhile_by_hand_keeps_whom_the_person_chose() -> None:
    taken, _other = two_requests()
    proposal = plan()
    planned = dict(pairs(proposal))[taken.id]
    with transaction():
        chosen = factories.interpreter(name="Olga")
    with transaction():
        assigning.by_hand(SYSTEM, taken.id, chosen.id, directly=True, now=NOW)
    adopted = adopt(proposal)
    assert [drop.item.request_id for drop in adopted.dropped] == [taken.id]
    assert [one.interpreter_id for one in assignments.live(taken)] == [chosen.id] != [planned]


@in_session
def test_an_interpreter_given_away_meanwhile_is_dropped_with_the_reason() -> None:
    first, _second = two_requests()
    proposal = plan()
    planned = dict(pairs(proposal))[first.id]
    with transaction():
        elsewhere = factories.asked(at=factories.site("Anderswo"))
        offers.make(SYSTEM, elsewhere.id, planned, now=NOW)
    adopted = adopt(proposal)
    [dropped] = [drop for drop in adopted.dropped if drop.item.request_id == first.id]
    assert str(dropped.reason) == "has another assignment at this time"


@in_session
def test_pinned_and_confirmed_are_in_no_new_plan_and_stay_as_they_are() -> None:
    confirmed, pinned = two_requests()
    people = [row.interpreter_id for row in adopt(plan()).offers]
    for offer in db.session.scalars(sa.select(Offer)).all():
        with transaction():
            offers.accept(SYSTEM, offer.id, via=Via.PAGE, now=NOW)
    with transaction():
        assignments.pin(SYSTEM, assignments.live(pinned)[0].id, pinned=True, now=NOW)
        factories.interpreter(name="Aida")
        factories.asked(at=factories.site(), start=factories.hours_later(factories.TOMORROW_TEN, 2))
    before = _standing()
    again = plan()
    assert {request_id for request_id, _ in pairs(again)}.isdisjoint({confirmed.id, pinned.id})
    adopt(again)
    assert _standing().items() >= before.items()
    assert {interpreter for interpreter, _, _ in before.values()} == set(people)


def _standing() -> dict[int, tuple[int, str, bool]]:
    return {
        row.id: (row.interpreter_id, row.state, row.pinned)
        for row in db.session.scalars(sa.select(Assignment))
    }


@in_session
def test_whoever_declined_is_not_proposed_again() -> None:
    with transaction():
        factories.interpreter()
        asked = factories.asked()
    [offer] = adopt(plan()).offers
    with transaction():
        offers.decline(SYSTEM, offer.id, via=Via.PAGE, now=NOW)
    assert pairs(plan()) == []
    assert asked.state == RequestState.OPEN


@in_session
def test_a_person_who_does_not_fit_is_refused_with_every_reason() -> None:
    with transaction():
        late = factories.interpreter(name="Vera", hours=(18, 22))
        other = factories.interpreter("tr", name="Emre")
        asked = factories.asked()
    with pytest.raises(Conflict) as refused:
        assigning.require_able_now(asked, late.id, now=NOW)
    assert "Vera Beispiel: does not work at this time." in str(refused.value)
    with pytest.raises(Conflict, match="does not work in the language"):
        assigning.require_able_now(asked, other.id, now=NOW)


@in_session
def test_assigned_by_hand_is_confirmed_and_pinned() -> None:
    with transaction():
        mira = factories.interpreter()
        asked = factories.asked()
    assigning.require_able_now(asked, mira.id, now=NOW)
    with transaction():
        assigning.by_hand(SYSTEM, asked.id, mira.id, directly=True, now=NOW)
    [held] = assignments.live(asked)
    assert (held.state, held.pinned) == (AssignmentState.CONFIRMED, True)
    with pytest.raises(Conflict, match="is on the request already"):
        assigning.require_able_now(asked, mira.id, now=NOW)


def test_of_ten_who_adopt_at_the_same_moment_one_does(app: Flask) -> None:
    with app.app_context():
        two_requests()
        proposal = plan()
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
        form = [f"{request_id}-{interpreter_id}" for request_id, interpreter_id in pairs(proposal)]
        path = f"/proposals/{proposal.id}"
    browser = sign_in(app, coordinator)
    token = TOKEN.search(browser.get(path).text).group(1)  # type: ignore[union-attr]
    cookie = browser.get_cookie("dragoman")
    assert cookie
    together = Barrier(10)

    def press(_number: int) -> int:
        client = app.test_client()
        client.set_cookie("dragoman", cookie.value)
        together.wait()
        data = {"csrf_token": token, "item": form}
        return client.post(f"{path}/adopt", data=data).status_code

    with ThreadPoolExecutor(10) as pool:
        statuses = sorted(pool.map(press, range(10)))
    assert set(statuses) == {302}
    with app.app_context():
        assert count(Offer) == 2


def test_a_bound_is_never_below_what_is_filled() -> None:
    empty = solver.Problem(interpreters=(), requests=(), travel=solver.problem.Travel(places=()))
    proof = service.proof_of(empty, solver.solve(empty))  # type: ignore[attr-defined]
    assert (proof.filled, proof.bound, proof.gap) == (0, 0, 0.0)
