"""Judges any plan from the definitions alone, without the method that made it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from solver.checker.check_claims import claim_findings
from solver.checker.check_commitments import commitment_findings
from solver.checker.check_figures import figure_findings
from solver.checker.check_limits import break_findings, limit_findings
from solver.checker.check_map import Chart, Finding, FindingCode
from solver.checker.check_nights import night_findings
from solver.checker.check_requests import request_findings
from solver.checker.check_ways import way_findings
from solver.plan import Plan, Route, Status
from solver.problem.problem import Problem


def check(problem: Problem, plan: Plan) -> tuple[Finding, ...]:
    """Return everything wrong with a plan; empty when it keeps every rule and tells the truth."""
    return structure_findings(problem, plan) or tuple(_findings(Chart(problem, plan)))


def structure_findings(problem: Problem, plan: Plan) -> tuple[Finding, ...]:
    """Return what makes the rest unreadable: unknown ids, empty or repeated routes."""
    return tuple(_structure(Chart(problem, plan)))


def _structure(chart: Chart) -> Iterator[Finding]:
    seen: set[tuple[str, int]] = set()
    for number, route in enumerate(chart.plan.routes):
        yield from _route(chart, route, f"routes[{number}]")
        if (route.interpreter, route.day) in seen:
            yield Finding(FindingCode.REPEATED_ROUTE, f"routes[{number}]", route.interpreter)
        seen.add((route.interpreter, route.day))
    for number, item in enumerate(chart.plan.unassigned):
        if item.request not in chart.requests:
            yield Finding(FindingCode.UNKNOWN_REQUEST, f"unassigned[{number}]", item.request)
    for here in chart.stops():
        if here.stop.request not in chart.requests:
            yield Finding(FindingCode.UNKNOWN_REQUEST, here.path, here.stop.request)
        if here.stop.end <= here.stop.begin:
            yield Finding(FindingCode.EMPTY_STOP, here.path, here.stop.request)


def _route(chart: Chart, route: Route, path: str) -> Iterator[Finding]:
    person = chart.people.get(route.interpreter)
    if person is None:
        yield Finding(FindingCode.UNKNOWN_INTERPRETER, path, route.interpreter)
    elif route.day not in {day.day for day in person.days}:
        yield Finding(FindingCode.UNKNOWN_DAY, path, str(route.day))
    if not route.stops:
        yield Finding(FindingCode.EMPTY_ROUTE, path, route.interpreter)


def _findings(chart: Chart) -> Iterator[Finding]:
    for number, route in enumerate(chart.plan.routes):
        path = f"routes[{number}]"
        if any(one.begin > two.begin for one, two in pairwise(route.stops)):
            yield Finding(FindingCode.ORDER, path, "the stops are not in order of time")
        yield from way_findings(chart, route, path)
        yield from break_findings(chart, route, path)
    yield from night_findings(chart)
    yield from limit_findings(chart)
    yield from request_findings(chart)
    if chart.plan.status is not Status.INFEASIBLE:
        yield from commitment_findings(chart)
    yield from figure_findings(chart)
    yield from claim_findings(chart)
