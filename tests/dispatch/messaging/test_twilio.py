"""SMS handed to Twilio: taken, refused for good, told to wait, cut off."""

import socket
from collections.abc import Iterator

import pytest

from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.messaging import service
from dispatch.messaging.rules import Channel, MessageState
from dispatch.settings import Settings
from tests.dispatch.messaging.outbox import queued, row
from tests.dispatch.messaging.peers import CUT, TAKEN, Twilio, listening
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    server = Twilio()
    with listening(server):
        yield server


@pytest.fixture
def settings(settings: Settings, twilio: Twilio) -> Settings:
    return settings.model_copy(
        update={
            "twilio_account_sid": "AC00000000000000000000000000000001",
            "twilio_auth_token": "test",
            "twilio_from": "+4915735982345",
            "twilio_base_url": twilio.url,
        }
    )


def test_an_sms_that_is_taken_is_sent_and_known_by_its_sid(twilio: Twilio) -> None:
    message_id = queued(Channel.SMS)
    assert service.deliver(message_id, NOW) is None
    message = row(message_id)
    assert message.state == MessageState.SENT
    assert message.provider_reference == TAKEN[2]["sid"]
    (form,) = twilio.forms
    assert form["To"] == "+4915228817386"
    assert form["From"] == "+4915735982345"
    assert form["Body"].startswith("Erinnerung: Einsatz 7, Di 02.03. 10:00-11:00, Rumänisch")


def test_an_urgent_sms_that_comes_too_late_is_not_delivered_at_all(twilio: Twilio) -> None:
    for urgent in (False, True):
        service.deliver(queued(Channel.SMS, urgent=urgent), NOW)
    assert [form["ValidityPeriod"] for form in twilio.forms] == ["14400", "900"]


def test_told_to_slow_down_it_waits_as_long_as_twilio_asks(twilio: Twilio) -> None:
    message_id = queued(Channel.SMS)
    twilio.refuse(429, 20429, Retry_After="40")
    assert service.deliver(message_id, NOW) == 40
    assert row(message_id).state == MessageState.QUEUED
    assert service.deliver(message_id, NOW) is None
    assert row(message_id).state == MessageState.SENT
    assert not row(message_id).perhaps_repeated


def test_told_to_slow_down_without_a_time_it_waits_its_own_pause(twilio: Twilio) -> None:
    message_id = queued(Channel.SMS)
    twilio.refuse(429, 20429)
    assert service.deliver(message_id, NOW) == 5


@pytest.mark.parametrize(("status", "code"), [(500, 20500), (401, 20003)])
def test_what_will_pass_is_tried_again(twilio: Twilio, status: int, code: int) -> None:
    message_id = queued(Channel.SMS)
    twilio.refuse(status, code)
    assert service.deliver(message_id, NOW) == 5
    assert row(message_id).state == MessageState.QUEUED
    assert str(code) in row(message_id).error


def test_who_wants_no_sms_gets_none_and_it_is_not_tried_again(twilio: Twilio) -> None:
    message_id = queued(Channel.SMS)
    twilio.refuse(400, 21610)
    assert service.deliver(message_id, NOW) is None
    assert service.deliver(message_id, NOW) is None
    assert row(message_id).state == MessageState.SUPPRESSED
    assert row(message_id).error == "the recipient wants no SMS (STOP) (Twilio 21610)"
    assert len(twilio.forms) == 1
    (entry,) = ledger.history(Concerning(message=message_id))
    assert entry.kind == "message.suppressed"


@pytest.mark.parametrize("code", [21211, 21612, 21614, 21635, 99999])
def test_what_no_repetition_mends_has_failed(twilio: Twilio, code: int) -> None:
    message_id = queued(Channel.SMS)
    twilio.refuse(400, code)
    assert service.deliver(message_id, NOW) is None
    assert row(message_id).state == MessageState.FAILED
    assert f"(Twilio {code})" in row(message_id).error


def test_cut_off_after_it_may_have_been_taken_it_is_perhaps_sent_and_waits_for_a_person(
    twilio: Twilio,
) -> None:
    message_id = queued(Channel.SMS)
    twilio.answers.append(CUT)
    assert service.deliver(message_id, NOW) is None
    assert row(message_id).state == MessageState.PERHAPS_SENT
    assert service.deliver(message_id, NOW) is None
    assert len(twilio.forms) == 1


def test_a_twilio_that_cannot_be_reached_has_taken_nothing_and_is_tried_again(
    twilio: Twilio,
) -> None:
    twilio.shutdown()
    twilio.server_close()
    message_id = queued(Channel.SMS)
    with socket.socket() as nobody_listens_here:
        nobody_listens_here.bind(twilio.server_address)
        assert service.deliver(message_id, NOW) == 5
    assert row(message_id).state == MessageState.QUEUED
