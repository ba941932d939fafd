"""Wall times at a place as instants."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import clock
from dispatch.errors import Refusal

BERLIN = "Europe/Berlin"


def test_a_wall_time_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        clock.localize(datetime(2027, 3, 28, 2, 30), BERLIN)
    assert refused.value.code == "local-time-does-not-exist"
    assert refused.value.field == "start"


def test_a_wall_time_that_exists_twice_is_asked_about() -> None:
    with pytest.raises(Refusal) as refused:
        clock.localize(datetime(2027, 10, 31, 2, 30), BERLIN)
    assert refused.value.code == "local-time-exists-twice"


def test_the_two_equal_wall_times_are_an_hour_apart() -> None:
    wall = datetime(2027, 10, 31, 2, 30)
    first = clock.localize(wall, BERLIN, second=False)
    second = clock.localize(wall, BERLIN, second=True)
    assert second - first == timedelta(hours=1)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)))
def test_what_is_localized_reads_the_same_at_the_place(wall: datetime) -> None:
    in_the_gap = (wall.month, wall.hour) == (3, 2) and wall.isoweekday() == 7 and wall.day > 24
    if in_the_gap:
        with pytest.raises(Refusal) as refused:
            clock.localize(wall, BERLIN, second=False)
        assert refused.value.code == "local-time-does-not-exist"
        return
    instant = clock.localize(wall, BERLIN, second=False)
    assert clock.at_place(instant, BERLIN).replace(tzinfo=None) == wall


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2028, 2, 29), 24)],
)
def test_a_day_is_as_long_as_the_clocks_make_it(day: date, hours: int) -> None:
    first, after = clock.day_bounds(day, BERLIN)
    assert after - first == timedelta(hours=hours)


def test_an_unknown_zone_is_refused_with_an_example() -> None:
    with pytest.raises(Refusal, match="Europe/Berlin"):
        clock.zone("Europe/Dortmund")


def test_a_frozen_clock_stands_still() -> None:
    at = datetime(2027, 1, 1, tzinfo=UTC)
    clock.freeze(at)
    try:
        assert clock.now() == at
    finally:
        clock.freeze(None)
