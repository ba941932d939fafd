"""The geometry of the day."""

from datetime import UTC, date, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dispatch.pages.coordinator.lanes import Block, hours_shown, lanes, minute_of_day

spans = st.tuples(st.integers(0, 1300), st.integers(15, 120))


def block(start: int, length: int) -> Block:
    return Block(start, start + length, "confirmed", "Romanian", "title", "/")


@given(st.lists(spans, max_size=30))
def test_no_two_blocks_of_a_lane_overlap_and_none_is_lost(drawn: list[tuple[int, int]]) -> None:
    blocks = [block(start, length) for start, length in drawn]
    laid = lanes(blocks)
    assert sorted((b.start, b.end) for lane in laid for b in lane) == sorted(
        (b.start, b.end) for b in blocks
    )
    for lane in laid:
        assert all(one.end <= then.start for one, then in pairwise(lane))


def test_early_and_late_blocks_widen_the_hours_shown() -> None:
    assert hours_shown([(6 * 60, 6 * 60 + 30), (20 * 60, 20 * 60 + 45)]) == (6, 21)


def test_an_empty_day_shows_seven_to_nineteen() -> None:
    assert hours_shown([]) == (7, 19)


def test_minutes_are_those_of_the_clock_on_the_wall() -> None:
    summer_time = datetime(2027, 7, 1, 8, 0, tzinfo=UTC)
    assert minute_of_day(summer_time, date(2027, 7, 1), "Europe/Berlin") == 10 * 60


def test_minutes_of_a_night_are_counted_from_the_midnight_of_the_day_shown() -> None:
    one_at_night = datetime(2027, 7, 1, 23, 0, tzinfo=UTC)
    assert minute_of_day(one_at_night, date(2027, 7, 1), "Europe/Berlin") == 25 * 60
    assert minute_of_day(one_at_night, date(2027, 7, 3), "Europe/Berlin") == -23 * 60
