"""Undoing several things in one transaction."""

import pytest
import sqlalchemy as sa

from dispatch.assignments.rules import AssignmentState
from dispatch.cancellations import service
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState, Via
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def team_of_two() -> tuple[int, Offer, Offer]:
    with transaction():
        asked = factories.asked(interpreters=2)
        accepted = offers.make(SYSTEM, asked, factories.interpreter().id, now=NOW)
        offers.accept(SYSTEM, accepted, via=Via.LINK, now=NOW)
        waiting = offers.make(SYSTEM, asked, factories.interpreter().id, now=NOW)
        return asked.id, accepted, waiting


def test_cancelling_tells_who_was_asked_and_who_had_accepted() -> None:
    request_id, accepted, waiting = team_of_two()
    with transaction():
        asked = db.session.get_one(InterpretationRequest, request_id)
        service.cancel_request(SYSTEM, asked, reason="moved", now=NOW)
    assert asked.state == RequestState.CANCELLED
    assert db.session.get_one(Offer, waiting.id).state == OfferState.WITHDRAWN
    assert db.session.get_one(Offer, accepted.id).assignment.state == AssignmentState.CANCELLED
    last_two = db.session.scalars(sa.select(Message.name).order_by(Message.id.desc()).limit(2))
    assert set(last_two) == {"assignment_cancelled", "offer_withdrawn"}


def test_after_cancelling_both_are_free_at_once() -> None:
    request_id, accepted, waiting = team_of_two()
    with transaction():
        asked = db.session.get_one(InterpretationRequest, request_id)
        service.cancel_request(SYSTEM, asked, reason="moved", now=NOW)
    with transaction():
        for offer in (accepted, waiting):
            offers.make(SYSTEM, factories.asked(), offer.interpreter_id, now=NOW)


def test_cancelling_needs_a_reason() -> None:
    request_id, _accepted, _waiting = team_of_two()
    asked = db.session.get_one(InterpretationRequest, request_id)
    with pytest.raises(Refusal) as refused, transaction():
        service.cancel_request(SYSTEM, asked, reason=" ", now=NOW)
    assert refused.value.code == "reason-missing"


def test_what_is_cancelled_cannot_be_cancelled_again() -> None:
    request_id, _accepted, _waiting = team_of_two()
    for expected in (None, Conflict):
        if expected is None:
            cancel(request_id)
        else:
            with pytest.raises(expected):
                cancel(request_id)


def cancel(request_id: int) -> None:
    with transaction():
        asked = db.session.get_one(InterpretationRequest, request_id)
        service.cancel_request(SYSTEM, asked, reason="moved", now=NOW)


def test_releasing_somebody_who_was_only_asked_withdraws_the_question() -> None:
    _request_id, _accepted, waiting = team_of_two()
    with transaction():
        offer = db.session.get_one(Offer, waiting.id)
        service.release(SYSTEM, offer.assignment, reason="wrong person", now=NOW)
    assert offer.state == OfferState.WITHDRAWN
    assert offer.assignment.state == AssignmentState.RELEASED
