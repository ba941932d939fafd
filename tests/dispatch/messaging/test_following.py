"""What has not left yet goes where its person is reached now."""

from datetime import time, timedelta

import pytest

from dispatch.accounts import service as accounts
from dispatch.accounts.models import Account
from dispatch.contacts import service as contacts
from dispatch.contacts.choosing import Choice, Topic
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.interpreters import keeping
from dispatch.interpreters.models import Interpreter
from dispatch.interpreters.rules import Employment
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging import again, following, numbers, receipts, service, transports
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState, TransportError
from dispatch.offers import service as offers
from dispatch.travel.estimate import Mode, Point
from tests import factories
from tests.correspondence import deliver_all, written
from tests.dispatch.messaging.outbox import queued, row
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("session", "frozen_clock")
FORMER, PRESENT = "+4915228817386", "+4917604069001"
LATER = NOW + timedelta(minutes=10)


def asks(number: str | None = FORMER) -> Account:
    with transaction():
        return factories.account(phone=number)


def moves(account: Account, number: str) -> None:
    with transaction():
        accounts.change_phone(account.id, number, now=LATER)


def changed(who: Interpreter, *, phone: str = FORMER, email: str | None = None) -> None:
    """Correct how somebody is reached, as the office does on their page."""
    with transaction():
        details = keeping.Details(
            who.first_name, who.last_name, email or who.account.email, phone, "en", "44135",
            Point(*factories.CITY_HALL), Mode.CAR, Employment.FREELANCE, None, 3000, 600, 2400, "",
        )  # fmt: skip
        keeping.change(SYSTEM, who.id, details, now=LATER)


def test_an_sms_that_rests_goes_to_the_new_number() -> None:
    with transaction():
        mira = factories.interpreter()
        contacts.choose(SYSTEM, mira.account_id, {}, (time(8), time(18)), now=NOW)
        wanted = factories.asked(start=factories.TOMORROW_TEN + timedelta(days=7))
        offers.make(SYSTEM, wanted.id, mira.id, now=NOW)
    (rests,) = [one for one in written("offer") if one.channel == Channel.SMS]
    assert (service.deliver(rests.id, NOW) or 0) > 60
    changed(mira, phone=PRESENT)
    deliver_all(LATER)
    assert [one.recipient for one in written() if one.channel == Channel.SMS] == [PRESENT]


@pytest.mark.parametrize("number", [PRESENT, ""])
def test_what_waits_for_somebody_else_at_the_same_number_stays(number: str) -> None:
    kim, lee = asks(), asks()
    of_lee = queued(Channel.SMS, FORMER, account_id=lee.id)
    of_nobody = queued(Channel.SMS, FORMER, about="client:1")
    moves(kim, number)
    assert row(of_lee).recipient == row(of_nobody).recipient == FORMER


def test_a_number_taken_away_settles_the_sms_and_a_mail_says_it() -> None:
    kim = asks()
    with transaction():
        sms = row(queued(Channel.SMS, FORMER, account_id=kim.id))
        sms.otherwise_to = "old@example.org"
    moves(kim, "")
    assert (row(sms.id).state, row(sms.id).error_code) == (MessageState.SETTLED, following.GONE)
    (mail,) = written("instead_of_sms")
    assert (mail.recipient, mail.account_id) == (kim.email, kim.id)


def test_a_mail_goes_to_the_new_address() -> None:
    with transaction():
        mira = factories.interpreter()
    mail = queued(address=mira.account.email, account_id=mira.account_id)
    changed(mira, email="mira.neu@example.org")
    service.deliver(mail, LATER)
    assert (row(mail).state, row(mail).recipient) == (MessageState.SENT, "mira.neu@example.org")


def test_what_was_in_flight_is_tried_again_at_the_new_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kim = asks()
    sms = queued(Channel.SMS, FORMER, account_id=kim.id)
    to: list[str] = []

    def moves_meanwhile(message: Message, *_rest: object) -> str:
        to.append(message.recipient)
        if len(to) == 1:
            moves(kim, PRESENT)
            raise TransportError("opted-out", permanent=False, opted_out=False)
        return "SM1"

    monkeypatch.setattr(transports, "send", moves_meanwhile)
    pause = service.deliver(sms, LATER)
    service.deliver(sms, LATER + timedelta(seconds=pause or 0))
    assert to == [FORMER, PRESENT]
    assert not numbers.is_silent(PRESENT)


def test_what_a_provider_says_of_the_former_number_holds_for_that_one() -> None:
    kim = asks()
    sms = queued(Channel.SMS, FORMER, account_id=kim.id)
    service.deliver(sms, NOW)
    moves(kim, PRESENT)
    with transaction():
        receipts.take(sms, row(sms).provider_reference or "", "failed", "21610", now=LATER)
    assert (numbers.is_silent(FORMER), numbers.is_silent(PRESENT)) == (True, False)
    assert (row(sms).state, row(sms).recipient) == (MessageState.FAILED, FORMER)


def test_what_failed_goes_to_the_number_of_now_when_it_is_sent_again() -> None:
    kim = asks()
    sms = queued(Channel.SMS, FORMER, account_id=kim.id)
    with transaction():
        row(sms).body = "No link in it."
    service.deliver(sms, NOW)
    with transaction():
        receipts.take(sms, row(sms).provider_reference or "", "failed", "30006", now=NOW)
    assert row(sms).state == MessageState.FAILED
    moves(kim, PRESENT)
    with transaction():
        assert again.count("", LATER) == 1
        assert service.send_again_all(SYSTEM, now=LATER).queued == 1
    service.deliver(sms, LATER)
    assert (row(sms).state, row(sms).recipient) == (MessageState.SENT, PRESENT)


