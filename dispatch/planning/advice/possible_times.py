"""When in a week enough people could really come to what is not asked for yet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dispatch import clock
from dispatch.availability.rules import Way
from dispatch.planning.advice import standing
from dispatch.planning.advice.imagined import Wanted, imagined
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.problem import imagining
from dispatch.requests.models import InterpretationRequest

EARLIEST, LATEST = time(7), time(20)
"""When a talk begins at the earliest and at the latest, in wall time; rarer times are typed."""

APART = timedelta(minutes=30)


@dataclass(frozen=True)
class PossibleTimes:
    """For each day of a week the wall times at which enough could come, and how many could."""

    first_day: date
    of_day: Mapping[date, Mapping[time, int]]

    @property
    def any(self) -> bool:
        """Whether there is a time at all."""
        return any(self.of_day.values())

    @property
    def times(self) -> list[time]:
        """Every half hour from the earliest to the latest possible time of the week."""
        found = [at for times in self.of_day.values() for at in times]
        if not found:
            return []
        first = datetime.combine(self.first_day, min(found))
        last = datetime.combine(self.first_day, max(found))
        return [(first + number * APART).time() for number in range((last - first) // APART + 1)]


def possible_times(wanted: Wanted, monday: date, *, now: datetime) -> PossibleTimes:
    """Return when in the week from `monday` on it could be, beside the schedule as it stands.

    Who wants to be asked earlier than that before a day's first time is not counted on that day.
    """
    site = wanted.site
    today = clock.at_place(now, site.time_zone).date()
    days = [day for day in _week(monday) if day >= today]
    on_days = {number: _on(wanted, day, -number, now) for number, day in enumerate(days, 1)}
    there = {number: one for number, one in on_days.items() if one is not None}
    if not there:
        return PossibleTimes(monday, {})
    question = imagining(Horizon(days[0], days[-1], site.time_zone), list(there.values()), now=now)
    schedule = standing.as_it_stands(question)
    found: dict[date, dict[time, int]] = {day: {} for day in days}
    for one in there.values():
        for at, people in standing.starts(schedule, question, one.id).items():
            local, count = clock.at_place(at, site.time_zone), sum(map(wanted.admits, people))
            if local.minute % 30 == 0 and not local.fold and count >= wanted.interpreter_count:
                found[local.date()][local.time()] = count
    return PossibleTimes(monday, found)


class Ease(StrEnum):
    """What those who ask could do without."""

    PRESENCE = "presence"
    GENDER = "gender"
    QUALIFICATION = "qualification"
    LEVEL = "level"
    SEVERAL = "several"
    NAMED = "named"


def would_help(wanted: Wanted, monday: date, *, now: datetime) -> list[Ease]:
    """Return each of the things without which there would be a time in a week that has none."""
    anyhow = (*wanted.ways, *(one for one in Way if one not in wanted.ways))
    without = {
        Ease.PRESENCE: replace(wanted, ways=anyhow),
        Ease.GENDER: replace(wanted, gender_required=None),
        Ease.QUALIFICATION: replace(wanted, qualification_required=None),
        Ease.LEVEL: replace(wanted, level_required=None),
        Ease.SEVERAL: replace(wanted, interpreter_count=1),
        Ease.NAMED: replace(wanted, only_of=None),
    }
    return [
        ease
        for ease, eased in without.items()
        if eased != wanted and possible_times(eased, monday, now=now).any
    ]


def _week(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(7)]


def _on(wanted: Wanted, day: date, id_: int, now: datetime) -> InterpretationRequest | None:
    """Return a request that nobody stores, for any time of the day; None when the day is over."""
    zone = wanted.site.time_zone
    first = clock.localize(datetime.combine(day, EARLIEST), zone)
    latest = clock.localize(datetime.combine(day, LATEST), zone)
    if now >= latest:
        return None
    return imagined(wanted, max(first, now + (first - now) % APART), latest, id_)
