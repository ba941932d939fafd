"""When a request could really be filled: every start with the people who could be there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from solver.evaluation.best import tried
from solver.evaluation.situation import Situation, jobs_of, situation
from solver.plan import Plan
from solver.problem.problem import Problem
from solver.problem.requests import Request
from solver.problem.value import Identifier, Interval, Value
from solver.rules.variants import Variant

Able = Mapping[int, tuple[str, ...]]


class FeasibleStart(Value):
    """A start time, and who could be there beside the plan; enough of them for the request."""

    start: int
    interpreters: tuple[Identifier, ...]

    @property
    def people(self) -> int:
        """Return how many could."""
        return len(self.interpreters)


def feasible_starts(
    problem: Problem, plan: Plan, request: str | Request, window: Interval | None = None
) -> tuple[FeasibleStart, ...]:
    """Return all starts (within `window`) at which enough people can really be there.

    `request` is the id of one in the problem or a request not asked yet. Within `window` the
    starts follow its step, also beyond its own earliest and latest start; where somebody is
    pinned only their start counts. Raises KeyError for an unknown id. For many questions make a
    `Desk` once.
    """
    return starts_in(situation(problem, plan), request, window)


def starts_in(
    where: Situation, request: str | Request, window: Interval | None = None
) -> tuple[FeasibleStart, ...]:
    """Return the feasible starts in a situation."""
    asked = where.requests[request] if isinstance(request, str) else request
    if window is not None:
        asked = asked.model_copy(update={"earliest": window.start, "latest": window.end - 1})
    people: dict[int, set[str]] = defaultdict(set)
    for variant, able in who_could(where, asked).items():
        if fills(variant, able) and variant.start in asked.starts():
            people[variant.start] |= {id_ for own in able.values() for id_ in own}
    return tuple(
        FeasibleStart(start=start, interpreters=tuple(sorted(people[start])))
        for start in sorted(people)
    )


def who_could(where: Situation, request: Request) -> Mapping[Variant, Able]:
    """Return for each variant and number of a seat who could take it beside the plan."""
    found: dict[Variant, dict[int, tuple[str, ...]]] = defaultdict(dict)
    for each in tried(where, request, jobs_of(where, request), all_rules=False):
        alike, roster, bits = each.jobs, each.roster, each.bits
        ids = np.array(roster.ids, dtype=object)
        for position in np.flatnonzero((bits == 0).any(axis=0)).tolist():
            job = alike[position]
            found[job.variant][job.seat.number] = tuple(ids[bits[:, position] == 0])
    return found


def fills(variant: Variant, able: Able) -> bool:
    """Say whether different people are there for all seats (Hall's condition for two kinds)."""
    people = [able.get(seat.number, ()) for seat in variant.seats]
    enough = all(len(p) >= s.people for p, s in zip(people, variant.seats, strict=True))
    return enough and len({id_ for own in people for id_ in own}) >= variant.size
