"""Plans that may ask confirmed people to move, and what adopting one does."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

import solver
from dispatch.assignments import service as assignments
from dispatch.assignments.rules import Via
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.planning.proposals import rules, service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.snapshot.problem import of_days
from dispatch.planning.snapshot.queries import movable_in
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW
from tests.planning_days import TUESDAY, Confirmed, confirmed

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def plan(at_most: int) -> Proposal:
    question = of_days(TUESDAY, now=NOW, disturb_at_most=at_most)
    made = service.checked(question, solver.solve(question.problem), filled_undisturbed=1)
    with transaction():
        return service.store(SYSTEM, made, now=NOW)


def adopt(proposal: Proposal) -> service.Adopted:
    with transaction():
        return service.adopt(SYSTEM, proposal.id, None, zone_name=TUESDAY.zone_name, now=NOW)


def moves(proposal: Proposal) -> list[rules.Move]:
    return rules.moves_of(service.plan_of(proposal))


def holders(there: Confirmed) -> list[tuple[int, str]]:
    return [(one.interpreter_id, one.state) for one in assignments.live(there.held)]


def test_nobody_moves_unless_that_is_allowed() -> None:
    there = confirmed()
    assert len(movable_in(TUESDAY, NOW)) == 1
    proposal = plan(0)
    assert moves(proposal) == []
    assert rules.items_of(service.plan_of(proposal)) == []
    assert adopt(proposal).offers == []
    assert holders(there) == [(there.confirmed.id, "confirmed")]


def test_moving_one_person_fills_one_request_more() -> None:
    there = confirmed()
    proposal = plan(1)
    assert service.plan_of(proposal).filled == 2
    [move] = moves(proposal)
    assert (move.request_id, move.interpreter_id) == (there.held.id, there.confirmed.id)
    assert move.instead == (there.other.id,)


def test_adopting_releases_who_moves_and_asks_both() -> None:
    there = confirmed()
    deliver_all()
    adopted = adopt(plan(1))
    asked = {(one.interpretation_request_id, one.interpreter_id) for one in adopted.offers}
    assert asked == {(there.held.id, there.other.id), (there.open.id, there.confirmed.id)}
    assert there.assignment.state == "released"
    told = set(db.session.scalars(sa.select(Message.name)))
    assert {"assignment_released", "interpreter_lost"} <= told


def test_who_is_released_and_asked_in_one_step_reads_that_the_one_is_for_the_other() -> None:
    there = confirmed()
    deliver_all()
    adopt(plan(1))
    deliver_all()
    mails = {one.about: one.body for one in written("offer") if one.channel == "email"}
    moved, other = (
        next(
            mails[f"offer:{one.id}"]
            for one in db.session.scalars(sa.select(Offer))
            if one.interpreter_id == who.id and one.state == "made"
        )
        for who in (there.confirmed, there.other)
    )
    assert "from which we have just released you" in moved
    assert "released" not in other


def test_who_is_pinned_is_never_moved() -> None:
    there = confirmed()
    with transaction():
        assignments.pin(SYSTEM, there.assignment.id, pinned=True, now=NOW)
    assert len(movable_in(TUESDAY, NOW)) == 0
    assert moves(plan(3)) == []


def test_who_was_pinned_after_the_plan_stays_and_nothing_is_adopted() -> None:
    there = confirmed()
    proposal = plan(1)
    with transaction():
        assignments.pin(SYSTEM, there.assignment.id, pinned=True, now=NOW)
    with pytest.raises(Conflict, match="move is pinned by now") as refused:
        adopt(proposal)
    assert refused.value.code == "cannot-move"
    assert holders(there) == [(there.confirmed.id, "confirmed")]


def test_where_one_part_does_not_hold_any_more_nobody_is_released() -> None:
    there = confirmed()
    proposal = plan(1)
    with transaction():
        elsewhere = factories.asked("ro")
        factories.coming(elsewhere, there.other)
    with pytest.raises(Conflict, match="holds only as a whole"):
        adopt(proposal)
    assert holders(there) == [(there.confirmed.id, "confirmed")]


def test_who_confirmed_although_the_rules_speak_against_it_by_now_stays() -> None:
    there = confirmed()
    with transaction():
        there.confirmed.availability.weekly_hours.clear()
    question = of_days(TUESDAY, now=NOW, disturb_at_most=1)
    plan_ = solver.solve(question.problem)
    assert [one.kind for one in plan_.changes] == ["impossible"]
    steady = rules.steadied(question.problem, plan_)
    assert steady
    assert [one.kind for one in steady.commitments] == ["pinned"]
    assert rules.steadied(steady, solver.solve(steady)) is None


def of_who_asked() -> list[tuple[str, str]]:
    """What those who asked were, or are to be, told of who comes, and how far it is."""
    names = ("interpreter_found", "interpreter_lost")
    return [(one.name, one.state) for one in written() if one.name in names]


def test_those_who_asked_hear_once_where_who_moves_is_replaced_at_once() -> None:
    there = confirmed()
    deliver_all()
    adopted = adopt(plan(1))
    [instead] = [one for one in adopted.offers if one.interpretation_request_id == there.held.id]
    with transaction():
        offers.accept(SYSTEM, instead.id, via=Via.LINK, now=NOW)
    before = of_who_asked()
    deliver_all()
    assert [name for name, state in before if state == "queued"] == ["interpreter_found"]
    last = written("interpreter_found")[-1].body
    assert f"{there.other.first_name} will come and interpret. Nour does not come any more" in last


def test_those_who_asked_do_not_hear_that_somebody_is_gone_of_whom_they_never_heard() -> None:
    confirmed()
    adopt(plan(1))
    assert [name for name, state in of_who_asked() if state == "queued"] == []


def test_those_who_asked_hear_it_where_nothing_is_known_of_what_they_were_told() -> None:
    there = confirmed()
    deliver_all()
    with transaction():  # as it is with what was agreed in the system before this one
        found = sa.update(Message).where(Message.name == "interpreter_found")
        db.session.execute(found.values(about="nothing"))
        there.assignment.confirmed_at = NOW - timedelta(days=5)
    adopt(plan(1))
    assert [name for name, _state in of_who_asked()] == ["interpreter_found", "interpreter_lost"]
