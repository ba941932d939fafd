"""What would fill an open request: changes that really do, each with the plan that follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Literal

from solver.analysis.feasible import starts_in
from solver.analysis.near import neighbours, solved_again
from solver.checker.check import check
from solver.evaluation.situation import Situation, situation
from solver.method.solving import load
from solver.plan import Plan
from solver.problem.problem import Problem
from solver.problem.requests import (
    AnyCondition,
    ExcludedCondition,
    LanguageChoice,
    Request,
    Way,
    WayChoice,
)
from solver.problem.value import Count, Identifier, Interval, Value

STARTS = 3
SOFT = 10
HIGHEST_WEIGHT = 10**6
Kind = Literal["start", "way", "language", "condition", "swap", "promise", "priority"]


class Proposal(Value):
    """A change to be tried: the request as it would be asked, the promises that may be broken.

    start: another start, `asked.earliest`. way: another way may do. language: another language
    may do. condition: a requirement becomes a wish. swap: others change jobs, nothing is lost.
    promise: one promise more than allowed is broken. priority: the request goes before others.
    The last three only ask for the request first of all.
    """

    kind: Kind
    asked: Request
    disturb_at_most: Count | None
    way: Way | None = None
    language: LanguageChoice | None = None
    condition: AnyCondition | None = None


class Remedy(Proposal):
    """A change that fills the request, and the plan that shows it.

    `disturbed` people do something else than before, aside from those newly sent to this
    request; `opened` requests are open instead (priority only); `added` is what the levels of
    the objective grow by.
    """

    disturbed: tuple[Identifier, ...] = ()
    opened: tuple[Identifier, ...] = ()
    added: tuple[int, ...] = ()
    plan: Plan


def apply(problem: Problem, remedy: Proposal) -> Problem:
    """Return the problem changed as a remedy or a proposal says."""
    requests = tuple(
        remedy.asked if item.id == remedy.asked.id else item for item in problem.requests
    )
    update = {"requests": requests, "disturb_at_most": remedy.disturb_at_most}
    return problem.model_copy(update=update)


def remedies(
    problem: Problem,
    plan: Plan,
    request_id: str,
    *,
    languages: Sequence[LanguageChoice] = (),
    time_limit_s: float = 3.0,
) -> tuple[Remedy, ...]:
    """Return what would fill a request, least disturbing first, then cheapest.

    `languages` may be proposed beside those of the request. Other ways are proposals: whoever
    asked has to agree. Each remedy was found by solving again around the request and its plan
    passed `check`; after `time_limit_s` no further one is tried. Of a request that the plan covers
    they say what would cover it otherwise. Raises KeyError if there is no such request.
    """
    where = situation(problem, plan)
    request = where.requests[request_id]
    load()  # in time of its own: a process that tries for the first time would find less
    until = monotonic() + time_limit_s
    found: list[Remedy] = []
    for proposal in _proposals(where, request, languages):
        left = until - monotonic()
        if left > 0:
            found += _tried(where, plan, proposal, left)
    return tuple(sorted(found, key=_rank))


def _rank(remedy: Remedy) -> tuple[int, int, tuple[int, ...], int]:
    return len(remedy.disturbed), len(remedy.opened), remedy.added, remedy.asked.earliest


def _proposals(
    where: Situation, request: Request, languages: Sequence[LanguageChoice]
) -> Iterator[Proposal]:
    """Yield the changes worth trying."""
    most = where.problem.disturb_at_most
    for start in _starts(where, request):
        asked = request.model_copy(update={"earliest": start, "latest": start})
        yield Proposal(kind="start", asked=asked, disturb_at_most=most)
    for way in _ways(request):
        ways = (*request.ways, WayChoice(way=way, cost=max(item.cost for item in request.ways)))
        asked = request.model_copy(update={"ways": ways})
        yield Proposal(kind="way", asked=asked, disturb_at_most=most, way=way)
    for choice in languages:
        asked = request.model_copy(update={"languages": (*request.languages, choice)})
        yield Proposal(kind="language", asked=asked, disturb_at_most=most, language=choice)
    for asked, condition in _softened(request):
        yield Proposal(kind="condition", asked=asked, disturb_at_most=most, condition=condition)
    weight = min(HIGHEST_WEIGHT, 1 + sum(item.weight for item in where.requests.values()))
    first = request.model_copy(update={"weight": weight})
    yield Proposal(kind="swap", asked=first, disturb_at_most=most)
    if most is not None:
        yield Proposal(kind="promise", asked=first, disturb_at_most=most + 1)


def _starts(where: Situation, request: Request) -> list[int]:
    """Return the nearest other starts within a day at which people are free."""
    day = 24 * where.problem.units_per_hour
    steps = day // request.step * request.step
    latest = request.earliest if request.latest is None else request.latest
    window = Interval(start=request.earliest - steps, end=latest + day + 1)
    known = request.starts()
    free = [found.start for found in starts_in(where, request, window) if found.start not in known]
    free.sort(key=lambda start: (max(request.earliest - start, start - latest), start))
    return free[:STARTS]


def _ways(request: Request) -> list[Way]:
    """Return the ways not allowed yet; on site only where a place is known."""
    known = {choice.way for choice in request.ways}
    other = [way for way in Way if way not in known]
    return [way for way in other if way is not Way.ON_SITE or request.place is not None]


def _softened(request: Request) -> Iterator[tuple[Request, AnyCondition]]:
    """Yield the request with one requirement turned into a wish; exclusions stay."""
    for number, condition in enumerate(request.conditions):
        if condition.penalty is None and not isinstance(condition, ExcludedCondition):
            wish = condition.model_copy(update={"penalty": SOFT})
            others = request.conditions[:number], request.conditions[number + 1 :]
            conditions = (*others[0], wish, *others[1])
            yield request.model_copy(update={"conditions": conditions}), condition


def _tried(where: Situation, plan: Plan, proposal: Proposal, left: float) -> Iterator[Remedy]:
    """Yield the remedy if the proposal really fills the request."""
    people, id_ = neighbours(where, proposal.asked), proposal.asked.id
    if not people:
        return
    changed = apply(where.problem, proposal)
    found = solved_again(changed, where, plan, people, {id_}, left)
    if found is None or check(changed, found):
        return
    open_before = {item.request for item in plan.unassigned}
    open_now = {item.request for item in found.unassigned}
    opened = tuple(sorted(open_now - open_before))
    if id_ in open_now or (opened and proposal.kind not in ("swap", "promise")):
        return
    before = {level.name: level.value for level in plan.objective}
    change = proposal.model_copy(update={"kind": "priority"} if opened else {})
    yield Remedy(
        **dict(change),
        disturbed=disturbed(plan, found, {id_}),
        opened=opened,
        added=tuple(level.value - before[level.name] for level in found.objective),
        plan=found,
    )


def disturbed(before: Plan, now: Plan, aside: set[str]) -> tuple[str, ...]:
    """Return who does not do what they did, or does something new, these requests aside."""
    old, new = work_of(before, aside), work_of(now, aside)
    return tuple(sorted(id_ for id_ in old.keys() | new.keys() if old.get(id_) != new.get(id_)))


def work_of(plan: Plan, aside: set[str]) -> dict[str, set[tuple[object, ...]]]:
    """Return what each person does, these requests aside."""
    found: dict[str, set[tuple[object, ...]]] = {}
    for route in plan.routes:
        for stop in route.stops:
            if stop.request not in aside:
                job = (stop.request, stop.begin, stop.end, stop.way, stop.language)
                found.setdefault(route.interpreter, set()).add(job)
    return found
