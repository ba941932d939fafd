"""A talk is called off: shortly before, twice, taken back, and with answers still under way."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.assignments import service as assignments
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.attendance import day_before
from dispatch.cancellations import deciding, undoing
from dispatch.cancellations import service as cancellations
from dispatch.database import transaction
from dispatch.errors import Conflict, Gone
from dispatch.ledger.rules import SYSTEM, Actor, Reasons
from dispatch.messaging.rules import MessageState
from dispatch.offers import service as offers
from dispatch.planning.advice.candidates import candidates_page
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
MOVED = Reasons(office="moved", told="The talk is put off.")
SCHOOL = Actor(None, "caseworker")
TEN_TO_FIVE = NOW.replace(hour=15, minute=50)


def cancel(asked: InterpretationRequest, now: datetime) -> None:
    with transaction():
        cancellations.cancel_request(SCHOOL, asked.id, reasons=MOVED, now=now)


def told(name: str) -> set[tuple[str, str]]:
    return {(one.recipient_name.split()[0], one.channel) for one in written(name)}


def test_the_cancellation_at_ten_to_five_of_tomorrow_at_eight(frozen_clock: FrozenClock) -> None:
    with transaction():
        at_eight = TOMORROW_TEN - timedelta(hours=2)
        asked, beside = factories.asked(start=at_eight), factories.asked(start=at_eight)
        mira = factories.interpreter(name="Mira")
        factories.coming(asked, mira)
    deliver_all()
    frozen_clock.move_to(TEN_TO_FIVE)
    # What it costs is said before anything is done: it is late, so the hour is paid.
    [(foreseen)] = deciding.foresee(asked, TEN_TO_FIVE)
    assert foreseen.owed.minutes == 60
    cancel(asked, TEN_TO_FIVE)
    # She hears it at once, by mail and by SMS, and what is owed; her morning is free.
    assert told("assignment_cancelled") == {("Mira", "email"), ("Mira", "sms")}
    assert all(one.state == MessageState.QUEUED for one in written("assignment_cancelled"))
    [kept] = deciding.of_request(asked.id)
    assert (kept.minutes, kept.waived_at) == (60, None)
    # Whoever is free and still paid is offered first to what is open at that hour.
    page = candidates_page(beside, TEN_TO_FIVE)
    assert page is not None
    assert page.lines[0].interpreter.id == mira.id
    assert "still paid until 09:00" in page.lines[0].note


def test_a_late_confirmation_after_a_cancellation(frozen_clock: FrozenClock) -> None:
    with transaction():
        asked, mira, nour = (
            factories.asked(interpreters=2),
            factories.interpreter(name="Mira"),
            factories.interpreter(name="Nour"),
        )
        comes = factories.coming(asked, mira)
        question = offers.make(SYSTEM, asked.id, nour.id, now=NOW)
    deliver_all()
    frozen_clock.move_to(TEN_TO_FIVE)
    cancel(asked, TEN_TO_FIVE)
    deliver_all(TEN_TO_FIVE)
    # Nour's yes was on its way: nothing is confirmed, and she reads that it is not needed.
    with pytest.raises(Gone, match="no longer needed"), transaction():
        offers.accept(SYSTEM, question.id, via=Via.LINK, now=TEN_TO_FIVE)
    # Mira presses "I come" in yesterday's SMS: nobody comes to what does not take place.
    with pytest.raises(Conflict), transaction():
        day_before.confirm(SYSTEM, comes.id, now=TEN_TO_FIVE)
    assert (asked.state, comes.state) == ("cancelled", AssignmentState.CANCELLED)
    assert {name for name, _channel in told("assignment_confirmed")} == {"Mira"}
    assert {name for name, _channel in told("assignment_cancelled")} == {"Mira"}
    assert {name for name, _channel in told("offer_withdrawn")} == {"Nour"}


def test_cancelled_twice() -> None:
    with transaction():
        asked = factories.asked()
        factories.coming(asked, factories.interpreter(name="Mira"))
    deliver_all()
    cancel(asked, NOW)
    before = len(written())
    with pytest.raises(Conflict, match="can no longer be changed"):
        cancel(asked, NOW)
    assert len(written()) == before, "nobody hears it a second time"
    assert len(deciding.of_request(asked.id)) == 1, "and nothing is owed twice"


def test_a_cancellation_undone_when_one_of_two_is_gone() -> None:
    with transaction():
        asked = factories.asked(interpreters=2)
        ada, ben = (factories.interpreter(name=name) for name in ("Ada", "Ben"))
        for one in (ada, ben):
            factories.coming(asked, one)
    deliver_all()
    cancel(asked, NOW)
    deliver_all()
    # Meanwhile Ben says yes to something else at that hour.
    with transaction():
        elsewhere = factories.asked()
        factories.coming(elsewhere, ben)
    deliver_all()
    with transaction():
        back = undoing.undo(SCHOOL, asked.id, now=NOW)
    deliver_all()
    assert [one.interpreter.first_name for one in back.coming] == ["Ada"]
    assert [one.interpreter.first_name for one in back.gone] == ["Ben"]
    assert [one.interpreter.first_name for one in assignments.live(asked)] == ["Ada"]
    # Ada comes again with a new entry; the school hears who comes and that one is looked for.
    assert told("assignment_back") == {("Ada", "email"), ("Ada", "sms")}
    assert asked.state == "open"
    [word] = written("request_back")
    assert "Ada" in word.body
    assert "Ben" not in word.body


@pytest.mark.parametrize(
    ("told_at", "minutes"),
    [
        (datetime(2027, 3, 23, 10, tzinfo=UTC), 0),
        (datetime(2027, 3, 24, 10, tzinfo=UTC), 60),
        (datetime(2027, 3, 28, 10, tzinfo=UTC), 60),
    ],
    ids=["Tuesday: in time", "Wednesday: late", "Easter Sunday: late"],
)
def test_monday_holiday_notice(frozen_clock: FrozenClock, told_at: datetime, minutes: int) -> None:
    """Good Friday and Easter Monday are no notice: of Tuesday's talk Wednesday is too late."""
    with transaction():
        asked = factories.asked(start=datetime(2027, 3, 30, 10))
        mira = factories.interpreter(name="Mira")
        factories.coming(asked, mira)
    deliver_all()
    frozen_clock.move_to(told_at)
    cancel(asked, told_at)
    [kept] = deciding.of_request(asked.id)
    assert kept.minutes == minutes
