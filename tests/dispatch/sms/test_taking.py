"""What SMS that came in do: answers count once, the unclear is asked back once."""

import itertools
import re
from datetime import timedelta

import pytest

from dispatch.accounts.rules import Role
from dispatch.answers.incoming import IncomingState
from dispatch.assignments.rules import Via
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging import reached
from dispatch.messaging import service as messaging
from dispatch.messaging.models import ReplyCode
from dispatch.messaging.rules import Channel, MessageState
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState, Strategy
from dispatch.sms import service
from dispatch.sms.models import InboundSms
from dispatch.sms.rules import Outcome
from tests import factories
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all, written
from tests.dispatch.inbound.scenes import moved
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("session", "frozen_clock")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MIRA, ANNA = "+4915111111111", "+4915111111122"
_references = itertools.count(1)


def interpreter(number: str = MIRA) -> Interpreter:
    one = factories.interpreter()
    one.phone = number
    db.session.flush()
    return one


def asked(who: Interpreter, *, days: int = 0, others: int = 0) -> Offer:
    """Put a question to somebody; it has reached them."""
    with transaction():
        wanted = factories.asked(start=TOMORROW_TEN + timedelta(days=days))
        offer = offers.make(SYSTEM, wanted.id, who.id, now=NOW)
    deliver_all()
    return offer


def code_of(offer: Offer) -> str:
    """Return the two signs its SMS names."""
    texts = [one.body for one in written("offer") if one.about == f"offer:{offer.id}"]
    found = re.search(r"Y(\w\w)/N\1 ", "".join(texts))
    assert found, texts
    return found.group(1)


def comes_in(text: str, number: str = MIRA, *, keyword: str = "") -> InboundSms:
    reference = f"SM{next(_references)}"
    with transaction():
        service.store(reference, number, text, keyword, now=NOW)
        (sms_id,) = service.to_take(NOW)
    with transaction():
        service.take(sms_id, now=NOW)
    return db.session.get_one(InboundSms, sms_id)


def moves(who: Interpreter, number: str) -> None:
    with transaction():
        former, who.phone = who.phone, number
        messaging.follow(who.account_id, former, now=NOW)


def sent(name: str) -> list[str]:
    return [one.body for one in written(name) if one.channel == Channel.SMS]


def test_a_yes_by_code_begins_the_assignment_and_a_second_one_changes_nothing() -> None:
    with transaction():
        mira = interpreter()
    offer, other = asked(mira), asked(mira, days=1)
    assert comes_in(f"Y{code_of(offer)}").outcome == Outcome.YES
    assert comes_in(f"j {code_of(offer)}").outcome == Outcome.REPEATED
    db.session.refresh(offer)
    assert (offer.state, offer.answered_via) == (OfferState.ACCEPTED, Via.SMS)
    db.session.refresh(other)
    assert other.state == OfferState.MADE
    assert len(sent("assignment_confirmed")) == 1


def test_a_no_by_code_frees_the_time_and_a_no_after_a_yes_needs_a_person() -> None:
    with transaction():
        mira = interpreter()
    offer, other = asked(mira), asked(mira, days=1)
    assert comes_in(f"N{code_of(offer)}").outcome == Outcome.NO
    assert comes_in(f"Y{code_of(other)}").outcome == Outcome.YES
    wants_out = comes_in(f"N{code_of(other)}")
    assert (wants_out.outcome, wants_out.state) == (Outcome.WANTS_OUT, IncomingState.OPEN)
    (told,) = sent("sms_not_taken")
    assert "still expected: Wed 3 Mar" in told
    db.session.refresh(other)
    assert other.state == OfferState.ACCEPTED


@on_sqlite
def test_a_word_answers_the_one_open_question_and_two_are_asked_back_once() -> None:
    with transaction():
        mira = interpreter()
    first, second = asked(mira), asked(mira, days=1)
    assert comes_in("Ja").outcome == Outcome.ASKED_BACK
    (which,) = sent("sms_asked_back")
    assert f"Y{code_of(first)}/N{code_of(first)}: Tue 2 Mar 10:00" in which
    assert f"Y{code_of(second)}/N{code_of(second)}" in which
    unclear = comes_in("ja gerne")
    assert (unclear.outcome, unclear.state) == (Outcome.UNCLEAR, IncomingState.OPEN)
    assert len(sent("sms_asked_back")) == 1
    assert {first.state, second.state} == {OfferState.MADE}
    comes_in(f"N{code_of(first)}")
    assert comes_in("ja").outcome == Outcome.YES


@on_sqlite
@pytest.mark.parametrize("word", ["No", "Cancel", "End"])
def test_what_the_provider_takes_for_stop_is_a_no_where_a_question_is_open(word: str) -> None:
    with transaction():
        mira = interpreter()
    offer = asked(mira)
    assert comes_in(word).outcome == Outcome.NO
    db.session.refresh(offer)
    assert offer.state == OfferState.DECLINED
    assert reached.unreachable_channels([MIRA]) == frozenset()


