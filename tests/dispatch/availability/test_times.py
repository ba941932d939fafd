from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch import cities
from dispatch.availability.rules import Exceptional, Way
from dispatch.availability.times import free_times, is_free, minutes_a_week

BERLIN = "Europe/Berlin"
DORTMUND = cities.named("dortmund")
MONDAY = date(2027, 3, 1)
FORWARD, BACK = date(2027, 3, 28), date(2027, 10, 31)
EASTER_MONDAY = date(2027, 3, 29)
"""A public holiday, in the school holidays from 22 March to 3 April."""


@dataclass
class Hours:
    weekday: int
    start: time
    end: time
    valid_from: date | None = None
    valid_until: date | None = None
    ways: tuple[str, ...] = tuple(Way)


@dataclass
class Day:
    day: date
    kind: str
    start: time | None = None
    end: time | None = None
    ways: tuple[str, ...] = tuple(Way)


@dataclass
class Away:
    starts_at: datetime
    ends_at: datetime


@dataclass
class Times:
    weekly_hours: list[Hours] = field(default_factory=list)
    exceptional_days: list[Day] = field(default_factory=list)
    absences: list[Away] = field(default_factory=list)
    busy_minutes: list[list[int]] = field(default_factory=list)
    on_public_holidays: bool = False
    in_school_holidays: bool = True


def utc(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def free(hours, absences=(), day=MONDAY, days=(), way=Way.ON_SITE, **said):
    times = Times(list(hours), list(days), [Away(*one) for one in absences], **said)
    return free_times(times, day, BERLIN, DORTMUND, way)


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


def test_the_hours_of_a_week_are_added_up_and_what_overlaps_counts_once():
    week = [
        Hours(0, time(8), time(12)),
        Hours(0, time(11), time(13)),
        Hours(6, time(20), time(0)),
    ]
    assert minutes_a_week(week, MONDAY) == (5 + 4) * 60


def test_a_night_ends_on_the_next_day_and_belongs_to_the_day_it_begins_on():
    night = [Hours(0, time(22), time(6))]
    tuesday = MONDAY + timedelta(days=1)
    assert free(night) == [(utc(MONDAY, 21), utc(MONDAY, 23))]
    assert free(night, day=tuesday) == [(utc(MONDAY, 23), utc(tuesday, 5))]
    off = [Day(MONDAY, Exceptional.OFF)]
    assert free(night, days=off) == []
    assert free(night, day=tuesday, days=off) == []


def test_a_job_across_midnight_lies_within_a_night():
    times = Times([Hours(0, time(22), time(6))])
    tuesday = MONDAY + timedelta(days=1)

    def possible(start, end):
        return is_free(times, start, end, BERLIN, DORTMUND)

    assert possible(utc(MONDAY, 22), utc(tuesday, 1))
    assert not possible(utc(MONDAY, 20), utc(tuesday, 1))
    assert not possible(utc(MONDAY, 22), utc(tuesday, 5, 30))


def test_a_night_on_sunday_counts_once_in_a_week_with_the_hours_of_monday():
    week = [Hours(6, time(22), time(6)), Hours(0, time(5), time(8))]
    assert minutes_a_week(week, MONDAY) == (2 + 8) * 60


def test_hours_hold_from_their_first_to_their_last_day_both_among_them():
    hours = [Hours(0, time(9), time(17), MONDAY, MONDAY + timedelta(days=7))]
    week = timedelta(days=7)
    assert [bool(free(hours, day=MONDAY + n * week)) for n in (-1, 0, 1, 2)] == [
        False,
        True,
        True,
        False,
    ]
    assert minutes_a_week(hours, MONDAY - week) == 0


def test_this_day_other_hours_this_day_not_and_this_day_also():
    week = [Hours(0, time(9), time(12))]
    other = Day(MONDAY, Exceptional.INSTEAD, time(14), time(16))
    also = Day(MONDAY, Exceptional.ALSO, time(12), time(13))
    assert free(week, days=[other]) == [(utc(MONDAY, 13), utc(MONDAY, 15))]
    assert free(week, days=[also]) == [(utc(MONDAY, 8), utc(MONDAY, 12))]
    assert free(week, days=[Day(MONDAY, Exceptional.OFF), also]) == []
    assert free([], days=[also]) == [(utc(MONDAY, 11), utc(MONDAY, 12))]
    assert free(week, days=[other], day=MONDAY + timedelta(days=7)) != []


def test_hours_for_one_way_are_no_hours_for_another():
    at_home = [Hours(0, time(18), time(20), ways=("video", "telephone"))]
    assert free(at_home) == []
    assert free(at_home, way=Way.VIDEO) == [(utc(MONDAY, 17), utc(MONDAY, 19))]


def test_public_holidays_are_free_unless_somebody_says_otherwise():
    week = [Hours(0, time(9), time(12))]
    assert free(week, day=EASTER_MONDAY) == []
    assert free(week, day=EASTER_MONDAY, on_public_holidays=True) != []
    exception = [Day(EASTER_MONDAY, Exceptional.ALSO, time(9), time(10))]
    assert free(week, day=EASTER_MONDAY, days=exception) == [
        (utc(EASTER_MONDAY, 7), utc(EASTER_MONDAY, 8))
    ]


def test_in_school_holidays_one_works_unless_one_says_otherwise():
    week, tuesday = [Hours(1, time(9), time(12))], EASTER_MONDAY + timedelta(days=1)
    assert DORTMUND.is_school_holiday(tuesday)
    assert not DORTMUND.is_holiday(tuesday)
    assert free(week, day=tuesday) != []
    assert free(week, day=tuesday, in_school_holidays=False) == []
    assert free(week, day=tuesday + timedelta(days=7), in_school_holidays=False) != []


WALL = st.times(max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))


@settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 6), WALL, WALL), max_size=6),
    st.dates(date(2027, 1, 1), date(2027, 12, 31)),
)
def test_free_times_are_in_order_apart_and_within_the_day(written, day):
    spans = free([Hours(*one) for one in written], day=day, on_public_holidays=True)
    assert all(start < end for start, end in spans)
    assert all(start.astimezone(DORTMUND.zone).date() == day for start, _end in spans)
    assert all(spans[n][1] < spans[n + 1][0] for n in range(len(spans) - 1))


@pytest.mark.parametrize("day", [MONDAY, FORWARD, BACK, EASTER_MONDAY])
def test_an_absence_of_the_whole_day_leaves_nothing_whatever_was_said(day):
    begin = datetime.combine(day, time.min, DORTMUND.zone).astimezone(UTC)
    after = datetime.combine(day + timedelta(days=1), time.min, DORTMUND.zone).astimezone(UTC)
    times = Times(
        [Hours(n, time(0), time(0)) for n in range(7)],
        [Day(day, Exceptional.ALSO, time(7), time(9))],
        on_public_holidays=True,
    )
    assert free_times(times, day, BERLIN, DORTMUND)
    away = replace(times, absences=[Away(begin, after)])
    assert free_times(away, day, BERLIN, DORTMUND) == []
