"""What a cancellation decides about money, and taking it back until the start."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.cancellations import deciding, service, undoing
from dispatch.cancellations.models import CancellationDecision
from dispatch.cancellations.owing import Rule
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.invitations.models import Invitation
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.snapshot.problem import of_day
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
NO_NEED = Reasons(told="no need")
IN_TIME = TOMORROW_TEN + timedelta(days=9)


def two_come(start: datetime = TOMORROW_TEN) -> tuple[InterpretationRequest, Account]:
    with transaction():
        caseworker = factories.account(of=factories.organisation())
        asked = factories.asked(by=caseworker, start=start, interpreters=2)
        for name in ("Ada", "Ben"):
            factories.coming(asked, factories.interpreter(name=name))
    deliver_all()
    return asked, caseworker


def cancel(asked: InterpretationRequest, by: Account) -> None:
    with transaction():
        service.cancel_request(by.actor, asked.id, reasons=NO_NEED, now=NOW)
    deliver_all()


def undo(asked: InterpretationRequest, by: Account) -> undoing.Back:
    with transaction():
        back = undoing.undo(by.actor, asked.id, now=NOW)
    deliver_all()
    return back


def decisions() -> list[CancellationDecision]:
    return list(
        db.session.scalars(sa.select(CancellationDecision).order_by(CancellationDecision.id))
    )


def test_what_is_owed_is_said_before_kept_after_and_written_to_whom_it_concerns() -> None:
    asked, caseworker = two_come()
    assert [one.owed.minutes for one in deciding.foresee(asked, NOW)] == [60, 60]
    cancel(asked, caseworker)
    assert [(one.rule, one.minutes, str(one.amount)) for one in decisions()] == [
        (Rule.LATE, 60, "30.00"),
        (Rule.LATE, 60, "30.00"),
    ]
    for mail in written("assignment_cancelled"):
        assert ("60 minutes are paid" in mail.body) == (mail.channel == "email")


def test_nothing_is_owed_where_it_is_told_in_time_and_that_is_kept_too() -> None:
    asked, caseworker = two_come(IN_TIME)
    cancel(asked, caseworker)
    assert {(one.rule, one.minutes, one.stands) for one in decisions()} == {
        (Rule.IN_TIME, 0, False)
    }
    assert not any("are paid" in one.body for one in written("assignment_cancelled"))


def test_the_office_waives_what_is_owed_once_and_with_a_reason() -> None:
    asked, caseworker = two_come()
    cancel(asked, caseworker)
    with transaction():
        coordinator = factories.account(Role.COORDINATOR)
    decision = decisions()[0]
    with pytest.raises(Refusal), transaction():
        deciding.waive(coordinator.actor, decision.id, reasons=Reasons(), now=NOW)
    why = Reasons(office="agreed by telephone")
    with transaction():
        deciding.waive(coordinator.actor, decision.id, reasons=why, now=NOW)
    assert not decision.stands
    assert decision.waived_by == coordinator.id
    with pytest.raises(Conflict), transaction():
        deciding.waive(coordinator.actor, decision.id, reasons=why, now=NOW)


def test_the_same_people_come_again_with_a_new_entry_and_nothing_is_owed() -> None:
    asked, caseworker = two_come()
    cancel(asked, caseworker)
    back = undo(asked, caseworker)
    assert [one.interpreter.first_name for one in back.coming] == ["Ada", "Ben"]
    assert asked.state == RequestState.FILLED
    assert not any(one.stands for one in decisions())
    assert len(written("assignment_back")) == 4
    assert "Ada, Ben" in written("request_back")[0].body
    entries = db.session.scalars(sa.select(Invitation)).all()
    assert len({one.uid for one in entries}) == 4
    assert sum(one.cancelled_at is None for one in entries) == 2


def test_when_one_of_two_is_gone_it_is_said_and_somebody_else_is_looked_for() -> None:
    asked, caseworker = two_come()
    cancel(asked, caseworker)
    gone = db.session.scalars(sa.select(Assignment.interpreter_id).order_by(Assignment.id)).first()
    assert gone
    with transaction():
        offers.assign(SYSTEM, factories.asked().id, gone, now=NOW)
    back = undo(asked, caseworker)
    assert [one.interpreter.first_name for one in back.coming] == ["Ben"]
    assert [one.interpreter.first_name for one in back.gone] == ["Ada"]
    assert asked.state == RequestState.OPEN
    assert "1 of 2 people is missing" in written("request_back")[0].body
    assert [one.stands for one in decisions()] == [True, False]


def test_cancelled_undone_and_cancelled_again_owes_once() -> None:
    asked, caseworker = two_come()
    cancel(asked, caseworker)
    undo(asked, caseworker)
    cancel(asked, caseworker)
    assert sum(one.stands for one in decisions()) == 2
    assert len(undo(asked, caseworker).coming) == 2


def test_once_it_would_have_begun_nothing_is_taken_back() -> None:
    asked, caseworker = two_come()
    cancel(asked, caseworker)
    with pytest.raises(Conflict), transaction():
        undoing.undo(caseworker.actor, asked.id, now=asked.starts_at)


def test_what_the_office_cancelled_only_the_office_takes_back() -> None:
    asked, caseworker = two_come()
    with transaction():
        service.cancel_request(SYSTEM, asked.id, reasons=Reasons(office="no money"), now=NOW)
    with pytest.raises(Conflict) as refused, transaction():
        undoing.undo(caseworker.actor, asked.id, now=NOW)
    assert refused.value.code == "cancelled-by-office"
    with transaction():
        assert len(undoing.undo(SYSTEM, asked.id, now=NOW).coming) == 2


def test_whoever_is_still_paid_comes_first_and_costs_nothing_in_that_time() -> None:
    asked, caseworker = two_come()
    with transaction():
        near = factories.interpreter(name="Cem")
        near.fee_cents_per_hour = 100
    cancel(asked, caseworker)
    with transaction():
        wanted = factories.asked()
    problem = of_day(wanted.day, wanted.time_zone, now=NOW).problem
    idle = {one.id: one.paid_idle for one in problem.interpreters if one.paid_idle}
    assert len(idle) == 2
    assert {(span.start, span.end) for spans in idle.values() for span in spans} == {(600, 660)}
    page = candidates_page(wanted, NOW)
    assert page
    names = [one.interpreter.first_name for one in page.lines]
    assert set(names[:2]) == {"Ada", "Ben"}
    assert "fee €0.00" in page.lines[0].note
    assert "still paid until 11:00" in page.lines[0].note
    assert "still paid" not in page.lines[2].note


def release(assignment: Assignment, *, owes: bool = True) -> None:
    with transaction():
        service.release(
            SYSTEM, assignment.id, reasons=Reasons(office="planned"), owes=owes, now=NOW
        )
    deliver_all()


def test_whoever_the_office_releases_late_is_paid_hears_it_and_is_free_at_no_cost() -> None:
    asked, _caseworker = two_come()
    first, _second = db.session.scalars(sa.select(Assignment).order_by(Assignment.seat))
    release(first)
    [owed] = decisions()
    assert (owed.rule, owed.minutes, owed.stands) == (Rule.LATE, 60, True)
    [mail] = [one for one in written("assignment_released") if one.channel == "email"]
    assert "60 minutes are paid to you" in mail.body
    assert [one.assignment_id for one in deciding.free_and_paid(NOW)] == [first.id]
    page = candidates_page(asked, NOW)
    assert page
    own = [one for one in page.lines if one.interpreter.id == first.interpreter_id]
    assert "still paid" not in own[0].note, "of what was taken from her she is not offered first"


def test_nothing_is_owed_to_whoever_asked_to_be_released() -> None:
    two_come()
    first, _second = db.session.scalars(sa.select(Assignment).order_by(Assignment.seat))
    release(first, owes=False)
    assert decisions() == []


def test_what_a_change_makes_impossible_is_paid_as_a_cancellation_is() -> None:
    asked, caseworker = two_come()
    with transaction():
        details = replace(details_of(asked), gender_required="female")
        amendments.amend(caseworker.actor, asked.id, details, now=NOW)
    assert [(one.rule, one.minutes) for one in decisions()] == [(Rule.LATE, 60)] * 2


def test_who_was_released_before_does_not_come_back_with_what_is_undone() -> None:
    asked, caseworker = two_come()
    first, second = db.session.scalars(sa.select(Assignment).order_by(Assignment.seat))
    release(first)
    cancel(asked, caseworker)
    back = undo(asked, caseworker)
    assert [one.interpreter_id for one in back.coming] == [second.interpreter_id]


def test_who_has_not_heard_of_the_cancellation_yet_hears_nothing_and_comes_as_agreed() -> None:
    asked, caseworker = two_come(IN_TIME)
    deliver_all()
    with transaction():
        service.cancel_request(caseworker.actor, asked.id, reasons=NO_NEED, now=NOW)
    with transaction():
        back = undoing.undo(caseworker.actor, asked.id, now=NOW)
    deliver_all()
    assert {one.state for one in written("assignment_cancelled")} == {"settled"}
    assert not written("assignment_back")
    entries = db.session.scalars(sa.select(Invitation)).all()
    assert {one.assignment_id for one in entries} == {one.id for one in back.coming}
    assert not any(one.cancelled_at for one in entries)


def test_who_had_not_agreed_to_a_change_yet_is_asked_again_on_the_present_terms() -> None:
    asked, caseworker = two_come(IN_TIME)
    later = details_of(asked).wall_start + timedelta(hours=4)
    with transaction():
        details = replace(details_of(asked), wall_start=later)
        amendments.amend(caseworker.actor, asked.id, details, now=NOW)
    deliver_all()
    cancel(asked, caseworker)
    before = len(written("offer"))
    back = undo(asked, caseworker)
    assert (back.coming, back.gone) == ([], [])
    assert [one.interpreter.first_name for one in back.asked] == ["Ada", "Ben"]
    assert {one.starts_at for one in back.asked} == {asked.starts_at}
    assert len(written("offer")) == before + 4, "each by e-mail and SMS"
    with transaction():
        for one in back.asked:
            offers.accept(SYSTEM, one.id, via=Via.PAGE, now=NOW)
    assert asked.state == RequestState.FILLED
    assert not any(one.stands for one in decisions())


def test_those_who_asked_read_by_which_way_somebody_takes_part_again() -> None:
    with transaction():
        caseworker = factories.account(of=factories.organisation())
        asked = factories.asked(by=caseworker, ways=("video",), video_link="https://video.example")
        factories.coming(asked, factories.interpreter(name="Ada"))
    deliver_all()
    cancel(asked, caseworker)
    undo(asked, caseworker)
    [told] = written("request_back")
    assert "Coming as agreed: Ada (by video)." in told.body


def test_those_who_asked_for_one_do_not_read_that_one_of_one_is_missing() -> None:
    with transaction():
        caseworker = factories.account(of=factories.organisation())
        asked = factories.asked(by=caseworker)
        coming = factories.coming(asked, factories.interpreter(name="Ada"))
    deliver_all()
    cancel(asked, caseworker)
    with transaction():
        coming.interpreter.active = False
    undo(asked, caseworker)
    [told] = written("request_back")
    assert "We are looking for somebody, and write to you" in told.body
    assert "1 of 1" not in told.body
