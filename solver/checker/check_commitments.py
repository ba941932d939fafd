"""Judges what became of pins and promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from solver.checker.check_limits import break_findings, limit_findings
from solver.checker.check_map import Chart, Finding, FindingCode, Here
from solver.checker.check_people import person_findings, time_findings
from solver.checker.check_teams import begin_of, handings_over, seatings
from solver.checker.check_ways import way_findings
from solver.plan import Change, Plan, Route, Status, Stop, StoppedBy
from solver.problem.commitments import Commitment
from solver.problem.people import WorkDay
from solver.problem.requests import Request, Way

STATED = frozenset(
    {FindingCode.TRAVEL, FindingCode.ARRIVE, FindingCode.WAITING, FindingCode.TRAVEL_HOME}
)


def commitment_findings(chart: Chart) -> Iterator[Finding]:
    """Yield pins not kept, promises wrongly reported, and too many broken ones."""
    yield from _pin_findings(chart)
    yield from _change_findings(chart)


def _pin_findings(chart: Chart) -> Iterator[Finding]:
    for (id_, person), pin in chart.pins.items():
        if not is_kept(chart, pin):
            yield Finding(
                FindingCode.PINNED, f"request {id_}", f"{person} is not sent at {pin.start}"
            )
    for here in chart.stops():
        if here.stop.pinned != chart.pinned(here):
            yield Finding(
                FindingCode.PINNED_MARK, here.path, "the mark does not agree with the pins"
            )
        if chart.pinned(here) and not _on_nearest_day(chart, here):
            yield Finding(FindingCode.PINNED_DAY, here.path, "another day of this person is nearer")


def _on_nearest_day(chart: Chart, here: Here) -> bool:
    start = chart.pins[here.stop.request, here.route.interpreter].start
    days = chart.people[here.route.interpreter].days
    return distance(chart.day(here.route), start) == min(distance(day, start) for day in days)


def distance(day: WorkDay, time: int) -> float:
    """Return how far a time lies from the available time of a day."""
    return min(
        (max(0, item.start - time, time - item.end + 1) for item in day.available),
        default=float("inf"),
    )


def _change_findings(chart: Chart) -> Iterator[Finding]:
    reported = {(item.request, item.interpreter): item for item in chart.plan.changes}
    if len(chart.plan.changes) != len(chart.problem.commitments):
        yield Finding(FindingCode.CHANGES, "changes", "not every commitment is reported once")
    for item in chart.problem.commitments:
        said = reported.get((item.request, item.interpreter))
        if said is not None:
            yield from _report(chart, item, said)
    most = chart.problem.disturb_at_most
    broken = Counter(item.kind for item in reported.values())["broken"]
    if most is not None and broken > most:
        yield Finding(FindingCode.DISTURBED, "changes", f"{broken} promises broken, at most {most}")


def _report(chart: Chart, item: Commitment, said: Change) -> Iterator[Finding]:
    path, team = f"request {item.request}", chart.teams.get(item.request, [])
    if (said.kind == "kept") != is_kept(chart, item):
        yield Finding(FindingCode.CHANGES, path, f"reported {said.kind}")
    if said.kind == "impossible" and could_be_kept(chart, item):
        yield Finding(FindingCode.IMPOSSIBLE, path, f"{item.interpreter} could keep it")
    if said.kind == "broken" and item.kind == "promised" and not could_be_kept(chart, item):
        yield Finding(FindingCode.CHANGES, path, f"{item.interpreter} could not keep it")
    now = (begin_of(team) if team else None, {here.route.interpreter for here in team})
    if (said.now_start, set(said.now_interpreters)) != now or said.start != item.start:
        yield Finding(FindingCode.CHANGE, path, "not what the routes say")


def is_kept(chart: Chart, item: Commitment) -> bool:
    """Say whether the plan does what was committed."""
    team = chart.teams.get(item.request, [])
    return any(
        here.route.interpreter == item.interpreter
        and begin_of(team) == item.start
        and item.way in (None, here.stop.way)
        and item.language in (None, here.stop.language)
        for here in team
    )


def could_be_kept(chart: Chart, item: Commitment) -> bool:
    """Say whether the person could do what was promised, had they nothing else to do."""
    request, person = chart.requests[item.request], chart.people[item.interpreter]
    return any(
        not _alone(chart, Route(interpreter=person.id, day=day.day, stops=(stop,), travel_home=0))
        for stop in _stops(chart, request, item)
        for day in person.days
    )


def _alone(chart: Chart, route: Route) -> bool:
    """Say whether a rule stands against this day, were it all of the plan."""
    plan = Plan(
        solver_version="",
        status=Status.FEASIBLE,
        stopped_by=StoppedBy.SEARCH,
        asked=0,
        filled=0,
        routes=(route,),
    )
    bare = Chart(chart.problem, plan)
    here = next(bare.stops())
    ways = [item for item in way_findings(bare, route, "") if item.code not in STATED]
    return bool(
        ways
        or any(person_findings(bare, here))
        or any(time_findings(bare, here))
        or any(break_findings(bare, route, ""))
        or any(limit_findings(bare))
    )


def _stops(chart: Chart, request: Request, item: Commitment) -> Iterator[Stop]:
    """Yield what the person would do, in each way and language the pins of the request leave."""
    pins = [pin for (id_, _), pin in chart.pins.items() if id_ == request.id]
    if item.start not in {pin.start for pin in pins} and (
        pins or item.start not in request.starts()
    ):
        return
    for choice in request.ways:
        if all(fixed.way in (None, choice.way) for fixed in (item, *pins)):
            yield from _seats(request, item, pins, choice.way)


def _seats(request: Request, item: Commitment, pins: list[Commitment], way: Way) -> Iterator[Stop]:
    for _, seats in (*seatings(request, item.start), *handings_over(request, item.start)):
        codes = {code for code, _, _ in seats}
        if all(pin.language is None or pin.language in codes for pin in pins):
            for code, begin, end in seats:
                if item.language in (None, code):
                    yield _stop(request, code, way, begin, end)


def _stop(request: Request, code: str, way: Way, begin: int, end: int) -> Stop:
    return Stop(
        request=request.id,
        language=code,
        way=way,
        arrive=0,
        begin=begin,
        end=end,
        travel=0,
        waiting=0,
    )
