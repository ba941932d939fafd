"""Asking an interpreter and taking the answer."""

import re
from collections.abc import Callable
from datetime import time, timedelta

import pytest
import sqlalchemy as sa

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Gone, NotFound
from dispatch.holds.models import Hold
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers import leaving, queries, service
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState, RoundState
from dispatch.offers.service import Wanted
from dispatch.requests.rules import RequestState
from tests import factories
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all, written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def made() -> Offer:
    with transaction():
        return service.make(SYSTEM, factories.asked().id, factories.interpreter().id, now=NOW)


def reload(offer: Offer) -> Offer:
    return db.session.get_one(Offer, offer.id)


def accept(offer: Offer, via: Via = Via.LINK) -> None:
    with transaction():
        service.accept(SYSTEM, offer.id, via=via, now=NOW)


def holds() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Hold)) or 0


def test_an_offer_goes_out_by_mail_and_sms_with_the_same_link() -> None:
    offer = made()
    messages = written("offer")
    assert [message.channel for message in messages] == ["email", "sms"]
    links = {re.search(r"/o/(\S+)", message.body).group(1) for message in messages}  # type: ignore[union-attr]
    assert [queries.by_token(token).id for token in links] == [offer.id]


def test_the_database_holds_no_token_that_opens_the_link() -> None:
    offer = made()
    with pytest.raises(NotFound):
        queries.by_token(offer.token_hash)


def test_an_offer_says_nothing_about_client_topic_or_place() -> None:
    with transaction():
        asked = factories.asked(
            at=factories.site("CANARY-SITE"),
            case_reference="CANARY-1",
            note="CANARY-2",
            contact="CANARY-3",
        )
        service.make(SYSTEM, asked.id, factories.interpreter().id, now=NOW)
    for message in written("offer"):
        text = message.subject + message.body
        assert "CANARY" not in text
        assert "Friedensplatz" not in text
        assert "school" not in text.lower()


def test_an_offer_holds_the_time_until_it_is_answered() -> None:
    offer = made()
    assert holds() == 1
    with transaction():
        service.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    assert holds() == 0


def test_yes_confirms() -> None:
    offer = made()
    accept(offer)
    offer = reload(offer)
    assert (offer.state, offer.hold_id) == (OfferState.ACCEPTED, None)
    assert offer.round.state == RoundState.FILLED
    assignment = db.session.scalars(sa.select(Assignment)).one()
    assert (assignment.state, assignment.seat) == (AssignmentState.CONFIRMED, offer.seat)
    [confirmation] = assignment.confirmations
    assert (confirmation.terms_number, confirmation.answer) == (1, "yes")
    assert confirmation.via == Via.LINK
    assert assignment.interpretation_request.state == RequestState.FILLED
    assert holds() == 1


def test_what_the_plan_decided_is_what_is_agreed() -> None:
    begin = NOW + timedelta(days=1, hours=4)
    with transaction():
        asked = factories.asked(interpreters=2, latest_start=time(14))
        wanted = Wanted(seat=2, starts_at=begin)
        offer = service.make(SYSTEM, asked.id, factories.interpreter().id, wanted, now=NOW)
    accept(offer)
    assignment = db.session.scalars(sa.select(Assignment)).one()
    assert (assignment.seat, assignment.starts_at) == (2, begin)
    assert assignment.ends_at == begin + timedelta(hours=1)


def test_a_second_yes_changes_nothing() -> None:
    offer = made()
    accept(offer)
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Message))
    with pytest.raises(Conflict):
        accept(offer, Via.PAGE)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == before


def test_no_opens_the_seat_and_this_person_is_not_asked_again() -> None:
    offer = made()
    with transaction():
        service.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    assert reload(offer).interpretation_request.state == RequestState.OPEN
    with pytest.raises(Conflict) as refused, transaction():
        service.make(SYSTEM, offer.interpretation_request_id, offer.interpreter_id, now=NOW)
    assert refused.value.code == "declined-before"


def test_when_nobody_is_left_those_who_asked_hear_it() -> None:
    offer = made()
    with transaction():
        service.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    [message] = written("nobody_yet")
    assert message.recipient == reload(offer).interpretation_request.account.email


def test_silence_is_a_no(frozen_clock: FrozenClock) -> None:
    offer = made()
    deliver_all()
    after_the_deadline = frozen_clock.advance(hours=10)
    assert service.due(after_the_deadline) == [offer.id]
    for _ in range(2):
        with transaction():
            service.expire(offer.id, now=after_the_deadline)
    offer = reload(offer)
    assert (offer.state, holds()) == (OfferState.EXPIRED, 0)
    assert db.session.scalars(sa.select(Assignment)).all() == []
    assert len(written("offer_expired")) == 1


