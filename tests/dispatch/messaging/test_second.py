"""While the first provider of SMS does not work, what is urgent goes by the second."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest

from dispatch.messaging import queries, rules, service
from dispatch.messaging.rules import Channel, MessageState, Way
from dispatch.settings import Settings, active, use
from tests.dispatch.messaging.outbox import queued, row
from tests.dispatch.messaging.peers import Answer, Twilio, listening
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
ASKED_TO_WAIT = 2
AWAY: Answer = (500, {}, {"code": 20500, "message": "trouble", "status": 500})
"""Three in a row close the way."""


class Providers:
    """Both of them on this machine: `first` is Twilio, `second` is seven."""

    def __init__(self) -> None:
        self.first, self.second = Twilio(), Twilio()
        self._number = 0

    def hand_over(self, at: datetime, *, urgent: bool) -> int:
        """Queue an SMS and try it once; return its number."""
        self._number += 1
        message_id = queued(Channel.SMS, about=f"offer:{self._number}", urgent=urgent)
        service.deliver(message_id, at)
        return message_id

    def go_down(self, at: datetime) -> None:
        """Have the first answer with trouble of its own until its way is closed."""
        self.first.answers += [AWAY] * 3
        for _try in range(3):
            self.hand_over(at, urgent=False)

    @property
    def taken(self) -> tuple[int, int]:
        """How many calls each had."""
        return len(self.first.forms), len(self.second.forms)


@pytest.fixture
def providers(settings: Settings) -> Iterator[Providers]:
    both = Providers()
    with ExitStack() as running:
        for one in (both.first, both.second):
            running.enter_context(listening(one))
        use(
            settings.model_copy(
                update={
                    "twilio_account_sid": "AC1",
                    "twilio_auth_token": "x",
                    "twilio_from": "+4915735982345",
                    "twilio_base_url": both.first.url,
                    "seven_api_key": "y",
                    "seven_signing_key": "z",
                    "seven_from": "+4915735982346",
                    "seven_base_url": both.second.url,
                    "sms_first": "twilio",
                    "sms_per_day": 1000,
                }
            )
        )
        both.second.answers += [
            (200, {}, {"success": "100", "messages": [{"id": f"{n}", "success": True}]})
            for n in range(20)
        ]
        yield both


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def sms() -> queries.Transport:
    return next(one for one in queries.transports(NOW) if one.channel == Channel.SMS)


def test_while_the_first_provider_is_down_what_is_urgent_goes_by_the_second(
    providers: Providers,
) -> None:
    providers.go_down(NOW)
    before = providers.taken[0]
    urgent = providers.hand_over(at(1), urgent=True)
    usual = providers.hand_over(at(1), urgent=False)
    assert (row(urgent).state, row(urgent).sender) == (MessageState.SENT, "+4915735982346")
    assert row(usual).state == MessageState.QUEUED
    assert providers.taken == (before, 1)
    assert providers.second.forms[0]["from"] == "4915735982346"
    assert "Urgent SMS go by seven meanwhile." in sms().reason
    service.deliver(usual, at(10))  # finds out that the first one works again
    assert sms().state == Way.UP
    providers.hand_over(at(20), urgent=True)
    assert providers.taken[1] == 2, "not back at once"
    back = providers.hand_over(at(10 + 301), urgent=True)
    assert (row(back).state, row(back).sender) == (MessageState.SENT, "+4915735982345")
    assert providers.taken[1] == 2
    assert sms().second == ""


def test_an_urgent_sms_that_meets_the_trouble_itself_goes_over_with_its_next_try(
    providers: Providers,
) -> None:
    providers.first.answers += [AWAY] * 3
    urgent = [providers.hand_over(NOW, urgent=True) for _one in range(3)]
    for message_id in urgent:
        assert service.deliver(message_id, at(5)) is None
    assert {row(one).state for one in urgent} == {MessageState.SENT}
    assert providers.taken == (3, 3)


def test_a_provider_that_comes_and_goes_has_urgent_sms_go_over_once(providers: Providers) -> None:
    for round_ in range(6):  # down for ten seconds, up for fifty, for six minutes
        start = 60 * round_
        providers.go_down(at(start))
        providers.hand_over(at(start + 5), urgent=True)
        service.deliver(providers.hand_over(at(start + 20), urgent=False), at(start + 40))
        assert sms().state == Way.UP
        providers.hand_over(at(start + 50), urgent=True)
    assert providers.taken[1] == 12, "every urgent one by the second"


def test_with_both_down_urgent_sms_wait_for_the_first_to_come_back(providers: Providers) -> None:
    providers.go_down(NOW)
    providers.second.answers[:] = [(401, {}, "")]
    urgent = providers.hand_over(at(1), urgent=True)
    assert row(urgent).state == MessageState.QUEUED
    assert (service.deliver(urgent, at(2)) or 0) > 0
    assert providers.taken == (3, 1)
    assert service.deliver(urgent, at(5.5)) is None
    assert row(urgent).state == MessageState.SENT


@pytest.mark.parametrize("is_over", [False, True])
def test_two_slow_providers_change_nothing(providers: Providers, is_over: bool) -> None:
    asked = rules.goes_over(
        Way.SLOWED,
        waits=timedelta(seconds=ASKED_TO_WAIT),
        stands_since=timedelta(seconds=1),
        is_over=is_over,
        second_can=True,
    )
    assert asked is is_over
    for number in range(4):
        assert row(providers.hand_over(at(number * 30), urgent=True)).state == MessageState.SENT
    assert providers.taken == (4, 0)
    assert active().sms_first == "twilio"
