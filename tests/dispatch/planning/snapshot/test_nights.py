"""Jobs until midnight, across it and after it go to people who work then."""

from datetime import datetime, time, timedelta

import pytest

from dispatch.database import transaction
from dispatch.interpreters.models import Interpreter
from dispatch.planning.proposals import service
from dispatch.planning.proposals.rules import items_of
from dispatch.planning.snapshot.horizon import Horizon
from tests import factories
from tests.factories import NOW
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
SUBURB = (51.4847, 7.4996)
MONDAY, WEDNESDAY = TUESDAY.first - timedelta(days=1), TUESDAY.first + timedelta(days=1)


def somebody(first: time = time.min, last: time = time.min) -> Interpreter:
    """Somebody who works every day from the first hour to the last; 0:00 is midnight."""
    one = factories.interpreter()
    for hours in one.availability.weekly_hours:
        hours.start, hours.end = first, last
    return one


def sent(wall: datetime, minutes: int, horizon: Horizon = TUESDAY) -> bool:
    """Whether a plan sends anybody to a request in the suburb at that time."""
    with transaction():
        site = factories.site(point=SUBURB)
        factories.asked(at=site, start=wall, minutes=minutes)
    return bool(items_of(service.compute(horizon, now=NOW).plan))


@pytest.mark.parametrize(
    ("start", "minutes"), [("23:00", 120), ("22:00", 120), ("23:30", 30), ("23:59", 60)]
)
def test_until_midnight_and_across_it(start: str, minutes: int) -> None:
    with transaction():
        somebody()
    assert sent(datetime.combine(TUESDAY.first, time.fromisoformat(start)), minutes)


@pytest.mark.parametrize("start", ["00:00", "00:10", "00:30"])
def test_after_midnight_the_way_there_begins_before(start: str) -> None:
    with transaction():
        somebody()
    assert sent(datetime.combine(TUESDAY.first, time.fromisoformat(start)), 60)


def test_who_stops_working_at_midnight_is_not_sent_across_it() -> None:
    with transaction():
        somebody(time(18), time.min)
    assert not sent(datetime.combine(TUESDAY.first, time(23)), 120)


def test_a_night_belongs_to_the_day_it_begins() -> None:
    with transaction():
        somebody()
        factories.asked(start=datetime.combine(TUESDAY.first, time(23)), minutes=120)
    wednesday = Horizon(WEDNESDAY, WEDNESDAY, TUESDAY.zone_name)
    assert service.compute(TUESDAY, now=NOW).proof.filled == 1
    assert service.compute(wednesday, now=NOW).proof.requests == 0


def test_several_days_are_one_time() -> None:
    with transaction():
        somebody()
        for day, at in ((TUESDAY.first, time(23)), (WEDNESDAY, time(23, 30))):
            factories.asked(start=datetime.combine(day, at), minutes=120)
    both = Horizon(TUESDAY.first, WEDNESDAY, TUESDAY.zone_name)
    assert service.compute(both, now=NOW).proof.filled == 2


@pytest.mark.parametrize(
    ("held", "start", "fits"),
    [
        (datetime.combine(TUESDAY.first, time(0, 0)) - timedelta(minutes=60), "00:30", False),
        (datetime.combine(TUESDAY.first, time(0, 0)) - timedelta(minutes=60), "01:30", True),
        (datetime.combine(WEDNESDAY, time(0, 15)), "23:30", False),
        (datetime.combine(WEDNESDAY, time(1, 30)), "23:30", True),
    ],
)
def test_what_somebody_does_in_the_night_before_or_after_is_known(
    held: datetime, start: str, fits: bool
) -> None:
    with transaction():
        one = somebody()
        taken = factories.asked(start=held, minutes=90 if held.date() == MONDAY else 60)
        factories.coming(taken, one)
    assert sent(datetime.combine(TUESDAY.first, time.fromisoformat(start)), 30) == fits
