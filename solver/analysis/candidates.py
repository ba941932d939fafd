"""Who could take a request beside the plan, at what price, and why the others could not."""

from __future__ import annotations

from heapq import nsmallest

from solver.evaluation import terms
from solver.evaluation.best import Best, best_jobs
from solver.evaluation.sieve import BIT
from solver.evaluation.situation import Situation, insertion_of, situation, stopped_by, without
from solver.plan import Plan, RuleCode, Violation
from solver.problem.problem import Problem
from solver.problem.requests import Request, Way
from solver.problem.value import Identifier, Value
from solver.rules.day_rules import Insertion, extra_travel
from solver.rules.person import Job, Person

MOVABLE = BIT[RuleCode.TAKEN] | BIT[RuleCode.WAY_BETWEEN]


class Candidate(Value):
    """One interpreter of the language, with the job fewest rules stop them from.

    The job of the request starting at `start` is done by `way` in `language` from `begin` to
    `end`; the last two differ from those of the request only where it is handed over.
    `feasible`: the person could do it beside everything the plan has them do. `assigned`: sent by
    the plan already. `choice` is what that language, way and hand-over cost. `extra_travel` in time
    units, `extra_cents` of money and `penalties` of wishes are what sending this person would add;
    None for somebody not available then. `moved` are the requests that would have to be taken from
    this person first; a pinned one never is.
    """

    interpreter: Identifier
    feasible: bool
    assigned: bool
    start: int
    way: Way
    language: Identifier
    begin: int
    end: int
    choice: int = 0
    violations: tuple[Violation, ...]
    extra_travel: int | None
    extra_cents: int | None
    penalties: int
    moved: tuple[Identifier, ...]


def candidates(
    problem: Problem, plan: Plan, request_id: str, most: int | None = None
) -> tuple[Candidate, ...]:
    """Return the interpreters of the request's languages (the `most` best), the best first.

    Raises KeyError if there is no such request. For many questions make a `Desk` once.
    """
    where = situation(problem, plan)
    return candidates_in(where, where.requests[request_id], most)


def candidates_in(
    where: Situation, request: Request, most: int | None = None, brief: bool = False
) -> tuple[Candidate, ...]:
    """Return the candidates for a request, in the problem or not, in a situation.

    `brief`: of those who cannot go only why; neither what sending them would add nor what would
    have to be moved first.
    """
    holders = where.holders(request.id)
    free = without(where, request.id) if holders else where
    found = best_jobs(where, request, priced=True)
    ranked = _ranked(free, holders, found)
    stopped = [best for best in found if best.bits]
    left = len(stopped) if most is None else max(0, most - len(ranked))
    nearest = nsmallest(left, stopped, key=_nearness)
    return (*ranked, *(_candidate(free, best, holders, brief) for best in nearest))[:most]


def able_in(where: Situation, request: Request) -> tuple[Candidate, ...]:
    """Return those candidates alone who could go, the best first."""
    holders = where.holders(request.id)
    free = without(where, request.id) if holders else where
    best = best_jobs(where, request, all_rules=False, priced=True)
    return _ranked(free, holders, best)


def _ranked(free: Situation, holders: frozenset[str], found: list[Best]) -> tuple[Candidate, ...]:
    able = (_candidate(free, best, holders) for best in found if not best.bits)
    return tuple(sorted(able, key=_price))


def _nearness(best: Best) -> tuple[int, int, str]:
    """Order those who cannot go: few rules stop them, others could be moved, name."""
    movable = (best.bits & MOVABLE).bit_count()
    return best.bits.bit_count() - movable, movable, best.person.id


def _price(candidate: Candidate) -> tuple[int, int, int, str]:
    """Order those who can go: what the choice and the wishes not met cost, money, way, name."""
    travel, cents = candidate.extra_travel or 0, candidate.extra_cents or 0
    return candidate.choice + candidate.penalties, cents, travel, candidate.interpreter


def _candidate(
    where: Situation, best: Best, holders: frozenset[str], brief: bool = False
) -> Candidate:
    person, job = best.person, best.job
    travel: int | None = None
    cents: int | None = None
    violations: tuple[Violation, ...] = ()
    if best.price is not None:
        penalties, cents, travel = best.price
    else:
        insertion = insertion_of(where, person, job)
        violations = stopped_by(person, job, insertion)
        if not brief:
            travel, cents = _prices(where, person, job, insertion)
        penalties = terms.wishes(person, job) + terms.continuity(person, job)
    return Candidate(
        interpreter=person.id,
        feasible=not violations,
        assigned=person.id in holders,
        start=job.variant.start,
        way=job.variant.way,
        language=job.seat.language,
        begin=job.seat.begin,
        end=job.seat.end,
        choice=job.variant.variety + job.variant.way_cost + job.variant.handover,
        violations=violations,
        extra_travel=travel,
        extra_cents=cents,
        penalties=penalties,
        moved=() if brief else moved(where, person, job, violations),
    )


def _prices(
    where: Situation, person: Person, job: Job, insertion: Insertion | None
) -> tuple[int | None, int | None]:
    """Return the travel and the money that sending the person adds."""
    if insertion is None or person.stay(job) is None:
        return None, None
    travel = extra_travel(insertion)
    cents = terms.fee(person, job, where.problem.units_per_hour)
    cents += travel * person.interpreter.cost_per_travel_unit
    if not insertion.today:
        cents += person.interpreter.cost_per_day
    return travel, cents


def moved(
    where: Situation, person: Person, job: Job, violations: tuple[Violation, ...]
) -> tuple[str, ...]:
    """Return the jobs to be taken from the person until none stands in the way, pinned aside."""
    own = where.schedule.get(person.id, ())
    pinned = {held.job.request.id for held in own if held.pinned}
    found: set[str] = set()
    while True:
        more = {item.request for item in violations if item.request is not None} - pinned
        if more <= found:
            return tuple(sorted(found))
        found |= more
        rest = tuple(held for held in own if held.job.request.id not in found)
        violations = stopped_by(person, job, insertion_of(where, person, job, rest))
