"""Judges the days of a plan: the person, the time, the way, the limits, the breaks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from solver.check_map import Chart, Finding, Here
from solver.people import Break, Interpreter, WorkDay
from solver.plan import Route
from solver.requests import (
    ContinuityCondition,
    ExcludedCondition,
    GenderCondition,
    LevelCondition,
    PreferredCondition,
    QualificationCondition,
    Way,
)

Span = tuple[int, int]
Point = tuple[str | None, int]


def person_findings(chart: Chart, here: Here) -> Iterator[Finding]:
    """Yield what about the person forbids a stop that is not pinned."""
    person, stop = chart.people[here.route.interpreter], here.stop
    levels = {item.code: item.level for item in person.languages}
    if stop.language not in levels:
        yield Finding("language", here.path, f"{person.id} does not work in {stop.language}")
        return
    for condition in chart.requests[stop.request].conditions:
        if condition.penalty is None and not satisfied(person, here, condition, levels):
            yield Finding(condition.kind, here.path, f"{person.id} does not meet the requirement")


def satisfied(person: Interpreter, here: Here, condition: object, levels: dict[str, int]) -> bool:
    """Say whether the person of a stop meets a condition."""
    match condition:
        case LevelCondition(level=level):
            return levels.get(here.stop.language, 0) >= level
        case QualificationCondition(name=name):
            return _holds(person, name, here.stop.begin, here.stop.end)
        case GenderCondition(gender=gender):
            return person.gender == gender
        case ExcludedCondition(interpreters=ids):
            return person.id not in ids
        case PreferredCondition(interpreters=ids) | ContinuityCondition(interpreters=ids):
            return person.id in ids
    return False


def _holds(person: Interpreter, name: str, begin: int, end: int) -> bool:
    for proof in person.qualifications:
        early = proof.valid_from is not None and begin < proof.valid_from
        late = proof.valid_until is not None and end > proof.valid_until
        if proof.name == name and not early and not late:
            return True
    return False


def time_findings(chart: Chart, here: Here) -> Iterator[Finding]:
    """Yield what about the time or the place forbids a stop that is not pinned."""
    person, day = chart.people[here.route.interpreter], chart.day(here.route)
    begin, end = chart.present(here.stop)
    if interval_of(day, begin, end) is None:
        yield Finding("availability", here.path, f"not available from {begin} to {end}")
    if any(busy.start < end and begin < busy.end for busy in person.busy):
        yield Finding("busy", here.path, f"busy between {begin} and {end}")
    place = chart.requests[here.stop.request].place
    on_site = here.stop.way is Way.ON_SITE
    if on_site and _too_far(chart, person, day.start, place):
        yield Finding("radius", here.path, f"farther than {person.radius_km} km")


def _too_far(chart: Chart, person: Interpreter, home: str | None, place: str | None) -> bool:
    if person.radius_km is None or home is None or place is None:
        return False
    return chart.kilometres(home, place) > person.radius_km


def interval_of(day: WorkDay, begin: int, end: int) -> Span | None:
    """Return the available interval that holds [begin, end)."""
    for item in day.available:
        if item.start <= begin and end <= item.end:
            return item.start, item.end
    return None


def way_findings(chart: Chart, route: Route, path: str) -> Iterator[Finding]:
    """Yield where the ways of a day are too long or wrongly stated."""
    person, day = chart.people[route.interpreter], chart.day(route)
    heres = [Here(route, stop, f"{path}.stops[{n}]") for n, stop in enumerate(route.stops)]
    first, last = heres[0], heres[-1]
    begin, end = chart.present(first.stop)
    interval = interval_of(day, begin, end)
    start = None if interval is None else (day.start, interval[0])
    yield from _into(chart, person, start, first, day.start, chart.pinned(first))
    for before, after in pairwise(heres):
        origin = (chart.where(route, before.stop), chart.present(before.stop)[1])
        lenient = chart.pinned(before) and chart.pinned(after)
        yield from _into(chart, person, origin, after, origin[0], lenient)
    begin, end = chart.present(last.stop)
    interval = interval_of(day, begin, end)
    place = chart.where(route, last.stop)
    needed, late = walk(chart, person, (place, end), (day.end, interval[1] if interval else end))
    if interval is not None and late > 0 and not chart.pinned(last):
        yield Finding("way_home", path, f"{late} too late at the end of the day")
    if route.travel_home != needed and not chart.pinned(last):
        yield Finding("travel_home", path, f"{route.travel_home} stated, {needed} needed")


def _into(
    chart: Chart,
    person: Interpreter,
    origin: Point | None,
    here: Here,
    home: str | None,
    lenient: bool,
) -> Iterator[Finding]:
    """Yield what is wrong with the way into a stop; pinned ones may be late."""
    begin, _ = chart.present(here.stop)
    place = chart.where(here.route, here.stop)
    if lenient or origin is None:
        return
    needed, late = walk(chart, person, origin, (place, begin))
    if late > 0:
        yield Finding("way", here.path, f"arrives {late} too late")
    if here.stop.travel != needed:
        yield Finding("travel", here.path, f"{here.stop.travel} stated, {needed} needed")
    if here.stop.arrive + here.stop.waiting != begin:
        yield Finding("arrive", here.path, "arrival and waiting do not lead to the begin")
    first = here.stop == here.route.stops[0]
    waiting = 0 if first else max(0, -late)
    if here.stop.waiting != waiting:
        yield Finding("waiting", here.path, f"{here.stop.waiting} stated, {waiting} found")


def walk(chart: Chart, person: Interpreter, origin: Point, target: Point) -> tuple[int, int]:
    """Go from origin to target past the busy times; return travel and how late (early: < 0)."""
    points = [(origin, origin)]
    for busy in sorted(person.busy, key=lambda item: (item.start, item.end)):
        if busy.place is not None and origin[1] <= busy.start and busy.end <= target[1]:
            points.append(((busy.place, busy.start), (busy.place, busy.end)))
    points.append((target, target))
    total, late = 0, -(10**9)
    for (_, leave), (reach, _) in pairwise(points):
        needed = chart.travel(person, leave[0], reach[0])
        if needed is None:
            return 0, 10**9
        total += needed
        late = max(late, needed - _open_time(person, leave[1], reach[1]))
    return total, late


def _open_time(person: Interpreter, begin: int, end: int) -> int:
    """Return the time between begin and end outside all busy times."""
    pieces = _pieces(person, begin, end)
    return sum(stop - start for start, stop in pieces) if begin <= end else end - begin


def _pieces(person: Interpreter, begin: int, end: int) -> list[Span]:
    """Return [begin, end) without the busy times."""
    pieces = [(begin, end)]
    for busy in person.busy:
        cut: list[Span] = []
        for start, stop in pieces:
            cut += [(start, min(stop, busy.start)), (max(start, busy.end), stop)]
        pieces = [(start, stop) for start, stop in cut if start < stop]
    return pieces


def limit_findings(chart: Chart) -> Iterator[Finding]:
    """Yield days and weeks with more work than the limits, or than what is pinned anyway."""
    for person in chart.problem.interpreters:
        days: dict[int, list[Here]] = {}
        weeks: dict[int, list[Here]] = {}
        for here in chart.stops():
            if here.route.interpreter == person.id:
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
        yield Finding(f"{span}_minutes", path, f"{minutes[0] + used[0]}, at most {most[0]}")
    if most[1] is not None and len(heres) > max(most[1] - used[1], len(pinned)):
        yield Finding(f"{span}_jobs", path, f"{len(heres) + used[1]}, at most {most[1]}")


def break_findings(chart: Chart, route: Route, path: str) -> Iterator[Finding]:
    """Yield breaks that a day has no room for although its pinned stops alone would leave it."""
    heres = [Here(route, stop, path) for stop in route.stops]
    pinned = [here for here in heres if chart.pinned(here)]
    for pause in chart.day(route).breaks:
        due = not pinned or _rests(chart, pinned, pause)
        if due and not _rests(chart, heres, pause):
            yield Finding("break", path, f"no time for the break of {pause.length}")


def _rests(chart: Chart, heres: list[Here], pause: Break) -> bool:
    route = heres[0].route
    person, day = chart.people[route.interpreter], chart.day(route)
    begin, end = chart.present(heres[0].stop)
    interval = interval_of(day, begin, end)
    points: list[tuple[Point, Point]] = []
    leave = min(pause.earliest, interval[0] if interval else begin)
    points.append(((day.start, leave), (day.start, leave)))
    for here in heres:
        begin, end = chart.present(here.stop)
        place = chart.where(route, here.stop)
        points.append(((place, begin), (place, end)))
    interval = interval_of(day, *chart.present(heres[-1].stop))
    back = max(pause.latest, interval[1] if interval else end)
    points.append(((day.end, back), (day.end, back)))
    gaps = pairwise(points)
    return any(_rests_in(chart, person, pause, gap[0][1], gap[1][0]) for gap in gaps)


def _rests_in(
    chart: Chart, person: Interpreter, pause: Break, origin: Point, target: Point
) -> bool:
    anchors = [origin]
    for busy in sorted(person.busy, key=lambda item: (item.start, item.end)):
        if busy.place is not None and origin[1] <= busy.start and busy.end <= target[1]:
            anchors += [(busy.place, busy.start), (busy.place, busy.end)]
    anchors.append(target)
    for leave, reach in zip(anchors[::2], anchors[1::2], strict=True):
        needed = chart.travel(person, leave[0], reach[0])
        free = _open_time(person, leave[1], reach[1])
        pieces = _pieces(person, max(leave[1], pause.earliest), min(reach[1], pause.latest))
        longest = max((stop - start for start, stop in pieces), default=0)
        if needed is not None and free - needed >= pause.length <= longest:
            return True
    return False