@on_sqlite
def test_a_condition_is_no_yes() -> None:
    with transaction():
        mira = interpreter()
    offer = asked(mira)
    assert comes_in(f"Y{code_of(offer)} aber erst ab 11").outcome == Outcome.ASKED_BACK
    db.session.refresh(offer)
    assert offer.state == OfferState.MADE


@on_sqlite
def test_a_yes_that_comes_too_late_is_told_so_and_an_old_code_answers_no_other_question() -> None:
    with transaction():
        mira = interpreter()
    old = asked(mira)
    code = code_of(old)
    with transaction():
        offers.withdraw(SYSTEM, old.id, now=NOW)
    deliver_all()
    assert comes_in("ja").outcome == Outcome.NOT_TAKEN
    new = asked(mira, days=2)
    assert comes_in(f"Y{code}").outcome == Outcome.NOT_TAKEN
    assert len(sent("sms_not_taken")) == 2
    db.session.refresh(new)
    assert new.state == OfferState.MADE
    assert comes_in(f"N{code}").outcome == Outcome.NOTHING_OPEN


def test_a_yes_after_a_no_books_nothing_and_both_sides_hear_of_it() -> None:
    with transaction():
        mira = interpreter()
    offer = asked(mira)
    assert comes_in("Cancel").outcome == Outcome.NO
    for no in ("Nein", f"N{code_of(offer)}"):
        assert comes_in(no).outcome == Outcome.REPEATED
    assert sent("sms_not_taken") == []
    for text in ("Ja", f"J{code_of(offer)}"):
        yes = comes_in(text)
        assert (yes.outcome, yes.state) == (Outcome.CHANGED_MIND, IncomingState.OPEN)
    assert "You had said no, so your yes does not count" in sent("sms_not_taken")[-1]
    db.session.refresh(offer)
    assert offer.state == OfferState.DECLINED


@on_sqlite
def test_a_yes_after_a_no_to_changed_terms_is_no_yes_either() -> None:
    with transaction():
        mira = interpreter()
        assignment = factories.coming(factories.asked(), mira)
    deliver_all()
    moved(assignment)
    assert comes_in("nein").outcome == Outcome.NO
    assert comes_in("ja").outcome == Outcome.CHANGED_MIND


@on_sqlite
def test_nobody_answers_for_somebody_else() -> None:
    with transaction():
        mira, _anna = interpreter(), interpreter(ANNA)
    offer = asked(mira)
    assert comes_in(f"Y{code_of(offer)}", ANNA).outcome == Outcome.NO_QUESTION
    assert comes_in(f"Y{code_of(offer)}", "+4915199999999").outcome == Outcome.UNKNOWN_NUMBER
    with transaction():
        interpreter(MIRA)
    assert comes_in(f"Y{code_of(offer)}").outcome == Outcome.SEVERAL_PEOPLE
    db.session.refresh(offer)
    assert offer.state == OfferState.MADE


@on_sqlite
def test_who_is_only_asked_whether_they_could_come_says_by_sms_that_they_could() -> None:
    with transaction():
        mira = interpreter()
        wanted = factories.asked()
        offers.make_to_all(SYSTEM, wanted.id, [mira.id], strategy=Strategy.INTEREST, now=NOW)
    (offer,) = db.session.query(Offer)
    deliver_all()
    assert comes_in("Yes").outcome == Outcome.COULD
    db.session.refresh(offer)
    assert offer.state == OfferState.INTERESTED


@on_sqlite
def test_changed_terms_are_agreed_to_by_sms() -> None:
    with transaction():
        mira = interpreter()
        wanted = factories.asked()
        assignment = factories.coming(wanted, mira)
    deliver_all()
    moved(assignment)
    assert comes_in("ja").outcome == Outcome.YES
    db.session.refresh(assignment)
    assert assignment.confirmations[-1].via == Via.SMS


def test_stop_ends_all_sms_and_start_brings_them_back() -> None:
    with transaction():
        mira = interpreter()
    stopped = comes_in("STOPP")
    assert (stopped.outcome, stopped.state) == (Outcome.STOPPED, IncomingState.OPEN)
    assert reached.unreachable_channels([MIRA]) == {Channel.SMS}
    asked(mira)
    (silent,) = [one for one in written("offer") if one.channel == Channel.SMS]
    assert (silent.state, silent.error_code) == (MessageState.SETTLED, "opted-out")
    assert written("instead_of_sms") == []  # the mail with the calendar entry says the same
    assert comes_in("Start").outcome == Outcome.STARTED
    assert reached.unreachable_channels([MIRA]) == frozenset()
    asked(mira, days=1)
    assert written("offer")[-1].state == MessageState.SENT


@on_sqlite
def test_what_is_told_by_sms_alone_goes_by_mail_to_who_wants_none(
    frozen_clock: FrozenClock,
) -> None:
    with transaction():
        mira = interpreter()
    offer = asked(mira)
    comes_in("Stop")
    with transaction():
        db.session.refresh(offer)
        offers.remind(offer.id, now=offer.remind_at or NOW)
    deliver_all()
    (mail,) = written("instead_of_sms")
    assert mail.recipient == mira.account.email
    assert "Not answered yet: Tue 2 Mar 10:00-11:00, Romanian" in mail.body
    assert "with the word START" in mail.body
    assert mail.about == f"offer:{offer.id}"


