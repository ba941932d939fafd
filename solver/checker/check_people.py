"""Judges the person and the time of a single stop."""

from __future__ import annotations

from collections.abc import Iterator

from solver.checker.check_map import Chart, Finding, FindingCode, Here, day_at, time_of
from solver.problem.people import Interpreter
from solver.problem.requests import (
    ContinuityCondition,
    ExcludedCondition,
    GenderCondition,
    LevelCondition,
    PreferredCondition,
    QualificationCondition,
    Way,
)


def person_findings(chart: Chart, here: Here) -> Iterator[Finding]:
    """Yield what about the person forbids a stop that is not pinned."""
    person, stop = chart.people[here.route.interpreter], here.stop
    levels = {item.code: item.level for item in person.languages}
    if stop.language not in levels:
        yield Finding(
            FindingCode.LANGUAGE, here.path, f"{person.id} does not work in {stop.language}"
        )
        return
    for condition in chart.requests[stop.request].conditions:
        if condition.penalty is None and not satisfied(person, here, condition, levels):
            yield Finding(
                FindingCode(condition.kind), here.path, f"{person.id} does not meet the requirement"
            )


def satisfied(person: Interpreter, here: Here, condition: object, levels: dict[str, int]) -> bool:
    """Say whether the person of a stop meets a condition."""
    match condition:
        case LevelCondition(level=level):
            return levels.get(here.stop.language, 0) >= level
        case QualificationCondition(name=name):
            return _holds(person, name, here.stop.begin, here.stop.end)
        case GenderCondition(gender=gender):
            return person.gender == gender
        case ExcludedCondition(interpreters=ids, ways=ways, times=times):
            otherwise = bool(ways) and here.stop.way not in ways
            begin, end = here.stop.begin, here.stop.end
            elsewhen = bool(times) and not any(t.start < end and begin < t.end for t in times)
            return person.id not in ids or otherwise or elsewhen
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
    on_its_day = day_at(person, here.stop.begin) == day.day
    if time_of(person, begin, end) is None or not on_its_day:
        yield Finding(FindingCode.AVAILABILITY, here.path, f"not available from {begin} to {end}")
    if any(busy.start < end and begin < busy.end for busy in person.busy):
        yield Finding(FindingCode.BUSY, here.path, f"busy between {begin} and {end}")
    place = chart.requests[here.stop.request].place
    on_site = here.stop.way is Way.ON_SITE
    if on_site and _too_far(chart, person, day.start, place):
        yield Finding(FindingCode.RADIUS, here.path, f"farther than {person.radius_km} km")


def _too_far(chart: Chart, person: Interpreter, home: str | None, place: str | None) -> bool:
    if person.radius_km is None or home is None or place is None:
        return False
    return chart.kilometres(home, place) > person.radius_km
