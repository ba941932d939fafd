"""How many could come in time to each open request of a day, or what mostly keeps people away."""

import threading
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

import solver.analysis
from dispatch.database import db
from dispatch.holds import service as holds
from dispatch.planning.advice import standing
from dispatch.planning.advice.quickly import as_of
from dispatch.planning.snapshot.problem import of_day
from dispatch.requests import queries as requests
from dispatch.requests.rules import RequestState

RuleCode = solver.plan.RuleCode


class Stop(StrEnum):
    """What keeps most of those who work in a language from coming."""

    NOBODY = "nobody"
    """Nobody in the pool works in the language."""
    HOURS = "hours"
    """They do not work then."""
    TAKEN = "taken"
    """They are elsewhere, or on the way."""
    GENDER = "gender"
    QUALIFICATION = "qualification"
    OTHER = "other"


RULES = {
    RuleCode.AVAILABILITY: Stop.HOURS,
    RuleCode.BUSY: Stop.HOURS,
    RuleCode.TAKEN: Stop.TAKEN,
    RuleCode.WAY_BETWEEN: Stop.TAKEN,
    RuleCode.GENDER: Stop.GENDER,
    RuleCode.LEVEL: Stop.QUALIFICATION,
    RuleCode.QUALIFICATION: Stop.QUALIFICATION,
    RuleCode.QUALIFICATION_EXPIRED: Stop.QUALIFICATION,
}


@dataclass(frozen=True)
class Coming:
    """How many could come beside what they do; `stop` is None where somebody could."""

    count: int
    stop: Stop | None = None


kept_counts: WeakKeyDictionary[sa.Engine, dict[Any, Mapping[int, Coming]]] = WeakKeyDictionary()
_lock = threading.Lock()


def how_many(day: date, zone_name: str, *, now: datetime) -> Mapping[int, Coming]:
    """Return, by its id, how many could come in time to each request of a day that lacks people.

    Whoever is asked for it or comes to it already does not count. What nobody can be sent to any
    more is not among them. Kept for the next board while nothing has changed, a minute at most.
    """
    key = (day, zone_name, now.replace(second=0, microsecond=0), as_of())
    with _lock:
        kept = kept_counts.setdefault(db.engine, {})
        if key not in kept:
            kept.clear()  # another day, or as it stood before
            kept[key] = _looked(day, zone_name, now)
        return kept[key]


def _looked(day: date, zone_name: str, now: datetime) -> Mapping[int, Coming]:
    question = of_day(day, zone_name, now=now, by_a_person=True)
    schedule = standing.as_it_stands(question)
    known = {one.id for one in question.problem.requests}
    bounds = question.horizon.bounds
    asked_for = requests.starting_between(*bounds, (RequestState.OPEN,), wishes=False)
    held = holds.people_on([one.id for one in asked_for])
    return {
        one.id: _coming(standing.not_on_it(schedule.candidates(str(one.id)), held[one.id]))
        for one in asked_for
        if str(one.id) in known and one.seats_of_pool > len(held[one.id])
    }


def _coming(found: Collection[solver.analysis.Candidate]) -> Coming:
    count = sum(one.feasible for one in found)
    return Coming(count, None if count else mostly(found))


def mostly(found: Collection[solver.analysis.Candidate]) -> Stop:
    """Return what keeps most of these people from coming, none of whom could."""
    if not found:
        return Stop.NOBODY
    stops = Counter(RULES.get(one.violations[0].rule, Stop.OTHER) for one in found)
    return stops.most_common(1)[0][0]