def test_after_the_deadline_a_yes_comes_too_late(frozen_clock: FrozenClock) -> None:
    offer = made()
    late = frozen_clock.advance(hours=10)
    with pytest.raises(Gone), transaction():
        service.accept(SYSTEM, offer.id, via=Via.LINK, now=late)


def test_one_reminder_when_half_of_the_time_is_gone(frozen_clock: FrozenClock) -> None:
    offer = made()
    half = offer.made_at + (offer.answer_by - offer.made_at) / 2
    assert service.to_remind(half - timedelta(minutes=1)) == []
    frozen_clock.move_to(half)
    assert service.to_remind(half) == [offer.id]
    for _ in range(2):
        with transaction():
            service.remind(offer.id, now=half)
    assert [message.channel for message in written("offer_reminder")] == ["sms"]
    assert service.to_remind(half) == []


def test_a_withdrawn_question_cannot_be_answered() -> None:
    offer = made()
    with transaction():
        service.withdraw(SYSTEM, offer.id, now=NOW)
    with pytest.raises(Gone):
        accept(offer)


def test_whoever_may_have_read_a_withdrawn_question_is_told() -> None:
    offer = made()
    deliver_all()
    with transaction():
        service.withdraw(SYSTEM, offer.id, now=NOW)
    assert {message.channel for message in written("offer_withdrawn")} == {"email", "sms"}


def test_a_question_that_never_left_is_not_taken_back_in_words() -> None:
    offer = made()
    with transaction():
        service.withdraw(SYSTEM, offer.id, now=NOW)
    assert written("offer_withdrawn") == []
    deliver_all()
    assert all(message.sent_at is None for message in written("offer"))


def test_a_cancelled_request_confirms_nobody() -> None:
    offer = made()
    asked = reload(offer).interpretation_request
    with transaction():
        asked.state = RequestState.CANCELLED
    with pytest.raises(Conflict) as refused:
        accept(offer)
    assert refused.value.code == "request-not-open"
    assert db.session.scalars(sa.select(Assignment)).all() == []


def test_three_offers_at_once_are_one_mail_and_one_sms() -> None:
    with transaction():
        somebody = factories.interpreter()
        for hours in (0, 3, 6):
            start = factories.hours_later(factories.TOMORROW_TEN, hours)
            service.make(SYSTEM, factories.asked(start=start).id, somebody.id, now=NOW)
    assert [message.channel for message in written("offer_several")] == ["email", "sms"]
    assert written("offer") == []


def three_offers() -> list[Offer]:
    with transaction():
        somebody = factories.interpreter()
        return [
            service.make(
                SYSTEM,
                factories.asked(start=factories.hours_later(factories.TOMORROW_TEN, hours)).id,
                somebody.id,
                now=NOW,
            )
            for hours in (0, 3, 6)
        ]


def test_one_of_three_taken_back_before_it_left_is_left_out_and_needs_no_correction() -> None:
    first, _second, _third = three_offers()
    with transaction():
        service.withdraw(SYSTEM, first.id, now=NOW)
    deliver_all()
    together = written("offer_several")
    assert {message.channel for message in together} == {"email", "sms"}
    assert all(message.sent_at is not None for message in together)
    assert all("2" in message.subject for message in together if message.channel == "email")
    assert written("offer_withdrawn") == []


def test_what_says_nothing_true_any_more_does_not_leave() -> None:
    offers = three_offers()
    for offer in offers:
        with transaction():
            service.withdraw(SYSTEM, offer.id, now=NOW)
    deliver_all()
    assert all(message.sent_at is None for message in written("offer_several"))


@pytest.mark.parametrize("ask", [service.make, service.assign])
def test_who_has_left_the_pool_is_neither_asked_nor_sent(ask: Callable[..., object]) -> None:
    with transaction():
        mira, asked = factories.interpreter(), factories.asked()
        leaving.leave(SYSTEM, mira.id, now=NOW)
    with pytest.raises(Conflict, match="has left the pool"), transaction():
        ask(SYSTEM, asked.id, mira.id, now=NOW)
    with pytest.raises(Conflict, match="has left the pool"), transaction():
        service.make_to_all(SYSTEM, asked.id, [mira.id], now=NOW)
    assert holds() == 0
