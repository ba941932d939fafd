"""While a way is down one message tries it, the others wait; it opens again by itself."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from dispatch.database import db, transaction
from dispatch.messaging import delivery, queries, rules, service, transports
from dispatch.messaging.models import Message
from dispatch.messaging.queries import Transport
from dispatch.messaging.rules import Channel, MessageState, TransportError, Way
from dispatch.messaging.transports import Kind
from dispatch.settings import active, use
from tests.dispatch.messaging.outbox import queued, row, write
from tests.dispatch.messaging.test_batches import waiting
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


class Wire:
    """A transport that does what it is told, and counts."""

    def __init__(self) -> None:
        self.error: TransportError | None = None
        self.tries = 0
        self.closes_after: int | None = None

    def send(self, *_message: object) -> str:
        self.tries += 1
        if self.closes_after is not None and self.tries > self.closes_after:
            self.error, self.closes_after = TransportError("server-away", outage=True), None
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


def test_who_asks_while_a_probe_is_under_way_comes_back_in_seconds(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.error = TransportError("server-away", outage=True)
    service.deliver(queued(about="offer:1"), NOW)
    probe, meanwhile = queued(about="offer:2"), [queued(about="offer:3")]
    pauses: list[float | None] = []

    def under_way(*_message: object) -> str:
        pauses.extend(service.deliver(one, at(6)) for one in meanwhile)
        return "taken"

    monkeypatch.setattr(transports, "send", under_way)
    assert service.deliver(probe, at(6)) is None
    (pause,) = pauses
    assert pause is not None
    assert 1 < pause <= 11


def test_what_was_under_way_when_a_way_closed_says_no_more_than_the_first(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [queued(about=f"offer:{number}") for number in range(5)]
    pauses: list[float | None] = []

    def full(*_message: object) -> str:
        if others:  # they are handed over at the same time
            pauses.append(service.deliver(others.pop(), NOW))
        raise TransportError("slow-down", outage=True, retry_after=2)

    monkeypatch.setattr(transports, "send", full)
    pauses.append(service.deliver(queued(about="offer:9"), NOW))
    assert pauses == [2] * 6
    monkeypatch.setattr(transports, "send", wire.send)
    assert service.deliver(queued(about="offer:10"), at(2)) is None
    assert mail().is_well


@pytest.mark.parametrize(
    "answer", [None, TransportError("recipient-refused", permanent=True)], ids=["taken", "refused"]
)
def test_what_left_before_a_way_closed_does_not_open_it_again(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, answer: TransportError | None
) -> None:
    wire.error = TransportError("provider-busy", outage=True)  # one stumble, that stops nobody
    service.deliver(queued(about="offer:1"), NOW)
    before, told = queued(about="offer:2"), queued(about="offer:3")

    def slow(*_message: object) -> str:
        monkeypatch.setattr(transports, "send", wire.send)
        wire.error = TransportError("slow-down", outage=True, retry_after=40)
        service.deliver(told, at(1))
        if answer is not None:
            raise answer
        return "taken"

    monkeypatch.setattr(transports, "send", slow)
    service.deliver(before, NOW)
    assert mail().state == Way.SLOWED
    tries = wire.tries
    service.deliver(queued(about="offer:4", urgent=True), at(40))
    assert wire.tries == tries, "nobody calls before the time is over"


def test_a_probe_that_hung_opens_nothing_after_a_later_one_was_refused(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.error = TransportError("server-away", outage=True)
    service.deliver(queued(about="offer:1"), NOW)
    later = queued(about="offer:3")

    def hung(*_message: object) -> str:
        monkeypatch.setattr(transports, "send", wire.send)
        service.deliver(later, at(12))
        return "taken"

    monkeypatch.setattr(transports, "send", hung)
    assert service.deliver(queued(about="offer:2"), at(6)) is None
    assert mail().state == Way.DOWN


def test_what_is_asked_of_us_counts_from_the_answer(wire: Wire) -> None:
    wire.error = TransportError("slow-down", outage=True, retry_after=40)
    times = iter([NOW, at(20)])
    alone = [queued(about="offer:1")]  # as most messages leave: in a job of its own
    assert service.deliver_in_turn(alone, lambda: next(times)) == 40
    wire.error = None
    assert service.deliver(queued(about="offer:2"), at(59)) is not None
    assert service.deliver(queued(about="offer:3"), at(60)) is None


def test_an_urgent_message_looks_every_second_whether_the_probe_of_another_got_through(
    wire: Wire,
) -> None:
    wire.error = TransportError("server-away", outage=True)
    service.deliver(queued(about="offer:1"), NOW)
    urgent = queued(about="offer:2", urgent=True)
    assert [service.deliver(urgent, at(seconds)) for seconds in (1, 4.5)] == [1, 0.5]
    wire.error = TransportError("slow-down", outage=True, retry_after=40)
    service.deliver(queued(about="offer:3"), at(5))
    assert service.deliver(urgent, at(6)) == 39, "as long as was asked"
    wire.error = None
    assert service.deliver(urgent, at(45)) is None


def test_asked_to_wait_for_two_seconds_it_waits_two() -> None:
    asked = TransportError("slow-down", outage=True, retry_after=2)
    assert [rules.probe_pause(failures, asked) for failures in (1, 2)] == [2, 15]


def test_one_stumble_stops_nobody_and_three_in_a_row_stop_all(wire: Wire) -> None:
    messages = [queued(about=f"offer:{number}") for number in range(5)]
    for message_id in messages[:4]:
        wire.error = TransportError("provider-busy", outage=True)
        assert service.deliver(message_id, NOW) == 5
        assert mail().is_well
        wire.error = None
        assert service.deliver(message_id, at(5)) is None
    wire.error = TransportError("provider-busy", outage=True)
    last = messages[4]
    assert [service.deliver(last, NOW) for _ in range(3)] == [5, 5, 5]
    assert mail().state == Way.DOWN
    assert row(last).attempts == 0


def test_after_a_stumble_an_urgent_message_is_tried_again_sooner(wire: Wire) -> None:
    wire.error = TransportError("provider-busy", outage=True)
    urgent, usual = queued(about="offer:1", urgent=True), queued(about="offer:2")
    assert (service.deliver(urgent, NOW), service.deliver(usual, NOW)) == (2, 5)
    assert service.deliver(urgent, at(2)) == 5, "the third in a row closes the way"
    assert mail().state == Way.DOWN


def test_when_a_way_closes_the_rest_of_a_batch_waits_as_one(wire: Wire) -> None:
    with transaction():
        ids = [write(about=f"offer:{number}").id for number in range(6)]
    wire.closes_after = 2
    assert service.deliver_in_turn(ids, lambda: NOW) is None
    assert [row(one).state for one in ids] == ["sent"] * 2 + ["queued"] * 4
    assert ids[2:] in [messages for messages, _priority in waiting()]
    assert {row(one).next_try_at for one in ids[3:]} == {at(5)}
    assert wire.tries == 3
    wire.error = None
    pause = service.deliver_in_turn(ids[2:], lambda: at(1))
    assert pause is not None
    assert 4 < pause < 11, "it comes back itself, with all of them"
    assert service.deliver_in_turn(ids[2:], lambda: at(12)) is None
    assert [row(one).state for one in ids] == ["sent"] * 6


def paced(rate: float) -> None:
    use(active().model_copy(update={"mails_per_second": rate}))


def test_at_a_pace_each_message_has_a_turn_of_its_own_and_an_urgent_one_is_soon(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(delivery, "sleep", slept.append)
    paced(10)
    for number in range(12):
        assert service.deliver(queued(about=f"offer:{number}"), NOW) is None
    assert slept == pytest.approx([number / 10 for number in range(1, 12)])
    paced(1)
    assert [service.deliver(queued(about=f"account:{n}"), NOW) is None for n in (1, 2, 3)] == [
        True,
        False,
        False,
    ], "whoever would wait for more than two seconds comes back later"
    assert service.deliver(queued(about="account:4", urgent=True), NOW) is None
    assert slept[-1] == pytest.approx(2.2)


def test_while_it_waits_for_its_turn_what_no_longer_stands_is_not_sent(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_back(_seconds: float) -> None:
        with transaction():
            service.take_back("offer:2", now=NOW)

    monkeypatch.setattr(delivery, "sleep", take_back)
    paced(5)
    service.deliver(queued(about="offer:1"), NOW)
    message_id = queued(about="offer:2")
    assert service.deliver(message_id, NOW) is None
    assert (row(message_id).state, wire.tries) == (MessageState.SETTLED, 1)


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


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("de", "im Moment gehen keine SMS hinaus"),
        ("en", "no text messages go out at the moment"),
        ("el", "αυτή τη στιγμή δεν φεύγουν SMS"),
    ],
)
def test_what_is_urgent_and_has_waited_five_minutes_for_sms_goes_by_mail_once(
    wire: Wire, locale: str, said: str
) -> None:
    wire.error = TransportError("provider-away", outage=True)
    with transaction():
        urgent, other = (
            write(Channel.SMS, about=f"offer:{number}", urgent=number == 1) for number in (1, 2)
        )
        for one in (urgent, other):
            one.otherwise_to, one.locale = "kim@example.org", locale
    for seconds in (0, 60, 290, 310, 900):
        for one in (urgent, other):
            service.deliver(one.id, at(seconds))
        assert len(instead()) == (seconds >= 300), seconds
    (mail,) = instead()
    assert (mail.recipient, mail.urgent) == ("kim@example.org", True)
    assert said in mail.body
    assert urgent.body in mail.body
    wire.error = None
    for one in (urgent, other):
        service.deliver(one.id, at(3_600))
    assert {row(one.id).state for one in (urgent, other)} == {MessageState.SENT}
    assert len(instead()) == 1


def instead() -> list[Message]:
    found = sa.select(Message).where(Message.name == "instead_of_sms")
    return list(db.session.scalars(found))
