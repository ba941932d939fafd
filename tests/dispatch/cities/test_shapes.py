"""The shapes of districts: of our own, and a city without any has none."""

from dispatch.cities import named
from dispatch.cities.shapes import districts_of


def test_a_city_without_shapes_has_a_map_without_districts() -> None:
    assert len(districts_of(named("dortmund"))) == 12
    assert districts_of(named("athens")) == ()
