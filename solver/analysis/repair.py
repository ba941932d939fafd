"""Mends a plan after something happened: what can stay stays, few people are disturbed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from solver.analysis.events import Aftermath, Event, aftermath
from solver.analysis.near import neighbours, solved_again, still_true
from solver.analysis.remedies import disturbed
from solver.checker.check import check
from solver.evaluation.measure import changes
from solver.evaluation.situation import Situation, situation, stops_person
from solver.evaluation.whole import bare_plan, objective_of, plan_of_routes, routes_of
from solver.plan import Plan, Route
from solver.problem.commitments import Commitment
from solver.problem.problem import Problem
from solver.problem.value import Identifier, Value
from solver.problem.weights import Level, Term, WeightedTerm, Weights
from solver.rules.schedule import Held, request_starts

Job = tuple[str, str]
PRICE, FEW = 1, 40


class Repair(Value):
    """The problem after the events, with the plan of before as promises, and the plan for it.

    `disturbed` people do something else than before, aside from what the events themselves took
    from them and from new requests; `opened` requests were filled before and are open now.
    `plan.changes` tells what became of each promise.
    """

    problem: Problem
    plan: Plan
    disturbed: tuple[Identifier, ...]
    opened: tuple[Identifier, ...]


def repair(
    problem: Problem,
    plan: Plan,
    events: Sequence[Event],
    at_most: int | None = 1,
    *,
    time_limit_s: float = 10.0,
) -> Repair:
    """Return a plan after cancellations, absences, overruns and urgent requests.

    Everything in the plan becomes a promise of price 1, those made before keep theirs. At most
    `at_most` promises are broken beyond those the events make impossible, by themselves or because
    nobody near can take the place of others in a team. Only people near the events are free to
    change; the whole plan is checked. Raises KeyError for an unknown id.
    """
    after = aftermath(problem, plan, events)
    where = situation(after.problem, bare_plan(after.problem, after.routes))
    chosen, extra = _impossible(after, where)
    most = None if at_most is None else at_most + extra
    changed = _promised(after, most)
    gone = chosen | _broken_teams(after, chosen)
    kept = _kept(changed, after.routes, gone, where)
    where = situation(changed, kept, where)
    touched = {*after.people, *disturbed(plan, kept, set())}
    reasons = still_true(where, plan, touched, after.requests)
    kept = kept.model_copy(update={"unassigned": tuple(reasons.values())})
    free = after.people | {id_ for id_, _ in gone}
    lacking = after.requests | {id_ for _, id_ in gone}
    found = _mended(where, kept, free, lacking, time_limit_s)
    if found is None:
        changed = _with_enough_broken(changed, kept)
        where = situation(changed, kept, where)
        found = _mended(where, kept, free, lacking, time_limit_s) or _as_kept(where, kept)
    open_before = {item.request for item in plan.unassigned}
    filled = {item.id for item in problem.requests} - open_before
    return Repair(
        problem=changed,
        plan=found,
        disturbed=disturbed(bare_plan(changed, after.routes), found, after.requests),
        opened=tuple(item.request for item in found.unassigned if item.request in filled),
    )


def _impossible(after: Aftermath, where: Situation) -> tuple[set[Job], int]:
    """Take out what nobody touched can keep; return what must go besides, one choice and how much.

    Of the jobs of a person who cannot do them all as few as possible go. Those gone in every such
    choice are dropped for good; of the others any may go.
    """
    besides: set[Job] = set()
    extra = 0
    for id_ in sorted(after.people):
        choices = _fewest_gone(where, id_)
        surely = set.intersection(*choices)
        after.drop({(id_, request) for request in surely})
        besides |= {(id_, request) for request in choices[0] - surely}
        extra += len(choices[0] - surely)
    return besides, extra


def _fewest_gone(where: Situation, id_: str) -> list[set[str]]:
    """Return every smallest set of jobs without which the person's work keeps the rules."""
    own = where.schedule.get(id_, ())
    free = [held.job.request.id for held in own if not held.pinned]
    for size in range(len(free)):
        found = [set(gone) for gone in combinations(free, size) if _keeps(where, id_, own, gone)]
        if found:
            return found
    return [set(free)]


