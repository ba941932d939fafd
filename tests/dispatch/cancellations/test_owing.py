"""What a cancellation owes: counted in working time, by the policy of the city."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.cancellations.owing import Owed, Rule, owed
from dispatch.cities import named

DORTMUND = named("dortmund")
BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def when_told(
    told: datetime, start: datetime, *, minutes: int = 60, employment: str = "freelance"
) -> Owed:
    return owed(
        now=told,
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
        employment=employment,
        cents_per_hour=3050,
        city=DORTMUND,
    )


@pytest.mark.parametrize(
    ("told", "start", "rule"),
    [
        # 16:50, after the office has closed, for 8:00 tomorrow: told on the day itself
        ("2027-03-01 16:50", "2027-03-02 08:00", Rule.LATE),
        ("2027-03-03 10:00", "2027-03-05 10:00", Rule.LATE),
        ("2027-03-02 10:00", "2027-03-05 10:00", Rule.IN_TIME),
        # Friday for Wednesday are three working days, but a mail on Sunday is read on Monday
        ("2027-03-05 15:00", "2027-03-10 10:00", Rule.IN_TIME),
        ("2027-03-07 15:00", "2027-03-10 10:00", Rule.LATE),
        # Thursday evening before Easter is told on Tuesday
        ("2027-03-25 17:00", "2027-04-01 10:00", Rule.LATE),
        ("2027-03-25 15:00", "2027-04-01 10:00", Rule.IN_TIME),
        ("2027-03-25 17:00", "2027-04-02 10:00", Rule.IN_TIME),
    ],
)
def test_late_is_counted_in_working_time(told: str, start: str, rule: Rule) -> None:
    assert when_told(at(told), at(start)).rule == rule


def test_the_agreed_time_is_owed_and_no_more_than_two_hours() -> None:
    told, start = at("2027-03-01 10:00"), at("2027-03-02 10:00")
    assert when_told(told, start, minutes=45).amount == Decimal("22.88")
    long = when_told(told, start, minutes=180)
    assert (long.minutes, long.amount) == (120, Decimal("61.00"))


def test_nothing_hangs_on_the_single_job_of_staff_and_volunteers() -> None:
    told, start = at("2027-03-01 10:00"), at("2027-03-02 10:00")
    for employment in ("staff", "volunteer"):
        found = when_told(told, start, employment=employment)
        assert (found.rule, found.minutes, found.amount) == (Rule.NOT_BY_JOB, 0, Decimal(0))


@given(st.integers(0, 60 * 24 * 20), st.integers(0, 60 * 24 * 20), st.integers(15, 600))
def test_whoever_tells_it_sooner_never_owes_more(one: int, other: int, minutes: int) -> None:
    start = at("2027-04-08 10:00")
    sooner, later = (
        start - timedelta(minutes=before) for before in (max(one, other), min(one, other))
    )
    first, then = (when_told(told, start, minutes=minutes) for told in (sooner, later))
    assert first.amount <= then.amount
    assert then.minutes <= min(minutes, 120)
