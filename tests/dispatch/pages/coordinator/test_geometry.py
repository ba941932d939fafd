"""The geometry of the day."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from dispatch.app import STATIC
from dispatch.pages.coordinator.board.geometry import (
    clock_of,
    hours_shown,
    minute_of_day,
    next_free,
    place_of,
)

minutes = st.integers(-600, 2000)


def test_early_and_late_blocks_widen_the_hours_shown() -> None:
    assert hours_shown([(5 * 60, 5 * 60 + 30), (22 * 60, 22 * 60 + 45)]) == (5, 23)


def test_a_usual_day_shows_six_to_twenty_two() -> None:
    assert hours_shown([]) == (6, 22)
    assert hours_shown([(8 * 60, 17 * 60)]) == (6, 22)


def test_a_night_is_shown_to_the_edge_of_both_days() -> None:
    assert hours_shown([(23 * 60, 25 * 60)]) == (6, 24)
    assert hours_shown([(-60, 60)]) == (0, 22)
    assert place_of((23 * 60, 25 * 60), (6, 24)) == "h23 H1 goes-on"
    assert place_of((-60, 60), (0, 22)) == "h0 H1 from-before"


def test_a_place_is_start_and_length_without_zeros() -> None:
    assert place_of((10 * 60 + 30, 11 * 60 + 15), (6, 22)) == "h10 m30 M45"
    assert place_of((9 * 60, 10 * 60 + 30), (6, 22)) == "h9 H1 M30"


@given(minutes, st.integers(1, 900))
def test_every_place_has_its_rules_and_what_lies_outside_has_none(start: int, length: int) -> None:
    known = set((STATIC / "times.css").read_text().replace("{", " ").split())
    hours = (0, 24)
    places = place_of((start, start + length), hours).split()
    assert bool(places) == (start < 1440 and start + length > 0)
    assert {f".{one}" for one in places} - {".from-before", ".goes-on"} <= known


def test_a_minute_of_another_day_reads_as_the_clock_on_the_wall() -> None:
    assert [clock_of(minute) for minute in (-60, 605, 1500)] == ["23:00", "10:05", "01:00"]


def test_who_is_next_free() -> None:
    hours = [(480, 720), (840, 1020)]
    assert next_free([], hours, 540) == 540
    assert next_free([(540, 600), (600, 720)], hours, 540) == 840
    assert next_free([(480, 720), (840, 1020)], hours, 0) is None


def test_minutes_are_those_of_the_clock_on_the_wall() -> None:
    summer_time = datetime(2027, 7, 1, 8, 0, tzinfo=UTC)
    assert minute_of_day(summer_time, date(2027, 7, 1), "Europe/Berlin") == 10 * 60


def test_minutes_of_a_night_are_counted_from_the_midnight_of_the_day_shown() -> None:
    one_at_night = datetime(2027, 7, 1, 23, 0, tzinfo=UTC)
    assert minute_of_day(one_at_night, date(2027, 7, 1), "Europe/Berlin") == 25 * 60
    assert minute_of_day(one_at_night, date(2027, 7, 3), "Europe/Berlin") == -23 * 60
