"""Whether one more assignment fits into somebody's day."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.assignments import nearest, rules
from dispatch.assignments.rules import AssignmentState, Stop
from dispatch.errors import Conflict
from dispatch.travel.estimate import Mode, Point, minutes
from dispatch.travel.times import TravelTimes

CENTRE, SUBURB = Point(51.5113, 7.4652), Point(51.57, 7.38)
BETWEEN = Point(51.54, 7.42)
ESTIMATED = TravelTimes()
TEN = datetime(2027, 3, 2, 10, 0, tzinfo=UTC)


def stop(
    start: datetime, length_minutes: int = 60, at: Point = CENTRE, buffer_minutes: int = 0
) -> Stop:
    end = start + timedelta(minutes=length_minutes)
    return Stop(start, end, at, buffer_minutes, buffer_minutes)


def test_two_talks_at_one_time_are_refused() -> None:
    with pytest.raises(Conflict) as refused:
        rules.require_reachable(stop(TEN + timedelta(minutes=59)), [stop(TEN)], ESTIMATED, Mode.CAR)
    assert refused.value.code == "overlap"


def test_talks_at_one_place_may_touch() -> None:
    rules.require_reachable(stop(TEN + timedelta(minutes=60)), [stop(TEN)], ESTIMATED, Mode.CAR)


def test_the_way_between_two_places_counts() -> None:
    with pytest.raises(Conflict) as refused:
        rules.require_reachable(
            stop(TEN + timedelta(minutes=60), at=SUBURB),
            [stop(TEN)],
            ESTIMATED,
            Mode.PUBLIC_TRANSPORT,
        )
    assert refused.value.code == "travel"


@settings(max_examples=40, deadline=None)
@given(
    begins=st.lists(st.integers(0, 6 * 60), min_size=1, max_size=4),
    wanted=st.integers(0, 6 * 60),
    places=st.lists(st.sampled_from([CENTRE, BETWEEN, SUBURB]), min_size=5, max_size=5),
)
def test_the_nearest_start_is_one_people_name_it_fits_and_no_such_start_nearer_does(
    begins: list[int], wanted: int, places: list[Point]
) -> None:
    day = [
        stop(TEN + timedelta(minutes=begin), 45, at)
        for begin, at in zip(begins, places[1:], strict=False)
    ]
    new = stop(TEN + timedelta(minutes=wanted), 60, places[0])

    def fits(start: datetime) -> bool:
        try:
            rules.require_reachable(stop(start, 60, places[0]), day, ESTIMATED, Mode.CAR)
        except Conflict:
            return False
        return True

    found = nearest.nearest_start(new, day, ESTIMATED, Mode.CAR)
    if found is None or fits(new.starts_at):
        return
    assert fits(found)
    assert found.minute % 5 == 0
    away = int(abs(found - new.starts_at).total_seconds() // 60)
    assert not any(
        fits(start)
        for start in (new.starts_at + timedelta(minutes=more) for more in range(1 - away, away))
        if start.minute % 5 == 0
    )


def test_with_exactly_enough_time_for_the_way_it_fits() -> None:
    way = minutes(CENTRE, SUBURB, Mode.CAR)
    rules.require_reachable(
        stop(TEN + timedelta(minutes=60 + way), at=SUBURB), [stop(TEN)], ESTIMATED, Mode.CAR
    )
    with pytest.raises(Conflict):
        rules.require_reachable(
            stop(TEN + timedelta(minutes=59 + way), at=SUBURB), [stop(TEN)], ESTIMATED, Mode.CAR
        )


def test_buffers_of_both_sites_count() -> None:
    first = stop(TEN, buffer_minutes=5)
    then = stop(TEN + timedelta(minutes=65), at=SUBURB, buffer_minutes=5)
    way = minutes(CENTRE, SUBURB, Mode.CAR)
    assert rules.minutes_short(first, then, way) == 5 + way + 5 - 5


def test_between_two_talks_at_one_place_there_are_no_buffers() -> None:
    first, then = stop(TEN, buffer_minutes=5), stop(TEN + timedelta(minutes=60), buffer_minutes=5)
    assert rules.minutes_short(first, then, 30) == 0


def test_only_the_neighbours_count_where_past_them_it_would_be_farther() -> None:
    known = TravelTimes(
        {CENTRE: 1, SUBURB: 2, BETWEEN: 3},
        {
            (Mode.CAR, 1): np.array([0, 0, 200, 30], dtype=np.uint16),
            (Mode.CAR, 3): np.array([0, 30, 30, 0], dtype=np.uint16),
        },
    )
    between = stop(TEN + timedelta(minutes=90), 30, at=BETWEEN)
    last = stop(TEN + timedelta(minutes=150), at=SUBURB)
    rules.require_reachable(last, [stop(TEN), between], known, Mode.CAR)
    with pytest.raises(Conflict, match="routing engine"):
        rules.require_reachable(last, [stop(TEN)], known, Mode.CAR)


@given(st.integers(-300, 300), st.integers(15, 180), st.integers(15, 180))
def test_it_does_not_matter_which_of_two_was_there_first(gap: int, one: int, two: int) -> None:
    first, second = stop(TEN, one), stop(TEN + timedelta(minutes=gap), two, SUBURB)
    assert fits(first, second) == fits(second, first)


def fits(new: Stop, there: Stop) -> bool:
    try:
        rules.require_reachable(new, [there], ESTIMATED, Mode.CAR)
    except Conflict:
        return False
    return True


def test_a_completed_assignment_cannot_be_released() -> None:
    with pytest.raises(Conflict):
        rules.require_transition(AssignmentState.COMPLETED, AssignmentState.RELEASED)


def test_every_state_but_the_first_can_be_reached() -> None:
    reached = {state for states in rules.TRANSITIONS.values() for state in states}
    assert reached | {AssignmentState.CONFIRMED} == set(AssignmentState)
