"""Asking an interpreter and taking the answer."""

import re

import pytest
import sqlalchemy as sa

from dispatch.assignments.rules import AssignmentState
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Gone, NotFound
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers import service
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState, Via
from dispatch.requests.rules import RequestState
from tests import factories
from tests.conftest import FrozenClock
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def made() -> Offer:
    with transaction():
        return service.make(SYSTEM, factories.asked(), factories.interpreter().id, now=NOW)


def reload(offer: Offer) -> Offer:
    return db.session.get_one(Offer, offer.id)


def test_an_offer_goes_out_by_mail_and_sms_with_the_same_link() -> None:
    offer = made()
    messages = db.session.scalars(sa.select(Message).order_by(Message.id)).all()
    assert [message.channel for message in messages] == ["email", "sms"]
    links = {re.search(r"/o/(\S+)", message.body).group(1) for message in messages}  # type: ignore[union-attr]
    assert [service.by_token(token).id for token in links] == [offer.id]


def test_the_database_holds_no_token_that_opens_the_link() -> None:
    offer = made()
    with pytest.raises(NotFound):
        service.by_token(offer.token_hash)


def test_an_offer_says_nothing_about_client_or_topic() -> None:
    with transaction():
        asked = factories.asked(case_reference="CANARY-1", note="CANARY-2", contact="CANARY-3")
        service.make(SYSTEM, asked, factories.interpreter().id, now=NOW)
    for message in db.session.scalars(sa.select(Message)):
        assert "CANARY" not in message.subject + message.body
        assert "school" not in (message.subject + message.body).lower()


def test_yes_confirms() -> None:
    offer = made()
    with transaction():
        service.accept(SYSTEM, reload(offer), via=Via.LINK, now=NOW)
    offer = reload(offer)
    assert offer.state == OfferState.ACCEPTED
    assert offer.assignment.state == AssignmentState.CONFIRMED
    assert offer.assignment.interpretation_request.state == RequestState.FILLED


def test_a_second_yes_changes_nothing() -> None:
    offer = made()
    with transaction():
        service.accept(SYSTEM, reload(offer), via=Via.LINK, now=NOW)
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Message))
    with pytest.raises(Conflict), transaction():
        service.accept(SYSTEM, reload(offer), via=Via.PAGE, now=NOW)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == before


def test_no_opens_the_seat_and_this_person_is_not_asked_again() -> None:
    offer = made()
    with transaction():
        service.decline(SYSTEM, reload(offer), via=Via.LINK, now=NOW)
    asked = reload(offer).assignment.interpretation_request
    assert asked.state == RequestState.OPEN
    with pytest.raises(Conflict) as refused, transaction():
        service.make(SYSTEM, asked, offer.interpreter_id, now=NOW)
    assert refused.value.code == "declined-before"


def test_silence_is_a_no(frozen_clock: FrozenClock) -> None:
    offer = made()
    after_the_deadline = frozen_clock.advance(hours=10)
    with transaction():
        assert service.expire_due(after_the_deadline) == 1
        assert service.expire_due(after_the_deadline) == 0
    offer = reload(offer)
    assert offer.state == OfferState.EXPIRED
    assert offer.assignment.state == AssignmentState.RELEASED
    last = db.session.scalars(sa.select(Message.name).order_by(Message.id.desc())).first()
    assert last == "offer_expired"


def test_after_the_deadline_a_yes_comes_too_late(frozen_clock: FrozenClock) -> None:
    offer = made()
    late = frozen_clock.advance(hours=10)
    with pytest.raises(Gone), transaction():
        service.accept(SYSTEM, reload(offer), via=Via.LINK, now=late)


def test_one_reminder_before_the_deadline(frozen_clock: FrozenClock) -> None:
    made()
    near_the_deadline = frozen_clock.advance(hours=6)
    with transaction():
        assert service.remind_due(near_the_deadline) == 1
        assert service.remind_due(near_the_deadline) == 0


def test_a_withdrawn_question_cannot_be_answered() -> None:
    offer = made()
    with transaction():
        service.withdraw(SYSTEM, reload(offer), now=NOW)
    with pytest.raises(Gone), transaction():
        service.accept(SYSTEM, reload(offer), via=Via.LINK, now=NOW)
