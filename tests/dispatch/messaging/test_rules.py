"""What becomes of a message, and what fits into an SMS."""

from datetime import timedelta

import pytest

from dispatch.errors import Conflict
from dispatch.messaging import rules
from dispatch.messaging.rules import Channel, MessageState, TransportError

SOON, DAY = timedelta(minutes=1), timedelta(days=1)
BUSY = TransportError("busy")
REFUSED = TransportError("refused", permanent=True)
UNKNOWN = TransportError("cut off", unknown=True)
STOPPED = TransportError("STOP", permanent=True, opted_out=True)


@pytest.mark.parametrize(
    ("error", "channel", "waited", "state"),
    [
        (BUSY, Channel.EMAIL, SOON, MessageState.QUEUED),
        (BUSY, Channel.SMS, SOON, MessageState.QUEUED),
        (BUSY, Channel.EMAIL, DAY - SOON, MessageState.QUEUED),
        (BUSY, Channel.EMAIL, DAY, MessageState.FAILED),
        (REFUSED, Channel.EMAIL, SOON, MessageState.FAILED),
        (UNKNOWN, Channel.EMAIL, SOON, MessageState.QUEUED),
        (UNKNOWN, Channel.SMS, SOON, MessageState.PERHAPS_SENT),
        (UNKNOWN, Channel.SMS, DAY, MessageState.PERHAPS_SENT),
        (STOPPED, Channel.SMS, SOON, MessageState.SUPPRESSED),
    ],
)
def test_what_becomes_of_a_message_that_was_not_handed_over(
    error: TransportError, channel: Channel, waited: timedelta, state: MessageState
) -> None:
    assert rules.state_after(error, channel, waited) == state


def test_pauses_grow_to_an_hour() -> None:
    pauses = [rules.pause_after(attempts, BUSY) for attempts in range(1, 9)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (5, 3600)


def test_a_provider_can_ask_for_a_longer_pause_but_not_for_a_shorter_one() -> None:
    assert rules.pause_after(1, TransportError("wait", retry_after=90)) == 90
    assert rules.pause_after(6, TransportError("wait", retry_after=90)) == 3600


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("ä" * 160, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ş" * 70, 1),
        ("ş" * 71, 2),
        ("ş" * 134, 2),
        ("ş" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_networks_do(text: str, expected: int) -> None:
    assert rules.segments(text) == expected


@pytest.mark.parametrize(
    ("text", "fits"), [("Grüße für Hörde", True), ("10–11", False), ("Şahin", False)]
)
def test_one_foreign_character_leaves_the_small_alphabet(text: str, fits: bool) -> None:
    assert rules.is_gsm(text) is fits


def test_a_link_is_shown_without_what_makes_it_work() -> None:
    text = "Bis 16:30: https://dragoman.example/o/AbCdEf_-0123456789ghij Danke"
    assert rules.without_secrets(text) == "Bis 16:30: https://dragoman.example/o/… Danke"
    plain = "https://dragoman.example/assignments/4711 am 02.03.2027"
    assert rules.without_secrets(plain) == plain


@pytest.mark.parametrize("state", sorted(set(MessageState) - rules.NEEDS_A_PERSON))
def test_only_what_waits_for_a_person_is_decided_by_one(state: MessageState) -> None:
    with pytest.raises(Conflict):
        rules.require_waits_for_a_person(state)
