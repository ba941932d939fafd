from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from dispatch.interpreters.rules import (
    Qualification,
    free_times,
    highest,
    holds,
    minutes_a_week,
)

BERLIN = "Europe/Berlin"
MONDAY = date(2027, 3, 1)
FORWARD, BACK = date(2027, 3, 28), date(2027, 10, 31)


@dataclass
class Hours:
    weekday: int
    start: time
    end: time


@dataclass
class Proof:
    qualification: str
    valid_from: date
    valid_until: date | None


def utc(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def free(hours, absences=(), day=MONDAY):
    return free_times(hours, absences, day, BERLIN)


def test_weekly_hours_are_wall_times_of_the_city():
    assert free([Hours(0, time(9), time(17))]) == [(utc(MONDAY, 8), utc(MONDAY, 16))]
    july = date(2027, 7, 5)
    assert free([Hours(0, time(9), time(17))], day=july) == [(utc(july, 7), utc(july, 15))]


def test_hours_of_other_weekdays_do_not_count():
    assert free([Hours(1, time(9), time(17))]) == []


def test_hours_that_touch_are_one_span():
    hours = [Hours(0, time(12), time(16)), Hours(0, time(8), time(12)), Hours(0, time(9), time(10))]
    assert free(hours) == [(utc(MONDAY, 7), utc(MONDAY, 15))]


def test_an_absence_cuts_the_hours_into_pieces():
    absences = [(utc(MONDAY, 10), utc(MONDAY, 11)), (utc(MONDAY, 15), utc(MONDAY, 23))]
    assert free([Hours(0, time(9), time(17))], absences) == [
        (utc(MONDAY, 8), utc(MONDAY, 10)),
        (utc(MONDAY, 11), utc(MONDAY, 15)),
    ]


def test_an_absence_over_the_whole_day_leaves_nothing():
    absences = [(utc(MONDAY, 0) - timedelta(days=3), utc(MONDAY, 0) + timedelta(days=3))]
    assert free([Hours(0, time(9), time(17))], absences) == []


def test_an_end_at_midnight_is_the_end_of_the_day():
    assert free([Hours(0, time(20), time(0))]) == [(utc(MONDAY, 19), utc(MONDAY, 23))]


def test_a_whole_sunday_has_23_or_25_hours_when_the_clocks_change():
    all_day = [Hours(6, time(0), time(0))]
    [(start, end)] = free(all_day, day=FORWARD)
    assert end - start == timedelta(hours=23)
    [(start, end)] = free(all_day, day=BACK)
    assert end - start == timedelta(hours=25)


def test_hours_that_begin_in_the_gap_begin_after_it():
    [(start, _end)] = free([Hours(6, time(2, 30), time(8))], day=FORWARD)
    assert start == utc(FORWARD, 1)


def test_hours_that_end_in_the_gap_end_before_it():
    [(_start, end)] = free([Hours(6, time(0), time(2, 30))], day=FORWARD)
    assert end == utc(FORWARD, 1)


def test_hours_wholly_inside_the_gap_do_not_exist():
    assert free([Hours(6, time(2, 10), time(2, 50))], day=FORWARD) == []


def test_nobody_is_asked_outside_the_agreed_wall_times_when_an_hour_comes_twice():
    [(start, _end)] = free([Hours(6, time(2, 30), time(8))], day=BACK)
    assert start == utc(BACK, 1, 30)
    [(_start, end)] = free([Hours(6, time(0), time(2, 30))], day=BACK)
    assert end == utc(BACK, 0, 30)


def test_a_qualification_counts_on_its_first_and_on_its_last_day():
    proof = Proof("sprint", date(2027, 1, 1), date(2027, 12, 31))
    assert holds([proof], Qualification.SPRINT, date(2027, 1, 1))
    assert holds([proof], Qualification.SPRINT, date(2027, 12, 31))
    assert not holds([proof], Qualification.SPRINT, date(2026, 12, 31))
    assert not holds([proof], Qualification.SPRINT, date(2028, 1, 1))


def test_a_qualification_without_an_end_counts_for_ever():
    assert holds([Proof("sworn", date(2020, 1, 1), None)], Qualification.SWORN, date(2060, 1, 1))


@pytest.mark.parametrize(
    ("held", "wanted", "enough"),
    [
        ("sworn", Qualification.SPRINT, True),
        ("sprint", Qualification.SPRINT, True),
        ("volunteer", Qualification.SPRINT, False),
        ("state_certified", Qualification.SWORN, False),
    ],
)
def test_a_higher_qualification_is_enough_for_a_lower_one(held, wanted, enough):
    assert holds([Proof(held, MONDAY, None)], wanted, MONDAY) is enough


def test_the_highest_valid_qualification_counts():
    proofs = [
        Proof("volunteer", date(2020, 1, 1), None),
        Proof("sworn", date(2020, 1, 1), date(2026, 12, 31)),
        Proof("sprint", date(2020, 1, 1), None),
    ]
    assert highest(proofs, MONDAY) is Qualification.SPRINT
    assert highest([], MONDAY) is None


def test_the_hours_of_a_week_are_added_up_and_what_overlaps_counts_once():
    week = [
        Hours(0, time(8), time(12)),
        Hours(0, time(11), time(13)),
        Hours(6, time(20), time(0)),
    ]
    assert minutes_a_week(week) == (5 + 4) * 60
