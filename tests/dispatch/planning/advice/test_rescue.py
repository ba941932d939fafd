"""Somebody falls out: who could come instead, when they would be there, and asking them."""

from datetime import time, timedelta

import pytest
import sqlalchemy as sa

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.attendance import service as attendance
from dispatch.cancellations import withdrawing
from dispatch.database import db, get, transaction
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.planning.advice import candidates, changing, rescue
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.factories import NOW, TOMORROW_TEN

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
SUBURB = (51.5541, 7.4710)


def falls_out(hours_before: float) -> tuple[Assignment, InterpretationRequest]:
    """Mira does not come to the city hall at ten after all; she says so that long before."""
    with transaction():
        assignment = factories.coming(factories.asked(), factories.interpreter())
    with transaction():
        now = assignment.starts_at - timedelta(hours=hours_before)
        withdrawing.cannot_come(SYSTEM, assignment.id, reasons=Reasons(), now=now)
    return assignment, get(InterpretationRequest, assignment.interpretation_request_id)


def found(asked: InterpretationRequest, *, minutes_before: int) -> rescue.Rescue:
    page = rescue.rescue(asked, asked.starts_at - timedelta(minutes=minutes_before))
    assert page is not None
    return page


def names(page: rescue.Rescue) -> list[str]:
    return [one.interpreter.first_name for one in page.replacements]


def replacement(name: str, home: tuple[float, float] = factories.CITY_HALL) -> Interpreter:
    with transaction():
        return factories.interpreter(name=name, home=home)


def test_who_is_there_in_time_stands_before_who_comes_late() -> None:
    replacement("Far", SUBURB)
    replacement("Near", (51.5120, 7.4660))
    _assignment, asked = falls_out(0.5)
    page = found(asked, minutes_before=12)
    assert names(page) == ["Near", "Far"]
    near, far = page.replacements
    assert near.late_minutes == 0
    assert far.late_minutes == far.arrival.way_minutes - 12
    assert far.arrival.after is None


def test_when_somebody_could_be_there_is_said_only_where_it_begins_soon() -> None:
    replacement("Near", (51.5120, 7.4660))
    _assignment, asked = falls_out(24 * 18)
    assert [one.is_near for one in found(asked, minutes_before=24 * 60).replacements] == [False]
    assert [one.is_near for one in found(asked, minutes_before=60).replacements] == [True]


def test_whoever_has_an_assignment_before_leaves_from_there_when_it_is_over() -> None:
    with transaction():
        busy = factories.interpreter(name="Busy")
        start = TOMORROW_TEN - timedelta(minutes=90)
        there = factories.site("Vorort", point=SUBURB, buffer_minutes=5)
        before = factories.coming(factories.asked(at=there, start=start, minutes=30), busy)
    _assignment, asked = falls_out(3)
    [one] = found(asked, minutes_before=120).replacements
    assert one.arrival.after is not None
    assert one.arrival.after.name == "Vorort"
    assert one.arrival.leaves == before.ends_at + timedelta(minutes=5)


def test_whoever_fell_out_is_not_asked_to_replace_themselves() -> None:
    _assignment, asked = falls_out(3)
    assert names(found(asked, minutes_before=60)) == []


def test_one_press_asks_somebody_in_their_place() -> None:
    near = replacement("Near")
    _assignment, asked = falls_out(3)
    now = asked.starts_at - timedelta(hours=2)
    rescue.require_replacement(asked, near.id, now)
    with transaction():
        rescue.ask(SYSTEM, asked.id, near.id, now=now)
    asked_last = sa.select(Offer.interpreter_id).order_by(Offer.id.desc()).limit(1)
    assert db.session.scalar(asked_last) == near.id


def test_nobody_is_replaced_who_comes_in_time() -> None:
    with transaction():
        assignment = factories.coming(factories.asked(), factories.interpreter())
        other = factories.interpreter(name="Other")
    asked = get(InterpretationRequest, assignment.interpretation_request_id)
    now = asked.starts_at - timedelta(hours=1)
    assert rescue.rescue(asked, now) is None
    with pytest.raises(Conflict):
        rescue.require_replacement(asked, other.id, now)


def test_whoever_cannot_make_the_next_is_released_and_somebody_asked_in_one_step() -> None:
    with transaction():
        mira = factories.interpreter()
        there = factories.site("Vorort", point=SUBURB)
        start = TOMORROW_TEN + timedelta(minutes=105)
        first = factories.coming(factories.asked(), mira)
        then = factories.coming(factories.asked(at=there, start=start), mira)
        other = factories.interpreter(name="Other", home=SUBURB)
    with transaction():
        attendance.say(SYSTEM, first.id, AssignmentState.RUNNING, now=first.starts_at)
    asked = get(InterpretationRequest, then.interpretation_request_id)
    page = found(asked, minutes_before=10)
    assert page.missed is not None
    assert page.missed.assignment.id == then.id
    assert names(page) == ["Other"]
    with transaction():
        now = asked.starts_at - timedelta(minutes=10)
        rescue.ask(SYSTEM, asked.id, other.id, now=now)
    assert get(Assignment, then.id).state == "released"
    assert get(Assignment, first.id).state == "running"
    assert get(InterpretationRequest, asked.id).state == "open"


