"""While asking for one start: who could come then, how long their ways are, what it would cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import solver.analysis
from dispatch import clock
from dispatch.planning.advice import standing
from dispatch.planning.advice.how_many import Stop, mostly
from dispatch.planning.advice.imagined import Wanted, imagined
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.problem import imagining

NOBODY_S_ID = -1
"""The id of the request that is looked at and is no row."""


@dataclass(frozen=True)
class Outlook:
    """How many could come at a start (or within a window) beside what they do.

    Least and most, as both depend on who comes: `euros` are what sending so many as are needed
    would add, `way_minutes` what it adds to the way of each (None where all take part from where
    they are). None where too few could. `stop` is what keeps most away, where nobody could.
    """

    count: int
    needed: int
    euros: tuple[Decimal, Decimal] | None = None
    way_minutes: tuple[int, int] | None = None
    stop: Stop | None = None

    @property
    def is_enough(self) -> bool:
        """Whether as many could come as are needed."""
        return self.euros is not None


def outlook(
    wanted: Wanted, starts_at: datetime, latest_start_at: datetime, *, now: datetime
) -> Outlook:
    """Return who could come to what is not asked for yet, beside the schedule as it stands.

    The instants are aware; they are the same where there is one start. Whoever wants to be asked
    earlier than now does not count.
    """
    zone_name = wanted.site.time_zone
    first, last = (clock.at_place(at, zone_name).date() for at in (starts_at, latest_start_at))
    one = imagined(wanted, starts_at, latest_start_at, NOBODY_S_ID)
    question = imagining(Horizon(first, last, zone_name), [one], now=now)
    schedule = standing.as_it_stands(question)
    everybody = standing.candidates(schedule, NOBODY_S_ID)
    found = [each for each in everybody if wanted.admits(each.interpreter)]
    could, needed = [each for each in found if each.feasible], wanted.interpreter_count
    at_a_start = [
        {who for who in people if wanted.admits(who)}
        for people in standing.starts(schedule, question, NOBODY_S_ID).values()
    ]
    enough = set[str]().union(*(people for people in at_a_start if len(people) >= needed))
    able = [each for each in could if each.interpreter in enough]
    if not able:
        return Outlook(len(could), needed, stop=None if could else mostly(found))
    return Outlook(len(able), needed, euros=_euros(able, needed), way_minutes=_way(able))


def _euros(able: Sequence[solver.analysis.Candidate], needed: int) -> tuple[Decimal, Decimal]:
    cents = sorted(each.extra_cents or 0 for each in able)
    return Decimal(sum(cents[:needed])) / 100, Decimal(sum(cents[-needed:])) / 100


def _way(able: Sequence[solver.analysis.Candidate]) -> tuple[int, int] | None:
    minutes = [
        each.extra_travel or 0
        for each in able
        if each.extra_travel or each.way == solver.problem.Way.ON_SITE
    ]
    return (min(minutes), max(minutes)) if minutes else None
