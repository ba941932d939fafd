"""Judges the requests of a plan: teams, seats, starts, ways, pins and promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from solver.check_days import person_findings, time_findings
from solver.check_map import Chart, Finding, Here, team_of
from solver.commitments import Commitment
from solver.plan import Status


def team_findings(chart: Chart, id_: str, team: list[Here]) -> Iterator[Finding]:
    """Yield what is wrong with the people sent to one request."""
    request, path = chart.requests[id_], f"request {id_}"
    start, whole = team_of(request, team)
    pinned = [here for here in team if chart.pinned(here)]
    if not whole and len(pinned) < len(team):
        yield Finding("team", path, "some of the people needed are missing or too many are sent")
    if len({here.route.interpreter for here in team}) < len(team):
        yield Finding("same_person", path, "one person is sent twice")
    if len({here.stop.seat for here in team}) < len(team):
        yield Finding("seat", path, "one seat is taken twice")
    if start not in request.starts() and not pinned:
        yield Finding("start", path, f"cannot begin at {start}")
    yield from _stop_findings(chart, team, start)


def _stop_findings(chart: Chart, team: list[Here], start: int) -> Iterator[Finding]:
    """Yield what about way, language and time is not as the request asks."""
    request = chart.requests[team[0].stop.request]
    ways = {choice.way for choice in request.ways}
    codes = {code for choice in request.languages for code in (choice.code, choice.relay)}
    for here in team:
        if here.stop.way is not team[0].stop.way or here.stop.way not in ways:
            yield Finding("request_way", here.path, "not done in one of the ways allowed")
        if here.stop.language not in codes:
            yield Finding("request_language", here.path, f"{here.stop.language} was not asked for")
        if request.handover is None and here.stop.end - here.stop.begin != request.duration:
            yield Finding("duration", here.path, f"lasts {request.duration}")
        if request.handover is None and here.stop.begin != start:
            yield Finding("together", here.path, "the team does not begin together")


def overlap_findings(chart: Chart) -> Iterator[Finding]:
    """Yield people in two places at once, whatever the days say."""
    for person in chart.problem.interpreters:
        own = [here for here in chart.stops() if here.route.interpreter == person.id]
        own.sort(key=lambda here: (here.stop.begin, here.stop.end))
        for before, after in pairwise(own):
            lenient = chart.pinned(before) and chart.pinned(after)
            buffered = chart.present(before.stop)[1] > chart.present(after.stop)[0]
            if before.stop.end > after.stop.begin or (buffered and not lenient):
                yield Finding("overlap", after.path, f"{person.id} is still at the job before")


def pin_findings(chart: Chart) -> Iterator[Finding]:
    """Yield pins that are not in the plan, and stops wrongly called pinned."""
    for (id_, person), pin in chart.pins.items():
        if not any(_does(chart, here, pin) for here in chart.teams.get(id_, ())):
            yield Finding("pinned", f"request {id_}", f"{person} is not sent at {pin.start}")
    for here in chart.stops():
        if here.stop.pinned != chart.pinned(here):
            yield Finding("pinned_mark", here.path, "the mark does not agree with the pins")


def promise_findings(chart: Chart) -> Iterator[Finding]:
    """Yield promises wrongly reported, and too many broken ones."""
    reported = {(item.request, item.interpreter): item.kind for item in chart.plan.changes}
    if len(reported) != len(chart.problem.commitments):
        yield Finding("changes", "changes", "not every commitment is reported once")
    for item in chart.problem.commitments:
        said, kept = reported.get((item.request, item.interpreter)), is_kept(chart, item)
        if (said == "kept") != kept:
            yield Finding("changes", f"request {item.request}", f"reported {said}")
    most = chart.problem.disturb_at_most
    broken = Counter(reported.values())["broken"]
    if most is not None and broken > most:
        yield Finding("disturbed", "changes", f"{broken} promises broken, at most {most}")


def is_kept(chart: Chart, item: Commitment) -> bool:
    """Say whether the plan does what was committed."""
    return any(_does(chart, here, item) for here in chart.teams.get(item.request, ()))


def _does(chart: Chart, here: Here, item: Commitment) -> bool:
    start = min(other.stop.begin for other in chart.teams[item.request])
    return (
        here.route.interpreter == item.interpreter
        and start == item.start
        and item.way in (None, here.stop.way)
        and item.language in (None, here.stop.language)
    )


def request_findings(chart: Chart) -> Iterator[Finding]:
    """Yield everything wrong with requests and people."""
    for id_, team in chart.teams.items():
        yield from team_findings(chart, id_, team)
    for here in chart.stops():
        if not chart.pinned(here):
            yield from person_findings(chart, here)
            yield from time_findings(chart, here)
    yield from overlap_findings(chart)
    if chart.plan.status is not Status.INFEASIBLE:
        yield from pin_findings(chart)
        yield from promise_findings(chart)
