"""How long it takes by a routing engine: what it is asked, what it may answer."""

from collections.abc import Iterator
from math import ceil

import pytest

from dispatch.travel.estimate import PARKING_MINUTES, Mode, Point, kilometres, minutes
from dispatch.travel.routing import Kind, RoutingAway, engines
from dispatch.travel.times import UNKNOWN
from tests.dispatch.travel.engines import (
    SECONDS_PER_KM,
    Osrm,
    RoutingEngine,
    Valhalla,
    running,
)

HALL, SOUTH, ISLAND = Point(51.5113, 7.4652), Point(51.4613, 7.5352), Point(51.6, 7.4)


@pytest.fixture(params=[Osrm, Valhalla])
def running_engine(request: pytest.FixtureRequest) -> Iterator[RoutingEngine]:
    """An engine of each kind."""
    with running(request.param) as engine:
        yield engine


def by_road(start: Point, end: Point) -> float:
    """Minutes on the roads of the tests."""
    return SECONDS_PER_KM * kilometres(start, end) / 60


def many(count: int) -> list[Point]:
    """So many places, a kilometre apart."""
    return [Point(51.0 + number / 111, 7.0) for number in range(count)]


def test_a_way_by_car_is_the_road_and_parking(running_engine: RoutingEngine) -> None:
    [engine] = engines({"car": running_engine.url})
    found = engine.table([HALL, SOUTH], [SOUTH], Mode.CAR)
    assert found.tolist() == [[ceil(by_road(HALL, SOUTH) + PARKING_MINUTES)], [0]]


def test_nobody_drives_where_walking_is_quicker(running_engine: RoutingEngine) -> None:
    next_door = Point(HALL.latitude + 0.0005, HALL.longitude)
    [engine] = engines({"car": running_engine.url})
    [[found]] = engine.table([HALL], [next_door], Mode.CAR).tolist()
    assert found == minutes(HALL, next_door, Mode.ON_FOOT) < PARKING_MINUTES


def test_large_tables_are_asked_in_parts_that_an_engine_takes(
    running_engine: RoutingEngine,
) -> None:
    [engine] = engines({"car": running_engine.url})
    places = many(120)
    found = engine.table(places, places, Mode.CAR)
    far = [ceil(by_road(places[0], one) + PARKING_MINUTES) for one in places[20:]]
    assert found[0, 20:].tolist() == far
    assert max(running_engine.asked) <= (50, 50)


def test_a_place_off_the_map_costs_nobody_else_the_way(running_engine: RoutingEngine) -> None:
    running_engine.off_the_map = {ISLAND}
    [engine] = engines({"car": running_engine.url})
    found = engine.table([HALL, ISLAND, SOUTH], [SOUTH, ISLAND], Mode.CAR)
    known = ceil(by_road(HALL, SOUTH) + PARKING_MINUTES)
    assert found.tolist() == [[known, UNKNOWN], [UNKNOWN, 0], [0, UNKNOWN]]


def test_where_no_road_leads_nothing_is_known(running_engine: RoutingEngine) -> None:
    running_engine.cut_off = {ISLAND}
    [engine] = engines({"car": running_engine.url})
    assert engine.table([HALL], [ISLAND], Mode.CAR).tolist() == [[UNKNOWN]]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, "<html>"), "answers what cannot be read"),
        ((200, "{}"), "answers what cannot be read"),
        ((200, "[1]"), "answers what cannot be read"),
        ((502, "{}"), "answers 502"),
        ((302, "{}"), "answers 302"),
        ((200, '{"durations": [["far"]], "sources_to_targets": [["far"]]}'), "cannot be read"),
    ],
)
def test_an_answer_that_is_none_says_so(
    running_engine: RoutingEngine, answer: tuple[int, str], said: str
) -> None:
    [engine] = engines({"car": running_engine.url})
    running_engine.answers = answer
    with pytest.raises(RoutingAway, match=said):
        engine.table([HALL], [SOUTH], Mode.CAR)


def test_osrm_knows_cars_unless_told_and_valhalla_knows_all_three() -> None:
    with running(Osrm) as osrm, running(Valhalla) as valhalla:
        [cars] = engines({"": osrm.url})
        [cycling] = engines({"bicycle": osrm.url})
        [everything] = engines({"": valhalla.url})
    assert (cars.kind, cars.modes) == (Kind.OSRM, (Mode.CAR,))
    assert cycling.modes == (Mode.BICYCLE,)
    assert everything.kind == Kind.VALHALLA
    assert everything.modes == (Mode.CAR, Mode.BICYCLE, Mode.ON_FOOT)


def test_what_is_not_there_is_named() -> None:
    with running(Osrm) as gone:
        url = gone.url
    with pytest.raises(RoutingAway, match=f"{url} does not answer"):
        engines({"": url})
