"""Giving a seat to somebody and taking it back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.assignments import service
from dispatch.assignments.models import Assignment, Invitation
from dispatch.assignments.rules import AssignmentState
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from tests import factories
from tests.conftest import FrozenClock
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def confirmed(asked: InterpretationRequest | None = None) -> Assignment:
    assignment = service.reserve(
        SYSTEM, asked or factories.asked(), factories.interpreter().id, now=NOW
    )
    service.confirm(SYSTEM, assignment, now=NOW)
    return assignment


def names_of_messages() -> list[str]:
    return list(db.session.scalars(sa.select(Message.name).order_by(Message.id)))


def test_confirming_the_only_seat_fills_the_request_and_tells_both_sides() -> None:
    with transaction():
        assignment = confirmed()
    assert assignment.interpretation_request.state == RequestState.FILLED
    assert names_of_messages() == ["assignment_confirmed", "interpreter_found"]


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
            service.reserve(SYSTEM, asked, factories.interpreter().id, now=NOW)
        with pytest.raises(Conflict) as refused:
            service.reserve(SYSTEM, asked, factories.interpreter().id, now=NOW)
    assert refused.value.code == "seat-taken"


def test_nobody_is_in_two_places_at_once() -> None:
    with transaction():
        somebody = factories.interpreter()
        service.reserve(SYSTEM, factories.asked(), somebody.id, now=NOW)
        with pytest.raises(Conflict) as refused:
            service.reserve(SYSTEM, factories.asked(), somebody.id, now=NOW)
    assert refused.value.code == "overlap"


def test_the_database_itself_refuses_a_double_booking() -> None:
    with transaction():
        assignment = confirmed()
        other = factories.asked()
    with pytest.raises(Conflict) as refused, transaction():
        db.session.add(
            Assignment(
                interpretation_request_id=other.id,
                seat=1,
                interpreter_id=assignment.interpreter_id,
                starts_at=assignment.starts_at + timedelta(minutes=59),
                ends_at=assignment.ends_at + timedelta(minutes=59),
                state=AssignmentState.OFFERED,
            )
        )
    assert refused.value.code == "double-booking"


def test_the_database_refuses_moving_into_a_double_booking_too() -> None:
    with transaction():
        first = confirmed()
        later = factories.asked(start=factories.hours_later(TOMORROW_TEN, 3))
        second = service.reserve(SYSTEM, later, first.interpreter_id, now=NOW)

    def move() -> None:
        with transaction():
            row = db.session.get_one(Assignment, second.id)
            row.starts_at, row.ends_at = first.starts_at, first.ends_at

    with pytest.raises(Conflict) as refused:
        move()
    assert refused.value.code == "double-booking"


def test_touching_assignments_are_no_double_booking_for_the_database() -> None:
    with transaction():
        first = confirmed()
        other = factories.asked()
    with transaction():
        db.session.add(
            Assignment(
                interpretation_request_id=other.id,
                seat=1,
                interpreter_id=first.interpreter_id,
                starts_at=first.ends_at,
                ends_at=first.ends_at + timedelta(hours=1),
                state=AssignmentState.OFFERED,
            )
        )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Assignment)) == 2


def test_releasing_frees_time_and_seat_and_takes_the_entry_out_of_the_calendar() -> None:
    with transaction():
        assignment = confirmed()
    with transaction():
        again = db.session.get_one(Assignment, assignment.id)
        service.release(SYSTEM, again, reason="ill", now=NOW)
    invitation = db.session.scalars(sa.select(Invitation)).one()
    assert (invitation.sequence, invitation.cancelled_at is not None) == (1, True)
    assert again.interpretation_request.state == RequestState.OPEN
    assert names_of_messages()[2:] == ["assignment_released", "interpreter_lost"]
    with transaction():
        service.reserve(SYSTEM, again.interpretation_request, again.interpreter_id, now=NOW)


def test_a_confirmed_assignment_nobody_reports_on_is_completed_after_three_days(
    frozen_clock: FrozenClock,
) -> None:
    with transaction():
        assignment = confirmed()
    with transaction():
        assert service.complete_past(frozen_clock.advance(days=2)) == 0
        assert service.complete_past(frozen_clock.advance(days=3)) == 1
    assert assignment.state == AssignmentState.COMPLETED
    assert assignment.interpretation_request.state == RequestState.COMPLETED


def test_one_reminder_the_day_before_and_no_second(frozen_clock: FrozenClock) -> None:
    with transaction():
        asked = factories.asked(start=factories.hours_later(TOMORROW_TEN, 72))
        confirmed(asked)
    later = frozen_clock.advance(days=3, hours=2)
    with transaction():
        assert service.remind_due(later) == 1
        assert service.remind_due(later) == 0
    assert names_of_messages()[-1] == "assignment_reminder"


def test_a_pin_is_set_and_taken_off() -> None:
    with transaction():
        assignment = confirmed()
        service.pin(SYSTEM, assignment, pinned=True, now=NOW)
        assert assignment.pinned
        service.pin(SYSTEM, assignment, pinned=False, now=NOW)
    assert not assignment.pinned
