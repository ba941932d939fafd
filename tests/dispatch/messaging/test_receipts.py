"""Receipts for SMS: in any order, more than once, before we know that it was taken."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.database import transaction
from dispatch.messaging import numbers, receipts, service, transports
from dispatch.messaging.models import Message
from dispatch.messaging.rules import RECEIPT_RANKS, Channel, MessageState, TransportError
from tests.correspondence import written
from tests.dispatch.messaging.outbox import queued, row
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def reported(message_id: int, status: str, error: str = "", sid: str = "SM1") -> Message:
    with transaction():
        receipts.take(message_id, sid, status, error, now=NOW)
    return row(message_id)


def sent(sid: str | None = "SM1", state: MessageState = MessageState.SENT) -> int:
    message_id = queued(Channel.SMS)
    with transaction():
        message = row(message_id)
        message.state, message.provider_reference = state, sid
        message.may_have_left = True
    return message_id


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=60,
    deadline=None,
)
@given(st.lists(st.sampled_from(sorted(RECEIPT_RANKS)), min_size=1, max_size=8))
def test_the_furthest_report_counts_in_whatever_order_they_come(statuses: list[str]) -> None:
    message_id = sent()
    for status in statuses:
        message = reported(message_id, status)
    furthest = max(RECEIPT_RANKS[status] for status in statuses)
    assert RECEIPT_RANKS[message.receipt] == furthest
    has_failed = furthest == RECEIPT_RANKS["failed"]
    assert message.state == (MessageState.FAILED if has_failed else MessageState.SENT)


def test_every_order_of_a_life_ends_the_same() -> None:
    for order in itertools.permutations(["queued", "sent", "undelivered", "delivered"]):
        message_id = sent()
        for status in order:
            message = reported(message_id, status, "30003" if status == "undelivered" else "")
        assert (message.receipt, message.state) == ("delivered", MessageState.SENT), order
        assert message.error_code == ""


def test_a_report_of_another_hand_over_or_in_unknown_words_changes_nothing() -> None:
    message_id = sent()
    assert reported(message_id, "undelivered", sid="SM-of-another").state == MessageState.SENT
    assert reported(message_id, "teleported").receipt == ""
    with transaction():
        receipts.take(987_654, "SM1", "delivered", "", now=NOW)


def test_a_report_takes_the_doubt_whether_it_was_taken() -> None:
    message = reported(sent(None, MessageState.PERHAPS_SENT), "queued")
    assert (message.state, message.provider_reference) == (MessageState.SENT, "SM1")


def test_a_report_that_comes_before_the_answer_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(message: Message, _earlier: object) -> str:
        reported(message.id, "undelivered", "30005")
        return "SM1"

    monkeypatch.setattr(transports, "send", taken)
    message_id = queued(Channel.SMS)
    service.deliver(message_id, NOW)
    assert (row(message_id).state, row(message_id).error_code) == (
        MessageState.FAILED,
        "number-unknown",
    )


def test_what_the_provider_has_is_not_handed_over_again_after_a_worker_died(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transports, "send", lambda *_: pytest.fail("handed over again"))
    message_id = sent("SM1", MessageState.SENDING)
    reported(message_id, "sent")
    service.deliver(message_id, NOW)
    assert row(message_id).state == MessageState.SENT


@pytest.mark.parametrize(
    ("error", "code"),
    [("30003", "handset-away"), ("30006", "not-mobile"), ("30008", "not-delivered")],
)
def test_what_did_not_arrive_waits_for_a_person_and_goes_by_mail_once(
    error: str, code: str
) -> None:
    message_id = sent()
    with transaction():
        row(message_id).otherwise_to = "kim@example.org"
    for status in ("undelivered", "failed"):
        message = reported(message_id, status, error)
    assert (message.state, message.error_code) == (MessageState.FAILED, code)
    (mail,) = written("instead_of_sms")
    assert mail.recipient == "kim@example.org"
    assert "Erinnerung: Einsatz 7, Di 02.03." in mail.body


def test_what_no_longer_stands_is_not_told_by_mail_either() -> None:
    message_id = sent()
    with transaction():
        row(message_id).otherwise_to = "kim@example.org"
        row(message_id).makes_sense_until = NOW - timedelta(seconds=1)
    reported(message_id, "undelivered", "30003")
    assert written("instead_of_sms") == []


def test_a_block_of_the_provider_is_noticed_and_lifted_by_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> str:
        raise TransportError("opted-out", "Twilio 21610", permanent=True, opted_out=True)

    number = "+4915228817386"
    with monkeypatch.context() as refusing:
        refusing.setattr(transports, "send", refuse)
        blocked = queued(Channel.SMS, about="offer:1")
        service.deliver(blocked, NOW)
        assert row(blocked).state == MessageState.SUPPRESSED
        next_one = queued(Channel.SMS, about="offer:2")
        service.deliver(next_one, NOW)
    assert row(next_one).state == MessageState.SETTLED  # one task is enough
    with transaction():
        assert numbers.is_silent(number)
        numbers.start(number)
    last = queued(Channel.SMS, about="offer:3")
    service.deliver(last, NOW)
    assert row(last).state == MessageState.SENT
