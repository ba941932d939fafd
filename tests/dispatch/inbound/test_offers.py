"""Offers in calendars: asked there, answered there, and taken out of them again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from icalendar import Calendar, Event

from dispatch.answers import service as answers
from dispatch.answers.incoming import IncomingState
from dispatch.answers.service import Answer
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.inbound.rules import Outcome
from dispatch.invitations.models import Invitation
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState, Strategy
from tests import factories
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all, written
from tests.dispatch.inbound.replies import google, invited, otherwise
from tests.dispatch.inbound.scenes import arrives, asked, entry, moved_question, told
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _the_clock_stands(frozen_clock: FrozenClock) -> None:
    frozen_clock.move_to(NOW + timedelta(minutes=10))


def event_in(message: Message) -> Event:
    assert message.calendar_text
    (event,) = Calendar.from_ical(message.calendar_text).walk("VEVENT")
    return event  # type: ignore[return-value]


def calendar_mails() -> list[tuple[str, str | None, int]]:
    """Return name, method and number of every mail with a calendar part, in order."""
    return [
        (one.name, one.calendar_method, int(str(event_in(one)["SEQUENCE"])))
        for one in written()
        if one.calendar_text
    ]


def test_an_offer_asks_in_the_calendar_and_says_no_more_than_the_mail() -> None:
    offer = asked()
    event = event_in(entry("offer"))
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert str(event["STATUS"]) == "TENTATIVE"
    assert str(event["LOCATION"]) == offer.site.district
    # the signed link answers by itself, and calendars are shared
    assert str(event["DESCRIPTION"]).endswith("/offers")


def test_a_yes_in_the_calendar_makes_the_entry_that_of_the_assignment() -> None:
    offer = asked()
    question = invited(entry("offer"))
    assert arrives(google(question)).outcome == Outcome.YES
    db.session.refresh(offer)
    assert (offer.state, offer.answered_via) == (OfferState.ACCEPTED, Via.CALENDAR)
    confirmed = event_in(entry("assignment_confirmed"))
    assert (str(confirmed["UID"]), int(str(confirmed["SEQUENCE"]))) == (question.uid, 1)
    assert confirmed["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert confirmed["ATTENDEE"].params["RSVP"] == "FALSE"
    before = told()
    assert arrives(google(question)).outcome == Outcome.REPEATED
    assert told() == before


@on_sqlite
def test_a_no_in_the_calendar_declines_and_nothing_more_is_written() -> None:
    offer = asked()
    no = google(otherwise(invited(entry("offer")), standing="DECLINED"))
    assert arrives(no).outcome == Outcome.NO
    db.session.refresh(offer)
    assert (offer.state, offer.answered_via) == (OfferState.DECLINED, Via.CALENDAR)
    assert calendar_mails() == [("offer", "REQUEST", 0)]


@on_sqlite
def test_a_yes_in_the_calendar_after_a_no_books_nothing_and_both_sides_hear_of_it() -> None:
    offer = asked()
    question = invited(entry("offer"))
    no = google(otherwise(question, standing="DECLINED"))
    assert arrives(no).outcome == Outcome.NO
    assert arrives(no).outcome == Outcome.REPEATED
    assert written("answer_not_taken") == []
    later = NOW + timedelta(minutes=7)
    yes = arrives(google(otherwise(question, standing="ACCEPTED", stamped_at=later)))
    assert (yes.outcome, yes.state) == (Outcome.CHANGED_MIND, IncomingState.OPEN)
    assert "You had said no" in written("answer_not_taken")[0].body
    db.session.refresh(offer)
    assert offer.state == OfferState.DECLINED


@on_sqlite
def test_a_no_by_another_way_takes_the_entry_out_of_the_calendar() -> None:
    offer = asked()
    with transaction():
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    assert calendar_mails() == [("offer", "REQUEST", 0), ("offer_entry_over", "CANCEL", 1)]
    said = event_in(entry("offer_entry_over"))["ATTENDEE"].params
    assert (said["PARTSTAT"], said["RSVP"]) == ("DECLINED", "FALSE")


@on_sqlite
@pytest.mark.parametrize("ends", ["withdrawn", "expired", "lost"])
def test_whatever_ends_a_question_takes_its_entry_out(ends: str) -> None:
    with transaction():
        wanted = factories.asked()
        quick, slow = factories.interpreter(), factories.interpreter(name="Nour")
        offers.make_to_all(SYSTEM, wanted.id, [quick.id, slow.id], now=NOW)
    deliver_all()
    theirs, ours = db.session.scalars(sa.select(Offer).order_by(Offer.id))
    late_yes = google(invited(entry("offer_broadcast")))
    with transaction():
        if ends == "withdrawn":
            offers.withdraw(SYSTEM, ours.id, now=NOW)
        elif ends == "expired":
            offers.expire(ours.id, now=ours.answer_by)
        else:
            offers.accept(SYSTEM, theirs.id, via=Via.LINK, now=NOW)
    (over,) = [one for one in written() if one.calendar_method == "CANCEL"]
    said = event_in(over)["ATTENDEE"].params
    assert (said["PARTSTAT"], said["RSVP"]) == ("NEEDS-ACTION", "FALSE")
    assert arrives(late_yes).outcome == Outcome.NOT_TAKEN
    assert {one.recipient_name for one in written("answer_not_taken")} == {slow.name}
    assert db.session.scalar(sa.select(sa.func.count(Assignment.id))) == (ends == "lost")


@on_sqlite
def test_what_ends_a_question_names_no_district_any_more() -> None:
    with transaction():
        offer = offers.make(SYSTEM, factories.asked().id, factories.interpreter().id, now=NOW)
    deliver_all()
    with transaction():
        offers.withdraw(SYSTEM, offer.id, now=NOW)
    gone = [one for one in written() if one.name == "offer_withdrawn" and one.calendar_text]
    assert [event_in(one).get("location") for one in gone] == [None]


def test_an_entry_that_never_left_is_not_taken_out() -> None:
    with transaction():
        offer = offers.make(SYSTEM, factories.asked().id, factories.interpreter().id, now=NOW)
    with transaction():
        offers.withdraw(SYSTEM, offer.id, now=NOW)
    assert [one for one in calendar_mails() if one[1] == "CANCEL"] == []
    assert db.session.scalars(sa.select(Invitation.cancelled_at)).one() == NOW


@on_sqlite
def test_a_changed_question_keeps_its_entry_and_a_yes_to_the_one_before_is_none() -> None:
    offer = asked()
    before = invited(entry("offer"))
    after = moved_question(offer)
    assert (after.uid, after.sequence) == (before.uid, 1)
    assert arrives(google(before)).outcome == Outcome.NOT_TAKEN
    assert "earlier terms" in written("answer_not_taken")[0].body
    assert arrives(google(after)).outcome == Outcome.YES


@on_sqlite
def test_who_is_only_asked_whether_they_could_finds_nothing_in_the_calendar() -> None:
    with transaction():
        wanted, who = factories.asked(), factories.interpreter()
        offers.make_to_all(SYSTEM, wanted.id, [who.id], strategy=Strategy.INTEREST, now=NOW)
    deliver_all()
    assert calendar_mails() == []


@on_sqlite
def test_what_is_released_before_its_yes_left_is_taken_out_all_the_same() -> None:
    """The question stands in the calendar, the mail with the yes has not left yet."""
    offer = asked()
    with transaction():
        assignment = offers.accept(SYSTEM, offer.id, via=Via.PAGE, now=NOW)
    with transaction():
        cancellations.release(SYSTEM, assignment.id, reasons=Reasons("x", "x"), now=NOW)
    assert calendar_mails()[-1] == ("assignment_released", "CANCEL", 2)


@on_sqlite
def test_perhaps_to_an_offer_is_told_to_be_no_answer() -> None:
    offer = asked()
    mail = arrives(google(otherwise(invited(entry("offer")), standing="TENTATIVE")))
    assert mail.outcome == Outcome.NOT_TAKEN
    assert mail.interpretation_request_id == offer.interpretation_request_id
    db.session.refresh(offer)
    assert offer.state == OfferState.MADE
    with transaction():
        answers.by_page(offer.interpreter.account, offer.id, Answer.YES, now=NOW)
