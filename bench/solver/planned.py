"""Planned days and weeks to ask questions about: generated, planned by the greedy method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bench.solver.answer import Call
from bench.solver.day import Ask, Day
from bench.solver.generator import generated
from bench.solver.instances import problem_of
from bench.solver.peers import greedy
from bench.solver.scoring import Visits
from solver import Plan, Problem, Status
from solver.plan import Route
from solver.problem import Interpreter, Interval, Request, WorkDay

DAY = 24 * 60
DAYS = range(7)


def planned(size: str) -> tuple[Day, Problem, Plan]:
    """Return a day of this size, its problem and the greedy plan for it."""
    day = generated(size)
    return day, problem_of(day), plan_of(day, greedy.run(day, Call(0, 0, 1)).visits)


def plan_of(day: Day, visits: Visits) -> Plan:
    """Return a plan of the solver with these visits; its figures are left out."""
    asks = {ask.id: ask for ask in day.asks}
    seats: Counter[str] = Counter()
    routes = []
    for id_, stops in visits.items():
        seats.update(name for name, _ in stops)
        found = [_stop(asks[name], start, seats[name] - 1) for name, start in stops]
        routes.append({"interpreter": id_, "day": 0, "stops": found, "travel_home": 0})
    return Plan.model_validate(
        {
            "solver_version": "greedy",
            "status": Status.FEASIBLE,
            "stopped_by": "search exhausted",
            "asked": len(day.asks),
            "filled": len(seats),
            "routes": routes,
            "unassigned": [_open(ask) for ask in day.asks if ask.id not in seats],
        }
    )


def week_of(problem: Problem) -> Problem:
    """Return seven times the same day, one after the other."""
    return problem.model_copy(
        update={
            "interpreters": tuple(_working_all_week(person) for person in problem.interpreters),
            "requests": tuple(_on(ask, number) for number in DAYS for ask in problem.requests),
        }
    )


def week_of_plan(plan: Plan) -> Plan:
    """Return the plan of a day seven times, as for `week_of`."""
    routes = tuple(_route_on(route, number) for number in DAYS for route in plan.routes)
    return plan.model_copy(update={"routes": routes})


def _working_all_week(person: Interpreter) -> Interpreter:
    days = tuple(_day_on(day, number) for number in DAYS for day in person.days)
    return person.model_copy(update={"days": days})


def _day_on(day: WorkDay, number: int) -> WorkDay:
    later = number * DAY
    spans = tuple(Interval(start=a.start + later, end=a.end + later) for a in day.available)
    return day.model_copy(update={"day": number, "available": spans})


def _on(ask: Request, number: int) -> Request:
    latest = ask.earliest if ask.latest is None else ask.latest
    times = {"earliest": ask.earliest + number * DAY, "latest": latest + number * DAY}
    return ask.model_copy(update={"id": f"{ask.id}@{number}", **times})


def _route_on(route: Route, number: int) -> Route:
    return route.model_copy(update={"day": number, "stops": tuple(_stops_on(route, number))})


def _stops_on(route: Route, number: int) -> Iterator[Any]:
    for stop in route.stops:
        times = {name: getattr(stop, name) + number * DAY for name in ("arrive", "begin", "end")}
        yield stop.model_copy(update={"request": f"{stop.request}@{number}", **times})


def _stop(ask: Ask, start: int, seat: int) -> dict[str, Any]:
    return {
        "request": ask.id,
        "seat": seat,
        "language": ask.lang,
        "way": "on_site",
        "arrive": start,
        "begin": start,
        "end": start + ask.duration,
        "travel": 0,
        "waiting": 0,
    }


def _open(ask: Ask) -> dict[str, Any]:
    return {"request": ask.id, "wanted": ask.n_interpreters, "filled": 0, "sentence": ""}
