"""What stands on the emergency list: every talk of the next days with all that is needed for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from dispatch import clock
from dispatch.assignments.models import Assignment
from dispatch.cities.city import City
from dispatch.cities.working_time import add_working_days, local_day
from dispatch.offers import schedules
from dispatch.offers.schedules import Taken
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import ALIVE

A_DAY = timedelta(days=1)


@dataclass
class Talk:
    """A talk with those who come, or are asked and have not answered."""

    interpretation_request: InterpretationRequest
    come: list[Assignment] = field(default_factory=list)
    asked: list[Taken] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """For how many seats nobody comes, nobody is asked and no agency sends anybody."""
        return self.interpretation_request.seats_of_pool - len(self.come) - len(self.asked)


def days_ahead(now: datetime, city: City) -> list[date]:
    """Return today and the days up to and with the next working day."""
    today = local_day(now, city)
    last = add_working_days(today, 1, city)
    return [today + number * A_DAY for number in range((last - today).days + 1)]


def talks_of(day: date, zone_name: str) -> Sequence[Talk]:
    """Return the talks that begin on a local day, in order of time."""
    first, after = clock.day_bounds(day, zone_name)
    talks = {
        one.id: Talk(one)
        for one in requests.starting_between(first, after, tuple(ALIVE), wishes=False)
    }
    for one in schedules.schedule_between(first, after).taken:
        talk = talks.get(one.interpretation_request_id)
        if talk is None:
            continue
        if isinstance(one, Assignment):
            talk.come.append(one)
        else:
            talk.asked.append(one)
    return list(talks.values())
