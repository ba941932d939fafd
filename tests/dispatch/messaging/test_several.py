"""A message of several things says of each only what is still true when it leaves."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging import several
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.messaging.several import SEVERAL
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import deliver_all, written
from tests.dispatch.contacts.occasions import SOON
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def ask_for(hours: Sequence[int]) -> list[int]:
    """Ask somebody for talks so many hours after `SOON` in one step; return the questions."""
    with transaction():
        caseworker = factories.account(of=factories.organisation())
        start = SOON.replace(hour=8)
        wanted: list[InterpretationRequest] = [
            factories.asked(by=caseworker, start=start + timedelta(hours=one)) for one in hours
        ]
        person = factories.interpreter(name="Asked").id
        return [offers.make(SYSTEM, one.id, person, now=NOW).id for one in wanted]


def withdraw(*questions: int) -> None:
    with transaction():
        for one in questions:
            offers.withdraw(SYSTEM, one, now=NOW)


def sent() -> list[Message]:
    return [one for one in written() if one.state == MessageState.SENT]


def names_sent() -> list[tuple[str, str]]:
    return [(one.channel, one.name) for one in sent() if one.name.startswith("offer")]


def test_what_is_taken_back_of_three_is_left_out_before_they_leave() -> None:
    first, *_others = ask_for([0, 2, 4])
    before = {one.channel: one.body for one in written("offer_several")}
    withdraw(first)
    deliver_all()
    assert names_sent() == [("email", "offer_several"), ("sms", "offer_several")]
    now = {one.channel: one for one in sent()}
    mail, sms = now[Channel.EMAIL], now[Channel.SMS]
    assert "3" in before[Channel.SMS][:20]
    assert "2" in sms.body[:20]
    assert ("08:00" in before[Channel.EMAIL], "08:00" in mail.body) == (True, False)
    assert "10:00" in mail.body
    assert "12:00" in mail.body
    assert ("08:00" in before[Channel.SMS], "08:00" in sms.body) == (True, False)
    assert "2" in mail.subject
    assert "3" not in mail.subject


def test_where_one_remains_it_is_said_as_if_there_had_been_no_others() -> None:
    first, second, third = ask_for([0, 2, 4])
    withdraw(first, third)
    deliver_all()
    assert names_sent() == [("email", "offer"), ("sms", "offer")]
    assert all("10:00" in one.body for one in sent() if one.name == "offer")
    assert {one.about for one in sent() if one.name == "offer"} == {f"offer:{second}"}


def test_where_nothing_remains_nothing_is_sent() -> None:
    withdraw(*ask_for([0, 2]))
    deliver_all()
    assert names_sent() == []


def test_what_was_left_out_is_kept_as_taken_back_with_what_it_was_to_say() -> None:
    first, *_others = ask_for([0, 2, 4])
    withdraw(first)
    alone = [one for one in written("offer") if one.about == f"offer:{first}"]
    assert {(one.channel, one.state, one.error_code) for one in alone} == {
        ("email", "settled", "taken-back"),
        ("sms", "settled", "taken-back"),
    }
    assert all("08:00" in one.body and not one.parts for one in alone)


def test_what_is_past_its_time_is_left_out_when_the_others_leave() -> None:
    ask_for([0, 2, 4])
    with transaction():
        for one in written("offer_several"):
            each = (one.parts or {})["each"]
            past = each[0] | {"until": (NOW - timedelta(minutes=1)).isoformat()}
            one.parts = (one.parts or {}) | {"each": [past, *each[1:]]}
    deliver_all()
    left = [one for one in sent() if one.name == "offer_several"]
    assert all("08:00" not in one.body and "10:00" in one.body for one in left)
    assert {one.error_code for one in written("offer")} == {"too-late"}


def test_who_may_have_read_it_already_hears_that_it_is_taken_back() -> None:
    first, *_others = ask_for([0, 2, 4])
    with transaction():
        for one in written("offer_several"):
            one.may_have_left = True
    withdraw(first)
    assert {one.channel for one in written("offer_withdrawn")} == {"email", "sms"}
    assert all("08:00" not in one.body for one in written("offer_several"))


def test_nothing_secret_is_kept_of_what_has_left() -> None:
    ask_for([0, 2])
    assert all(one.parts for one in written("offer_several"))
    deliver_all()
    assert not any(one.parts for one in written())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_written_anew_a_message_says_what_it_said() -> None:
    ask_for([0, 2, 4])
    for one in written("offer_several"):
        before = one.subject, one.body
        several._write(one, one.parts or {})
        assert (one.subject, one.body, one.name) == (*before, f"offer{SEVERAL}")
