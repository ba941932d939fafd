"""Judges the ways of a day: from home, from job to job, past busy times, and home again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from solver.checker.check_map import Chart, Finding, FindingCode, Here, Span, time_of
from solver.plan import Route
from solver.problem.people import Interpreter

NEVER = 10**9
Point = tuple[str | None, int]


class Leg(NamedTuple):
    """The way from a point to another: time units needed, how late (early: < 0), time waited."""

    needed: int
    late: int
    waited: int = 0


def way_findings(chart: Chart, route: Route, path: str) -> Iterator[Finding]:
    """Yield where the ways of a day are too long or wrongly stated.

    Between two pinned stops, and between one and home, they may be too long: a person decided so.
    """
    heres = [Here(route, stop, f"{path}.stops[{n}]") for n, stop in enumerate(route.stops)]
    yield from _arrival(chart, heres[0], opening(chart, heres[0]), True)
    for before, after in pairwise(heres):
        yield from _arrival(chart, after, between(chart, before, after), chart.pinned(before))
    home = closing(chart, heres[-1])
    if home.late > 0 and not chart.pinned(heres[-1]):
        yield Finding(FindingCode.WAY_HOME, path, f"{home.late} too late at the end of the day")
    if route.travel_home != home.needed:
        yield Finding(
            FindingCode.TRAVEL_HOME, path, f"{route.travel_home} stated, {home.needed} needed"
        )


def _arrival(chart: Chart, here: Here, leg: Leg, lenient: bool) -> Iterator[Finding]:
    begin, _ = chart.present(here.stop)
    if leg.late > 0 and not (lenient and chart.pinned(here)):
        yield Finding(FindingCode.WAY, here.path, f"arrives {leg.late} too late")
    if here.stop.travel != leg.needed:
        yield Finding(
            FindingCode.TRAVEL, here.path, f"{here.stop.travel} stated, {leg.needed} needed"
        )
    if here.stop.arrive + here.stop.waiting != begin:
        yield Finding(FindingCode.ARRIVE, here.path, "arrival and waiting do not lead to the begin")
    waiting = 0 if here.stop == here.route.stops[0] else leg.waited
    if here.stop.waiting != waiting:
        yield Finding(
            FindingCode.WAITING, here.path, f"{here.stop.waiting} stated, {waiting} found"
        )


def opening(chart: Chart, first: Here) -> Leg:
    """Return the way from home, begun within the interval of the first stop."""
    day, (begin, end) = chart.day(first.route), chart.present(first.stop)
    span = time_of(chart.people[first.route.interpreter], begin, end)
    leaving = None if span is None else span[0]
    return _leg(chart, first, (day.start, leaving), (chart.where(first.route, first.stop), begin))


def between(chart: Chart, before: Here, after: Here) -> Leg:
    """Return the way between two stops; who stays at one place needs no buffers in between."""
    person = chart.people[after.route.interpreter]
    origin = (chart.where(before.route, before.stop), chart.present(before.stop)[1])
    target = (chart.where(after.route, after.stop), chart.present(after.stop)[0])
    if origin[0] == target[0] and len(parts(person, origin, target)) == 1:
        late = -open_time(person, before.stop.end, after.stop.begin)
        return Leg(0, late, max(0, open_time(person, before.stop.end, target[1])))
    leg = _leg(chart, after, origin, target)
    return leg._replace(waited=max(0, -leg.late))


def closing(chart: Chart, last: Here) -> Leg:
    """Return the way home, over within the interval of the last stop."""
    day, (begin, end) = chart.day(last.route), chart.present(last.stop)
    span = time_of(chart.people[last.route.interpreter], begin, end)
    back = None if span is None else span[1]
    return _leg(chart, last, (chart.where(last.route, last.stop), end), (day.end, back))


def _leg(
    chart: Chart,
    here: Here,
    origin: tuple[str | None, int | None],
    target: tuple[str | None, int | None],
) -> Leg:
    """Return a leg; one that is too long, or has no limits, takes the direct way."""
    person = chart.people[here.route.interpreter]
    direct = chart.travel(person, origin[0], target[0]) or 0
    if origin[1] is None or target[1] is None:
        return Leg(direct, 0)
    leg = walk(chart, person, (origin[0], origin[1]), (target[0], target[1]))
    return leg if leg.late <= 0 else Leg(direct, leg.late)


def walk(chart: Chart, person: Interpreter, origin: Point, target: Point) -> Leg:
    """Go from origin to target past the busy times."""
    total, late = 0, -NEVER
    for leave, reach in parts(person, origin, target):
        needed = chart.travel(person, leave[0], reach[0])
        if needed is None:
            return Leg(0, NEVER)
        total += needed
        late = max(late, needed - open_time(person, leave[1], reach[1]))
    return Leg(total, late)


def parts(person: Interpreter, origin: Point, target: Point) -> list[tuple[Point, Point]]:
    """Cut the way from origin to target at the busy times that have a place."""
    points = [origin]
    for busy in sorted(person.busy, key=lambda item: (item.start, item.end)):
        if busy.place is not None and origin[1] <= busy.start and busy.end <= target[1]:
            points += [(busy.place, busy.start), (busy.place, busy.end)]
    points.append(target)
    return list(zip(points[::2], points[1::2], strict=True))


def open_time(person: Interpreter, begin: int, end: int) -> int:
    """Return the time between begin and end outside all busy times."""
    if end < begin:
        return end - begin
    return sum(stop - start for start, stop in pieces(person, begin, end))


def pieces(person: Interpreter, begin: int, end: int) -> list[Span]:
    """Return [begin, end) without the busy times."""
    found = [(begin, end)]
    for busy in person.busy:
        cut: list[Span] = []
        for start, stop in found:
            cut += [(start, min(stop, busy.start)), (max(start, busy.end), stop)]
        found = [(start, stop) for start, stop in cut if start < stop]
    return found
