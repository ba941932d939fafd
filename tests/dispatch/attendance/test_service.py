"""The day itself: what is said of it, who hears it, and what it does to the next assignment."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.attendance import queries, service
from dispatch.attendance.rules import NO_TIMES, Times
from dispatch.database import db, get, transaction
from dispatch.errors import Conflict, Forbidden, Refusal
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Actor
from dispatch.offers.ways_there import ways_there
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
ON_THE_WAY, ARRIVED = AssignmentState.ON_THE_WAY, AssignmentState.ARRIVED
RUNNING, COMPLETED = AssignmentState.RUNNING, AssignmentState.COMPLETED
NO_CLIENT = AssignmentState.NO_SHOW_CLIENT
NO_INTERPRETER = AssignmentState.NO_SHOW_INTERPRETER
SUBURB = (51.5541, 7.4710)


def coming(
    who: Interpreter | None = None, *, start: datetime = TOMORROW_TEN, contact: str = ""
) -> Assignment:
    """Somebody comes tomorrow at ten for an hour; everything told of it has left."""
    with transaction():
        asked = factories.asked(start=start, contact=contact)
        assignment = factories.coming(asked, who or factories.interpreter())
    deliver_all()
    return assignment


def say(
    assignment: Assignment,
    state: AssignmentState,
    times: Times = NO_TIMES,
    *,
    minutes: int = 0,
    by: Actor = SYSTEM,
) -> None:
    """Say it so many minutes after the start."""
    with transaction():
        now = assignment.starts_at + timedelta(minutes=minutes)
        service.say(by, assignment.id, state, times, now=now)


def late(assignment: Assignment, many: int, *, minutes: int = -60) -> None:
    with transaction():
        now = assignment.starts_at + timedelta(minutes=minutes)
        service.late(SYSTEM, assignment.id, many, now=now)


def person(assignment: Assignment) -> Account:
    return assignment.interpreter.account


def request_of(assignment: Assignment) -> InterpretationRequest:
    return get(InterpretationRequest, assignment.interpretation_request_id)


def test_a_day_from_the_way_there_to_the_end() -> None:
    assignment = coming()
    for state, minutes in ((ON_THE_WAY, -40), (ARRIVED, -5), (RUNNING, 4), (COMPLETED, 55)):
        say(assignment, state, minutes=minutes, by=person(assignment).actor)
        assert get(Assignment, assignment.id).state == state
    there = get(Assignment, assignment.id)
    assert there.began_at == there.starts_at + timedelta(minutes=4)
    assert there.ended_at == there.starts_at + timedelta(minutes=55)
    assert request_of(assignment).state == "completed"
    assert db.session.scalars(sa.select(Hold)).all() == []
    [told] = written("interpreter_finished")
    assert "began 10:04, ended 10:55" in told.body
    assert len(written("assignment_finished")) == 1


def test_while_it_lasts_the_time_stays_taken_and_the_interpreter_is_not_free_for_others() -> None:
    assignment = coming()
    mira = assignment.interpreter
    say(assignment, RUNNING)
    with pytest.raises(Conflict, match="another assignment"):
        coming(mira)


def test_what_went_before_cannot_be_said_afterwards() -> None:
    assignment = coming()
    say(assignment, RUNNING)
    with pytest.raises(Conflict):
        say(assignment, ARRIVED, minutes=1)
    say(assignment, COMPLETED, minutes=60)
    for state in (RUNNING, NO_CLIENT, COMPLETED):
        with pytest.raises(Conflict):
            say(assignment, state, minutes=61)
    assert len(written("interpreter_finished")) == 1


def test_the_organisation_says_when_somebody_arrives_but_not_that_they_are_on_the_way() -> None:
    assignment = coming()
    caseworker = request_of(assignment).account.actor
    with pytest.raises(Forbidden):
        say(assignment, ON_THE_WAY, by=caseworker)
    say(assignment, ARRIVED, by=caseworker)
    assert get(Assignment, assignment.id).state == ARRIVED


def test_an_end_written_down_later_has_its_real_times() -> None:
    assignment = coming()
    began, ended = (assignment.starts_at + timedelta(minutes=many) for many in (10, 80))
    say(assignment, COMPLETED, Times(began, ended), minutes=600)
    there = get(Assignment, assignment.id)
    assert (there.began_at, there.ended_at) == (began, ended)


def test_it_cannot_have_ended_before_it_began() -> None:
    assignment = coming()
    at = assignment.starts_at
    with pytest.raises(Refusal, match="ended then"):
        say(assignment, COMPLETED, Times(at, at), minutes=60)
    assert get(Assignment, assignment.id).state == "confirmed"


def test_a_client_who_did_not_come_ends_it_and_both_sides_have_it_in_writing() -> None:
    assignment = coming()
    say(assignment, NO_CLIENT, minutes=20, by=person(assignment).actor)
    assert request_of(assignment).state == "completed"
    assert len(written("client_missed")) == len(written("client_missing")) == 1


def test_a_request_to_which_nobody_came_is_not_completed() -> None:
    assignment = coming()
    say(assignment, NO_INTERPRETER, minutes=20, by=request_of(assignment).account.actor)
    assert request_of(assignment).state == "unfilled"
    [told] = written("interpreter_missing")
    assert "did not come" in told.body
    assert len(written("assignment_missed")) == 1


def test_of_a_team_it_is_enough_that_one_came() -> None:
    with transaction():
        asked = factories.asked(interpreters=2)
        first, second = (factories.coming(asked, factories.interpreter()) for _ in range(2))
    say(first, NO_INTERPRETER, minutes=20)
    assert request_of(first).state == "filled"
    say(second, COMPLETED, minutes=60)
    assert request_of(first).state == "completed"


def test_what_nobody_says_is_over_is_closed_without_times_after_three_days() -> None:
    assignment = coming()
    say(assignment, RUNNING)
    with transaction():
        at = assignment.ends_at + timedelta(hours=72)
        assert assignments.unreported(at) == [assignment.id]
        assignments.complete_unreported(assignment.id, now=at)
    there = get(Assignment, assignment.id)
    assert (there.state, there.ended_at) == (COMPLETED, None)
    assert written("interpreter_finished") == []


def test_who_waits_and_the_contact_on_site_hear_how_late_it_gets() -> None:
    assignment = coming(contact="Frau Beispiel, Tel. 0176 0406 9002")
    late(assignment, 20)
    told = written("interpreter_late")
    assert {one.recipient for one in told if one.channel == "sms"} == {"+4917604069002"}
    assert "expected at 10:20" in next(one.body for one in told if one.channel == "email")
    late(assignment, 20, minutes=-50)
    assert len(written("interpreter_late")) == len(told), "it was no news"
    late(assignment, 40, minutes=-40)
    assert len(written("interpreter_late")) == 2 * len(told)


def test_nobody_is_told_of_a_time_that_is_over_when_it_has_begun_already() -> None:
    late(coming(), 20, minutes=40)
    [told] = [one for one in written("interpreter_late") if one.channel == "email"]
    assert "expected at 11:00" in told.body


def test_a_contact_with_a_landline_gets_no_sms() -> None:
    late(coming(contact="Frau Beispiel, 0231 5023456, Zimmer 12"), 20)
    assert {one.channel for one in written("interpreter_late")} == {"email"}


def test_whoever_asked_and_waits_there_too_hears_of_it_by_sms_once() -> None:
    assignment = coming(contact="+49 176 0406 9002")
    with transaction():
        request_of(assignment).account.phone = "+4917604069002"
    late(assignment, 20)
    assert [one.recipient for one in written("interpreter_late") if one.channel == "sms"] == [
        "+4917604069002"
    ]


def two_in_a_row(gap_minutes: int) -> tuple[Assignment, Assignment]:
    """Mira is in the middle of the town until eleven, and so much later at its edge."""
    with transaction():
        mira = factories.interpreter()
        there = factories.site("Vorort", point=SUBURB)
        first = factories.coming(factories.asked(), mira)
        start = TOMORROW_TEN + timedelta(minutes=60 + gap_minutes)
        then = factories.coming(factories.asked(at=there, start=start), mira)
    return first, then


def missed(first: Assignment, *, minutes: int) -> list[tuple[int, int]]:
    """Return who is found to be missed so many minutes after the planned end, and by how many."""
    now = first.ends_at + timedelta(minutes=minutes)
    return [(one.assignment.id, one.minutes) for one in queries.missed_next(now)]


def test_what_lasts_too_long_for_the_way_to_the_next_is_noticed() -> None:
    first, then = two_in_a_row(45)
    say(first, RUNNING)
    assert missed(first, minutes=1) == []
    [(found, by)] = missed(first, minutes=40)
    assert found == then.id
    assert missed(first, minutes=41) == [(then.id, by + 1)]


def test_it_is_noticed_before_as_soon_as_somebody_says_how_late_it_gets() -> None:
    first, then = two_in_a_row(45)
    late(first, 45)
    assert [found for found, _by in missed(first, minutes=-120)] == [then.id]


@pytest.mark.parametrize("how", ["over", "on the way to the next", "forgotten for hours"])
def test_whoever_only_forgot_to_say_that_it_is_over_is_not_missed(how: str) -> None:
    first, then = two_in_a_row(45)
    say(first, RUNNING)
    if how == "over":
        say(first, COMPLETED, minutes=60)
    elif how == "on the way to the next":
        say(then, ON_THE_WAY, minutes=-30)
    assert missed(first, minutes=180 if how == "forgotten for hours" else 40) == []


def longer(assignment: Assignment, many: int, *, minutes: int) -> datetime:
    """Say so many minutes after the start how much longer it takes."""
    with transaction():
        now = assignment.starts_at + timedelta(minutes=minutes)
        return service.longer(SYSTEM, assignment.id, many, now=now)


def test_who_is_missed_next_is_known_as_soon_as_somebody_says_that_it_takes_longer() -> None:
    first, then = two_in_a_row(45)
    say(first, RUNNING)
    assert longer(first, 40, minutes=50) == first.ends_at + timedelta(minutes=40)
    assert [found for found, _by in missed(first, minutes=-5)] == [then.id]


def test_past_its_end_a_talk_takes_as_much_longer_from_now_on() -> None:
    first, _then = two_in_a_row(45)
    say(first, RUNNING)
    assert longer(first, 20, minutes=85) == first.ends_at + timedelta(minutes=45)


def test_the_way_to_the_next_begins_when_what_runs_longer_ends() -> None:
    first, then = two_in_a_row(45)
    say(first, RUNNING)
    end = longer(first, 40, minutes=50)
    assert ways_there([then])[then].free_at == end


@pytest.mark.parametrize("many", [0, 241])
def test_a_number_that_is_none_does_not_make_a_talk_longer(many: int) -> None:
    first, _then = two_in_a_row(45)
    say(first, RUNNING)
    with pytest.raises(Conflict, match="from 1 to 240"):
        longer(first, many, minutes=50)


def test_what_has_not_begun_takes_no_longer() -> None:
    first, _then = two_in_a_row(45)
    with pytest.raises(Conflict, match="while the talk runs"):
        longer(first, 20, minutes=50)
