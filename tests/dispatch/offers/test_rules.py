"""By when an answer is due, and what can still be answered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.clock import at_place
from dispatch.errors import Refusal
from dispatch.offers import rules
from dispatch.offers.rules import OfferState

BERLIN = "Europe/Berlin"
MONDAY_NINE = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)


def on_weekdays(day: date) -> bool:
    return day.weekday() < 5


def due(start: datetime, now: datetime = MONDAY_NINE) -> str:
    deadline = rules.answer_deadline(now, start, BERLIN, on_weekdays)
    return at_place(deadline, BERLIN).strftime("%a %d.%m. %H:%M")


@pytest.mark.parametrize(
    ("days_ahead", "expected"),
    [
        (35, "Fri 05.03. 15:00"),
        (18, "Wed 03.03. 15:00"),
        (4, "Tue 02.03. 15:00"),
        (1, "Mon 01.03. 16:30"),
    ],
)
def test_the_longer_ahead_the_more_time_to_answer(days_ahead: int, expected: str) -> None:
    assert due(MONDAY_NINE + timedelta(days=days_ahead)) == expected


def test_an_urgent_question_waits_an_hour() -> None:
    assert due(MONDAY_NINE + timedelta(hours=6)) == "Mon 01.03. 10:00"


def test_a_very_urgent_question_waits_half_of_what_is_left() -> None:
    assert due(MONDAY_NINE + timedelta(minutes=40)) == "Mon 01.03. 09:20"


def test_asked_on_the_afternoon_before_it_is_urgent() -> None:
    afternoon = datetime(2027, 3, 1, 14, 0, tzinfo=UTC)
    assert due(afternoon + timedelta(hours=18), afternoon) == "Mon 01.03. 16:00"


def test_a_weekend_does_not_count() -> None:
    friday = datetime(2027, 3, 5, 8, 0, tzinfo=UTC)
    assert due(datetime(2027, 3, 9, 8, 0, tzinfo=UTC), friday) == "Mon 08.03. 15:00"


@given(st.integers(1, 60 * 24 * 60))
def test_no_deadline_lies_after_the_start_or_before_now(minutes_ahead: int) -> None:
    start = MONDAY_NINE + timedelta(minutes=minutes_ahead)
    deadline = rules.answer_deadline(MONDAY_NINE, start, BERLIN, on_weekdays)
    assert MONDAY_NINE < deadline <= start


@pytest.mark.parametrize(
    ("state", "code", "status"),
    [
        (OfferState.ACCEPTED, "already-accepted", 409),
        (OfferState.DECLINED, "already-declined", 409),
        (OfferState.LOST, "taken", 409),
        (OfferState.WITHDRAWN, "withdrawn", 410),
        (OfferState.EXPIRED, "expired", 410),
    ],
)
def test_what_is_answered_or_over_says_so(state: OfferState, code: str, status: int) -> None:
    with pytest.raises(Refusal) as refused:
        rules.require_answerable(state, MONDAY_NINE + timedelta(hours=1), MONDAY_NINE)
    assert (refused.value.code, refused.value.status) == (code, status)


def test_after_the_deadline_nothing_can_be_answered() -> None:
    with pytest.raises(Refusal) as refused:
        rules.require_answerable(OfferState.MADE, MONDAY_NINE, MONDAY_NINE)
    assert refused.value.code == "expired"
