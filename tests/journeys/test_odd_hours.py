"""Friday at five for Saturday; a job over midnight; the night the clocks go back."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from dispatch.assignments import service as assignments
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.attendance import service as attendance
from dispatch.availability.models import WeeklyHours
from dispatch.cancellations import service as cancellations
from dispatch.clock import at_place
from dispatch.database import transaction
from dispatch.errors import Conflict, Refusal, Several
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.rules import OfferState, Strategy
from dispatch.planning.rounds import automatic
from dispatch.requests import service as requests
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from dispatch.series import service as series
from dispatch.series.rules import Rhythm
from tests import factories
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all, written

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
BERLIN = "Europe/Berlin"
FRIDAY_AT_FIVE = datetime(2027, 3, 5, 16, 0, tzinfo=UTC)
SATURDAY_AT_TEN = datetime(2027, 3, 6, 10)


def asks(
    start: datetime, *, now: datetime, minutes: int = 60, **more: bool | None
) -> InterpretationRequest:
    """Somebody of a school asks, as the form does."""
    with transaction():
        kim = factories.account(of=factories.organisation(f"School at {start} {more}"))
        site = factories.site().id
        details = RequestDetails("ro", site, start, minutes, "school", **more)  # type: ignore[arg-type]
        return requests.submit(kim.actor, kim, details, now=now)


def by_night(name: str) -> Interpreter:
    """Somebody who works on every day of the week, all of it."""
    with transaction():
        one = factories.interpreter(name=name)
        one.availability.weekly_hours = [
            WeeklyHours(weekday=day, start=time(0), end=time(0)) for day in range(7)
        ]
        return one


def test_friday_at_five_for_saturday(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(FRIDAY_AT_FIVE)
    with transaction():
        ada, bea = (factories.interpreter(name=name) for name in ("Ada", "Bea"))
    # The school is asked whether it can wait, and it cannot.
    with pytest.raises(Refusal, match="say that it cannot wait"):
        asks(SATURDAY_AT_TEN, now=FRIDAY_AT_FIVE)
    wanted = asks(SATURDAY_AT_TEN, now=FRIDAY_AT_FIVE, is_urgent=True)
    # The office is closed until Monday; both who could come are asked at once all the same.
    assert automatic.to_begin(FRIDAY_AT_FIVE) == [wanted.id]
    with transaction():
        automatic.begin(wanted.id, now=FRIDAY_AT_FIVE)
    asked = {one.interpreter_id: one for one in queries.of_request(wanted.id)}
    assert {one.round.strategy for one in asked.values()} == {Strategy.BROADCAST}
    assert set(asked) == {ada.id, bea.id}
    assert all(FRIDAY_AT_FIVE < one.answer_by < wanted.starts_at for one in asked.values())
    deliver_all(FRIDAY_AT_FIVE)
    # Bea says yes on Friday evening; Ada hears it by SMS too, and the school who comes.
    evening = FRIDAY_AT_FIVE + timedelta(hours=1)
    frozen_clock.move_to(evening)
    with transaction():
        offers.accept(SYSTEM, asked[bea.id].id, via=Via.LINK, now=evening)
    assert wanted.state == "filled"
    assert queries.of_request(wanted.id)[0].state in {OfferState.LOST, OfferState.ACCEPTED}
    told = {(one.recipient_name, one.channel) for one in written("offer_lost")}
    assert told == {("Ada Beispiel", "email"), ("Ada Beispiel", "sms")}
    assert "Bea" in written("interpreter_found")[0].body


def test_a_job_over_midnight(frozen_clock: FrozenClock) -> None:
    now = factories.NOW
    mira = by_night("Mira")
    night = asks(datetime(2027, 3, 12, 22, 30), now=now, minutes=180)
    with transaction():
        comes = factories.coming(night, mira)
    ends = at_place(comes.ends_at, BERLIN)
    assert (ends.date(), ends.time()) == (date(2027, 3, 13), time(1, 30))
    assert "22:30–01:30" in written("assignment_confirmed")[0].body
    # What begins on Saturday while it still lasts she cannot do, what begins later she can.
    during = asks(datetime(2027, 3, 13, 1), now=now)
    after = asks(datetime(2027, 3, 13, 3), now=now)
    with pytest.raises(Conflict), transaction():
        offers.make(SYSTEM, during.id, mira.id, now=now)
    with transaction():
        offers.make(SYSTEM, after.id, mira.id, now=now)
    # At half past midnight it runs; it ends on the next day, and both sides hear when.
    running = datetime(2027, 3, 12, 23, 30, tzinfo=UTC)
    frozen_clock.move_to(running)
    with transaction():
        attendance.say(SYSTEM, comes.id, AssignmentState.RUNNING, now=running)
    over = datetime(2027, 3, 13, 0, 30, tzinfo=UTC)
    frozen_clock.move_to(over)
    with pytest.raises(Conflict, match="over"), transaction():
        cancellations.cancel_request(SYSTEM, night.id, reasons=Reasons(office="x"), now=over)
    with transaction():
        attendance.say(SYSTEM, comes.id, AssignmentState.COMPLETED, now=over)
    assert night.state == "completed"
    assert len(written("assignment_finished")) == len(written("interpreter_finished")) == 1


def test_the_thirty_first_of_october_2027() -> None:
    now = datetime(2027, 10, 4, 8, tzinfo=UTC)
    half_past_two = datetime(2027, 10, 31, 2, 30)
    # Half past two comes twice in that night: the school is asked which one is meant.
    with pytest.raises(Several, match="twice"):
        asks(half_past_two, now=now)
    first = asks(half_past_two, now=now, second_occurrence=False)
    second = asks(half_past_two, now=now, second_occurrence=True)
    assert second.starts_at - first.starts_at == timedelta(hours=1)
    # They do not overlap though both say half past two: one person can do one after the other.
    mira = by_night("Mira")
    with transaction():
        offers.assign(SYSTEM, first.id, mira.id, now=now)
    with transaction():
        offers.assign(SYSTEM, second.id, mira.id, now=now)
    # An hour lasts an hour: the first ends when the clock shows half past two again.
    [own] = assignments.live(first)
    assert own.ends_at == second.starts_at
    assert at_place(own.ends_at, BERLIN).time() == time(2, 30)
    # A weekly talk at ten stays at ten, though Greenwich says otherwise.
    with transaction():
        kim = factories.account(of=factories.organisation("Clinic"))
        details = RequestDetails(
            "ro", factories.site().id, datetime(2027, 10, 24, 10), 60, "health"
        )
        days = [date(2027, 10, 24), date(2027, 10, 31), date(2027, 11, 7)]
        weekly = series.ask(kim.actor, kim, details, days, rhythm=Rhythm.WEEKLY, now=now)
    starts = [one.interpretation_request.starts_at for one in weekly.dates]
    assert [at_place(at, BERLIN).time() for at in starts] == [time(10)] * 3
    assert [at.hour for at in starts] == [8, 9, 9]
