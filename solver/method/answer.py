"""Turns the days chosen into a plan: routes, terms, levels, what is open, what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from time import monotonic

from solver.evaluation.measure import amounts, changes, covered, together
from solver.evaluation.reasons import situation, unassigned, wanted
from solver.evaluation.situation import Situation
from solver.evaluation.standing import standing
from solver.evaluation.starts import without_waiting
from solver.evaluation.whole import plan_of_routes
from solver.method.found import Found
from solver.method.limits import Limits
from solver.method.model.columns import Column
from solver.method.model.instance import Instance
from solver.plan import LevelValue, Plan, Route, Status, Stop, StoppedBy, Unassigned
from solver.problem.problem import Problem
from solver.problem.requests import Request
from solver.rules.legs import leg

VERSION = "1"
NO_SEARCH = "planning ended before anybody could be looked for"
NO_REASONS = "planning ended before it could be said why; ask why of the plan"
DESCRIBING_SECONDS = 0.1
Places = Counter[tuple[str, int, int]]


def plan_of(
    instance: Instance, found: Found, limits: Limits, seconds: float, *, reasons: bool = True
) -> Plan:
    """Return the plan of the days chosen, with the proof as far as it got.

    Without `reasons` it is left out why requests are open.
    """
    levels = _levels(instance, found)
    first_open = next((level for level in levels if not level.proven), levels[-1])
    plan = Plan(
        solver_version=VERSION,
        status=Status.OPTIMAL if levels[-1].proven else Status.FEASIBLE,
        stopped_by=found.stopped_by,
        asked=len(instance.asks),
        filled=0,
        routes=_routes(instance, found.columns),
        objective=levels,
        bound=first_open.bound,
        gap=first_open.gap,
        seed=limits.seed,
        seconds=round(seconds, 3),
    )
    late = _late(limits)
    where = situation(instance.problem, plan)
    told = without_waiting(plan, where, late)
    return _described(instance, told, late if reasons else _always, where)


def _always() -> bool:
    return True


def _late(limits: Limits) -> Callable[[], bool]:
    """Return what says that time is over, and a little more for what is said about the plan."""
    begun = monotonic()
    return lambda: limits.over() and monotonic() - begun > DESCRIBING_SECONDS


def infeasible_plan(instance: Instance, limits: Limits, seconds: float) -> Plan:
    """Return the answer when nothing satisfies the commitments: no routes, nothing covered."""
    plan = Plan(
        solver_version=VERSION,
        status=Status.INFEASIBLE,
        stopped_by=StoppedBy.PROOF,
        asked=len(instance.asks),
        filled=0,
        seed=limits.seed,
        seconds=round(seconds, 3),
    )
    return _described(instance, plan, _late(limits))


def untouched_plan(problem: Problem, limits: Limits, seconds: float) -> Plan:
    """Return what is pinned and nothing else: the answer when there was no time to look further."""
    pinned = tuple(item for item in problem.commitments if item.kind == "pinned")
    routes = standing(problem.model_copy(update={"commitments": pinned})).routes
    stopped_by = StoppedBy.ASKED if limits.stop() else StoppedBy.TIME
    held, late = Counter(item.request for item in pinned), _late(limits)

    def explained(where: Situation, asked: Request) -> Unassigned:
        if late():
            return _not_said(asked, held[asked.id], NO_SEARCH)
        return unassigned(where, asked)

    plan = plan_of_routes(problem, routes, None, stopped_by, explain=explained)
    return plan.model_copy(update={"seed": limits.seed, "seconds": round(seconds, 3)})


def _not_said(asked: Request, filled: int, why: str) -> Unassigned:
    return Unassigned(request=asked.id, wanted=wanted(asked), filled=filled, sentence=why)


def _described(
    instance: Instance, plan: Plan, late: Callable[[], bool], like: Situation | None = None
) -> Plan:
    """Return the plan with its terms, its open requests and what became of the commitments."""
    where = situation(instance.problem, plan, like)
    filled = covered(where, together(where))
    open_ = [ask.request for ask in instance.asks if ask.request.id not in filled]
    return plan.model_copy(
        update={
            "filled": len(filled),
            "terms": amounts(where, plan, filled),
            "unassigned": tuple(_unassigned(where, request, late) for request in open_),
            "changes": changes(where),
        }
    )


def _unassigned(where: Situation, asked: Request, late: Callable[[], bool]) -> Unassigned:
    """Return why a request is open; when it is late, only that there was no time to say."""
    if late():
        return _not_said(asked, len(where.holders(asked.id)), NO_REASONS)
    return unassigned(where, asked)


def _levels(instance: Instance, found: Found) -> tuple[LevelValue, ...]:
    levels, proven = [], True
    for level, value, bound in zip(
        instance.problem.weights.levels, found.values, found.bounds, strict=True
    ):
        proven = proven and bound is not None and value <= bound
        gap = None if bound is None else round((value - bound) / max(1, abs(value)), 6)
        levels.append(LevelValue(name=level.name, value=value, bound=bound, gap=gap, proven=proven))
    return tuple(levels)


def _routes(instance: Instance, columns: Sequence[Column]) -> tuple[Route, ...]:
    seats: Places = Counter()
    return tuple(
        _route(instance, column, seats)
        for column in sorted(columns, key=lambda column: column.block)
    )


def _route(instance: Instance, column: Column, seats: Places) -> Route:
    block = instance.blocks[column.block]
    person = instance.people[block.person]
    visits = block.visits
    stops, previous = [], None
    for item in column.path:
        job, here = instance.job(int(visits.numbers[item])), visits.before(item)
        if previous is None:
            travel, waiting = int(block.first[item]), 0
        else:
            travel = int(block.between[previous, item])
            before = visits.after(previous)
            waiting = leg(person.blocked, person.units, before, here).waiting
        place = (job.request.id, int(visits.tasks.variant[visits.numbers[item]]), job.seat.number)
        stops.append(
            Stop(
                request=job.request.id,
                seat=job.seat.number + seats[place],
                language=job.seat.language,
                way=job.variant.way,
                arrive=here.time - waiting,
                begin=job.seat.begin,
                end=job.seat.end,
                travel=travel,
                waiting=waiting,
                pinned=bool(visits.pinned[item]),
            )
        )
        seats[place] += 1
        previous = item
    home = int(block.last[column.path[-1]])
    return Route(interpreter=person.id, day=block.day.day, stops=tuple(stops), travel_home=home)
