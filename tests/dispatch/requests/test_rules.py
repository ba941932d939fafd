"""What may be asked for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dispatch import cities
from dispatch.errors import Conflict, Refusal
from dispatch.requests import again, references, rules
from dispatch.requests.rules import RequestState

NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)


def refusal_of(rule: object, *arguments: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        rule(*arguments)  # type: ignore[operator]
    return refused.value


def test_an_end_before_the_start_is_refused() -> None:
    assert refusal_of(rules.require_duration, -30).code == "end-before-start"


@pytest.mark.parametrize("minutes", [14, 601])
def test_a_talk_too_short_or_too_long_is_refused(minutes: int) -> None:
    assert refusal_of(rules.require_duration, minutes).code == "duration-out-of-range"


@pytest.mark.parametrize("minutes", [15, 60, 600])
def test_a_usual_talk_is_fine(minutes: int) -> None:
    rules.require_duration(minutes)


def test_a_start_in_the_past_is_refused() -> None:
    assert refusal_of(rules.require_future, NOW, NOW).code == "start-in-the-past"


def test_a_start_in_two_years_is_refused() -> None:
    wanted = NOW + timedelta(days=730)
    assert refusal_of(rules.require_future, wanted, NOW).code == "start-too-far-ahead"


@pytest.mark.parametrize("count", [0, 50])
def test_nobody_or_a_crowd_is_refused(count: int) -> None:
    refusal = refusal_of(rules.require_count, count)
    assert refusal.code == "interpreter-count-out-of-range"
    assert refusal.field == "interpreter_count"


def test_a_long_story_in_the_note_is_refused() -> None:
    assert refusal_of(rules.require_note, "x" * 501).code == "note-too-long"


def test_a_cancellation_may_be_taken_back_but_what_is_over_stays_over() -> None:
    rules.require_transition(RequestState.CANCELLED, RequestState.OPEN)
    for over in (RequestState.COMPLETED, RequestState.UNFILLED):
        with pytest.raises(Conflict):
            rules.require_transition(over, RequestState.OPEN)


def test_every_state_but_the_first_can_be_reached() -> None:
    reached = {state for states in rules.TRANSITIONS.values() for state in states}
    assert reached | {RequestState.OPEN} == set(RequestState)


def test_the_reference_can_be_read_out_on_the_telephone() -> None:
    assert references.reference(cities.named("dortmund"), 2027, 123_456) == "DO-2027-CCRVDW"
    assert references.reference(cities.named("athens"), 2027, 0) == "ATH-2027-CCCCCC"


def test_no_letter_of_a_reference_looks_like_another() -> None:
    assert not set(references.ALPHABET) & set("O0I1L2Z5S8BUAE")


@pytest.mark.parametrize(("answer", "meant"), [("first", False), ("second", True), ("", None)])
def test_which_of_two_equal_times_is_meant(answer: str, meant: bool | None) -> None:
    assert rules.second_occurrence(answer) is meant


@pytest.mark.parametrize(
    ("day", "today", "then"),
    [
        ((2027, 3, 2), (2027, 3, 1), (2027, 3, 9)),
        ((2027, 3, 2), (2027, 3, 2), (2027, 3, 9)),
        ((2027, 3, 2), (2027, 3, 9), (2027, 3, 16)),
        ((2027, 3, 2), (2027, 4, 1), (2027, 4, 6)),
    ],
)
def test_next_week_is_whole_weeks_later_and_to_come(
    day: tuple[int, int, int], today: tuple[int, int, int], then: tuple[int, int, int]
) -> None:
    assert again.same_weekday_next(date(*day), date(*today)) == date(*then)