def test_what_could_go_nowhere_may_be_sent_again_once_there_is_a_number() -> None:
    kim = asks()
    sms = queued(Channel.SMS, "0231 1", account_id=kim.id)
    assert again.count("", LATER) == 0
    moves(kim, PRESENT)
    assert (row(sms).recipient, row(sms).error_code) == (PRESENT, following.CHANGED)
    assert again.count("", LATER) == 1


def test_what_failed_is_settled_with_the_number() -> None:
    kim = asks()
    sms = queued(Channel.SMS, "0231 1", account_id=kim.id)
    moves(kim, "")
    assert row(sms).state == MessageState.SETTLED
    with pytest.raises(Refusal), transaction():
        service.send_again(SYSTEM, sms, now=LATER)


def test_the_order_holds_across_the_change() -> None:
    kim = asks()
    first = queued(Channel.SMS, FORMER, account_id=kim.id)
    with transaction():
        row(first).state = MessageState.SENDING  # in flight when the number changes
    moves(kim, PRESENT)
    second = queued(Channel.SMS, PRESENT, account_id=kim.id)
    assert service.deliver(second, LATER) is not None
    assert service.deliver(first, LATER) is None
    assert row(first).recipient == PRESENT
    assert service.deliver(second, LATER) is None


def test_written_at_the_same_moment_it_goes_to_the_new_number_as_well() -> None:
    kim = asks()
    moves(kim, PRESENT)
    sms = queued(Channel.SMS, FORMER, account_id=kim.id)
    service.deliver(sms, LATER)
    assert row(sms).recipient == PRESENT
    with transaction():
        db.session.get_one(Account, kim.id).phone = None
    late = queued(Channel.SMS, FORMER, about="account:9", account_id=kim.id)
    service.deliver(late, LATER)
    assert (row(late).state, row(late).error_code) == (MessageState.SETTLED, following.GONE)


def chooses(account_id: int, **wishes: Choice) -> None:
    with transaction():
        chosen = {Topic(topic): choice for topic, choice in wishes.items()}
        contacts.choose(SYSTEM, account_id, chosen, (None, None), now=LATER)


def sms(account_id: int, name: str, *, mail_says_it: bool) -> int:
    """Let an SMS wait that rests, as at night, or has to be tried again."""
    sms_id = queued(Channel.SMS, FORMER, account_id=account_id)
    with transaction():
        message = row(sms_id)
        message.name, message.next_try_at, message.attempts = name, LATER + timedelta(hours=1), 1
        message.otherwise_to = None if mail_says_it else "kim@example.org"
    return sms_id


def test_an_sms_that_waits_when_sms_are_switched_off_is_not_sent_where_a_mail_says_it() -> None:
    kim = asks()
    waits, other = (
        sms(kim.id, name, mail_says_it=True) for name in ("offer_several", "assignment_cancelled")
    )
    chooses(kim.id, questions=Choice.MAIL)
    deliver_all(LATER)
    assert (row(waits).state, row(waits).error_code) == (
        MessageState.SETTLED,
        following.SWITCHED_OFF,
    )
    assert row(other).state == MessageState.SENT
    assert written("instead_of_sms") == []


def test_what_only_an_sms_says_goes_by_mail_when_sms_are_switched_off() -> None:
    kim = asks()
    waits = sms(kim.id, "assignment_reminder", mail_says_it=False)
    chooses(kim.id, evening_before=Choice.MAIL)
    deliver_all(LATER)
    assert row(waits).state == MessageState.SETTLED
    (mail,) = written("instead_of_sms")
    assert (mail.state, mail.recipient) == (MessageState.SENT, kim.email)
    assert mail.subject == "Eine E-Mail statt einer SMS"
    chooses(kim.id, evening_before=Choice.MAIL)
    assert len(written("instead_of_sms")) == 1


def test_a_reminder_that_is_wanted_no_more_is_not_sent_by_any_way() -> None:
    kim = asks()
    waits = sms(kim.id, "assignment_reminder", mail_says_it=False)
    chooses(kim.id, evening_before=Choice.NONE)
    deliver_all(LATER)
    assert row(waits).state == MessageState.SETTLED
    assert written("instead_of_sms") == []


def test_what_is_urgent_goes_by_sms_whatever_is_switched_off() -> None:
    kim = asks()
    waits = sms(kim.id, "offer", mail_says_it=True)
    with transaction():
        row(waits).urgent = True
    chooses(kim.id, questions=Choice.MAIL)
    deliver_all(LATER)
    assert row(waits).state == MessageState.SENT


def test_an_sms_being_handed_over_when_sms_are_switched_off_is_not_tried_again() -> None:
    kim = asks()
    waits = sms(kim.id, "day_before", mail_says_it=False)
    with transaction():
        row(waits).state = MessageState.SENDING
    chooses(kim.id, day_before=Choice.MAIL)
    with transaction():
        row(waits).state = MessageState.QUEUED  # the provider did not take it
    deliver_all(LATER)
    assert row(waits).state == MessageState.SETTLED
    assert [one.state for one in written("instead_of_sms")] == [MessageState.SENT]
