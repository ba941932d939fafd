from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import solver
from dispatch.travel.estimate import (
    Mode,
    Point,
    coefficients,
    gap_needed,
    kilometres,
    minutes,
)
from solver.checker.check_map import Chart
from solver.rules.distances import Distances

NORDMARKT = Point(51.5257, 7.4647)
HOERDE = Point(51.4847, 7.4996)
PARIS = Point(48.8566, 2.3522)
BERLIN = Point(52.5200, 13.4050)
points = st.builds(Point, st.floats(51.41, 51.60), st.floats(7.30, 7.64))
modes = st.sampled_from(Mode)


def test_berlin_and_paris_are_878_kilometres_apart():
    assert kilometres(BERLIN, PARIS) == pytest.approx(877.5, abs=1)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(Mode.CAR, 21), (Mode.BICYCLE, 26), (Mode.ON_FOOT, 74), (Mode.PUBLIC_TRANSPORT, 30)],
)
def test_from_nordmarkt_to_hoerde(mode, expected):
    assert kilometres(NORDMARKT, HOERDE) == pytest.approx(5.16, abs=0.01)
    assert minutes(NORDMARKT, HOERDE, mode) == expected


@given(points, modes)
def test_no_time_passes_between_a_place_and_itself(point, mode):
    assert minutes(point, point, mode) == 0


@given(points, points, modes)
def test_there_and_back_take_the_same(start, end, mode):
    assert minutes(start, end, mode) == minutes(end, start, mode)


@given(points, points, modes)
def test_nobody_is_slower_than_on_foot(start, end, mode):
    assert minutes(start, end, mode) <= minutes(start, end, Mode.ON_FOOT)


@pytest.mark.parametrize("mode", Mode)
def test_across_the_yard_one_walks(mode):
    door = Point(HOERDE.latitude + 0.0002, HOERDE.longitude)
    assert kilometres(HOERDE, door) == pytest.approx(0.022, abs=0.001)
    assert minutes(HOERDE, door, mode) <= 4


@dataclass(frozen=True)
class Door:
    """A place with buffers."""

    point: Point
    buffer_before_minutes: int = 5
    buffer_after_minutes: int = 7


def test_between_two_places_lie_both_buffers_and_the_way():
    way = minutes(NORDMARKT, HOERDE, Mode.CAR)
    assert gap_needed(Door(NORDMARKT), Door(HOERDE), way) == 7 + way + 5


def test_who_stays_at_one_place_needs_no_time_between():
    assert gap_needed(Door(HOERDE), Door(HOERDE), 30) == 0


@given(points, points, modes)
def test_solver_and_checker_say_the_same_to_the_minute(start, end, mode):
    travel = travel_of(start, end)
    chart = Chart(solver.Problem(travel=travel), plan=None)  # type: ignore[arg-type]
    person = solver.problem.Interpreter(id="1", travel_profile=mode)
    distances = Distances(travel)
    one, other, which = np.array([0]), np.array([1]), np.array([list(Mode).index(mode)])
    said = {
        minutes(start, end, mode),
        chart.travel(person, "start", "end"),
        distances.one(mode, 0, 1),
        int(distances.units(mode, one, other)[0]),
        int(distances.of_profiles(list(Mode), which, one, other)[0]),
    }
    assert len(said) == (1 if start != end else 2)


def travel_of(start, end):
    return solver.problem.Travel(
        places=(
            solver.problem.Place(id="start", latitude=start.latitude, longitude=start.longitude),
            solver.problem.Place(id="end", latitude=end.latitude, longitude=end.longitude),
        ),
        profiles=tuple(
            solver.problem.Profile(
                id=mode,
                fixed=coefficients(mode).fixed,
                per_km=coefficients(mode).per_km,
                no_slower_than=Mode.ON_FOOT if mode != Mode.ON_FOOT else None,
            )
            for mode in Mode
        ),
    )


@given(points, points, points, modes)
def test_a_detour_is_never_quicker_than_the_direct_way_by_more_than_rounding(a, b, c, mode):
    assert minutes(a, c, mode) <= minutes(a, b, mode) + minutes(b, c, mode) + 1


def test_opposite_points_of_the_earth_are_half_its_girth_apart():
    assert kilometres(Point(0, 0), Point(0, 180)) == pytest.approx(20015.1, abs=0.1)
