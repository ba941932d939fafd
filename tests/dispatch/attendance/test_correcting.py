"""What was written down as the end of an assignment and was wrong is corrected by the office."""

from datetime import timedelta

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.attendance import correcting, service
from dispatch.attendance.rules import Times
from dispatch.database import db, get, transaction
from dispatch.errors import Conflict, Forbidden, Refusal
from dispatch.ledger.rules import SYSTEM, Actor, Reasons
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all, written

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")
COMPLETED = AssignmentState.COMPLETED
NO_INTERPRETER = AssignmentState.NO_SHOW_INTERPRETER
WHY = Reasons(office="waited in another room")
HOUR = timedelta(hours=1)


def missing(state: AssignmentState = NO_INTERPRETER) -> Assignment:
    """Somebody was to come tomorrow, and it was written down that nobody was there."""
    with transaction():
        assignment = factories.coming(factories.asked(), factories.interpreter())
    with transaction():
        service.say(SYSTEM, assignment.id, state, now=assignment.starts_at)
    deliver_all()
    return assignment


@in_session
def test_what_was_wrong_and_is_corrected_before_it_left_is_not_said() -> None:
    with transaction():
        assignment = factories.coming(factories.asked(), factories.interpreter())
    deliver_all()
    with transaction():
        service.say(SYSTEM, assignment.id, NO_INTERPRETER, now=assignment.starts_at)
    correct(assignment)
    deliver_all()
    wrong = written("assignment_missed") + written("interpreter_missing")
    right = written("assignment_finished") + written("interpreter_finished")
    assert {one.state for one in wrong} == {"settled"}
    assert [one.state for one in right] == ["sent", "sent"]


def correct(
    assignment: Assignment,
    state: AssignmentState = COMPLETED,
    *,
    by: Actor = SYSTEM,
    reasons: Reasons = WHY,
) -> None:
    times = Times(assignment.starts_at, assignment.ends_at) if state == COMPLETED else Times()
    with transaction():
        now = assignment.ends_at + HOUR
        correcting.correct(by, assignment.id, state, times, reasons=reasons, now=now)


def request_state(assignment: Assignment) -> str:
    return get(InterpretationRequest, assignment.interpretation_request_id).state


@in_session
def test_who_was_there_after_all_came_and_both_sides_hear_it() -> None:
    assignment = missing()
    assert request_state(assignment) == "unfilled"
    correct(assignment)
    there = get(Assignment, assignment.id)
    assert (there.state, there.ended_at) == (COMPLETED, there.ends_at)
    assert request_state(assignment) == "completed"
    assert len(written("assignment_finished")) == len(written("interpreter_finished")) == 1


@in_session
def test_what_was_said_to_have_taken_place_and_did_not_is_no_fulfilled_request() -> None:
    assignment = missing(COMPLETED)
    assert request_state(assignment) == "completed"
    correct(assignment, NO_INTERPRETER)
    assert get(Assignment, assignment.id).began_at is None
    assert request_state(assignment) == "unfilled"
    assert len(written("interpreter_missing")) == 1


@in_session
def test_only_the_office_corrects_with_a_reason_what_is_over_and_stands_otherwise() -> None:
    assignment = missing()
    with pytest.raises(Forbidden):
        correct(assignment, by=assignment.interpreter.account.actor)
    with pytest.raises(Refusal, match="Say in a few words why"):
        correct(assignment, reasons=Reasons(told="only told"))
    with pytest.raises(Conflict, match="like this already"):
        correct(assignment, NO_INTERPRETER)
    with pytest.raises(Conflict, match="written down as over"):
        correct(assignment, AssignmentState.RELEASED)
    with transaction():
        to_come = factories.coming(factories.asked(), factories.interpreter(name="Ada"))
    with pytest.raises(Conflict, match="written down as over"):
        correct(to_come)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_office_corrects_it_on_the_page(app: Flask, frozen_clock: FrozenClock) -> None:
    with app.app_context():
        assignment = missing()
        number, page = assignment.id, f"/assignments/{assignment.id}"
        after = assignment.ends_at + HOUR
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
    frozen_clock.move_to(after)
    browser = sign_in(app, coordinator)
    assert f'href="{page}/correct"' in browser.get(page).text
    nothing = send(browser, f"{page}/correct", seen_on=f"{page}/correct", reason_office="x")
    assert "Choose what really happened." in nothing.text
    send(
        browser,
        f"{page}/correct",
        seen_on=f"{page}/correct",
        state="completed",
        began="10:05",
        ended="10:50",
        reason_office="another room",
    )
    shown = browser.get(page).text
    assert "10:05–10:50" in shown
    assert "Corrected; both sides are told how it stands." in shown
    with app.app_context():
        assert db.session.get_one(Assignment, number).state == COMPLETED
