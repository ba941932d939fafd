"""Solves a small part of a plan again: a few people are free, everybody else stays."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from solver.analysis.candidates import Candidate, candidates_in
from solver.evaluation.situation import Situation, languages_of
from solver.evaluation.whole import plan_of_routes
from solver.method.solving import solve
from solver.plan import Plan, Route, RuleCode, Status, Unassigned
from solver.problem.commitments import Commitment
from solver.problem.people import Interpreter
from solver.problem.problem import Problem
from solver.problem.requests import Request
from solver.rules.schedule import Held

ABLE, MOVABLE, INSTEAD = 4, 4, 2
TOGETHER = frozenset(
    {
        RuleCode.DAY_MINUTES,
        RuleCode.DAY_JOBS,
        RuleCode.WEEK_MINUTES,
        RuleCode.WEEK_JOBS,
        RuleCode.BREAK,
    }
)
IN_THE_WAY = TOGETHER | {RuleCode.TAKEN, RuleCode.WAY_BETWEEN}


def neighbours(where: Situation, request: Request) -> set[str]:
    """Return who is worth freeing to fill a request.

    These are the best who could take it, those who only have other jobs in the way, and for
    each of those jobs the best who could take it instead.
    """
    team = request.interpreters - 1
    found = candidates_in(where, request, most=4 * (ABLE + MOVABLE + team))
    able = [who.interpreter for who in found if who.feasible or who.assigned]
    busy = [who for who in found if {why.rule for why in who.violations} <= IN_THE_WAY]
    busy = [who for who in busy if not who.feasible][: MOVABLE + team]
    chosen = {*able[: ABLE + team], *(who.interpreter for who in busy)}
    for id_ in dict.fromkeys(id_ for who in busy for id_ in _in_the_way(where, who)):
        others = candidates_in(where, where.requests[id_], most=4 * INSTEAD)
        free = [who.interpreter for who in others if who.feasible and not who.assigned]
        chosen |= set(free[:INSTEAD])
    return chosen


def _in_the_way(where: Situation, who: Candidate) -> Iterator[str]:
    """Yield the jobs that stop somebody; any of them may where only all together do."""
    yield from who.moved
    if any(why.rule in TOGETHER for why in who.violations):
        own = where.schedule.get(who.interpreter, ())
        yield from (held.job.request.id for held in own if not held.pinned)


def solved_again(
    problem: Problem,
    where: Situation,
    plan: Plan,
    people: Collection[str],
    more: Collection[str],
    time_limit_s: float,
) -> Plan | None:
    """Return the best plan of the problem in which only these people's work differs.

    `where` is the plan's situation. Besides their jobs the requests `more` are to be filled.
    None if there is no such plan.
    """
    part = part_of(problem, where, people, more, _broken_elsewhere(plan, people))
    found = solve(part, time_limit_s=time_limit_s, reasons=False)
    if found.status is Status.INFEASIBLE:
        return None
    seats = {(r.interpreter, stop.request): stop.seat for r in found.routes for stop in r.stops}
    routes = [_seated(r, seats) for r in plan.routes if r.interpreter not in people]
    routes += [route for route in found.routes if route.interpreter in people]
    known = still_true(where, plan, people, more)
    return plan_of_routes(problem, routes, known=known, like=where)


def _seated(route: Route, seats: Mapping[tuple[str, str], int]) -> Route:
    """Return the route with the seats as numbered anew in shared jobs."""
    stops = tuple(
        stop.model_copy(update={"seat": seats.get((route.interpreter, stop.request), stop.seat)})
        for stop in route.stops
    )
    return route if stops == route.stops else route.model_copy(update={"stops": stops})


def still_true(
    where: Situation, plan: Plan, people: Collection[str], changed: Collection[str]
) -> dict[str, Unassigned]:
    """Return why requests are open that none of these people could be sent to."""
    codes = {code for id_ in people for code in where.people[id_].languages}
    return {
        item.request: item
        for item in plan.unassigned
        if item.request not in changed
        and item.request in where.requests
        and codes.isdisjoint(languages_of(where.requests[item.request]))
    }


def part_of(
    problem: Problem,
    where: Situation,
    people: Collection[str],
    more: Collection[str],
    broken: int = 0,
) -> Problem:
    """Return the problem of these people, their jobs and `more`; `broken` promises are no more.

    Others who share a job with them stay where they are.
    """
    held = {item.job.request.id for id_ in people for item in where.schedule.get(id_, ())}
    ids = held | set(more)
    fixed = tuple(_fixed(where, people, held))
    mates = {pin.interpreter for pin in fixed}
    kept = [
        item for item in problem.commitments if item.request in ids and item.interpreter in people
    ]
    most = problem.disturb_at_most
    return problem.model_copy(
        update={
            "interpreters": tuple(
                _still(person) if person.id in mates else person
                for person in problem.interpreters
                if person.id in people or person.id in mates
            ),
            "requests": tuple(item for item in problem.requests if item.id in ids),
            "commitments": (*kept, *fixed),
            "disturb_at_most": None if most is None else max(0, most - broken),
        }
    )


def _fixed(where: Situation, people: Collection[str], held: set[str]) -> Iterator[Commitment]:
    """Yield pins for what others do in jobs shared with these people."""
    for id_, own in where.schedule.items():
        if id_ not in people:
            for item in own:
                if item.job.request.id in held:
                    yield pin_of(id_, item)


def pin_of(interpreter: str, held: Held) -> Commitment:
    """Return the pin that keeps somebody where they are."""
    return Commitment(
        kind="pinned",
        request=held.job.request.id,
        interpreter=interpreter,
        start=held.job.variant.start,
        way=held.job.variant.way,
        language=held.job.seat.language,
    )


def _still(person: Interpreter) -> Interpreter:
    """Return the person as one who takes nothing but what is pinned."""
    return person.model_copy(update={"languages": ()})


def _broken_elsewhere(plan: Plan, people: Collection[str]) -> int:
    return sum(item.kind == "broken" and item.interpreter not in people for item in plan.changes)
