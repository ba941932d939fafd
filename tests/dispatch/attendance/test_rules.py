"""Who says what of the day, and when."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.assignments.lasting import FORGOTTEN_AFTER, expected_end
from dispatch.assignments.rules import TO_COME, TRANSITIONS, AssignmentState
from dispatch.attendance import rules
from dispatch.attendance.rules import Side, Times
from dispatch.errors import Conflict, Forbidden, Refusal

TEN = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
ELEVEN = TEN + timedelta(hours=1)
CONFIRMED, RUNNING = AssignmentState.CONFIRMED, AssignmentState.RUNNING
COMPLETED = AssignmentState.COMPLETED
minutes = st.integers(-600, 600).map(lambda many: timedelta(minutes=many))


def steps(side: Side, at: datetime, state: str = CONFIRMED) -> list[str]:
    return [str(one) for one in rules.possible(state, TEN, ELEVEN, side, at)]


def test_an_hour_before_one_is_on_the_way_or_there_and_nothing_else() -> None:
    at = TEN - timedelta(hours=1)
    assert steps(Side.INTERPRETER, at) == ["on_the_way", "arrived"]
    assert steps(Side.WHO_ASKED, at) == ["arrived"]


def test_after_the_start_each_side_can_say_that_the_other_is_not_there() -> None:
    assert "no_show_client" in steps(Side.INTERPRETER, TEN)
    assert "no_show_interpreter" not in steps(Side.INTERPRETER, TEN)
    assert "no_show_interpreter" in steps(Side.WHO_ASKED, TEN)


def test_a_day_before_and_four_days_after_there_is_nothing_to_say() -> None:
    assert steps(Side.OFFICE, TEN - timedelta(days=1)) == []
    assert steps(Side.OFFICE, ELEVEN + timedelta(days=4)) == []


def test_what_runs_can_only_end() -> None:
    assert steps(Side.OFFICE, ELEVEN, RUNNING) == ["completed"]


@given(minutes, st.sampled_from(list(AssignmentState)), st.sampled_from(list(Side)))
def test_what_is_offered_is_never_refused(
    off: timedelta, state: AssignmentState, side: Side
) -> None:
    at = TEN + off
    for wanted in rules.possible(state, TEN, ELEVEN, side, at):
        rules.require_possible(wanted, TEN, side, at)
        assert wanted in TRANSITIONS[state]


def test_what_is_not_theirs_to_say_or_too_early_is_refused_by_name() -> None:
    with pytest.raises(Forbidden, match="somebody else"):
        rules.require_possible(AssignmentState.NO_SHOW_INTERPRETER, TEN, Side.INTERPRETER, ELEVEN)
    with pytest.raises(Conflict, match="too early"):
        rules.require_possible(COMPLETED, TEN, Side.OFFICE, TEN - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("began", "ended"), [(61, 70), (-31, 50), (10, 10), (10, 5), (10, 61), (None, -31)]
)
def test_times_that_cannot_be_are_refused_an_hour_after_the_start(
    began: int | None, ended: int
) -> None:
    times = Times(
        None if began is None else TEN + timedelta(minutes=began), TEN + timedelta(minutes=ended)
    )
    with pytest.raises(Refusal):
        rules.require_times(times, TEN, ELEVEN)


def minutes_late(
    minutes: int, now: datetime, *, state: str = CONFIRMED, said_at: datetime | None = None
) -> int:
    return rules.minutes_late(minutes, state, (TEN, ELEVEN), said_at or now, now)


def test_late_is_said_by_whoever_is_not_there_yet() -> None:
    assert minutes_late(20, TEN - timedelta(hours=1)) == 20
    for many, state, at in (
        (0, CONFIRMED, TEN),
        (241, CONFIRMED, TEN),
        (20, AssignmentState.ARRIVED, TEN),
        (20, COMPLETED, TEN),
        (20, CONFIRMED, ELEVEN),
        (20, CONFIRMED, TEN - timedelta(hours=5)),
        (240, CONFIRMED, TEN + timedelta(minutes=1)),
    ):
        with pytest.raises(Conflict):
            minutes_late(many, at, state=state)


def test_of_what_has_begun_late_is_counted_from_now_on() -> None:
    assert minutes_late(20, TEN + timedelta(minutes=40)) == 60
    assert minutes_late(20, TEN + timedelta(minutes=40, seconds=1)) == 61


def test_late_said_without_a_connection_counts_from_then_until_that_is_over() -> None:
    forty, before = TEN + timedelta(minutes=40), TEN - timedelta(minutes=10)
    assert minutes_late(20, forty, said_at=TEN + timedelta(minutes=30)) == 50
    assert minutes_late(45, forty, said_at=before) == 45
    with pytest.raises(Conflict, match="over already"):
        minutes_late(20, forty, said_at=before)


@given(minutes, st.sampled_from(sorted(TO_COME)), st.integers(1, 240))
def test_nobody_is_expected_to_be_free_before_what_was_agreed_is_over(
    off: timedelta, state: AssignmentState, late: int
) -> None:
    assert expected_end(state, ELEVEN, late, TEN + off) >= ELEVEN


def test_what_runs_over_ends_now_at_the_earliest_until_it_is_plainly_forgotten() -> None:
    later = ELEVEN + timedelta(minutes=40)
    assert expected_end(RUNNING, ELEVEN, None, later) == later
    forgotten = ELEVEN + FORGOTTEN_AFTER
    assert expected_end(RUNNING, ELEVEN, None, forgotten) == ELEVEN


SUMMER, WINTER = (datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1))
"""Half past two in Berlin on the night the clocks go back, twice."""
HALF, QUARTER = timedelta(minutes=30), timedelta(minutes=15)


@pytest.mark.parametrize(
    ("agreed", "walls", "really"),
    [
        ((WINTER, WINTER + HALF * 2), ("02:30", "03:30"), (WINTER, WINTER + HALF * 2)),
        ((SUMMER, WINTER), ("02:30", "02:30"), (SUMMER, WINTER)),
        ((SUMMER, SUMMER + QUARTER), ("02:30", "02:45"), (SUMMER, SUMMER + QUARTER)),
        (
            (WINTER + QUARTER, WINTER + QUARTER + HALF),
            ("02:45", "03:15"),
            (WINTER + QUARTER, WINTER + QUARTER + HALF),
        ),
    ],
)
def test_in_the_hour_that_comes_twice_what_is_nearest_to_what_was_agreed_is_meant(
    agreed: tuple[datetime, datetime],
    walls: tuple[str, str],
    really: tuple[datetime, datetime],
) -> None:
    began, ended = map(time.fromisoformat, walls)
    assert rules.times_at(agreed, began, ended, "Europe/Berlin") == Times(*really)


def test_what_went_on_past_midnight_ended_the_next_day() -> None:
    agreed = TEN + timedelta(hours=12), TEN + timedelta(hours=13, minutes=30)
    times = rules.times_at(agreed, time(22, 10), time(0, 20), "Europe/Berlin")
    assert times == Times(agreed[0] + timedelta(minutes=10), agreed[1] + timedelta(minutes=50))
