"""Judges the requests of a plan: teams, seats, starts, ways and people in two places at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from solver.checker.check_map import Chart, Finding, FindingCode, Here, Span
from solver.checker.check_people import person_findings, time_findings
from solver.checker.check_teams import begin_of, filled_by, held_by


def request_findings(chart: Chart) -> Iterator[Finding]:
    """Yield everything wrong with requests and people."""
    for id_, team in chart.teams.items():
        yield from team_findings(chart, id_, team)
    for here in chart.stops():
        if not chart.pinned(here):
            yield from person_findings(chart, here)
            yield from time_findings(chart, here)
    yield from overlap_findings(chart)


def team_findings(chart: Chart, id_: str, team: list[Here]) -> Iterator[Finding]:
    """Yield what is wrong with the people sent to one request."""
    request, path, start = chart.requests[id_], f"request {id_}", begin_of(team)
    pinned = [here for here in team if chart.pinned(here)]
    held = len(pinned) == len(team) and held_by(request, team)
    if filled_by(request, team) is None and not held:
        yield Finding(FindingCode.TEAM, path, "the people sent do not fill it as it asks")
    if len({here.route.interpreter for here in team}) < len(team):
        yield Finding(FindingCode.SAME_PERSON, path, "one person is sent twice")
    if len({here.stop.seat for here in team}) < len(team):
        yield Finding(FindingCode.SEAT, path, "one seat is taken twice")
    if start not in request.starts() and not pinned:
        yield Finding(FindingCode.START, path, f"cannot begin at {start}")
    yield from _stop_findings(chart, team, start)


def _stop_findings(chart: Chart, team: list[Here], start: int) -> Iterator[Finding]:
    """Yield what about way, language and time is not as the request asks."""
    request = chart.requests[team[0].stop.request]
    ways = {choice.way for choice in request.ways}
    codes = {code for choice in request.languages for code in (choice.code, choice.relay)}
    for here in team:
        if here.stop.way is not team[0].stop.way or here.stop.way not in ways:
            yield Finding(FindingCode.REQUEST_WAY, here.path, "not done in one of the ways allowed")
        if here.stop.language not in codes:
            yield Finding(
                FindingCode.REQUEST_LANGUAGE, here.path, f"{here.stop.language} was not asked for"
            )
        if request.handover is None and here.stop.end - here.stop.begin != request.duration:
            yield Finding(FindingCode.DURATION, here.path, f"lasts {request.duration}")
        if request.handover is None and here.stop.begin != start:
            yield Finding(FindingCode.TOGETHER, here.path, "the team does not begin together")


def overlap_findings(chart: Chart) -> Iterator[Finding]:
    """Yield people in two places at once; the buffers of two pinned stops may overlap."""
    for id_, heres in chart.by_person.items():
        bound = {here: chart.present(here.stop) for here in heres}
        for route in {here.route.day: here.route for here in heres}.values():
            bound |= _bound(chart, [here for here in heres if here.route == route])
        for one, two in combinations(heres, 2):
            spans = [bound[one], bound[two]]
            if chart.pinned(one) and chart.pinned(two):
                spans = [(here.stop.begin, here.stop.end) for here in (one, two)]
            if max(span[0] for span in spans) < min(span[1] for span in spans):
                yield Finding(FindingCode.OVERLAP, two.path, f"{id_} is at another job then")


def _bound(chart: Chart, heres: list[Here]) -> dict[Here, Span]:
    """Return from when to when each stop of a day binds: between stops at one place no buffers."""
    found = {}
    places = [chart.where(here.route, here.stop) for here in heres]
    for number, here in enumerate(heres):
        begin, end = chart.present(here.stop)
        if number > 0 and places[number - 1] == places[number]:
            begin = here.stop.begin
        if number + 1 < len(heres) and places[number + 1] == places[number]:
            end = here.stop.end
        found[here] = (begin, end)
    return found
