from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.travel.estimate import Mode, Point, coefficients, estimate, kilometres, minutes

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
    [(Mode.CAR, 21), (Mode.BICYCLE, 26), (Mode.ON_FOOT, 74), (Mode.PUBLIC_TRANSPORT, 59)],
)
def test_from_nordmarkt_to_hoerde(mode, expected):
    assert kilometres(NORDMARKT, HOERDE) == pytest.approx(5.16, abs=0.01)
    assert minutes(NORDMARKT, HOERDE, mode) == expected


def test_every_estimate_says_that_it_is_one():
    assert estimate(NORDMARKT, HOERDE, Mode.CAR).is_estimate


@given(points, modes)
def test_no_time_passes_between_a_place_and_itself(point, mode):
    assert minutes(point, point, mode) == 0


@given(points, points, modes)
def test_there_and_back_take_the_same(start, end, mode):
    assert minutes(start, end, mode) == minutes(end, start, mode)


@given(points, points, modes)
def test_the_coefficients_give_the_same_minutes(start, end, mode):
    formula = coefficients(mode)
    if start != end:
        expected = ceil(formula.fixed + formula.per_km * kilometres(start, end))
        assert minutes(start, end, mode) == expected


@given(points, points, points, modes)
def test_a_detour_is_never_quicker_than_the_direct_way_by_more_than_rounding(a, b, c, mode):
    assert minutes(a, c, mode) <= minutes(a, b, mode) + minutes(b, c, mode) + 1


def test_opposite_points_of_the_earth_are_half_its_girth_apart():
    assert kilometres(Point(0, 0), Point(0, 180)) == pytest.approx(20015.1, abs=0.1)
