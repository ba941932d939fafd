"""The contract of SMS providers, asked of each of them: Twilio and seven."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from dispatch.messaging import service
from dispatch.messaging.rules import Channel, MessageState
from dispatch.settings import Settings, active, use
from tests.dispatch.messaging.outbox import queued, row
from tests.dispatch.messaging.peers import CUT, Twilio, listening
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
Answer = tuple[int, dict[str, str], dict[str, object] | str]
HTML = "<html><body>Welcome to the hotel's network</body></html>"


def by_twilio(status: int, code: int) -> Answer:
    return status, {}, {"code": code, "message": "no", "status": status}


def by_seven(status: int, code: int) -> Answer:
    return status, {}, {"success": str(code), "messages": []}


TAKEN: dict[str, Answer] = {
    "twilio": (201, {}, {"sid": "SM01", "status": "queued"}),
    "seven": (200, {}, {"success": "100", "messages": [{"id": "SM01", "success": True}]}),
}
REFUSED: dict[str, list[Answer]] = {
    "twilio": [by_twilio(400, 21211), by_twilio(400, 99999)],
    "seven": [
        by_seven(200, 202),
        by_seven(200, 305),
        (200, {}, "202"),
        (200, {}, {"success": "101", "messages": [{"success": False, "error": 202}]}),
        (400, {}, HTML),
    ],
}
DOWN: dict[str, list[Answer]] = {
    "twilio": [by_twilio(401, 20003), by_twilio(500, 20500), by_twilio(429, 20429)],
    "seven": [by_seven(200, 900), by_seven(200, 500), (401, {}, ""), (429, {}, "")],
}
IN_DOUBT: dict[str, list[Answer | None]] = {
    "twilio": [CUT, (200, {}, HTML), (502, {}, HTML)],
    "seven": [
        CUT,
        (200, {}, HTML),
        (502, {}, HTML),
        (200, {}, '{"success": "100", "mess'),
        (200, {}, {"success": "100", "messages": []}),
        by_seven(200, 700),
    ],
}


class Carrier:
    """A provider on this machine, and what it was asked."""

    def __init__(self, name: str, peer: Twilio) -> None:
        self.name, self.peer = name, peer

    def says(self, *answers: Answer | None) -> None:
        self.peer.answers += answers

    @property
    def asked(self) -> list[dict[str, str]]:
        return [{name.lower(): value for name, value in one.items()} for one in self.peer.forms]


@pytest.fixture(params=["twilio", "seven"])
def carrier(request: pytest.FixtureRequest) -> Iterator[Carrier]:
    peer = Twilio()
    with listening(peer):
        yield Carrier(request.param, peer)


@pytest.fixture
def settings(settings: Settings, carrier: Carrier) -> Settings:
    chosen: dict[str, dict[str, Any]] = {
        "twilio": {
            "twilio_account_sid": "AC00000000000000000000000000000001",
            "twilio_auth_token": "test",
            "twilio_base_url": carrier.peer.url,
        },
        "seven": {"seven_api_key": "test", "seven_base_url": carrier.peer.url},
    }
    return settings.model_copy(update=chosen[carrier.name])


def sent(carrier: Carrier, answer: Answer | None, check: Callable[[int], None]) -> None:
    """Have one SMS answered so, and the way open again for the next."""
    carrier.says(answer, TAKEN[carrier.name])
    message_id = queued(Channel.SMS, about=f"account:{len(carrier.asked)}")
    service.deliver(message_id, NOW)
    check(message_id)


def test_what_is_taken_is_sent_once_by_the_city_s_name_to_one_number(carrier: Carrier) -> None:
    carrier.says(TAKEN[carrier.name])
    message_id = queued(Channel.SMS)
    for _twice in range(2):
        assert service.deliver(message_id, NOW) is None
    assert (row(message_id).state, row(message_id).provider_reference) == ("sent", "SM01")
    (form,) = carrier.asked
    assert (form["to"], form["from"]) == ("+4915228817386", "Dolmetscher")
    assert "Erinnerung" in (form.get("body") or form["text"])


def test_what_is_refused_has_failed(carrier: Carrier) -> None:
    for answer in REFUSED[carrier.name]:
        carrier.peer.answers.clear()
        sent(carrier, answer, lambda id_: _is(id_, MessageState.FAILED))


def test_after_an_outage_the_way_opens_by_itself_and_the_message_goes_out_once(
    carrier: Carrier,
) -> None:
    for answer in DOWN[carrier.name]:
        carrier.peer.answers.clear()
        carrier.says(answer, TAKEN[carrier.name])
        before = len(carrier.asked)
        message_id = queued(Channel.SMS, about=f"account:{before}")
        pause = service.deliver(message_id, NOW)
        assert pause is not None
        assert service.deliver(message_id, NOW + timedelta(seconds=pause)) is None
        assert row(message_id).state == MessageState.SENT
        assert len(carrier.asked) == before + 2


def test_a_doubt_stays_one_and_is_never_repeated(carrier: Carrier) -> None:
    for answer in IN_DOUBT[carrier.name]:
        carrier.peer.answers.clear()
        before = len(carrier.asked)
        carrier.says(answer)
        message_id = queued(Channel.SMS, about=f"account:{before}")
        for _twice in range(2):
            assert service.deliver(message_id, NOW) is None
        _is(message_id, MessageState.PERHAPS_SENT)
        assert len(carrier.asked) == before + 1


def _is(message_id: int, state: MessageState) -> None:
    assert row(message_id).state == state


@pytest.mark.parametrize("carrier", ["seven"], indirect=True)
def test_what_seven_has_already_is_taken(carrier: Carrier) -> None:
    sent(carrier, by_seven(200, 402), lambda id_: _is(id_, MessageState.SENT))


@pytest.mark.parametrize("carrier", ["twilio"], indirect=True)
def test_a_messaging_service_sends_by_a_number_of_its_own_and_can_be_answered(
    carrier: Carrier,
) -> None:
    service_id = "MG00000000000000000000000000000001"
    use(active().model_copy(update={"twilio_from": service_id}))
    taken: Answer = (201, {}, {"sid": "SM02", "status": "accepted", "from": None})
    carrier.says(taken)
    message_id = queued(Channel.SMS)
    assert service.deliver(message_id, NOW) is None
    (form,) = carrier.asked
    assert (form["messagingservicesid"], form.get("from")) == (service_id, None)
    assert row(message_id).provider_reference == "SM02"
    assert active().takes_sms


@pytest.mark.parametrize("carrier", ["seven"], indirect=True)
def test_a_number_goes_to_seven_in_digits(carrier: Carrier) -> None:
    use(active().model_copy(update={"seven_from": "+4915735982345"}))
    service.deliver(queued(Channel.SMS), NOW)
    assert carrier.asked[0]["from"] == "4915735982345"


def test_of_two_providers_it_must_be_said_which_one_carries() -> None:
    both = {"twilio_account_sid": "AC1", "twilio_auth_token": "x", "seven_api_key": "y"}
    with pytest.raises(ValueError, match="two providers"):
        Settings(**both)  # type: ignore[arg-type]
    assert [one.name for one in Settings(**both, sms_first="seven").sms_carriers] == [  # type: ignore[arg-type]
        "seven",
        "twilio",
    ]
    with pytest.raises(ValueError, match="can be answered"):
        Settings(**both, sms_first="twilio", twilio_from="+4915735982345")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="set up both"):
        Settings(seven_api_key="y", sms_first="seven")
