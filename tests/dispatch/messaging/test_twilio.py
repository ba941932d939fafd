"""SMS handed to Twilio: taken, refused for good, told to wait, cut off."""

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest

from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.messaging import calling, service
from dispatch.messaging.rules import Channel, MessageState
from dispatch.settings import Settings, use
from tests.dispatch.messaging.outbox import queued, row
from tests.dispatch.messaging.peers import CUT, DRIP, TAKEN, Twilio, listening
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
    assert service.deliver(message_id, NOW + timedelta(seconds=40)) is None
    assert row(message_id).state == MessageState.SENT
    assert not row(message_id).perhaps_repeated


def test_told_to_slow_down_without_a_time_it_waits_its_own_pause(twilio: Twilio) -> None:
    message_id = queued(Channel.SMS)
    twilio.refuse(429, 20429)
    assert service.deliver(message_id, NOW) == 5


HTML = "<html><body>Welcome to the hotel's network</body></html>"


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, HTML),
        (201, {}, '{"sid": "SM0123'),
        (201, {}, {"status": "queued"}),
        (201, {}, "[]"),
        (201, {}, ""),
        (502, {}, HTML),
        (504, {}, {"code": 20504, "message": "timed out", "status": 504}),
        (503, {}, HTML),
    ],
    ids=["page", "cut", "without a SID", "list", "empty", "gateway", "gateway timeout", "proxy"],
)
def test_an_answer_that_cannot_be_read_leaves_a_doubt_and_is_never_repeated(
    twilio: Twilio, answer: tuple[int, dict[str, str], dict[str, object] | str]
) -> None:
    message_id = queued(Channel.SMS)
    twilio.answers.append(answer)
    for _ in range(3):
        assert service.deliver(message_id, NOW) is None
    assert row(message_id).state == MessageState.PERHAPS_SENT
    assert len(twilio.forms) == 1


def test_an_answer_that_drips_is_given_up(twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "TOTAL_SECONDS", 0.3)
    message_id = queued(Channel.SMS)
    twilio.answers.append(DRIP)
    assert service.deliver(message_id, NOW) is None
    assert row(message_id).state == MessageState.PERHAPS_SENT


def test_an_sms_is_worth_nothing_to_the_network_after_its_time(twilio: Twilio) -> None:
    service.deliver(queued(Channel.SMS, until=NOW + timedelta(minutes=10)), NOW)
    assert twilio.forms[0]["ValidityPeriod"] == "600"


def test_a_refusal_that_cannot_be_read_has_taken_nothing(twilio: Twilio) -> None:
    message_id = queued(Channel.SMS)
    twilio.answers.append((400, {}, HTML))
    assert service.deliver(message_id, NOW) is None
    assert (row(message_id).state, row(message_id).error) == (MessageState.FAILED, "HTTP 400")


def test_an_address_of_twilio_that_is_none_is_an_outage(settings: Settings) -> None:
    use(settings.model_copy(update={"twilio_base_url": "ftp://127.0.0.1/"}))
    message_id = queued(Channel.SMS)
    assert service.deliver(message_id, NOW) == 5
    assert row(message_id).error_code == "provider-away"


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
    assert (row(message_id).error_code, row(message_id).error) == ("opted-out", "Twilio 21610")
    assert len(twilio.forms) == 1
    (entry,) = ledger.history(Concerning(message=message_id))
    assert entry.kind == "message.suppressed"


@pytest.mark.parametrize("code", [21211, 21612, 21614, 21635, 99999])
def test_what_no_repetition_mends_has_failed(twilio: Twilio, code: int) -> None:
    message_id = queued(Channel.SMS)
    twilio.refuse(400, code)
    assert service.deliver(message_id, NOW) is None
    assert row(message_id).state == MessageState.FAILED
    assert row(message_id).error == f"Twilio {code}"


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
