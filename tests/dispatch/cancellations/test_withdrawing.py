"""An interpreter takes a yes back: in time here, later at least so that everybody knows."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.assignments.models import Assignment
from dispatch.cancellations import withdrawing
from dispatch.database import db, get, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.holds.models import Hold
from dispatch.ledger.models import Change, Reason
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
ILL = Reasons(office="ILL")
NONE = Reasons()


def coming() -> Assignment:
    """Mira comes tomorrow at ten, 25 hours from now; what she was told has left."""
    with transaction():
        assignment = factories.coming(factories.asked(), factories.interpreter())
    deliver_all()
    return assignment


def withdraw(assignment_id: int, reasons: Reasons = ILL, *, hours: float = 0) -> None:
    with transaction():
        at = NOW + timedelta(hours=hours)
        withdrawing.withdraw(SYSTEM, assignment_id, reasons=reasons, now=at)


def cannot_come(assignment_id: int, *, hours: float = 0) -> None:
    with transaction():
        at = NOW + timedelta(hours=hours)
        withdrawing.cannot_come(SYSTEM, assignment_id, reasons=NONE, now=at)


def kinds() -> list[str]:
    return list(db.session.scalars(sa.select(Change.kind).order_by(Change.id)))


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        (0, "please take your yes back on the page of the assignment (link above) by Mon, 1 Mar"),
        (2, "If you cannot come after all, please call us at once."),
    ],
)
def test_the_confirmation_says_until_when_the_page_takes_a_yes_back(hours: int, says: str) -> None:
    at = NOW + timedelta(hours=hours)
    with transaction():
        person = factories.interpreter()
        person.account.locale = "en"
        offers.assign(SYSTEM, factories.asked().id, person.id, now=at)
    told, _sms = written("assignment_confirmed")
    assert says in told.body
    assert ("take your yes back" in told.body) == (hours == 0)


def test_the_seat_is_open_again_and_both_sides_hear_it_without_the_reason() -> None:
    assignment = coming()
    withdraw(assignment.id)
    assert get(InterpretationRequest, assignment.interpretation_request_id).state == "open"
    assert db.session.scalars(sa.select(Hold)).all() == []
    assert "assignment.withdrawn" in kinds()
    [receipt] = written("assignment_withdrawn")
    assert "METHOD:CANCEL" in (receipt.calendar_text or "")
    [told] = written("interpreter_withdrawn")
    assert "ILL" not in receipt.body + told.body
    assert list(db.session.scalars(sa.select(Reason.audience))) == ["office"]


def test_who_asked_hears_how_many_others_are_free_at_that_time() -> None:
    assignment = coming()
    with transaction():
        rival = factories.asked()
        factories.coming(rival, factories.interpreter(name="Taken"))
        factories.interpreter(name="Too late", hours=(12, 19))
        factories.interpreter("tr", name="Another language")
        excluded = factories.interpreter(name="Said no")
        offer = offers.make(SYSTEM, factories.asked().id, excluded.id, now=NOW)
        offers.withdraw(SYSTEM, offer.id, now=NOW)
    withdraw(assignment.id)
    [told] = written("interpreter_withdrawn")
    assert "one other person is free for Romanian" in told.body


def test_who_asked_is_told_plainly_when_nobody_else_is_free() -> None:
    assignment = coming()
    withdraw(assignment.id)
    [told] = written("interpreter_withdrawn")
    assert "nobody else is free" in told.body


def test_whoever_has_withdrawn_is_not_asked_for_the_same_again() -> None:
    assignment = coming()
    withdraw(assignment.id)
    with pytest.raises(Conflict, match="declined"), transaction():
        offers.make(
            SYSTEM, assignment.interpretation_request_id, assignment.interpreter_id, now=NOW
        )


@pytest.mark.parametrize(("hours", "possible"), [(0.9, True), (1, False), (24, False)])
def test_a_day_before_the_start_one_withdraws_by_calling_and_reads_the_number(
    hours: float, possible: bool
) -> None:
    assignment = coming()
    if possible:
        withdraw(assignment.id, hours=hours)
        return
    with pytest.raises(Conflict, match=r"less than 24 hours.*030 23125000"):
        withdraw(assignment.id, hours=hours)
    assert get(Assignment, assignment.id).state == "confirmed"


def test_who_cannot_come_says_so_until_the_start_and_everybody_hears_at_once() -> None:
    assignment = coming()
    cannot_come(assignment.id, hours=24.9)
    assert get(InterpretationRequest, assignment.interpretation_request_id).state == (
        RequestState.OPEN
    )
    assert "assignment.cannot-come" in kinds()
    assert len(written("interpreter_withdrawn")) == len(written("assignment_withdrawn")) == 1


def test_once_it_has_begun_nobody_can_be_sent_and_the_office_is_called() -> None:
    assignment = coming()
    with pytest.raises(Conflict, match="call the office"):
        cannot_come(assignment.id, hours=25)


def test_in_time_a_reason_is_wanted_and_pressing_twice_does_nothing_more() -> None:
    assignment = coming()
    with pytest.raises(Refusal, match="why"):
        withdraw(assignment.id, NONE)
    withdraw(assignment.id)
    with pytest.raises(Conflict):
        withdraw(assignment.id)
    assert len(written("interpreter_withdrawn")) == 1
