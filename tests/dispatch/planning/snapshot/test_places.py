"""Places in a plan: the same as everywhere else."""

from datetime import timedelta

import pytest

from dispatch.database import transaction
from dispatch.planning.proposals import service
from dispatch.travel.estimate import Mode, Point, minutes
from tests import factories
from tests.factories import CITY_HALL, NOW, TOMORROW_TEN
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
SUBURB = (51.4847, 7.4996)
AFTERNOON = TOMORROW_TEN + timedelta(hours=3)


def ways(first: tuple[float, float], then: tuple[float, float], mode: Mode) -> list[int]:
    """Minutes to the first job, to the second, and home, of one person living at the city hall."""
    with transaction():
        factories.interpreter().travel_mode = mode
        for start, point in ((TOMORROW_TEN, first), (AFTERNOON, then)):
            factories.asked(at=factories.site(point=point), start=start)
    [route] = service.compute(TUESDAY, now=NOW).plan.routes
    return [*(stop.travel for stop in route.stops), route.travel_home]


def test_between_two_sites_of_one_address_nobody_is_on_the_way() -> None:
    there = minutes(Point(*CITY_HALL), Point(*SUBURB), Mode.CAR)
    assert ways(SUBURB, SUBURB, Mode.CAR) == [there, 0, there]


def test_who_works_at_home_is_not_on_the_way() -> None:
    assert ways(CITY_HALL, CITY_HALL, Mode.PUBLIC_TRANSPORT) == [0, 0, 0]


def test_a_plan_lets_people_walk_where_that_is_quicker() -> None:
    across = (CITY_HALL[0] + 0.0002, CITY_HALL[1])
    assert ways(across, CITY_HALL, Mode.PUBLIC_TRANSPORT) == [4, 4, 0]
