"""Judges the figures of a plan: counts and terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import floor

from solver.checker.check_commitments import is_kept
from solver.checker.check_map import Chart, Finding, FindingCode, Here
from solver.checker.check_people import satisfied
from solver.checker.check_teams import Filled, filled_by
from solver.plan import Route
from solver.problem.people import Tariff
from solver.problem.requests import ContinuityCondition
from solver.problem.weights import Term

Covered = Mapping[str, Filled]


def figure_findings(chart: Chart) -> Iterator[Finding]:
    """Yield every count and term that does not follow from the routes."""
    covered = covered_by(chart)
    yield from _counts(chart, covered)
    yield from _open(chart, covered)
    stated = {item.term: item.amount for item in chart.plan.terms}
    if len(stated) < len(chart.plan.terms):
        yield Finding(FindingCode.TERM, "terms", "a term is stated twice")
    for term, amount in amounts_of(chart, covered).items():
        if stated.get(term) != amount:
            text = f"{stated.get(term)} stated, {amount} found"
            yield Finding(FindingCode.TERM, f"terms.{term.value}", text)


def covered_by(chart: Chart) -> Covered:
    """Return the requests that are filled, with how."""
    found = {id_: filled_by(chart.requests[id_], team) for id_, team in chart.teams.items()}
    return {id_: filled for id_, filled in found.items() if filled is not None}


def _counts(chart: Chart, covered: Covered) -> Iterator[Finding]:
    plan = chart.plan
    if plan.asked != len(chart.requests):
        yield Finding(
            FindingCode.ASKED, "asked", f"{plan.asked} stated, {len(chart.requests)} found"
        )
    if plan.filled != len(covered):
        yield Finding(FindingCode.FILLED, "filled", f"{plan.filled} stated, {len(covered)} found")


def _open(chart: Chart, covered: Covered) -> Iterator[Finding]:
    listed = sorted(item.request for item in chart.plan.unassigned)
    if listed != sorted(set(chart.requests) - set(covered)):
        yield Finding(
            FindingCode.UNASSIGNED, "unassigned", "not exactly the requests that are not covered"
        )
    for number, item in enumerate(chart.plan.unassigned):
        there = len(chart.teams.get(item.request, ()))
        if item.filled != there:
            path = f"unassigned[{number}].filled"
            yield Finding(FindingCode.HELD, path, f"{item.filled} stated, {there} found")


def amounts_of(chart: Chart, covered: Covered) -> dict[Term, int]:
    """Return what the routes amount to in each term."""
    routes = chart.plan.routes
    people = chart.people
    return {
        Term.COVERAGE: sum(r.weight for id_, r in chart.requests.items() if id_ not in covered),
        Term.PROMISES: _promises(chart),
        Term.WISHES: sum(_missed(chart, here, False) for here in chart.stops()),
        Term.CONTINUITY: sum(_missed(chart, here, True) for here in chart.stops()),
        Term.VARIETY: sum(filled.choice.cost for filled in covered.values()),
        Term.WAY: sum(filled.way.cost for filled in covered.values()),
        Term.HANDOVER: sum(_handover(chart, id_, filled) for id_, filled in covered.items()),
        Term.FAIRNESS: sum(_unfair(chart, id_) for id_ in people),
        Term.TIER: sum(people[here.route.interpreter].tier for here in chart.stops()),
        Term.FEE: sum(_fee(chart, here) for here in chart.stops()),
        Term.TRAVEL_FEE: sum(
            people[route.interpreter].cost_per_travel_unit * _on_the_way(route) for route in routes
        ),
        Term.DAY_FEE: sum(people[route.interpreter].cost_per_day for route in routes),
        Term.TRAVEL: sum(_on_the_way(route) for route in routes),
        Term.WAITING: sum(here.stop.waiting for here in chart.stops()),
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


def _handover(chart: Chart, id_: str, filled: Filled) -> int:
    rule = chart.requests[id_].handover
    if rule is None or filled.after is None:
        return 0
    rest = chart.requests[id_].duration - filled.after
    return rule.cost + rule.uneven * (abs(filled.after - rest) // (2 * rule.step))


def _unfair(chart: Chart, id_: str) -> int:
    person = chart.people[id_]
    if person.fair_share is None:
        return 0
    own = [here.stop for here in chart.by_person.get(id_, ())]
    load = sum(stop.end - stop.begin for stop in own)
    over = person.committed_load - person.fair_share
    return max(0, over + load) - max(0, over)


def _fee(chart: Chart, here: Here) -> int:
    person, stop = chart.people[here.route.interpreter], here.stop
    paid = stop.end - stop.begin
    for idle in person.paid_idle:
        paid -= len(range(max(idle.start, stop.begin), min(idle.end, stop.end)))
    if person.tariff is not None:
        return _by_tariff(person.tariff, paid)
    cents = Fraction(person.cost_per_hour * paid, chart.problem.units_per_hour)
    return floor(cents + Fraction(1, 2))


def _by_tariff(tariff: Tariff, paid: int) -> int:
    """Return what a job costs, block by block as it begins."""
    cents, covered = tariff.first_cents, tariff.first
    while covered < paid:
        cents, covered = cents + tariff.block_cents, covered + tariff.block
    return max(cents, tariff.minimum) if paid > 0 else 0


def _on_the_way(route: Route) -> int:
    return sum(stop.travel for stop in route.stops) + route.travel_home
