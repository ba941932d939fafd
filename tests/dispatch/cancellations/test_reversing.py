"""Undoing a step of the office: who had the seat has it again, and who heard of it is told."""

import pytest
import sqlalchemy as sa

from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.cancellations import reversing, service
from dispatch.cancellations.models import CancellationDecision
from dispatch.cancellations.reversing import Effect, Seat, Step
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.invitations.models import Invitation
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging.models import Message
from dispatch.offers import queries as offer_queries
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def asked_for() -> InterpretationRequest:
    with transaction():
        return factories.asked(by=factories.account(of=factories.organisation()))


def one_comes() -> Assignment:
    asked = asked_for()
    with transaction():
        coming = factories.coming(asked, factories.interpreter(name="Ada"))
    deliver_all()
    return coming


def release(coming: Assignment) -> Step:
    before = Seat.of(coming)
    with transaction():
        service.release(SYSTEM, coming.id, reasons=Reasons(office="by mistake"), now=NOW)
    return Step(coming.interpretation_request_id, before=before)


def reverse(step: Step) -> Step:
    with transaction():
        return reversing.reverse(SYSTEM, step, now=NOW)


def names_of_messages() -> list[str]:
    return [one.name for one in db.session.scalars(sa.select(Message).order_by(Message.id))]


def live(step: Step) -> list[str]:
    asked = db.session.get_one(InterpretationRequest, step.request_id)
    return [one.interpreter.name for one in assignments.live(asked)]


def test_who_undoes_a_release_at_once_sends_nothing_and_the_entry_in_the_calendar_stays() -> None:
    coming = one_comes()
    before = names_of_messages()
    step = release(coming)
    assert [one.effect for one in reversing.foresee(step)] == [Effect.NOTHING_HAPPENED]
    reverse(step)
    deliver_all()
    assert live(step) == ["Ada Beispiel"]
    assert [one.state for one in written("assignment_released")] == ["settled", "settled"]
    assert set(names_of_messages()) - set(before) == {"assignment_released", "interpreter_lost"}
    entry = db.session.scalars(sa.select(Invitation)).one()
    assert entry.cancelled_at is None
    assert entry.assignment_id != coming.id
    assert db.session.scalars(sa.select(CancellationDecision)).one().undone_at == NOW


def test_who_has_heard_of_the_release_gets_a_new_invitation_and_who_asked_hears_it_too() -> None:
    step = release(one_comes())
    deliver_all()
    said = [one.effect for one in reversing.foresee(step)]
    assert said == [Effect.INVITED_AGAIN, Effect.ASKER_TOLD]
    reverse(step)
    deliver_all()
    assert live(step) == ["Ada Beispiel"]
    back = written("assignment_back")
    assert {one.state for one in back} == {"sent"}
    assert back[0].calendar_method == "REQUEST"
    assert [one.state for one in written("interpreter_found")] == ["sent", "sent"]


@pytest.mark.parametrize("heard", [False, True])
def test_who_was_assigned_by_mistake_hears_of_it_only_if_they_heard_of_the_assignment(
    heard: bool,
) -> None:
    asked = asked_for()
    with transaction():
        made = offers.assign(SYSTEM, asked.id, factories.interpreter(name="Ben").id, now=NOW)
    step = Step(asked.id, after=Seat.of(made))
    if heard:
        deliver_all()
    reverse(step)
    deliver_all()
    assert live(step) == []
    assert {one.state for one in written("assignment_released")} == ({"sent"} if heard else set())
    owed = db.session.scalars(sa.select(CancellationDecision.minutes)).all()
    assert owed == ([60] if heard else [])
    if not heard:
        assert {one.state for one in written("assignment_confirmed")} == {"settled"}


def test_a_move_is_undone_and_done_again() -> None:
    coming = one_comes()
    with transaction():
        ben = factories.interpreter(name="Ben")
    step = release(coming)
    with transaction():
        made = offers.assign(SYSTEM, coming.interpretation_request_id, ben.id, now=NOW)
    moved = Step(step.request_id, before=step.before, after=Seat.of(made))
    undone = reverse(moved)
    assert live(moved) == ["Ada Beispiel"]
    redone = reverse(undone)
    assert live(moved) == ["Ben Beispiel"]
    assert assignments.live(db.session.get_one(InterpretationRequest, moved.request_id))[0].pinned
    reverse(redone)
    assert live(moved) == ["Ada Beispiel"]


def test_a_question_is_taken_back_and_put_again() -> None:
    asked = asked_for()
    with transaction():
        offer = offers.make(SYSTEM, asked.id, factories.interpreter(name="Ben").id, now=NOW)
    back = reverse(Step(asked.id, after=Seat.of(offer)))
    assert offer_queries.open_for(asked.id) == []
    again = reverse(back)
    assert again.after
    assert [one.id for one in offer_queries.open_for(asked.id)] == [again.after.id]


def test_what_was_answered_or_taken_by_somebody_else_is_not_undone_and_nothing_changes() -> None:
    asked = asked_for()
    with transaction():
        offer = offers.make(SYSTEM, asked.id, factories.interpreter(name="Ben").id, now=NOW)
    step = Step(asked.id, after=Seat.of(offer))
    with transaction():
        offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    with pytest.raises(Conflict, match="Ben Beispiel has answered meanwhile"):
        reverse(step)
    released = release(assignments.live(asked)[0])
    with transaction():
        factories.coming(asked, factories.interpreter(name="Cem"))
    with pytest.raises(Conflict, match="Somebody else has the seat"):
        reverse(released)
    assert live(step) == ["Cem Beispiel"]


def test_who_comes_again_without_a_word_still_hears_when_they_do_not_after_all() -> None:
    """They know of the assignment before; what was said of that one was said of this one."""
    coming = one_comes()
    with transaction():
        ben = factories.interpreter(name="Ben")
    step = release(coming)
    with transaction():
        made = offers.assign(SYSTEM, coming.interpretation_request_id, ben.id, now=NOW)
    undone = reverse(Step(step.request_id, before=step.before, after=Seat.of(made)))
    deliver_all()
    assert [one.state for one in written("assignment_released")] == ["settled", "settled"]
    reverse(undone)
    deliver_all()
    sent = [one for one in written() if one.state == "sent"]
    assert "assignment_released" in {one.name for one in sent}
    last = [one for one in sent if one.name == "interpreter_found"][-1]
    assert "Ben will come and interpret. Ada does not come any more." in last.body
