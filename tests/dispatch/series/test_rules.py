"""The dates a rhythm gives, what becomes of holidays, and what a change makes of each date."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import cities
from dispatch.clock import at_place, localize
from dispatch.errors import Conflict, Refusal
from dispatch.requests.details import RequestDetails
from dispatch.series import rules
from dispatch.series.rules import Choice, OnHoliday, Pattern, Remark, Rhythm, Scope

DORTMUND = cities.named("dortmund")
WEEKLY = Pattern(Rhythm.WEEKLY, date(2027, 3, 1), count=6)
MONTHLY = Pattern(Rhythm.MONTHLY, date(2027, 1, 31), count=4)
TEN = RequestDetails("ro", 1, datetime(2027, 3, 2, 10), 60, "school", room="101")


def days(pattern: Pattern) -> list[date | None]:
    return [one.day for one in rules.preview(pattern, DORTMUND)]


def test_every_second_week_until_a_day() -> None:
    every_second = replace(WEEKLY, every=2, count=None, last=date(2027, 4, 12))
    planned = [one.planned for one in rules.preview(every_second, DORTMUND)]
    assert planned == [date(2027, 3, 1), date(2027, 3, 15), date(2027, 3, 29), date(2027, 4, 12)]


def test_ten_oclock_stays_ten_oclock_for_sixty_weeks() -> None:
    walls = [
        at_place(
            localize(datetime(day.year, day.month, day.day, 10), "Europe/Berlin"), "Europe/Berlin"
        )
        for day in days(replace(WEEKLY, count=60, on_holiday=OnHoliday.KEEP))
        if day
    ]
    assert [wall.hour for wall in walls] == [10] * 60
    assert len({wall.utcoffset() for wall in walls}) == 2


def test_easter_monday_is_left_out_and_named() -> None:
    easter = rules.preview(WEEKLY, DORTMUND)[4]
    assert (easter.planned, easter.day) == (date(2027, 3, 29), None)
    assert Remark.PUBLIC_HOLIDAY in easter.remarks


def test_easter_monday_is_moved_to_tuesday_if_wanted() -> None:
    moved = rules.preview(replace(WEEKLY, on_holiday=OnHoliday.MOVE), DORTMUND)[4]
    assert (moved.day, moved.is_moved) == (date(2027, 3, 30), True)


def test_a_date_that_is_moved_onto_another_is_left_out() -> None:
    both = Pattern(
        Rhythm.CHOSEN,
        date(2027, 3, 29),
        chosen=(date(2027, 3, 29), date(2027, 3, 30)),
        on_holiday=OnHoliday.MOVE,
    )
    first, second = rules.preview(both, DORTMUND)
    assert first.day == date(2027, 3, 30)
    assert second.day is None
    assert Remark.TAKEN in second.remarks


def test_school_holidays_are_shown_and_left_out_if_wanted() -> None:
    in_the_holidays = replace(WEEKLY, first=date(2027, 3, 23), count=2)
    kept = rules.preview(in_the_holidays, DORTMUND)
    assert [Remark.SCHOOL_HOLIDAY in one.remarks for one in kept] == [True, True]
    assert days(in_the_holidays) == [date(2027, 3, 23), date(2027, 3, 30)]
    assert days(replace(in_the_holidays, in_school_holidays=False)) == [None, None]


def test_the_thirty_first_is_the_last_day_of_a_shorter_month_and_says_so() -> None:
    found = rules.preview(replace(MONTHLY, on_holiday=OnHoliday.KEEP), DORTMUND)
    assert [one.planned for one in found] == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
    ]
    assert [Remark.SHORT_MONTH in one.remarks for one in found] == [False, True, False, True]


def test_the_twenty_ninth_of_february_comes_in_a_leap_year_only() -> None:
    monthly = replace(MONTHLY, first=date(2028, 1, 29), count=3)
    assert days(monthly) == [date(2028, 1, 29), date(2028, 2, 29), date(2028, 3, 29)]
    assert days(replace(monthly, first=date(2027, 1, 29)))[1] == date(2027, 2, 28)
    weekly = replace(WEEKLY, first=date(2028, 2, 22), count=3)
    assert days(weekly) == [date(2028, 2, 22), date(2028, 2, 29), date(2028, 3, 7)]


def test_chosen_days_are_read_as_people_write_them() -> None:
    assert rules.read_days("31.3.2027\n2027-03-02, 02.03.2027") == (
        date(2027, 3, 2),
        date(2027, 3, 31),
    )


@pytest.mark.parametrize("text", ["31.04.2027", "29.02.2027", "tomorrow", "1.1.27027"])
def test_a_day_that_does_not_exist_is_named(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        rules.read_days(f"02.03.2027 {text}")
    assert text in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        (replace(WEEKLY, count=None), "series-without-end"),
        (replace(WEEKLY, count=61), "too-many-dates"),
        (replace(WEEKLY, count=None, last=date(2029, 1, 1)), "too-many-dates"),
        (replace(WEEKLY, count=0), "too-many-dates"),
        (replace(WEEKLY, every=0), "every-out-of-range"),
        (replace(WEEKLY, last=date(2027, 2, 1)), "ends-before-it-begins"),
        (replace(WEEKLY, rhythm=Rhythm.CHOSEN), "no-dates"),
    ],
)
def test_a_rhythm_without_sense_is_refused(pattern: Pattern, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        rules.preview(pattern, DORTMUND)
    assert refused.value.code == code


@given(
    first=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    every=st.integers(1, 12),
    count=st.integers(1, 60),
    rhythm=st.sampled_from([Rhythm.WEEKLY, Rhythm.MONTHLY]),
    on_holiday=st.sampled_from(OnHoliday),
)
def test_no_day_twice_none_before_the_first_and_none_on_a_holiday_that_is_not_kept(
    first: date, every: int, count: int, rhythm: Rhythm, on_holiday: OnHoliday
) -> None:
    pattern = Pattern(rhythm, first, every, count=count, on_holiday=on_holiday)
    found = rules.preview(pattern, DORTMUND)
    taken = [one.day for one in found if one.day]
    assert len(found) == count
    assert taken == sorted(set(taken))
    assert all(day >= first for day in taken)
    assert on_holiday == OnHoliday.KEEP or not any(DORTMUND.is_holiday(day) for day in taken)


class Dated:
    def __init__(self, number: int, day: int) -> None:
        self.number, self.starts_at = number, datetime(2027, 3, day)


def test_following_are_those_that_begin_later_whatever_their_numbers() -> None:
    there = [Dated(1, 1), Dated(2, 20), Dated(3, 9)]
    assert [one.number for one in rules.named(there, Choice(3, Scope.FOLLOWING))] == [3, 2]
    assert [one.number for one in rules.named(there, Choice(3, Scope.ONE))] == [3]
    assert [one.number for one in rules.named(there, Choice(3, Scope.ALL))] == [1, 3, 2]
    with pytest.raises(Conflict):
        rules.named(there, Choice(4, Scope.ONE))


def test_what_was_decided_for_one_date_alone_stays() -> None:
    later = replace(TEN, wall_start=TEN.wall_start + timedelta(hours=1), room="204")
    usual = replace(TEN, wall_start=datetime(2027, 3, 9, 10))
    alone = replace(TEN, wall_start=datetime(2027, 3, 16, 14), room="7")
    assert rules.changed_for(usual, TEN, later, Rhythm.WEEKLY) == replace(
        usual, wall_start=datetime(2027, 3, 9, 11), room="204"
    )
    assert rules.changed_for(alone, TEN, later, Rhythm.WEEKLY) == alone


def test_another_day_of_the_week_moves_each_date_but_those_on_a_day_of_their_own() -> None:
    on_thursday = replace(TEN, wall_start=datetime(2027, 3, 4, 10))
    usual = replace(TEN, wall_start=datetime(2027, 3, 9, 10))
    alone = replace(TEN, wall_start=datetime(2027, 3, 17, 10))
    changed = [
        rules.changed_for(one, TEN, on_thursday, Rhythm.WEEKLY).wall_start for one in (usual, alone)
    ]
    assert changed == [datetime(2027, 3, 11, 10), datetime(2027, 3, 17, 10)]
