"""Counting in a city's working days and hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import cities
from dispatch.cities import working_time as times

DORTMUND = cities.named("dortmund")
BERLIN = ZoneInfo("Europe/Berlin")
INSTANTS = st.integers(0, 60 * 24 * 365).map(
    lambda minute: datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)


def at(text: str) -> datetime:
    """The instant of a wall time in Dortmund."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def wall(instant: datetime) -> str:
    return instant.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("asked", "works"),
    [
        ("2026-12-04 15:59", "2026-12-04 15:59"),
        ("2026-12-04 16:00", "2026-12-07 08:00"),
        ("2026-12-05 10:00", "2026-12-07 08:00"),
        ("2026-12-24 17:00", "2026-12-28 08:00"),
        ("2027-03-27 12:00", "2027-03-30 08:00"),
    ],
)
def test_the_next_office_hour(asked: str, works: str) -> None:
    assert wall(times.next_office_hour(at(asked), DORTMUND)) == works


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("2026-12-04 20:00", "2026-12-04 20:00"),
        ("2026-12-04 20:01", "2026-12-05 09:00"),
        ("2026-12-05 18:30", "2026-12-07 07:00"),
        ("2026-12-25 10:00", "2026-12-28 07:00"),
    ],
)
def test_the_next_answering_time(asked: str, answered: str) -> None:
    assert wall(times.next_answering_time(at(asked), DORTMUND)) == answered


def test_answering_hours_stop_at_night_and_at_the_weekend() -> None:
    friday = at("2026-12-04 19:30")
    assert wall(times.after_answering(friday, timedelta(hours=1), DORTMUND)) == "2026-12-05 09:30"
    assert wall(times.after_answering(friday, timedelta(hours=10), DORTMUND)) == "2026-12-07 07:30"


@given(INSTANTS, st.integers(0, 5000))
def test_counting_answering_hours_forward_and_back_gives_the_same(
    now: datetime, length: int
) -> None:
    span = timedelta(minutes=length)
    assert (
        times.answering_between(now, times.after_answering(now, span, DORTMUND), DORTMUND) == span
    )


def test_working_days_leave_weekends_and_holidays_out() -> None:
    assert times.working_days_between(date(2026, 12, 23), date(2026, 12, 28), DORTMUND) == 2
    assert times.add_working_days(date(2026, 12, 24), 1, DORTMUND) == date(2026, 12, 28)
    assert times.add_working_days(date(2026, 12, 28), -1, DORTMUND) == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("now", "start", "urgent"),
    [
        ("2026-12-07 09:00", "2026-12-08 23:00", True),
        ("2026-12-07 09:00", "2026-12-09 00:30", False),
        ("2026-12-04 09:00", "2026-12-07 10:00", True),
        ("2026-12-24 09:00", "2026-12-28 10:00", True),
        ("2026-12-24 09:00", "2026-12-29 10:00", False),
    ],
)
def test_what_begins_within_the_next_working_day_is_urgent(
    now: str, start: str, urgent: bool
) -> None:
    assert times.is_urgent(at(now), at(start), DORTMUND) == urgent


def test_the_times_before_a_start() -> None:
    monday = at("2026-12-07 10:00")
    assert wall(times.working_days_before(monday, 2, DORTMUND)) == "2026-12-03 08:00"
    assert wall(times.noon_before(monday, DORTMUND)) == "2026-12-04 12:00"
    assert wall(times.evening_before(monday, DORTMUND)) == "2026-12-06 18:00"


@pytest.mark.parametrize("sunday", ["2027-03-28 02:30", "2027-10-31 02:30"])
def test_the_night_the_clocks_change_moves_no_wall_time(sunday: str) -> None:
    assert wall(times.evening_before(at(sunday), DORTMUND)).endswith("18:00")
    assert wall(times.noon_before(at(sunday), DORTMUND)).endswith("12:00")
    assert wall(times.next_office_hour(at(sunday), DORTMUND)).endswith("08:00")
