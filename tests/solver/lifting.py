"""Takes the cause of a reason out of a problem, rule by rule, for one person and one job."""

from typing import Any

from solver import Plan, Problem
from solver.checker.check_map import Chart
from solver.plan import Violation
from solver.problem import Interpreter, Interval, Profile, Request

CONDITIONS = {
    "level": "level",
    "qualification": "qualification",
    "qualification_expired": "qualification",
    "gender": "gender",
    "excluded": "excluded",
    "preferred": "preferred",
    "continuity": "continuity",
}
LIMITS = {
    "day_minutes": "minutes_per_day",
    "day_jobs": "jobs_per_day",
    "week_minutes": "minutes_per_week",
    "week_jobs": "jobs_per_week",
}


def lifted(problem: Problem, id_: str, asked: Request, begin: int, why: Violation) -> Problem:
    """Return the problem in which the rule has no cause to stop the person from beginning then."""
    rule, person = why.rule, next(p for p in problem.interpreters if p.id == id_)
    span = (begin - asked.buffer_before, begin + asked.duration + asked.buffer_after)
    if rule in CONDITIONS:
        now = next(r for r in problem.requests if r.id == asked.id)
        kept = tuple(c for c in now.conditions if c.kind != CONDITIONS[rule] or c.penalty)
        return with_request(problem, now.model_copy(update={"conditions": kept}))
    if rule in LIMITS:
        limits = person.limits.model_copy(update={LIMITS[rule]: None})
        return _with_person(problem, person, limits=limits)
    if rule == "radius":
        return _with_person(problem, person, radius_km=None)
    if rule == "busy":
        busy = tuple(b for b in person.busy if b.end <= span[0] or span[1] <= b.start)
        return _with_person(problem, person, busy=busy)
    if rule == "break":
        return _with_day(problem, person, breaks=())
    return _with_hours(problem, person, span, why)


def _with_hours(
    problem: Problem, person: Interpreter, span: tuple[int, int], why: Violation
) -> Problem:
    hours, passed = person.days[0].available[0], []
    if why.rule == "availability":
        hours = Interval(start=min(hours.start, span[0] - 200), end=max(hours.end, span[1] + 200))
    if why.rule == "way_there":
        hours = Interval(start=hours.start - (why.lacking or 0), end=hours.end)
        passed = [busy for busy in person.busy if busy.place and busy.end <= span[0]]
    if why.rule == "way_home":
        hours = Interval(start=hours.start, end=hours.end + (why.lacking or 0))
        passed = [busy for busy in person.busy if busy.place and span[1] <= busy.start]
    kept = tuple(busy for busy in person.busy if busy not in passed)
    return _with_day(problem, person.model_copy(update={"busy": kept}), available=(hours,))


def nearer(problem: Problem, id_: str, asked: Request, why: Violation) -> Problem:
    """Return the problem in which the way between two requests is just short enough."""
    person = next(p for p in problem.interpreters if p.id == id_)
    sites = {asked.place, next(r.place for r in problem.requests if r.id == why.request)}
    matrix = tuple(
        tuple(
            _units(problem, person, one.id, two.id)
            - (why.lacking if one.id != two.id and {one.id, two.id} <= sites else 0)
            for two in problem.travel.places
        )
        for one in problem.travel.places
    )
    own = Profile(id=f"own {id_}", matrix=matrix)
    profiles = tuple(p for p in problem.travel.profiles if p.id != own.id)
    travel = problem.travel.model_copy(update={"profiles": (*profiles, own)})
    changed = problem.model_copy(update={"travel": travel})
    return _with_person(changed, person, travel_profile=own.id)


def _units(problem: Problem, person: Interpreter, one: str, two: str) -> int:
    bare = Plan(solver_version="", status="FEASIBLE", stopped_by="time", asked=0, filled=0)
    return Chart(problem, bare).travel(person, one, two) or 0


def with_request(problem: Problem, asked: Request) -> Problem:
    """Return the problem with this request instead of the one of the same id."""
    requests = tuple(asked if r.id == asked.id else r for r in problem.requests)
    return problem.model_copy(update={"requests": requests})


def _with_day(problem: Problem, person: Interpreter, **change: Any) -> Problem:
    days = (person.days[0].model_copy(update=change), *person.days[1:])
    return _with_person(problem, person, days=days)


def _with_person(problem: Problem, person: Interpreter, **change: Any) -> Problem:
    changed = person.model_copy(update=change)
    people = tuple(changed if p.id == person.id else p for p in problem.interpreters)
    return problem.model_copy(update={"interpreters": people})


def without_request(plan: Plan, id_: str) -> Plan:
    """Return the routes of the plan without one request; the ways are those of before."""
    routes = []
    for route in plan.routes:
        stops = tuple(stop for stop in route.stops if stop.request != id_)
        if stops:
            routes.append(route.model_copy(update={"stops": stops}))
    return plan.model_copy(update={"routes": tuple(routes)})