def _keeps(where: Situation, id_: str, own: Sequence[Held], gone: Sequence[str]) -> bool:
    """Say whether a person can do their work without the jobs gone."""
    left = [held for held in own if held.job.request.id not in gone]
    return all(
        held.pinned
        or not stops_person(
            where.with_work(id_, tuple(item for item in left if item is not held)),
            where.people[id_],
            held.job,
        )
        for held in left
    )


def _promised(after: Aftermath, most: int | None) -> Problem:
    """Return the problem in which everything still planned is pinned or promised."""
    problem = after.problem
    stops = {(id_, stop.request): stop for id_, stop in after.stops()}
    pinned = [item for item in problem.commitments if item.kind == "pinned"]
    fixed = {(item.interpreter, item.request) for item in pinned}
    prices = {(item.interpreter, item.request): item.price for item in problem.commitments}
    begins = request_starts(bare_plan(problem, after.routes))
    promises = [
        Commitment(
            kind="promised",
            request=stop.request,
            interpreter=key[0],
            start=begins[stop.request],
            way=stop.way,
            language=stop.language,
            price=prices.get(key, PRICE),
        )
        for key, stop in stops.items()
        if key not in fixed
    ]
    return problem.model_copy(
        update={
            "commitments": (*pinned, *promises),
            "disturb_at_most": most,
            "weights": _with_promises(problem.weights),
        }
    )


def _with_promises(weights: Weights) -> Weights:
    """Return the weights, with promises as a level after the first if they do not count yet."""
    if any(item.term is Term.PROMISES for level in weights.levels for item in level.terms):
        return weights
    level = Level(name="promises", terms=(WeightedTerm(term=Term.PROMISES),))
    return Weights(levels=(*weights.levels[:1], level, *weights.levels[1:]))


def _broken_teams(after: Aftermath, chosen: set[Job]) -> set[Job]:
    """Return those who are not pinned to requests that lose others."""
    losing = after.requests | {id_ for _, id_ in chosen}
    return {
        (id_, stop.request)
        for id_, stop in after.stops()
        if stop.request in losing and not stop.pinned
    }


def _kept(problem: Problem, routes: Sequence[Route], gone: set[Job], like: Situation) -> Plan:
    """Return the plan without the jobs gone, with the ways there are now."""
    after = Aftermath(problem, tuple(routes))
    after.drop(gone)
    where = situation(problem, bare_plan(problem, after.routes), like)
    days = [routes_of(where.people[id_], own) for id_, own in where.schedule.items()]
    return bare_plan(problem, [route for own in days for route in own])


def _with_enough_broken(problem: Problem, kept: Plan) -> Problem:
    """Return the problem in which as many promises may be broken as the plan kept breaks."""
    least = sum(item.kind == "broken" for item in changes(situation(problem, kept)))
    most = max(problem.disturb_at_most or 0, least)
    return problem.model_copy(update={"disturb_at_most": most})


def _mended(
    where: Situation, kept: Plan, free: set[str], lacking: set[str], time_limit_s: float
) -> Plan | None:
    """Return the best plan in which only people near differ; None if none keeps every rule."""
    problem, people = where.problem, set(free)
    for id_ in sorted(lacking):
        people |= neighbours(where, where.requests[id_])
    could = {item.id for item in problem.requests} - {item.request for item in kept.unassigned}
    plans: list[Plan] = []
    for chosen in (people, {one.id for one in problem.interpreters}):
        if lacking and chosen and (chosen == people or len(chosen) <= FEW):
            found = solved_again(problem, where, kept, chosen, lacking, time_limit_s)
            plans[:0] = [found] if found is not None else []
            if found and (could | lacking).isdisjoint(item.request for item in found.unassigned):
                break
    as_kept = objective_of(where, kept)
    if all(_values(plan) > as_kept for plan in plans):
        plans.append(_as_kept(where, kept))
    plans.sort(key=_values)
    sound = next((plan for plan in plans if not check(problem, plan)), None)
    return sound or _if_sound(_as_kept(where, kept), problem)


def _values(plan: Plan) -> tuple[int, ...]:
    return tuple(level.value for level in plan.objective)


def _if_sound(plan: Plan, problem: Problem) -> Plan | None:
    return None if check(problem, plan) else plan


def _as_kept(where: Situation, kept: Plan) -> Plan:
    known = {item.request: item for item in kept.unassigned}
    return plan_of_routes(where.problem, kept.routes, known=known, like=where)
