"""What is agreed with an interpreter, and its end."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from dispatch.assignments import reminding, service
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.holds.models import Hold
from dispatch.invitations.models import Invitation
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from tests import factories
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def confirmed(asked: InterpretationRequest | None = None) -> Assignment:
    return offers.assign(
        SYSTEM, (asked or factories.asked()).id, factories.interpreter().id, now=NOW
    )


def hold(asked: InterpretationRequest, interpreter_id: int, start: datetime) -> Hold:
    return Hold(
        interpreter_id=interpreter_id,
        interpretation_request_id=asked.id,
        seat=1,
        site_id=asked.site_id,
        way="on_site",
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        cause="offer",
    )


def test_confirming_the_only_seat_fills_the_request_and_tells_both_sides() -> None:
    with transaction():
        assignment = confirmed()
    assert assignment.interpretation_request.state == RequestState.FILLED
    assert [one.channel for one in written("assignment_confirmed")] == ["email", "sms"]
    assert len(written("interpreter_found")) == 1


def test_a_team_is_filled_when_the_last_one_is_confirmed() -> None:
    with transaction():
        asked = factories.asked(interpreters=2)
        confirmed(asked)
        assert asked.state == RequestState.OPEN
        confirmed(asked)
        assert asked.state == RequestState.FILLED


def test_a_third_person_finds_no_seat_in_a_team_of_two() -> None:
    with transaction():
        asked = factories.asked(interpreters=2)
        for _ in range(2):
            offers.make(SYSTEM, asked.id, factories.interpreter().id, now=NOW)
        with pytest.raises(Conflict) as refused:
            offers.make(SYSTEM, asked.id, factories.interpreter().id, now=NOW)
    assert refused.value.code == "seat-taken"


def test_nobody_is_in_two_places_at_once() -> None:
    with transaction():
        somebody = factories.interpreter()
        offers.make(SYSTEM, factories.asked().id, somebody.id, now=NOW)
        with pytest.raises(Conflict) as refused:
            offers.make(SYSTEM, factories.asked().id, somebody.id, now=NOW)
    assert refused.value.code == "overlap"


def test_the_database_itself_refuses_a_double_booking() -> None:
    with transaction():
        assignment = confirmed()
        other = factories.asked()
    overlapping = hold(
        other, assignment.interpreter_id, assignment.starts_at + timedelta(minutes=59)
    )
    with pytest.raises(Conflict) as refused, transaction():
        db.session.add(overlapping)
    assert refused.value.code == "double-booking"


def test_the_database_refuses_moving_into_a_double_booking_too() -> None:
    with transaction():
        first = confirmed()
        later = factories.asked(start=factories.hours_later(TOMORROW_TEN, 3))
        second = offers.make(SYSTEM, later.id, first.interpreter_id, now=NOW)

    def move() -> None:
        with transaction():
            row = db.session.get_one(Hold, second.hold_id)
            row.starts_at, row.ends_at = first.starts_at, first.ends_at

    with pytest.raises(Conflict) as refused:
        move()
    assert refused.value.code == "double-booking"


def test_touching_assignments_are_no_double_booking_for_the_database() -> None:
    with transaction():
        first = confirmed()
        other = factories.asked()
    with transaction():
        db.session.add(hold(other, first.interpreter_id, first.ends_at))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Hold)) == 2


@pytest.mark.parametrize("state", ["released", "completed"])
def test_the_database_refuses_an_assignment_that_is_over_and_still_takes_time(state: str) -> None:
    with transaction():
        assignment = confirmed()
    with pytest.raises(sa.exc.IntegrityError), transaction():
        assignment.state = state


def test_releasing_frees_time_and_seat_and_takes_the_entry_out_of_the_calendar() -> None:
    with transaction():
        assignment = confirmed()
    deliver_all()
    with transaction():
        cancellations.release(SYSTEM, assignment.id, reasons=Reasons(office="ill"), now=NOW)
    again = db.session.get_one(Assignment, assignment.id)
    invitation = db.session.scalars(sa.select(Invitation)).one()
    assert (invitation.sequence, invitation.cancelled_at is not None) == (1, True)
    assert again.interpretation_request.state == RequestState.OPEN
    [mail] = [one for one in written("assignment_released") if one.channel == "email"]
    assert mail.calendar_method == "CANCEL"
    assert len(written("interpreter_lost")) == 1
    with transaction():
        offers.make(SYSTEM, again.interpretation_request_id, again.interpreter_id, now=NOW)


def test_an_illness_is_read_by_the_office_alone() -> None:
    with transaction():
        assignment = confirmed()
    deliver_all()
    with transaction():
        reasons = Reasons(office="CANARY-ILL", told="cannot come")
        cancellations.release(SYSTEM, assignment.id, reasons=reasons, now=NOW)
    for name in ("assignment_released", "interpreter_lost"):
        for message in written(name):
            assert "CANARY" not in message.subject + message.body
    assert "cannot come" in written("interpreter_lost")[0].body


def test_a_confirmed_assignment_nobody_reports_on_is_completed_after_three_days(
    frozen_clock: FrozenClock,
) -> None:
    with transaction():
        assignment = confirmed()
    assert service.unreported(frozen_clock.advance(days=2)) == []
    late = frozen_clock.advance(days=3)
    assert service.unreported(late) == [assignment.id]
    with transaction():
        service.complete_unreported(assignment.id, now=late)
    again = db.session.get_one(Assignment, assignment.id)
    assert (again.state, again.hold_id) == (AssignmentState.COMPLETED, None)
    assert again.interpretation_request.state == RequestState.COMPLETED


def test_one_reminder_on_the_evening_before_and_no_second() -> None:
    with transaction():
        start = factories.hours_later(TOMORROW_TEN, 72)
        assignment = confirmed(factories.asked(start=start))
    evening = datetime(2027, 3, 4, 17, 0, tzinfo=UTC)
    assert reminding.to_remind(evening - timedelta(minutes=1)) == []
    assert reminding.to_remind(evening) == [assignment.id]
    for _ in range(2):
        with transaction():
            reminding.remind(assignment.id, now=evening)
    assert [one.channel for one in written("assignment_reminder")] == ["sms"]
    assert reminding.to_remind(evening) == []


def test_three_assignments_of_a_day_are_reminded_of_in_one_message() -> None:
    with transaction():
        who = factories.interpreter()
        every = [
            factories.coming(
                factories.asked(start=factories.hours_later(TOMORROW_TEN, 72 + 2 * number)), who
            )
            for number in range(3)
        ]
        confirmed(factories.asked(start=factories.hours_later(TOMORROW_TEN, 72)))
    evening = datetime(2027, 3, 4, 17, 0, tzinfo=UTC)
    due = reminding.to_remind(evening)
    assert len(due) == 4
    for assignment_id in due:
        with transaction():
            reminding.remind(assignment_id, now=evening)
    told = sorted(one.name for one in written() if "reminder" in one.name)
    assert told == ["assignment_reminder", "assignment_reminder_several"]
    assert {one.reminded_at for one in every} == {evening}


def test_no_reminder_minutes_before_the_start() -> None:
    with transaction():
        assignment = confirmed()
    assert reminding.to_remind(assignment.starts_at - timedelta(minutes=30)) == []


def test_a_pin_is_set_and_taken_off() -> None:
    with transaction():
        assignment = confirmed()
        assert assignment.pinned
        service.pin(SYSTEM, assignment.id, pinned=False, now=NOW)
        assert not assignment.pinned
        service.pin(SYSTEM, assignment.id, pinned=True, now=NOW)
    assert assignment.pinned
