"""While a way is down one message tries it, the others wait; it opens again by itself."""

from datetime import datetime, timedelta

import pytest

from dispatch.messaging import queries, service, transports
from dispatch.messaging.queries import Transport
from dispatch.messaging.rules import Channel, MessageState, TransportError, Way
from dispatch.messaging.transports import Kind
from dispatch.settings import active, use
from tests.dispatch.messaging.outbox import queued, row
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


class Wire:
    """A transport that does what it is told, and counts."""

    def __init__(self) -> None:
        self.error: TransportError | None = None
        self.tries = 0

    def send(self, *_message: object) -> str:
        self.tries += 1
        if self.error:
            raise self.error
        return "taken"


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire()
    monkeypatch.setattr(transports, "send", wire.send)
    return wire


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def mail(now: datetime = NOW) -> Transport:
    return next(one for one in queries.transports(now) if one.channel == Channel.EMAIL)


def test_while_a_way_is_down_only_a_probe_is_tried(wire: Wire) -> None:
    wire.error = TransportError("server-away", "refused", outage=True)
    messages = [queued(about=f"offer:{number}") for number in range(5)]
    for message_id in messages:
        assert service.deliver(message_id, NOW) is not None
    assert wire.tries == 1
    assert {row(one).state for one in messages} == {MessageState.QUEUED}
    assert {row(one).attempts for one in messages} == {0}
    for message_id in messages:
        service.deliver(message_id, at(6))
    assert wire.tries == 2


def test_it_is_seen_since_when_a_way_is_down_why_and_how_many_wait(wire: Wire) -> None:
    assert mail().is_well
    wire.error = TransportError("login-refused", "535 bad password", outage=True)
    for number in range(3):
        service.deliver(queued(about=f"offer:{number}"), at(number))
    found = mail(at(60))
    assert (found.state, found.since, found.waiting) == (Way.DOWN, NOW, 3)
    assert not found.is_well
    assert found.reason == (
        "The mail server does not accept our name and password. (535 bad password)"
    )
    assert next(one for one in queries.transports(NOW) if one.channel == Channel.SMS).is_well


def test_it_opens_again_by_itself_and_everything_goes_out(wire: Wire) -> None:
    wire.error = TransportError("server-away", outage=True)
    messages = [queued(about=f"offer:{number}") for number in range(3)]
    for message_id in messages:
        service.deliver(message_id, NOW)
    wire.error = None
    for message_id in messages:
        assert service.deliver(message_id, at(6)) is None
    assert {row(one).state for one in messages} == {MessageState.SENT}
    found = mail(at(7))
    assert (found.state, found.since, found.waiting) == (Way.UP, at(6), 0)


def test_a_refusal_of_one_message_shows_that_the_way_is_open(wire: Wire) -> None:
    wire.error = TransportError("server-away", outage=True)
    service.deliver(queued(about="offer:1"), NOW)
    wire.error = TransportError("recipient-refused", permanent=True)
    service.deliver(queued(about="offer:2"), at(6))
    assert mail().is_well


def test_told_to_slow_down_nobody_tries_before_the_time_is_over(wire: Wire) -> None:
    wire.error = TransportError("slow-down", outage=True, retry_after=40)
    first, second = queued(about="offer:1"), queued(about="offer:2")
    assert service.deliver(first, NOW) == 40
    wire.error = None
    assert 1 < (service.deliver(second, at(39)) or 0) < 63
    assert wire.tries == 1
    assert service.deliver(second, at(40)) is None


def test_an_outage_of_one_channel_stops_no_other(wire: Wire) -> None:
    wire.error = TransportError("server-away", outage=True)
    service.deliver(queued(), NOW)
    wire.error = None
    assert service.deliver(queued(Channel.SMS), NOW) is None


def test_what_waits_through_an_outage_is_not_sent_when_it_no_longer_stands(wire: Wire) -> None:
    wire.error = TransportError("server-away", outage=True)
    message_id = queued(until=at(3600))
    service.deliver(message_id, NOW)
    wire.error = None
    assert service.deliver(message_id, at(3600)) is None
    assert row(message_id).error_code == "too-late"
    assert wire.tries == 1


def test_where_one_channel_is_real_the_other_does_not_pretend_to_send() -> None:
    use(active().model_copy(update={"smtp_url": "smtp://127.0.0.1:1"}))
    message_id = queued(Channel.SMS)
    assert service.deliver(message_id, NOW) == 5
    assert row(message_id).error_code == "not-set-up"
    found = next(one for one in queries.transports(NOW) if one.channel == Channel.SMS)
    assert (found.kind, found.waiting, found.is_well) == (Kind.NONE, 1, False)
    assert found.reason == "No way is set up for messages of this kind."
    assert not active().sink_dir.exists()


def test_a_sink_that_cannot_be_written_to_is_an_outage() -> None:
    active().sink_dir.write_text("no folder")
    message_id = queued()
    assert service.deliver(message_id, NOW) == 5
    assert row(message_id).error_code == "sink-unwritable"
