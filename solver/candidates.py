"""Who could take a request beside the plan, at what price, and why the others could not."""

from __future__ import annotations

from collections.abc import Iterator

from solver import terms
from solver.day_rules import Insertion, extra_travel
from solver.person import Job, Person
from solver.plan import Plan, Violation
from solver.problem import Problem
from solver.reasons import Situation, jobs_of, of_language, situation, stops_person, without
from solver.requests import Request
from solver.schedule import Held
from solver.value import Identifier, Value

MOVABLE = frozenset({"taken", "way_between"})


class Candidate(Value):
    """One interpreter of the language, at the start at which the fewest rules stop them.

    `assigned`: sent by the plan already. `extra_travel` in time units, `extra_cents` of money and
    `penalties` of wishes are what sending this person would add; None where the place cannot be
    reached from the day at all. `moved` are the requests that stand in the way.
    """

    interpreter: Identifier
    feasible: bool
    assigned: bool
    start: int
    violations: tuple[Violation, ...]
    extra_travel: int | None
    extra_cents: int | None
    penalties: int
    moved: tuple[Identifier, ...]


def candidates(problem: Problem, plan: Plan, request_id: str) -> tuple[Candidate, ...]:
    """Return every interpreter of the request's languages, the best first.

    Raises KeyError if there is no such request.
    """
    where = situation(problem, plan)
    request = where.requests[request_id]
    holders = {
        id_
        for id_, own in where.schedule.items()
        if any(held.job.request.id == request_id for held in own)
    }
    free = without(where, request_id)
    found = [
        candidate
        for person in of_language(where, request)
        for candidate in _candidate(free, person, request, person.id in holders)
    ]
    return tuple(sorted(found, key=_rank))


def _candidate(
    where: Situation, person: Person, request: Request, assigned: bool
) -> Iterator[Candidate]:
    spoken = [job for job in jobs_of(where, request) if job.seat.language in person.languages]
    tried = [(job, stops_person(where, person, job)) for job in spoken]
    if not tried:
        return
    job, found = min(tried, key=lambda pair: (len(pair[1]), pair[0].variant.start))
    travel, cents = _prices(where, person, job)
    yield Candidate(
        interpreter=person.id,
        feasible=not found,
        assigned=assigned,
        start=job.variant.start,
        violations=found,
        extra_travel=travel,
        extra_cents=cents,
        penalties=terms.wishes(person, job) + terms.continuity(person, job),
        moved=tuple(
            sorted({v.request for v in found if v.rule in MOVABLE and v.request is not None})
        ),
    )


def _prices(where: Situation, person: Person, job: Job) -> tuple[int | None, int | None]:
    """Return the travel and the money that sending the person adds."""
    stay = person.stay(job.busy_from, job.busy_to)
    if stay is None:
        return None, None
    new = Held(job, stay.day, person.place_of(job, stay.day))
    own = where.schedule.get(person.id, ())
    insertion = Insertion(person, new, own)
    travel = extra_travel(insertion)
    cents = terms.fee(person, job, where.problem.units_per_hour)
    cents += travel * person.interpreter.cost_per_travel_unit
    if not insertion.today:
        cents += person.interpreter.cost_per_day
    return travel, cents


def _rank(candidate: Candidate) -> tuple[bool, int, int, int, int, int, str]:
    """Order by: can go, few others moved, wishes met, money, way, name."""
    return (
        not candidate.feasible,
        len(candidate.violations) - len(candidate.moved),
        len(candidate.moved),
        candidate.penalties,
        candidate.extra_cents or 0,
        candidate.extra_travel or 0,
        candidate.interpreter,
    )
