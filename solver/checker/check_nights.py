"""Judges the nights: between two days whose availability touches a person has been at home."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from solver.checker.check_map import Chart, Finding, FindingCode, Here, time_of
from solver.checker.check_ways import Point, open_time, parts
from solver.problem.people import Interpreter


def night_findings(chart: Chart) -> Iterator[Finding]:
    """Yield jobs of two days of a person that leave no time to be at home in between."""
    for id_, heres in chart.by_person.items():
        ordered = sorted(heres, key=lambda here: here.stop.begin)
        for one, two in combinations(ordered, 2):
            lenient = chart.pinned(one) and chart.pinned(two)
            if one.route.day != two.route.day and not lenient and _no_night(chart, one, two):
                yield Finding(FindingCode.NIGHT, two.path, f"{id_} cannot be at home before it")


def _no_night(chart: Chart, one: Here, two: Here) -> bool:
    """Say whether two stops lie in one time of availability without time for home between them."""
    person = chart.people[one.route.interpreter]
    (begin, end), (until, last) = chart.present(one.stop), chart.present(two.stop)
    if time_of(person, begin, last) is None:
        return False
    origin = (chart.where(one.route, one.stop), end)
    target = (chart.where(two.route, two.stop), until)
    homes = chart.day(one.route).end, chart.day(two.route).start
    legs = parts(person, origin, target)
    for number, (leave, reach) in enumerate(legs):
        there, on = (
            chart.travel(person, leave[0], homes[0]),
            chart.travel(person, homes[1], reach[0]),
        )
        others = [leg for k, leg in enumerate(legs) if k != number]
        if there is None or on is None or any(_too_long(chart, person, leg) for leg in others):
            continue
        if there + on <= open_time(person, leave[1], reach[1]):
            return False
    return True


def _too_long(chart: Chart, person: Interpreter, leg: tuple[Point, Point]) -> bool:
    leave, reach = leg
    needed = chart.travel(person, leave[0], reach[0])
    return needed is None or needed > open_time(person, leave[1], reach[1])
