"""Undoing several things in one transaction."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.cancellations import deciding, service, undoing
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.ledger.rules import SYSTEM, Actor, Reasons
from dispatch.messaging.rules import MessageState
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.planning.advice.candidates import candidates_page
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from tests import factories
from tests.correspondence import deliver_all, written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
MOVED = Reasons(office="moved", told="moved")
CASEWORKER = Actor(None, "caseworker")


def team_of_two() -> tuple[int, Offer, Offer]:
    with transaction():
        asked = factories.asked(interpreters=2)
        accepted = offers.make(SYSTEM, asked.id, factories.interpreter().id, now=NOW)
        offers.accept(SYSTEM, accepted.id, via=Via.LINK, now=NOW)
        waiting = offers.make(SYSTEM, asked.id, factories.interpreter().id, now=NOW)
        ids = asked.id, accepted, waiting
    deliver_all()
    return ids


def cancel(request_id: int, actor: Actor = SYSTEM, reasons: Reasons = MOVED) -> None:
    with transaction():
        service.cancel_request(actor, request_id, reasons=reasons, now=NOW)


def test_cancelling_tells_who_was_asked_and_who_had_accepted() -> None:
    request_id, _accepted, waiting = team_of_two()
    cancel(request_id)
    asked = db.session.get_one(InterpretationRequest, request_id)
    assert asked.state == RequestState.CANCELLED
    assert db.session.get_one(Offer, waiting.id).state == OfferState.WITHDRAWN
    assert db.session.scalars(sa.select(Assignment.state)).all() == [AssignmentState.CANCELLED]
    assert {one.channel for one in written("assignment_cancelled")} == {"email", "sms"}
    assert {one.channel for one in written("offer_withdrawn")} == {"email", "sms"}


def test_those_who_asked_hear_it_when_the_office_cancels_and_not_when_they_did() -> None:
    request_id, _accepted, _waiting = team_of_two()
    cancel(request_id)
    assert [one.recipient for one in written("request_cancelled")] == [
        db.session.get_one(InterpretationRequest, request_id).account.email
    ]
    request_id, _accepted, _waiting = team_of_two()
    cancel(request_id, CASEWORKER)
    assert len(written("request_cancelled")) == 1


def test_after_cancelling_both_are_free_at_once() -> None:
    request_id, accepted, waiting = team_of_two()
    cancel(request_id)
    with transaction():
        for offer in (accepted, waiting):
            offers.make(SYSTEM, factories.asked().id, offer.interpreter_id, now=NOW)


@pytest.mark.parametrize(
    ("actor", "reasons"),
    [
        (SYSTEM, Reasons(office=" ", told="only told")),
        (CASEWORKER, Reasons(office="only for the office")),
    ],
)
def test_cancelling_needs_a_reason(actor: Actor, reasons: Reasons) -> None:
    request_id, _accepted, _waiting = team_of_two()
    with pytest.raises(Refusal) as refused:
        cancel(request_id, actor, reasons)
    assert refused.value.code == "reason-missing"


def test_what_is_cancelled_cannot_be_cancelled_again() -> None:
    request_id, _accepted, _waiting = team_of_two()
    cancel(request_id)
    with pytest.raises(Conflict):
        cancel(request_id)


def test_what_is_over_cannot_be_cancelled() -> None:
    request_id, _accepted, _waiting = team_of_two()
    after = db.session.get_one(InterpretationRequest, request_id).ends_at + timedelta(minutes=1)
    with pytest.raises(Conflict) as refused, transaction():
        service.cancel_request(SYSTEM, request_id, reasons=MOVED, now=after)
    assert refused.value.code == "request-over"


def test_what_changed_since_the_person_looked_is_not_cancelled() -> None:
    request_id, _accepted, _waiting = team_of_two()
    with pytest.raises(Conflict) as refused, transaction():
        service.cancel_request(SYSTEM, request_id, reasons=MOVED, now=NOW, expected_version=17)
    assert refused.value.code == "changed-meanwhile"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("new time: https://evil.example", "text-leads-elsewhere"),
        ("for az-7 somebody else comes", "reason-names-the-case"),
        ("moved\nto Monday", "text-not-one-line"),
    ],
)
def test_what_must_not_stand_in_a_message_is_told_to_nobody(told: str, code: str) -> None:
    with transaction():
        asked = factories.asked(case_reference="AZ-7")
        assignment = factories.coming(asked, factories.interpreter())
    reasons = Reasons(office="moved", told=told)
    before = len(written())
    with pytest.raises(Refusal) as refused:
        cancel(asked.id, reasons=reasons)
    assert (refused.value.code, refused.value.field) == (code, "reason_told")
    with pytest.raises(Refusal), transaction():
        service.release(SYSTEM, assignment.id, reasons=reasons, now=NOW)
    assert assignment.state == AssignmentState.CONFIRMED
    assert len(written()) == before


def test_who_is_taken_off_takes_no_word_of_the_others_with_them() -> None:
    """The ways are down: that both come still waits while the other is taken off again."""
    with transaction():
        asked = factories.asked(interpreters=2)
        factories.coming(asked, factories.interpreter(name="Mira"))
    with transaction():
        leaves = factories.coming(asked, factories.interpreter(name="Nour"))
        leaves_id = leaves.id
    with transaction():
        service.release(SYSTEM, leaves_id, reasons=MOVED, now=NOW)
    deliver_all()
    (found,) = [one for one in written("interpreter_found") if one.state == MessageState.SENT]
    assert "Mira" in found.body
    assert written("interpreter_lost") == []  # of Nour nobody has heard


def test_at_ten_to_five_the_talk_of_eight_the_next_morning_is_cancelled() -> None:
    with transaction():
        at_eight = factories.TOMORROW_TEN - timedelta(hours=2)
        one = factories.asked(start=at_eight)
        coming = factories.coming(one, factories.interpreter())
        beside = factories.asked(start=at_eight)
    deliver_all()
    ten_to_five = NOW.replace(hour=15, minute=50)
    with transaction():
        service.cancel_request(CASEWORKER, one.id, reasons=MOVED, now=ten_to_five)
    told = written("assignment_cancelled")
    assert {each.channel for each in told} == {"email", "sms"}, "it begins the next working day"
    assert all(each.state == MessageState.QUEUED for each in told), "neither waits for the morning"
    [owed] = deciding.of_request(one.id)
    assert owed.minutes == 60
    page = candidates_page(beside, ten_to_five)
    assert page is not None
    assert page.lines[0].interpreter.id == coming.interpreter_id
    assert "still paid until 09:00" in page.lines[0].note


def test_a_cancellation_undone_before_anything_left_still_lets_those_who_asked_know_who_comes() -> (
    None
):
    with transaction():
        asked = factories.asked()
        factories.coming(asked, factories.interpreter(name="Mira"))
    cancel(asked.id)
    with transaction():
        undoing.undo(SYSTEM, asked.id, now=NOW)
    deliver_all()
    (found,) = [one for one in written("interpreter_found") if one.state == MessageState.SENT]
    assert "Mira" in found.body


def test_of_a_team_those_who_asked_read_that_the_other_still_comes() -> None:
    with transaction():
        asked = factories.asked(interpreters=2)
        ana, _carla = (
            factories.coming(asked, factories.interpreter(name=name)) for name in ("Ana", "Carla")
        )
    deliver_all()
    with transaction():
        service.release(SYSTEM, ana.id, reasons=MOVED, now=NOW)
    [lost] = written("interpreter_lost")
    assert "Carla still comes. We are looking for somebody else." in lost.body


def test_where_both_of_a_team_are_released_at_once_nobody_is_said_to_come() -> None:
    with transaction():
        asked = factories.asked(interpreters=2)
        both = [
            factories.coming(asked, factories.interpreter(name=name)).id
            for name in ("Ana", "Carla")
        ]
    deliver_all()
    with transaction():
        for one in both:
            service.release(SYSTEM, one, reasons=MOVED, now=NOW)
    told = "".join(one.body for one in written() if one.name.startswith("interpreter_lost"))
    assert "Ana" in told
    assert "still come" not in told
