"""Judges what a plan claims of itself: levels, bounds, gaps, proof and status."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from solver.checker.check_figures import amounts_of, covered_by
from solver.checker.check_map import Chart, Finding, FindingCode
from solver.plan import LevelValue, Status, StoppedBy

ROUNDING = 2e-6


def claim_findings(chart: Chart) -> Iterator[Finding]:
    """Yield every claim that does not follow from the plan."""
    if chart.plan.status is Status.INFEASIBLE:
        if chart.plan.routes or chart.plan.objective:
            yield Finding(FindingCode.STATUS, "status", "INFEASIBLE, and yet there is a plan")
        return
    levels, stated = chart.problem.weights.levels, chart.plan.objective
    if [level.name for level in levels] != [level.name for level in stated]:
        yield Finding(FindingCode.LEVELS, "objective", "not the levels of the problem")
        return
    yield from _values(chart)
    yield from _proof(chart)
    yield from _summary(chart)


def _values(chart: Chart) -> Iterator[Finding]:
    amounts = amounts_of(chart, covered_by(chart))
    levels = zip(chart.problem.weights.levels, chart.plan.objective, strict=True)
    for number, (level, stated) in enumerate(levels):
        path = f"objective[{number}]"
        value = sum(item.factor * amounts[item.term] for item in level.terms)
        if stated.value != value:
            yield Finding(FindingCode.VALUE, path, f"{stated.value} stated, {value} found")
        if stated.bound is not None and stated.bound > value:
            yield Finding(FindingCode.BOUND, path, f"the bound {stated.bound} lies above {value}")
        if not _same_gap(stated.gap, _gap(stated)):
            yield Finding(FindingCode.GAP, path, f"{stated.gap} stated, {_gap(stated)} found")


def _gap(level: LevelValue) -> float | None:
    if level.bound is None:
        return None
    return (level.value - level.bound) / max(1, abs(level.value))


def _same_gap(one: float | None, two: float | None) -> bool:
    if one is None or two is None:
        return one is two
    return isclose(one, two, abs_tol=ROUNDING)


def _proof(chart: Chart) -> Iterator[Finding]:
    """Yield levels wrongly called proven: it takes their bounds and all those before them."""
    plan, proven = chart.plan, True
    for number, stated in enumerate(plan.objective):
        proven = proven and stated.bound is not None and stated.bound >= stated.value
        if stated.proven != proven:
            yield Finding(FindingCode.PROVEN, f"objective[{number}]", f"stated {stated.proven}")
    if (plan.status is Status.OPTIMAL) != proven:
        yield Finding(FindingCode.STATUS, "status", f"{plan.status.value} without or despite proof")
    if plan.stopped_by is StoppedBy.PROOF and not proven:
        yield Finding(FindingCode.STOPPED_BY, "stopped_by", "proof stated, none found")


def _summary(chart: Chart) -> Iterator[Finding]:
    plan = chart.plan
    level = next((item for item in plan.objective if not item.proven), plan.objective[-1])
    if plan.bound != level.bound or not _same_gap(plan.gap, level.gap):
        yield Finding(FindingCode.SUMMARY, "bound", f"not bound and gap of the level {level.name}")
