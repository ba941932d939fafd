"""In nights in which clocks change, what is paid is the time that passed, not what clocks showed.

The oracle knows no table of zones: only the rule of the European Union (Directive 2000/84/EC) that
summer time begins and ends at 01:00 UTC on the last Sunday of March and of October.
"""

import random
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import floor

import pytest

from dispatch import clock
from dispatch.cancellations.owing import owed
from dispatch.cities import named
from dispatch.database import transaction
from dispatch.planning.proposals import service
from dispatch.planning.snapshot.horizon import Horizon
from solver import Term
from tests import factories
from tests.factories import NOW

TIMES = 5_000
HOURS_FROM_UTC = {"Europe/Berlin": 1, "Europe/Athens": 2}
DORTMUND = named("dortmund")


def test_what_is_owed_is_the_time_that_passed() -> None:
    chance = random.Random(38)
    for _ in range(TIMES):
        zone, cents = chance.choice(list(HOURS_FROM_UTC)), chance.randrange(1, 20_000)
        change = last_sunday(chance.randrange(2024, 2060), chance.choice((3, 10)))
        begin = datetime.combine(change, time()) + timedelta(minutes=chance.randrange(-120, 360))
        end = begin + timedelta(minutes=chance.randrange(1, 300))
        instants = [
            (wall, chance.choice(meant(wall, zone))) for wall in (begin, end) if meant(wall, zone)
        ]
        if len(instants) < 2 or instants[0][1] >= instants[1][1]:
            continue  # a wall time in the gap, or one that would end before it began
        starts_at, ends_at = (read(wall, at, zone) for wall, at in instants)
        passed = (instants[1][1] - instants[0][1]) // timedelta(minutes=1)
        found = owed(
            now=starts_at - timedelta(minutes=1),
            starts_at=starts_at,
            ends_at=ends_at,
            employment="freelance",
            cents_per_hour=cents,
            city=DORTMUND,
        )
        minutes = min(passed, DORTMUND.cancellation.most_minutes)
        assert found.minutes == minutes, (zone, begin, end)
        assert found.amount * 100 == floor(Fraction(cents * minutes, 60) + Fraction(1, 2))


def last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=last.isoweekday() % 7)


def is_summer(instant: datetime) -> bool:
    begins, ends = (
        datetime.combine(last_sunday(instant.year, month), time(1), UTC) for month in (3, 10)
    )
    return begins <= instant < ends


def meant(wall: datetime, zone: str) -> list[datetime]:
    """Return the instants at which clocks of the zone show this: one, two, or in the gap none."""
    found = []
    for summer in (True, False):
        hours = HOURS_FROM_UTC[zone] + summer
        instant = wall.replace(tzinfo=UTC) - timedelta(hours=hours)
        if is_summer(instant) == summer:
            found.append(instant)
    return found


def read(wall: datetime, instant: datetime, zone: str) -> datetime:
    """Return what the program makes of the wall time, with the hour that is meant of two."""
    both = meant(wall, zone)
    found = clock.localize(wall, zone, second=both.index(instant) == 1 if len(both) == 2 else None)
    assert found == instant
    return found


@pytest.mark.usefixtures("frozen_clock", "session")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("night", "minutes", "shown"),
    [(date(2027, 10, 31), 180, "03:30"), (date(2027, 3, 28), 60, "03:30")],
)
def test_a_plan_pays_the_time_that_passes_from_half_past_one_to_half_past_three(
    night: date, minutes: int, shown: str
) -> None:
    with transaction():
        somebody = factories.interpreter(hours=(0, 23))
        start = datetime.combine(night, time(1, 30))
        asked = factories.asked(start=start, minutes=minutes)
    plan = service.compute(Horizon(night, night, "Europe/Berlin"), now=NOW).plan
    [route] = plan.routes
    assert route.interpreter == str(somebody.id)
    fees = {one.term: one.amount for one in plan.terms}
    assert fees[Term.FEE] == somebody.fee_cents_per_hour * minutes // 60
    ends_at = clock.at_place(asked.ends_at, "Europe/Berlin")
    assert f"{ends_at:%H:%M}" == shown
