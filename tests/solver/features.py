"""What a problem can ask for and a plan can show, each with how to tell."""

from itertools import combinations, pairwise

from solver import Plan, Problem, Status
from solver.problem import Way
from solver.problem.requests import Condition, Request
from solver.problem.weights import DEFAULT_LEVELS


def _condition(problem: Problem, kind: str, wish: bool) -> bool:
    found: list[Condition] = [c for r in problem.requests for c in r.conditions if c.kind == kind]
    return any((item.penalty is not None) == wish for item in found)


def _limit(problem: Problem, *names: str) -> bool:
    return any(getattr(p.limits, name) is not None for p in problem.interpreters for name in names)


def _committed(problem: Problem, kind: str) -> bool:
    return any(item.kind == kind for item in problem.commitments)


def _profile(problem: Problem, name: str | None) -> bool:
    return any(person.travel_profile == name for person in problem.interpreters)


def _no_way(problem: Problem) -> bool:
    matrices = [p.matrix for p in problem.travel.profiles if p.matrix is not None]
    return any(None in row for matrix in matrices for row in matrix)


def _relay(request: Request) -> bool:
    return any(choice.relay is not None for choice in request.languages)


IN_PROBLEM = {
    "team": lambda p: any(r.interpreters > 1 for r in p.requests),
    "relay": lambda p: any(map(_relay, p.requests)),
    "hand-over": lambda p: any(r.handover is not None for r in p.requests),
    "variety": lambda p: any(len(r.languages) > 1 for r in p.requests),
    "window": lambda p: any(len(r.starts()) > 1 for r in p.requests),
    "buffer": lambda p: any(r.buffer_before or r.buffer_after for r in p.requests),
    "weight 0": lambda p: any(r.weight == 0 for r in p.requests),
    "on site": lambda p: any(c.way is Way.ON_SITE for r in p.requests for c in r.ways),
    "remote": lambda p: any(c.way is not Way.ON_SITE for r in p.requests for c in r.ways),
    "choice of way": lambda p: any(len(r.ways) > 1 for r in p.requests),
    "several days": lambda p: any(len(i.days) > 1 for i in p.interpreters),
    "two times of availability": lambda p: any(
        len(d.available) > 1 for i in p.interpreters for d in i.days
    ),
    "times that touch": lambda p: any(
        one.end == two.start
        for i in p.interpreters
        for d in i.days
        for one, two in pairwise(d.available)
    ),
    "days that touch": lambda p: any(
        one.available[-1].end == two.available[0].start
        for i in p.interpreters
        for one, two in pairwise(i.days)
    ),
    "one place with buffers": lambda p: any(
        r.place == s.place and r.buffer_after and s.buffer_before
        for r, s in combinations(p.requests, 2)
    ),
    "home": lambda p: any(d.start is not None for i in p.interpreters for d in i.days),
    "remote place": lambda p: any(d.remote is not None for i in p.interpreters for d in i.days),
    "break": lambda p: any(d.breaks for i in p.interpreters for d in i.days),
    "busy without place": lambda p: any(b.place is None for i in p.interpreters for b in i.busy),
    "busy with place": lambda p: any(b.place is not None for i in p.interpreters for b in i.busy),
    "paid idle": lambda p: any(i.paid_idle for i in p.interpreters),
    "limit of a day": lambda p: _limit(p, "minutes_per_day", "jobs_per_day"),
    "limit of a week": lambda p: _limit(p, "minutes_per_week", "jobs_per_week"),
    "worked before": lambda p: any(i.worked for i in p.interpreters),
    "fair share": lambda p: any(i.fair_share is not None for i in p.interpreters),
    "committed load": lambda p: any(i.committed_load for i in p.interpreters),
    "radius": lambda p: any(i.radius_km is not None for i in p.interpreters),
    "tier": lambda p: any(i.tier for i in p.interpreters),
    "fee": lambda p: any(i.cost_per_hour for i in p.interpreters),
    "tariff": lambda p: any(i.tariff is not None for i in p.interpreters),
    "fee for travel": lambda p: any(i.cost_per_travel_unit for i in p.interpreters),
    "fee for a day": lambda p: any(i.cost_per_day for i in p.interpreters),
    "matrix": lambda p: _profile(p, "matrix"),
    "formula": lambda p: _profile(p, "car"),
    "no travel time": lambda p: _profile(p, None),
    "places without a way": _no_way,
    "other time units": lambda p: p.units_per_hour != 60,
    "pin": lambda p: _committed(p, "pinned"),
    "promise": lambda p: _committed(p, "promised"),
    "pin of a way": lambda p: any(c.way and c.kind == "pinned" for c in p.commitments),
    "pin of a language": lambda p: any(c.language and c.kind == "pinned" for c in p.commitments),
    "at most k disturbed": lambda p: p.disturb_at_most is not None and _committed(p, "promised"),
    "other levels": lambda p: p.weights.levels != DEFAULT_LEVELS,
    "coverage not first": lambda p: p.weights.levels[0].terms[0].term.value != "coverage",
    **{
        f"{kind} {'wished' if wish else 'required'}": (
            lambda p, kind=kind, wish=wish: _condition(p, kind, wish)  # type: ignore[misc]
        )
        for kind in ("level", "qualification", "gender", "preferred", "excluded", "continuity")
        for wish in (True, False)
    },
}


def _stops(plan: Plan):
    return [stop for route in plan.routes for stop in route.stops]


def _begins(plan: Plan) -> dict[str, set[int]]:
    return {
        s.request: {o.begin for o in _stops(plan) if o.request == s.request} for s in _stops(plan)
    }


def _term(plan: Plan, name: str) -> bool:
    return any(item.term.value == name and item.amount > 0 for item in plan.terms)


IN_PLAN = {
    "nothing satisfies the commitments": lambda p: p.status is Status.INFEASIBLE,
    "all covered": lambda p: p.filled == p.asked,
    "something open": lambda p: p.filled < p.asked,
    "held by pins alone": lambda p: any(item.filled for item in p.unassigned),
    "two people at once": lambda p: len({s.request for s in _stops(p)}) < len(_stops(p)),
    "handed over": lambda p: any(len(begins) > 1 for begins in _begins(p).values()),
    "by video": lambda p: any(stop.way is Way.VIDEO for stop in _stops(p)),
    "several stops": lambda p: any(len(route.stops) > 1 for route in p.routes),
    "waiting": lambda p: any(stop.waiting for stop in _stops(p)),
    "pinned": lambda p: any(stop.pinned for stop in _stops(p)),
    "promise kept": lambda p: any(c.kind == "kept" for c in p.changes),
    "promise broken": lambda p: any(c.kind == "broken" for c in p.changes),
    "promise impossible": lambda p: any(c.kind == "impossible" for c in p.changes),
    **{
        name: (lambda p, name=name: _term(p, name))  # type: ignore[misc]
        for name in (
            "wishes",
            "continuity",
            "variety",
            "way",
            "handover",
            "fairness",
            "tier",
            "fee",
            "travel_fee",
            "day_fee",
            "travel",
        )
    },
}
