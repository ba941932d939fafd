"""What becomes of a message."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatch import messaging
from dispatch.errors import Conflict
from dispatch.messaging import rules, words
from dispatch.messaging.rules import Channel, MessageState, TransportError
from dispatch.messaging.sms_twilio import REASON_OF

SOON, DAY = timedelta(minutes=1), timedelta(days=1)
BUSY = TransportError("server-busy")
REFUSED = TransportError("mail-refused", permanent=True)
UNKNOWN = TransportError("no-answer", unknown=True)
STOPPED = TransportError("opted-out", permanent=True, opted_out=True)
AWAY = TransportError("server-away", outage=True)


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


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (UNKNOWN, MessageState.PERHAPS_SENT),
        (REFUSED, MessageState.PERHAPS_SENT),
        (BUSY, MessageState.QUEUED),
        (AWAY, MessageState.QUEUED),
    ],
)
def test_what_was_in_doubt_once_is_not_repeated_in_doubt_and_never_said_to_have_failed(
    error: TransportError, state: MessageState
) -> None:
    assert rules.state_after(error, Channel.EMAIL, SOON, may_have_left=True) == state


def test_attempts_are_counted_and_come_to_an_end() -> None:
    last = {"attempts": rules.MOST_ATTEMPTS}
    assert rules.state_after(BUSY, Channel.EMAIL, SOON, **last) == MessageState.FAILED  # type: ignore[arg-type]
    assert rules.state_after(AWAY, Channel.EMAIL, SOON, **last) == MessageState.QUEUED  # type: ignore[arg-type]


def test_who_waits_because_the_way_is_down_waits_for_days_but_not_for_ever() -> None:
    assert rules.state_after(AWAY, Channel.SMS, 4 * DAY) == MessageState.QUEUED
    assert rules.state_after(AWAY, Channel.SMS, 5 * DAY) == MessageState.FAILED


def test_what_is_taken_back_or_too_late_no_longer_stands() -> None:
    now = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
    why = rules.why_it_no_longer_stands
    assert why(None, None, now) is None
    assert why(None, now + SOON, now) is None
    assert why(None, now, now) == "too-late"
    assert why(now - SOON, None, now) == "taken-back"


def test_every_reason_a_message_can_have_is_said_in_words() -> None:
    source = "".join(path.read_text() for path in Path(messaging.__path__[0]).glob("*.py"))
    said = set(
        re.findall(r"""(?:TransportError\(\s*|error_code = |close\(\w+, )"([a-z-]+)\"""", source)
    )
    said |= {*REASON_OF.values(), *words.UNUSABLE.values()}
    assert {"server-away", "taken-back"} <= said <= set(words.REASONS)
    assert words.reason("server-away", "refused") == "The mail server cannot be reached. (refused)"
    assert words.reason("") == ""


def test_pauses_grow_to_an_hour() -> None:
    pauses = [rules.pause_after(attempts, BUSY) for attempts in range(1, 9)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (5, 3600)


def test_a_provider_can_ask_for_a_longer_pause_but_not_for_a_shorter_one() -> None:
    wait = TransportError("slow-down", retry_after=90)
    assert rules.pause_after(1, wait) == 90
    assert rules.pause_after(6, wait) == 3600
    assert TransportError("slow-down", retry_after=1e9).retry_after == 3600


def test_what_failed_together_does_not_come_back_together() -> None:
    assert rules.pause_after(1, BUSY, 0.5) == 5 * 1.125
    assert rules.pause_after(1, BUSY, 1.0) == 6.25


def test_a_way_that_is_down_is_tried_every_minute_at_the_latest() -> None:
    assert [rules.probe_pause(failures, AWAY) for failures in (1, 2, 3, 4, 9)] == [
        5,
        15,
        30,
        60,
        60,
    ]
    assert rules.probe_pause(9, TransportError("slow-down", retry_after=90)) == 90


def test_a_link_is_shown_without_what_makes_it_work() -> None:
    text = "Bis 16:30: https://dragoman.example/o/AbCdEf_-0123456789ghij Danke"
    assert rules.without_secrets(text) == "Bis 16:30: https://dragoman.example/o/… Danke"
    plain = "https://dragoman.example/assignments/4711 am 02.03.2027"
    assert rules.without_secrets(plain) == plain


@pytest.mark.parametrize("state", sorted(set(MessageState) - rules.NEEDS_A_PERSON))
def test_only_what_waits_for_a_person_is_decided_by_one(state: MessageState) -> None:
    with pytest.raises(Conflict):
        rules.require_waits_for_a_person(state)
