"""By when an answer is due."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dispatch import cities
from dispatch.cities.working_time import answering_between, local_day, working_days_between
from dispatch.offers.deadlines import LEAST, TO_ASK_ANOTHER, answer_deadline

DORTMUND = cities.named("dortmund")
BERLIN = ZoneInfo("Europe/Berlin")
MINUTES_OF_A_YEAR = st.integers(0, 60 * 24 * 365)
YEAR = datetime(2027, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    """The instant of a wall time in Dortmund."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def due(asked: str, start: str) -> str:
    deadline = answer_deadline(now=at(asked), starts_at=at(start), city=DORTMUND)
    wall = deadline.answer_by.astimezone(BERLIN).strftime("%a %d.%m. %H:%M")
    return wall + (" short" if deadline.is_short else "")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2027-04-07 10:00", "Fri 05.03. 15:00"),
        ("2027-03-19 10:00", "Wed 03.03. 15:00"),
        ("2027-03-15 10:00", "Tue 02.03. 15:00"),
        ("2027-03-03 10:00", "Tue 02.03. 15:00"),
        ("2027-03-02 10:00", "Mon 01.03. 16:30"),
        ("2027-03-01 15:00", "Mon 01.03. 10:00"),
    ],
)
def test_the_longer_ahead_the_more_time_to_answer(start: str, expected: str) -> None:
    assert due("2027-03-01 09:00", start) == expected


@pytest.mark.parametrize(
    ("asked", "start", "expected"),
    [
        ("2026-12-04 20:00", "2026-12-07 10:00", "Mon 07.12. 09:00"),
        ("2026-12-04 20:00", "2026-12-08 10:00", "Mon 07.12. 16:30"),
        ("2026-12-25 10:00", "2026-12-28 10:00", "Mon 28.12. 09:00"),
        ("2026-12-25 10:00", "2026-12-30 10:00", "Tue 29.12. 15:00"),
        ("2026-12-05 11:00", "2026-12-08 10:00", "Mon 07.12. 16:30"),
        ("2026-12-07 16:01", "2026-12-08 10:00", "Tue 08.12. 09:00"),
        ("2026-12-07 17:00", "2026-12-08 09:00", "Mon 07.12. 19:30"),
        ("2026-12-07 19:30", "2026-12-08 09:05", "Tue 08.12. 07:47"),
        ("2026-12-07 06:00", "2026-12-08 10:00", "Mon 07.12. 16:30"),
    ],
)
def test_what_is_asked_when_nobody_works_counts_as_asked_when_work_begins(
    asked: str, start: str, expected: str
) -> None:
    assert due(asked, start) == expected


@pytest.mark.parametrize(
    ("asked", "start", "expected"),
    [
        ("2026-12-04 20:00", "2026-12-07 07:30", "Sat 05.12. 13:45"),
        ("2026-12-07 17:00", "2026-12-07 19:00", "Mon 07.12. 18:00"),
        ("2026-12-07 17:00", "2026-12-08 08:30", "Mon 07.12. 19:15"),
    ],
)
def test_a_job_before_the_office_opens_leaves_half_of_the_answering_hours(
    asked: str, start: str, expected: str
) -> None:
    assert due(asked, start) == expected


@pytest.mark.parametrize(
    ("asked", "start", "expected"),
    [
        ("2026-12-07 09:00", "2026-12-07 09:40", "Mon 07.12. 09:20 short"),
        ("2026-12-07 21:00", "2026-12-08 06:00", "Tue 08.12. 01:30 short"),
        ("2026-12-06 10:00", "2026-12-06 14:00", "Sun 06.12. 12:00 short"),
        ("2026-12-07 09:00", "2026-12-07 10:30", "Mon 07.12. 10:00 short"),
        ("2026-12-07 10:00", "2026-12-07 11:00", "Mon 07.12. 10:30 short"),
    ],
)
def test_a_job_that_begins_within_the_hour_leaves_half_of_the_time_and_is_short(
    asked: str, start: str, expected: str
) -> None:
    assert due(asked, start) == expected


def test_saturdays_job_asked_for_on_friday_is_one_for_another_day() -> None:
    assert due("2026-12-04 09:00", "2026-12-05 12:00") == "Fri 04.12. 16:30"


@pytest.mark.parametrize("asked", ["2027-03-26 19:30", "2027-10-29 19:30"])
def test_deadlines_keep_wall_time_when_the_clocks_change(asked: str) -> None:
    day = at(asked)
    deadline = answer_deadline(now=day, starts_at=day + timedelta(days=6), city=DORTMUND)
    assert deadline.answer_by.astimezone(BERLIN).strftime("%H:%M") == "15:00"


@given(MINUTES_OF_A_YEAR, st.integers(1, 60 * 24 * 60))
def test_always_before_the_start_and_never_in_the_past(minute: int, ahead: int) -> None:
    now = YEAR + timedelta(minutes=minute)
    start = now + timedelta(minutes=ahead)
    assert now < answer_deadline(now=now, starts_at=start, city=DORTMUND).answer_by < start


@given(MINUTES_OF_A_YEAR, st.integers(1, 60 * 24 * 60))
@example(0, 1980)  # the one hour ends just when the job begins
def test_an_hour_of_answering_hours_unless_it_is_short(minute: int, ahead: int) -> None:
    now = YEAR + timedelta(minutes=minute)
    start = now + timedelta(minutes=ahead)
    deadline = answer_deadline(now=now, starts_at=start, city=DORTMUND)
    too_late = deadline.answer_by > start - TO_ASK_ANOTHER
    assert deadline.is_short == (too_late or answering_between(now, start, DORTMUND) <= LEAST)
    if not deadline.is_short:
        first, last = DORTMUND.answering_span(local_day(deadline.answer_by, DORTMUND)) or (
            start,
            now,
        )
        assert first <= deadline.answer_by <= last
        assert answering_between(now, deadline.answer_by, DORTMUND) >= LEAST


@given(MINUTES_OF_A_YEAR, st.integers(1, 60 * 24 * 26), st.integers(1, 60 * 24 * 7))
def test_who_is_asked_later_need_not_answer_earlier(minute: int, ahead: int, later: int) -> None:
    # Where the table of lead times steps from four days to two, it gives later askers less.
    now = YEAR + timedelta(minutes=minute)
    start = now + timedelta(minutes=ahead)
    days = working_days_between(local_day(now, DORTMUND), local_day(start, DORTMUND), DORTMUND)
    assume(later < ahead and days <= 20)
    first = answer_deadline(now=now, starts_at=start, city=DORTMUND)
    second = answer_deadline(now=now + timedelta(minutes=later), starts_at=start, city=DORTMUND)
    assert first.answer_by <= second.answer_by or second.is_short
