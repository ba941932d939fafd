"""Judges the figures of a plan: counts, terms, levels, bound and status."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor

from solver.check_days import satisfied
from solver.check_map import Chart, Finding, Here, team_of
from solver.check_requests import is_kept
from solver.plan import Status
from solver.requests import ContinuityCondition
from solver.weights import Term


def figure_findings(chart: Chart) -> Iterator[Finding]:
    """Yield every figure that does not follow from the routes."""
    covered = {id_ for id_, team in chart.teams.items() if team_of(chart.requests[id_], team)[1]}
    yield from _counts(chart, covered)
    amounts = amounts_of(chart, covered)
    stated = {item.term: item.amount for item in chart.plan.terms}
    for term, amount in amounts.items():
        if stated.get(term) != amount:
            text = f"{stated.get(term)} stated, {amount} found"
            yield Finding("term", f"terms.{term.value}", text)
    if chart.plan.status is not Status.INFEASIBLE:
        yield from _levels(chart, amounts)


def _counts(chart: Chart, covered: set[str]) -> Iterator[Finding]:
    plan = chart.plan
    if plan.asked != len(chart.requests):
        yield Finding("asked", "asked", f"{plan.asked} stated, {len(chart.requests)} found")
    if plan.filled != len(covered):
        yield Finding("filled", "filled", f"{plan.filled} stated, {len(covered)} found")
    listed = sorted(item.request for item in plan.unassigned)
    if listed != sorted(set(chart.requests) - covered):
        yield Finding("unassigned", "unassigned", "not exactly the requests that are not covered")


def amounts_of(chart: Chart, covered: set[str]) -> dict[Term, int]:
    """Return what the routes amount to in each term."""
    routes = chart.plan.routes
    people = chart.people
    return {
        Term.COVERAGE: sum(r.weight for id_, r in chart.requests.items() if id_ not in covered),
        Term.PROMISES: _promises(chart),
        Term.WISHES: sum(_missed(chart, here, False) for here in chart.stops()),
        Term.CONTINUITY: sum(_missed(chart, here, True) for here in chart.stops()),
        Term.VARIETY: sum(_variety(chart, id_) for id_ in covered),
        Term.WAY: sum(_way_cost(chart, id_) for id_ in covered),
        Term.HANDOVER: sum(_handover_cost(chart, id_) for id_ in covered),
        Term.FAIRNESS: sum(_unfair(chart, id_) for id_ in people),
        Term.TIER: sum(people[here.route.interpreter].tier for here in chart.stops()),
        Term.FEE: sum(_fee(chart, here) for here in chart.stops()),
        Term.TRAVEL_FEE: sum(
            people[id_].cost_per_travel_unit * _on_the_way(chart, id_) for id_ in people
        ),
        Term.DAY_FEE: sum(people[route.interpreter].cost_per_day for route in routes),
        Term.TRAVEL: sum(_on_the_way(chart, id_) for id_ in people),
    }


def _promises(chart: Chart) -> int:
    promised = [item for item in chart.problem.commitments if item.kind == "promised"]
    return sum(item.price for item in promised if not is_kept(chart, item))


def _missed(chart: Chart, here: Here, continuity: bool) -> int:
    person = chart.people[here.route.interpreter]
    levels = {item.code: item.level for item in person.languages}
    missed = 0
    for condition in chart.requests[here.stop.request].conditions:
        if isinstance(condition, ContinuityCondition) == continuity:
            met = satisfied(person, here, condition, levels)
            missed += 0 if met else (condition.penalty or 0)
    return missed


def _variety(chart: Chart, id_: str) -> int:
    spoken = sorted(here.stop.language for here in chart.teams[id_])
    costs = [
        choice.cost
        for choice in chart.requests[id_].languages
        if set(spoken) == {code for code in (choice.code, choice.relay) if code is not None}
    ]
    return min(costs, default=0)


def _way_cost(chart: Chart, id_: str) -> int:
    way = chart.teams[id_][0].stop.way
    return next(choice.cost for choice in chart.requests[id_].ways if choice.way is way)


def _handover_cost(chart: Chart, id_: str) -> int:
    rule, team = chart.requests[id_].handover, chart.teams[id_]
    return rule.cost if rule is not None and len({h.stop.begin for h in team}) > 1 else 0


def _unfair(chart: Chart, id_: str) -> int:
    person = chart.people[id_]
    if person.fair_share is None:
        return 0
    own = [here.stop for here in chart.stops() if here.route.interpreter == id_]
    load = sum(stop.end - stop.begin for stop in own)
    over = person.committed_load - person.fair_share
    return max(0, over + load) - max(0, over)


def _fee(chart: Chart, here: Here) -> int:
    person, stop = chart.people[here.route.interpreter], here.stop
    paid = stop.end - stop.begin
    for idle in person.paid_idle:
        paid -= len(range(max(idle.start, stop.begin), min(idle.end, stop.end)))
    cents = Fraction(person.cost_per_hour * paid, chart.problem.units_per_hour)
    return floor(cents + Fraction(1, 2))


def _on_the_way(chart: Chart, id_: str) -> int:
    own = [route for route in chart.plan.routes if route.interpreter == id_]
    return sum(sum(s.travel for s in route.stops) + route.travel_home for route in own)


def _levels(chart: Chart, amounts: dict[Term, int]) -> Iterator[Finding]:
    levels, proven = chart.problem.weights.levels, True
    if [level.name for level in levels] != [level.name for level in chart.plan.objective]:
        yield Finding("levels", "objective", "not the levels of the problem")
        return
    for number, (level, stated) in enumerate(zip(levels, chart.plan.objective, strict=True)):
        path = f"objective[{number}]"
        value = sum(item.factor * amounts[item.term] for item in level.terms)
        if stated.value != value:
            yield Finding("value", path, f"{stated.value} stated, {value} found")
        if stated.bound is not None and stated.bound > value and proven:
            yield Finding("bound", path, f"the bound {stated.bound} lies above {value}")
        proven = proven and stated.bound is not None and stated.bound >= value
        if stated.proven != proven:
            yield Finding("proven", path, f"stated {stated.proven}")
    if (chart.plan.status is Status.OPTIMAL) != proven:
        yield Finding("status", "status", f"{chart.plan.status.value} without or despite proof")
