"""Judges the limits and the breaks of days and weeks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from solver.checker.check_map import Chart, Finding, FindingCode, Here, time_of
from solver.checker.check_ways import Point, open_time, parts, pieces
from solver.plan import Route
from solver.problem.people import Break, Interpreter


def limit_findings(chart: Chart) -> Iterator[Finding]:
    """Yield days and weeks with more work than the limits, or than what is pinned anyway."""
    for person in chart.problem.interpreters:
        days: dict[int, list[Here]] = {}
        weeks: dict[int, list[Here]] = {}
        for here in chart.by_person.get(person.id, ()):
            days.setdefault(here.route.day, []).append(here)
            weeks.setdefault(chart.day(here.route).week, []).append(here)
        limits = person.limits
        for day, heres in days.items():
            most = (limits.minutes_per_day, limits.jobs_per_day)
            yield from _over(chart, heres, most, (0, 0), f"day {day} of {person.id}", "day")
        for week, heres in weeks.items():
            most = (limits.minutes_per_week, limits.jobs_per_week)
            worked = [item for item in person.worked if item.week == week]
            used = (sum(w.minutes for w in worked), sum(w.jobs for w in worked))
            yield from _over(chart, heres, most, used, f"week {week} of {person.id}", "week")


def _over(
    chart: Chart,
    heres: list[Here],
    most: tuple[int | None, int | None],
    used: tuple[int, int],
    path: str,
    span: str,
) -> Iterator[Finding]:
    pinned = [here for here in heres if chart.pinned(here)]
    minutes = [sum(h.stop.end - h.stop.begin for h in part) for part in (heres, pinned)]
    if most[0] is not None and minutes[0] > max(most[0] - used[0], minutes[1]):
        yield Finding(
            FindingCode(f"{span}_minutes"), path, f"{minutes[0] + used[0]}, at most {most[0]}"
        )
    if most[1] is not None and len(heres) > max(most[1] - used[1], len(pinned)):
        yield Finding(
            FindingCode(f"{span}_jobs"), path, f"{len(heres) + used[1]}, at most {most[1]}"
        )


def break_findings(chart: Chart, route: Route, path: str) -> Iterator[Finding]:
    """Yield breaks that a day has no room for although its pinned stops alone would leave it."""
    heres = [Here(route, stop, path) for stop in route.stops]
    pinned = [here for here in heres if chart.pinned(here)]
    for pause in chart.day(route).breaks:
        due = not pinned or _rests(chart, pinned, pause)
        if due and not _rests(chart, heres, pause):
            yield Finding(FindingCode.BREAK, path, f"no time for the break of {pause.length}")


def _rests(chart: Chart, heres: list[Here], pause: Break) -> bool:
    route = heres[0].route
    person, day = chart.people[route.interpreter], chart.day(route)
    begin, end = chart.present(heres[0].stop)
    interval = time_of(person, begin, end)
    points: list[tuple[Point, Point]] = []
    leave = min(pause.earliest, interval[0] if interval else begin)
    points.append(((day.start, leave), (day.start, leave)))
    for here in heres:
        begin, end = chart.present(here.stop)
        place = chart.where(route, here.stop)
        points.append(((place, begin), (place, end)))
    interval = time_of(person, *chart.present(heres[-1].stop))
    back = max(pause.latest, interval[1] if interval else end)
    points.append(((day.end, back), (day.end, back)))
    gaps = pairwise(points)
    return any(_rests_in(chart, person, pause, gap[0][1], gap[1][0]) for gap in gaps)


def _rests_in(
    chart: Chart, person: Interpreter, pause: Break, origin: Point, target: Point
) -> bool:
    for leave, reach in parts(person, origin, target):
        needed = chart.travel(person, leave[0], reach[0])
        free = open_time(person, leave[1], reach[1])
        within = pieces(person, max(leave[1], pause.earliest), min(reach[1], pause.latest))
        longest = max((stop - start for start, stop in within), default=0)
        if needed is not None and free - needed >= pause.length <= longest:
            return True
    return False
