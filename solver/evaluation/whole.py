"""Makes a whole plan from routes that others found: figures, what is open, what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from solver.evaluation import terms
from solver.evaluation.measure import amounts, changes, covered, together
from solver.evaluation.reasons import unassigned
from solver.evaluation.situation import Situation, situation
from solver.plan import LevelValue, Plan, Route, Status, Stop, StoppedBy, Unassigned
from solver.problem.problem import Problem
from solver.problem.requests import Request
from solver.rules.legs import Moment, leg
from solver.rules.person import Person
from solver.rules.schedule import Held

VERSION = "1"
Bounds = Sequence[int | None]


def plan_of_routes(
    problem: Problem,
    routes: Iterable[Route],
    bounds: Bounds | None = None,
    stopped_by: StoppedBy = StoppedBy.SEARCH,
    known: Mapping[str, Unassigned] | None = None,
    like: Situation | None = None,
    explain: Callable[[Situation, Request], Unassigned] = unassigned,
) -> Plan:
    """Return the plan with these routes.

    `bounds` are proven lower bounds by level, `known` reasons why requests are open, as far as
    they are still true; `like` is a situation with mostly the same people. `explain` says why the
    others are open.
    """
    plan = bare_plan(problem, routes, stopped_by)
    where = situation(problem, plan, like)
    sent = together(where)
    filled = covered(where, sent)
    measured = amounts(where, plan, filled)
    values = terms.by_level(problem.weights, {item.term: item.amount for item in measured})
    levels = _levels(problem, values, bounds or (None,) * len(values))
    first_open = next((level for level in levels if not level.proven), levels[-1])
    known = known or {}
    open_ = [request for request in problem.requests if request.id not in filled]
    return plan.model_copy(
        update={
            "status": Status.OPTIMAL if levels[-1].proven else Status.FEASIBLE,
            "stopped_by": StoppedBy.PROOF if levels[-1].proven else stopped_by,
            "filled": len(filled),
            "terms": measured,
            "objective": levels,
            "bound": first_open.bound,
            "gap": first_open.gap,
            "unassigned": tuple(
                known.get(request.id) or explain(where, request) for request in open_
            ),
            "changes": changes(where),
        }
    )


def objective_of(where: Situation, plan: Plan) -> tuple[int, ...]:
    """Return the value of each level of a plan whose situation this is."""
    measured = {item.term: item.amount for item in amounts(where, plan)}
    return terms.by_level(where.problem.weights, measured)


def infeasible_plan(problem: Problem) -> Plan:
    """Return the answer when nothing satisfies the commitments."""
    plan = plan_of_routes(problem, (), stopped_by=StoppedBy.PROOF)
    nothing = {"status": Status.INFEASIBLE, "objective": (), "bound": None, "gap": None}
    return plan.model_copy(update=nothing)


def bare_plan(
    problem: Problem, routes: Iterable[Route], stopped_by: StoppedBy = StoppedBy.SEARCH
) -> Plan:
    """Return the plan with these routes and no figures yet."""
    return Plan(
        solver_version=VERSION,
        status=Status.FEASIBLE,
        stopped_by=stopped_by,
        asked=len(problem.requests),
        filled=0,
        routes=tuple(sorted(routes, key=lambda route: (route.interpreter, route.day))),
    )


def _levels(problem: Problem, values: Sequence[int], bounds: Bounds) -> tuple[LevelValue, ...]:
    levels, proven = [], True
    for level, value, bound in zip(problem.weights.levels, values, bounds, strict=True):
        proven = proven and bound is not None and value <= bound
        gap = None if bound is None else round((value - bound) / max(1, abs(value)), 6)
        levels.append(LevelValue(name=level.name, value=value, bound=bound, gap=gap, proven=proven))
    return tuple(levels)


def routes_of(person: Person, work: Iterable[Held]) -> list[Route]:
    """Return the days of a person who does this work, with the ways between the jobs."""
    by_day: dict[int, list[Held]] = defaultdict(list)
    for held in sorted(work, key=lambda held: held.job.seat.begin):
        by_day[held.day.day].append(held)
    return [_route(person, day) for day in by_day.values()]


def _route(person: Person, day: list[Held]) -> Route:
    first, last, place = day[0], day[-1], person.distances.place
    time = person.available(first.job.busy_from, first.job.busy_to)
    home = Moment(place(first.day.start), time.start if time else first.job.busy_from)
    stops = [_stop(first, _travel(person, home, first.before()), 0)]
    for before, after in pairwise(day):
        travel = _travel(person, before.after(), after.before())
        waiting = leg(person.blocked, person.units, before.after(), after.before()).waiting
        stops.append(_stop(after, travel, waiting))
    time = person.available(last.job.busy_from, last.job.busy_to)
    home = Moment(place(last.day.end), time.end if time else last.job.busy_to)
    back = _travel(person, last.after(), home)
    return Route(interpreter=person.id, day=last.day.day, stops=tuple(stops), travel_home=back)


def _travel(person: Person, origin: Moment, target: Moment) -> int:
    """Return the time on the way; the direct one where pinned jobs leave too little time."""
    found = leg(person.blocked, person.units, origin, target)
    return found.travel if found.spare >= 0 else max(0, person.units(origin.place, target.place))


def _stop(held: Held, travel: int, waiting: int) -> Stop:
    job = held.job
    return Stop(
        request=job.request.id,
        seat=job.seat.number,
        language=job.seat.language,
        way=job.variant.way,
        arrive=job.busy_from - waiting,
        begin=job.seat.begin,
        end=job.seat.end,
        travel=travel,
        waiting=waiting,
        pinned=held.pinned,
    )
