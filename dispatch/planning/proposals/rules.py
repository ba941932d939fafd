"""Reading a plan: how good it is, who goes where, and how that is said truthfully."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import solver
from dispatch.planning.runs.rules import most_filled
from dispatch.requests.sharing import Sharing


@dataclass(frozen=True)
class Proof:
    """What a plan reaches and what no plan can exceed.

    `bound` is the most requests any plan can fill. `gap` is the relative gap of the first level
    of the objective that is not proven, as a fraction; 0 when everything is proven.
    """

    status: str
    filled: int
    requests: int
    bound: int
    gap: float
    travel_minutes: int
    seconds: float

    @property
    def proven(self) -> bool:
        """Whether no better plan exists, in any of the terms."""
        return self.status == solver.Status.OPTIMAL


@dataclass(frozen=True)
class Item:
    """One interpreter proposed for one request, as the plan decided it.

    `begin` is in minutes since the days began, `minutes` how long, `travel_minutes` the way there;
    of a talk that two are to share each has a seat and a time of their own;
    `coming_from` is the request before on the same day, None where it begins at home.
    """

    request_id: int
    interpreter_id: int
    begin: int
    language: str
    way: str
    travel_minutes: int
    coming_from: str | None = None
    minutes: int = 0
    seat: int | None = None
    sharing: Sharing | None = None


@dataclass(frozen=True)
class Move:
    """A confirmed interpreter whom a plan takes off a request; who comes to it then."""

    request_id: int
    interpreter_id: int
    instead: tuple[int, ...]


def proof_of(problem: solver.Problem, plan: solver.Plan) -> Proof:
    """Return what the plan proves."""
    weights = [job.weight for job in problem.requests]
    coverage = plan.objective[0] if plan.objective else None
    uncovered_at_least = coverage.bound if coverage and coverage.bound is not None else 0
    return Proof(
        status=plan.status,
        filled=plan.filled,
        requests=plan.asked,
        bound=max(plan.filled, most_filled(weights, uncovered_at_least)),
        gap=plan.gap or 0.0,
        travel_minutes=sum(
            sum(stop.travel for stop in route.stops) + route.travel_home for route in plan.routes
        ),
        seconds=plan.seconds,
    )


def items_of(plan: solver.Plan) -> list[Item]:
    """Return what the plan proposes beyond what is fixed or kept, in order of time."""
    shared = _shared(plan)
    kept = {(one.request, one.interpreter) for one in plan.changes if one.kind == "kept"}
    items = [
        Item(
            request_id=int(stop.request),
            interpreter_id=int(route.interpreter),
            begin=stop.begin,
            language=stop.language,
            way=stop.way,
            travel_minutes=stop.travel,
            coming_from=before.request if before else None,
            minutes=stop.end - stop.begin,
            seat=stop.seat + 1 if stop.request in shared else None,
            sharing=shared.get(stop.request),
        )
        for route in plan.routes
        for before, stop in zip([None, *route.stops], route.stops, strict=False)
        if not stop.pinned and (stop.request, route.interpreter) not in kept
    ]
    return sorted(items, key=lambda item: (item.begin, item.request_id, item.interpreter_id))


def asked_together(items: Sequence[Item]) -> list[list[Item]]:
    """Return the items one by one, but those who are to share a talk together."""
    groups: dict[object, list[Item]] = {}
    for number, item in enumerate(items):
        groups.setdefault(("talk", item.request_id) if item.sharing else number, []).append(item)
    return list(groups.values())


def with_whom_they_share(items: Sequence[Item], chosen: Collection[tuple[int, int]]) -> list[Item]:
    """Return the items of these pairs, and whoever would share a talk with one of them."""
    talks = {request_id for request_id, _interpreter_id in chosen}
    return [
        item
        for item in items
        if (item.request_id, item.interpreter_id) in chosen
        or (item.sharing is not None and item.request_id in talks)
    ]


def _shared(plan: solver.Plan) -> dict[str, Sharing]:
    """Return how two are to share a talk, by the id of its request."""
    seats: dict[str, dict[int, solver.plan.Stop]] = defaultdict(dict)
    for route in plan.routes:
        for stop in route.stops:
            seats[stop.request][stop.seat] = stop
    found = {}
    for request_id, stops in seats.items():
        if set(stops) != {0, 1}:
            continue
        first, second = stops[0], stops[1]
        if first.language != second.language:
            found[request_id] = Sharing(second.language)
        elif first.begin != second.begin:
            found[request_id] = Sharing(after_minutes=second.begin - first.begin)
    return found


def moves_of(plan: solver.Plan) -> list[Move]:
    """Return the confirmed people a plan takes off what they were promised, in order of time."""
    gone = sorted(
        (one for one in plan.changes if one.kind == "broken"),
        key=lambda one: (one.start, one.request),
    )
    return [
        Move(
            int(one.request),
            int(one.interpreter),
            tuple(int(id_) for id_ in one.now_interpreters if id_ != one.interpreter),
        )
        for one in gone
    ]


def undisturbed(problem: solver.Problem) -> solver.Problem:
    """Return the problem in which whoever has confirmed stays."""
    stay = tuple(one.model_copy(update={"kind": "pinned"}) for one in problem.commitments)
    return problem.model_copy(update={"commitments": stay, "disturb_at_most": None})


def steadied(problem: solver.Problem, plan: solver.Plan) -> solver.Problem | None:
    """Return the problem with the promises pinned that the plan calls impossible; None without any.

    Who has confirmed although the rules speak against it by now was decided by people, and stays.
    """
    impossible = {
        (one.request, one.interpreter) for one in plan.changes if one.kind == "impossible"
    }
    if not impossible:
        return None
    commitments = tuple(
        one.model_copy(update={"kind": "pinned"})
        if (one.request, one.interpreter) in impossible
        else one
        for one in problem.commitments
    )
    return problem.model_copy(update={"commitments": commitments})
