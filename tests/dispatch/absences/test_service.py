"""Being away: each assignment it hits is decided on, everybody hears it, nobody hears why."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from dispatch.absences import queries, rules, service
from dispatch.absences.models import AbsenceJob
from dispatch.absences.rules import Resolution
from dispatch.accounts.rules import Role
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.attendance import service as attendance
from dispatch.availability.models import Absence
from dispatch.database import db, get, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.models import Change, Reason
from dispatch.ledger.rules import SYSTEM, Actor
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.pages.coordinator import today
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN, hours_later

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
OFFICE = Actor(None, Role.COORDINATOR)
HALF_PAST_SIX = datetime(2027, 3, 2, 5, 30, tzinfo=UTC)
THE_DAY = (datetime(2027, 3, 1, 23, tzinfo=UTC), datetime(2027, 3, 2, 23, tzinfo=UTC))
"""Tomorrow in Dortmund, from midnight to midnight."""


@pytest.fixture
def mira() -> Interpreter:
    """Somebody of the pool."""
    with transaction():
        return factories.interpreter()


def coming(who: Interpreter, hours: float = 0) -> Assignment:
    """An assignment of tomorrow at ten or so much later; what was told of it has left."""
    with transaction():
        request = factories.asked(start=hours_later(TOMORROW_TEN, hours))
        assignment = factories.coming(request, db.session.merge(who))
    deliver_all()
    return assignment


def asked(who: Interpreter, hours: float = 0) -> Offer:
    with transaction():
        request = factories.asked(start=hours_later(TOMORROW_TEN, hours))
        offer = offers.make(SYSTEM, request.id, who.id, now=NOW)
    deliver_all()
    return offer


def own(who: Interpreter) -> Actor:
    return db.session.merge(who).account.actor


def save(actor: Actor, who: Interpreter, decided: dict[int, Resolution], **more: str) -> Absence:
    with transaction():
        return service.save(actor, who.id, THE_DAY, decided, now=NOW, **more)


def state(assignment: Assignment) -> tuple[str, str]:
    request = get(InterpretationRequest, assignment.interpretation_request_id)
    return get(Assignment, assignment.id).state, request.state


def told() -> list[tuple[str, str]]:
    """What was written since the last delivery: message and channel."""
    return sorted((one.name, one.channel) for one in written() if one.state == "queued")


def test_sick_at_half_past_six_with_three_jobs(mira: Interpreter) -> None:
    jobs = [coming(mira, hours) for hours in (-2, 1, 4)]
    later = coming(mira, 24)
    with transaction():
        service.sick(own(mira), mira.id, THE_DAY[1], now=HALF_PAST_SIX)
    assert {state(one) for one in jobs} == {("released", RequestState.OPEN)}
    assert state(later) == ("confirmed", RequestState.FILLED)
    heard = {name.removesuffix("_several") for name, _channel in told()}
    assert heard == {"assignment_withdrawn", "calendar_entry", "interpreter_withdrawn"}
    organisations = {one.recipient for one in written() if "interpreter_withdrawn" in one.name}
    assert len(organisations) == 3
    free = queries.hit_by(mira.id, (HALF_PAST_SIX, THE_DAY[1]), HALF_PAST_SIX)
    assert free.jobs == []


def test_sick_said_twice_is_one_absence(mira: Interpreter) -> None:
    coming(mira)
    absences = []
    for late in (0, 1):
        with transaction():
            now = HALF_PAST_SIX + timedelta(minutes=late)
            absences.append(service.sick(own(mira), mira.id, THE_DAY[1], now=now).id)
    assert absences[0] == absences[1]
    assert len(mira.availability.absences) == 1


def test_sick_until_a_day_that_is_over_is_refused_also_beside_another_absence(
    mira: Interpreter,
) -> None:
    with transaction():
        service.sick(own(mira), mira.id, THE_DAY[1], now=HALF_PAST_SIX)
    with pytest.raises(Refusal, match="choose a later end"), transaction():
        service.sick(own(mira), mira.id, THE_DAY[0], now=HALF_PAST_SIX)


def test_why_is_read_by_the_office_alone_and_never_stands_in_the_record(mira: Interpreter) -> None:
    coming(mira)
    with transaction():
        absence = service.sick(own(mira), mira.id, THE_DAY[1], now=HALF_PAST_SIX)
    assert queries.reasons_for_office([absence]) == {absence.id: "Krank gemeldet."}
    said = " ".join(one.subject + one.body for one in written())
    record = db.session.execute(sa.select(Change.kind, Change.fields)).all()
    for text in (said, str(record)):
        assert not re.search(r"\b(krank|sick|ill)\b", text, re.IGNORECASE)
    with transaction():
        db.session.execute(sa.delete(Reason))
    assert queries.reasons_for_office([absence]) == {}


def test_each_assignment_is_decided_on_its_own(mira: Interpreter) -> None:
    replaced, kept, asked_about, cancelled = (coming(mira, hours) for hours in (-3, 0, 3, 6))
    save(
        OFFICE,
        mira,
        {
            replaced.id: Resolution.REPLACE,
            kept.id: Resolution.KEEP,
            asked_about.id: Resolution.ASK,
            cancelled.id: Resolution.CANCEL,
        },
    )
    assert [state(one) for one in (replaced, kept, asked_about, cancelled)] == [
        ("released", RequestState.OPEN),
        ("confirmed", RequestState.FILLED),
        ("confirmed", RequestState.FILLED),
        ("cancelled", RequestState.CANCELLED),
    ]
    assert {name for name, _channel in told()} == {
        "absence_question",
        "assignment_cancelled",
        "assignment_withdrawn",
        "interpreter_withdrawn",
        "request_cancelled",
    }


def test_open_questions_are_taken_back_by_mail_and_nobody_is_asked_then(mira: Interpreter) -> None:
    question = asked(mira)
    save(own(mira), mira, {})
    assert get(Offer, question.id).state == "withdrawn"
    assert told() == [("offer_withdrawn", "email")]
    with pytest.raises(Conflict) as refused, transaction():
        offers.make(SYSTEM, question.interpretation_request_id, mira.id, now=NOW)
    assert refused.value.code == "not-available"


def test_what_came_up_since_somebody_looked_has_to_be_looked_at(mira: Interpreter) -> None:
    seen, new = coming(mira), coming(mira, 3)
    with pytest.raises(Conflict) as refused:
        save(own(mira), mira, {seen.id: Resolution.REPLACE})
    assert refused.value.code == "hit-meanwhile"
    assert {state(one)[0] for one in (seen, new)} == {"confirmed"}
    assert db.session.scalars(sa.select(Absence)).all() == []


def test_only_the_office_cancels_what_an_organisation_asked_for(mira: Interpreter) -> None:
    job = coming(mira)
    with pytest.raises(Refusal) as refused:
        save(own(mira), mira, {job.id: Resolution.CANCEL})
    assert refused.value.code == "not-yours-to-decide"


def open_job() -> AbsenceJob:
    [job] = queries.undecided(NOW)
    return job


@pytest.mark.parametrize(
    ("keeps", "becomes", "message"),
    [(True, "confirmed", "absence_stays"), (False, "released", "assignment_withdrawn")],
)
def test_what_an_interpreter_asks_the_office_decides(
    mira: Interpreter, keeps: bool, becomes: str, message: str
) -> None:
    job = coming(mira)
    save(own(mira), mira, {job.id: Resolution.ASK})
    assert told() == []
    with transaction():
        service.settle(OFFICE, open_job().id, keeps=keeps, now=NOW)
    assert state(job)[0] == becomes
    assert message in {name for name, _channel in told()}
    assert queries.undecided(NOW) == []


def test_what_begins_undecided_stays_in_sight_until_somebody_says_who_came(
    mira: Interpreter,
) -> None:
    job = coming(mira)
    save(own(mira), mira, {job.id: Resolution.ASK})
    begun = job.starts_at + timedelta(minutes=10)
    with current_app.test_request_context():
        [one] = today.today(begun, queries.undecided(begun))
        assert one.assignment.id == job.id
        assert one.why.startswith(mira.name)
    assert queries.undecided_of(mira.id, begun) == [], "too late to decide"
    assert len(queries.undecided_about(job.id)) == 1
    with transaction():
        attendance.say(OFFICE, job.id, AssignmentState.ARRIVED, now=begun)
    assert queries.undecided(begun) == []


def test_who_must_agree_to_a_change_first_is_not_told_that_it_stays(mira: Interpreter) -> None:
    job = coming(mira)
    asked = db.session.get_one(InterpretationRequest, job.interpretation_request_id)
    later = replace(details_of(asked), wall_start=TOMORROW_TEN + timedelta(hours=1))
    with transaction():
        amendments.amend(OFFICE, asked.id, later, now=NOW)
    deliver_all()
    save(own(mira), mira, {job.id: Resolution.ASK})
    with transaction():
        service.settle(OFFICE, open_job().id, keeps=True, now=NOW)
    assert (state(job)[0], told()) == ("to_reconfirm", [])


def test_what_the_office_asks_the_interpreter_decides_once(mira: Interpreter) -> None:
    job = coming(mira)
    save(OFFICE, mira, {job.id: Resolution.ASK})
    assert ("absence_question", "email") in told()
    deliver_all()
    found = open_job()
    assert queries.find_job(db.session.merge(mira).account, found.id)
    with transaction():
        service.settle(own(mira), found.id, keeps=True, now=NOW)
    assert (state(job)[0], told()) == ("confirmed", [])
    with pytest.raises(Conflict, match="decided"), transaction():
        service.settle(OFFICE, found.id, keeps=False, now=NOW)


def test_whoever_is_back_earlier_can_be_asked_again(mira: Interpreter) -> None:
    job = coming(mira)
    absence = save(OFFICE, mira, {job.id: Resolution.ASK})
    noon = THE_DAY[0] + timedelta(hours=6)
    with transaction():
        service.come_back(own(mira), absence.id, now=noon)
    assert get(Absence, absence.id).ends_at == noon
    assert queries.undecided(NOW) == []
    coming(mira, 3)


def test_an_absence_that_has_not_begun_is_forgotten(mira: Interpreter) -> None:
    absence = save(OFFICE, mira, {coming(mira).id: Resolution.KEEP})
    with transaction():
        service.come_back(OFFICE, absence.id, now=NOW)
    assert db.session.scalars(sa.select(Absence)).all() == []
    assert len(db.session.scalars(sa.select(Hold)).all()) == 1


def test_a_time_that_makes_no_sense_is_refused() -> None:
    for span, code in (
        ((NOW + timedelta(days=1), NOW + timedelta(days=1)), "ends-before-it-begins"),
        ((NOW, NOW - timedelta(days=1)), "absence-over"),
        ((NOW - timedelta(days=2), NOW - timedelta(days=1)), "absence-over"),
        ((NOW, NOW + timedelta(days=400)), "absence-too-long"),
    ):
        with pytest.raises(Refusal) as refused:
            rules.require_span(span, NOW)
        assert refused.value.code == code