@pytest.mark.parametrize("text", ["yes", "ja", "code", "Hilfe", "I am late"])
def test_what_comes_from_a_number_given_up_is_for_the_office_with_whose_it_was(text: str) -> None:
    with transaction():
        mira = interpreter()
    offer = asked(mira)
    text = f"Y{code_of(offer)}" if text == "code" else text
    moves(mira, ANNA)
    kept = comes_in(text)
    assert (kept.outcome, kept.state) == (Outcome.FORMER_NUMBER, IncomingState.OPEN)
    assert kept.account_id == mira.account_id
    comes_in(text)
    (told,) = [one for one in written("sms_former_number") if one.channel == Channel.SMS]
    assert (told.recipient, "does not count" in told.body) == (MIRA, True)
    assert written("client_answer") == []
    db.session.refresh(offer)
    assert offer.state == OfferState.MADE


def test_a_code_read_at_the_former_number_counts_from_the_new_one_once() -> None:
    with transaction():
        mira = interpreter()
    offer, other = asked(mira), asked(mira, days=1)
    code = code_of(offer)
    moves(mira, ANNA)
    assert comes_in(f"Y{code}", ANNA).outcome == Outcome.YES
    assert comes_in(f"J{code}", ANNA).outcome == Outcome.REPEATED
    db.session.refresh(other)
    assert other.state == OfferState.MADE


@on_sqlite
def test_a_code_that_meant_something_else_at_the_new_number_is_asked_back() -> None:
    with transaction():
        mira = interpreter()
    offer = asked(mira)
    with transaction():
        db.session.add(ReplyCode(number=ANNA, code=code_of(offer), about="offer:0", made_at=NOW))
    moves(mira, ANNA)
    assert comes_in(f"Y{code_of(offer)}", ANNA).outcome == Outcome.ASKED_BACK


@on_sqlite
def test_stop_from_a_number_given_up_is_obeyed() -> None:
    with transaction():
        mira = interpreter()
    asked(mira)
    moves(mira, ANNA)
    assert comes_in("STOP").outcome == Outcome.STOPPED
    assert reached.unreachable_channels([MIRA]) == {Channel.SMS}
    assert written("sms_former_number") == []


@on_sqlite
def test_who_is_not_asked_any_more_has_not_given_up_their_number() -> None:
    with transaction():
        mira = interpreter()
    asked(mira)
    with transaction():
        mira.active = False
    assert comes_in("ja").outcome == Outcome.UNKNOWN_NUMBER


@on_sqlite
def test_help_is_answered_once_unless_the_provider_has_done_so() -> None:
    with transaction():
        interpreter()
    assert comes_in("HILFE").outcome == Outcome.HELPED
    assert comes_in("HELP", keyword="HELP").outcome == Outcome.HELPED
    (text,) = sent("sms_help")
    assert "No more SMS: STOP" in text


@on_sqlite
def test_the_same_sms_twice_is_stored_once_and_settled_by_one_person() -> None:
    with transaction():
        interpreter()
        coordinator = factories.account(Role.COORDINATOR).actor
        for _time in range(3):
            service.store("SM-same", MIRA, "Kann ich später kommen?\x00", "", now=NOW)
    (sms_id,) = service.to_take(NOW)
    with transaction():
        service.take(sms_id, now=NOW)
    with transaction():
        service.take(sms_id, now=NOW)
        service.settle(coordinator, sms_id, now=NOW)
    with pytest.raises(Conflict), transaction():
        service.settle(coordinator, sms_id, now=NOW)
    with transaction():
        service.forget_old(NOW + service.KEPT_FOR)
    db.session.expire_all()
    assert db.session.get_one(InboundSms, sms_id).text == ""


@on_sqlite
def test_a_mistyped_code_is_told_back_once_and_is_no_letter() -> None:
    with transaction():
        interpreter()
    for text in ("J1Z", "n 7 k", "Ja"):
        mistyped = comes_in(text)
        assert (mistyped.outcome, mistyped.state) == (Outcome.NO_QUESTION, IncomingState.DONE)
    (told,) = sent("sms_asked_back")
    assert "No question with this answer is open. Call us: 030 23125000" in told
    assert comes_in("J1Z geht leider nicht").outcome == Outcome.LETTER


@on_sqlite
def test_a_mistyped_code_is_asked_back_where_a_question_is_open() -> None:
    with transaction():
        mira = interpreter()
    offer = asked(mira)
    assert comes_in("J1Z").outcome == Outcome.ASKED_BACK
    assert f"Y{code_of(offer)} (yes)" in sent("sms_asked_back")[0]


@on_sqlite
def test_a_picture_alone_is_said_to_hold_nothing_that_can_be_read() -> None:
    with transaction():
        interpreter()
    picture = comes_in("")
    assert (picture.outcome, picture.state) == (Outcome.WORDLESS, IncomingState.OPEN)