def window(latest: time = time(12, 0)) -> InterpretationRequest:
    """Asked for tomorrow between ten and twelve."""
    with transaction():
        return factories.asked(latest_start=latest)


def test_of_a_window_the_starts_that_are_left_count_not_the_first_one() -> None:
    asked, near = window(), replacement("Near")
    now = asked.starts_at + timedelta(minutes=20)
    page = rescue.rescue(asked, now)
    assert page is not None
    [one] = page.replacements
    assert one.interpreter.id == near.id
    assert one.wanted.starts_at is not None
    assert one.wanted.starts_at > now
    assert one.late_minutes == 0


def test_whoever_declined_one_start_of_a_window_can_be_asked_for_another() -> None:
    asked, near = window(), replacement("Near")
    with transaction():
        offer = offers.make(SYSTEM, asked.id, near.id, now=NOW)
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    again = candidates.able(get(InterpretationRequest, asked.id), now=NOW)[near.id]
    assert again.starts_at is not None
    assert again.starts_at >= offer.ends_at
    with transaction():
        assert offers.make(SYSTEM, asked.id, near.id, again, now=NOW).state == "made"


def test_nobody_is_asked_again_for_the_start_they_declined() -> None:
    asked, near = window(time(10, 30)), replacement("Near")
    with transaction():
        offer = offers.make(SYSTEM, asked.id, near.id, now=NOW)
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    assert candidates.able(get(InterpretationRequest, asked.id), now=NOW) == {}
    with pytest.raises(Conflict, match="declined"), transaction():
        offers.make(SYSTEM, asked.id, near.id, now=NOW)


def test_who_would_have_to_move_is_named_with_who_takes_over_and_one_press_asks_both() -> None:
    """Only Nour speaks Turkish; she comes elsewhere, and Mira could do that."""
    with transaction():
        tarik = factories.interpreter("tr", name="Tarik")
        nour = factories.interpreter("ro", "tr", name="Nour")
        factories.interpreter("ro", name="Mira")
        stays = factories.coming(factories.asked("ro"), nour)
        ill = factories.coming(factories.asked("tr"), tarik)
    now = NOW
    with transaction():
        withdrawing.cannot_come(SYSTEM, ill.id, reasons=Reasons(), now=now)
    turkish = get(InterpretationRequest, ill.interpretation_request_id)
    page = rescue.rescue(turkish, now)
    assert page is not None
    assert page.replacements == []
    [one] = page.changes
    assert (one.change.mover.first_name, one.change.instead.first_name) == ("Nour", "Mira")
    assert one.late_minutes == 0
    change = rescue.require_change(turkish, nour.id, now)
    with transaction():
        changing.change_places(SYSTEM, turkish.id, change, now=now)
    assert get(Assignment, stays.id).state == "released"
    asked = {
        (offer.interpreter.first_name, offer.language)
        for offer in db.session.scalars(sa.select(Offer).where(Offer.state == "made"))
    }
    assert asked == {("Nour", "tr"), ("Mira", "ro")}


def test_whoever_is_pinned_is_not_asked_to_move() -> None:
    with transaction():
        tarik = factories.interpreter("tr", name="Tarik")
        nour = factories.interpreter("ro", "tr", name="Nour")
        factories.interpreter("ro", name="Mira")
        offers.assign(SYSTEM, factories.asked("ro").id, nour.id, now=NOW)
        ill = factories.coming(factories.asked("tr"), tarik)
    with transaction():
        withdrawing.cannot_come(SYSTEM, ill.id, reasons=Reasons(), now=NOW)
    page = rescue.rescue(get(InterpretationRequest, ill.interpretation_request_id), NOW)
    assert page is not None
    assert page.changes == []


def test_whoever_says_that_they_come_late_is_named_with_who_could_be_there_instead() -> None:
    with transaction():
        assignment = factories.coming(factories.asked(), factories.interpreter())
        factories.interpreter(name="Other")
    now = assignment.starts_at - timedelta(minutes=30)
    with transaction():
        attendance.late(SYSTEM, assignment.id, 20, now=now)
    asked = get(InterpretationRequest, assignment.interpretation_request_id)
    page = found(asked, minutes_before=30)
    assert page.missed is not None
    assert (page.missed.assignment.id, page.missed.minutes) == (assignment.id, 20)
    assert names(page) == ["Other"]
    begun = found(asked, minutes_before=-5)
    assert begun.missed is not None
    assert begun.replacements == [], "nobody is asked for what has begun"


def test_whom_no_message_reaches_is_said_before_they_are_asked_instead() -> None:
    near = replacement("Near")
    with transaction():
        factories.dead(near.phone)
    _assignment, asked = falls_out(0.5)
    [one] = found(asked, minutes_before=20).replacements
    assert f"SMS do not arrive: call {near.phone}" in one.note
