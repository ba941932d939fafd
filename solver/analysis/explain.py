"""Why a request is open: every interpreter with every rule, and a minimal set of rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from solver.evaluation.best import tried
from solver.evaluation.measure import covered, together
from solver.evaluation.reasons import unassigned
from solver.evaluation.sieve import BIT
from solver.evaluation.situation import Situation, jobs_of, situation
from solver.plan import Plan, RuleCode, Unassigned
from solver.problem.problem import Problem
from solver.problem.requests import Request
from solver.problem.value import Identifier, Value
from solver.rules.distances import Whole
from solver.rules.variants import Variant


class Explanation(Value):
    """The reasons for one request. Were the rules `together` lifted, `freed` could go at `start`.

    The set is minimal: without all of its rules lifted not enough people are free at any start.
    It is empty when the request is covered, when enough people could go already and are not
    worth their cost, and (`hopeless`) when too few work in the language, whatever is lifted.
    """

    request: Identifier
    covered: bool
    reasons: Unassigned
    together: tuple[RuleCode, ...]
    freed: tuple[Identifier, ...]
    start: int | None = None
    hopeless: bool = False


def explain(problem: Problem, plan: Plan, request_id: str) -> Explanation:
    """Return why a request is not covered by the plan.

    Raises KeyError if there is no such request. For many questions make a `Desk` once.
    """
    where = situation(problem, plan)
    return explain_in(where, request_id, covered(where, together(where)))


def explain_in(where: Situation, request_id: str, filled: Collection[str]) -> Explanation:
    """Return why a request is not covered in a situation in which those `filled` are."""
    request = where.requests[request_id]
    is_covered = request_id in filled
    stopped = _stopped(where, request)
    lifted = None if is_covered else _smallest(stopped)
    start, freed = (None, ()) if lifted is None else _freed(where, request, stopped, lifted)
    return Explanation(
        request=request_id,
        covered=is_covered,
        reasons=unassigned(where, request, most=None),
        together=tuple(rule for rule, bit in BIT.items() if bit & (lifted or 0)),
        freed=freed,
        start=start,
        hopeless=not is_covered and lifted is None,
    )


class Seating(NamedTuple):
    """Who could take a seat of which `people` are needed, and the rules that stop each as bits."""

    people: int
    ids: tuple[str, ...]
    bits: Whole


Stopped = Mapping[Variant, Sequence[Seating]]


def _stopped(where: Situation, request: Request) -> Stopped:
    """Return for each variant the seats and what stops whom; those sent already are not stopped."""
    holders = where.holders(request.id)
    found: dict[Variant, list[Seating]] = defaultdict(list)
    for each in tried(where, request, jobs_of(where, request)):
        alike, roster, bits = each.jobs, each.roster, each.bits
        there = np.array([id_ in holders for id_ in roster.ids])
        bits[there] = 0
        ids = tuple(roster.ids)
        for position, job in enumerate(alike):
            found[job.variant].append(Seating(job.seat.people, ids, bits[:, position]))
    return {v: seats for v, seats in found.items() if len(seats) == len(v.seats)}


def _smallest(stopped: Stopped) -> int | None:
    """Return a minimal set of rules without which some variant is filled, None if none is."""
    unions = [union for seats in stopped.values() for union in _union(seats)]
    if not unions:
        return None
    lifted = min(unions, key=lambda bits: (bits.bit_count(), bits))
    for bit in BIT.values():
        if bit & lifted and any(_filled(seats, lifted & ~bit) for seats in stopped.values()):
            lifted &= ~bit
    return lifted


def _union(seats: Sequence[Seating]) -> Iterator[int]:
    """Yield the rules that stop the least stopped people for the seats, if there are enough."""
    chosen: set[str] = set()
    union = 0
    for seat in seats:
        order = np.argsort(np.bitwise_count(seat.bits & ~union), kind="stable").tolist()
        able = [number for number in order if seat.ids[number] not in chosen][: seat.people]
        if len(able) < seat.people:
            return
        chosen |= {seat.ids[number] for number in able}
        for number in able:
            union |= int(seat.bits[number])
    yield union


def _filled(seats: Sequence[Seating], lifted: int) -> bool:
    """Say whether enough people are free for all seats without the rules lifted."""
    free = [np.flatnonzero(seat.bits & ~lifted == 0).tolist() for seat in seats]
    if any(len(own) < seat.people for own, seat in zip(free, seats, strict=True)):
        return False
    people = {seat.ids[n] for own, seat in zip(free, seats, strict=True) for n in own}
    return len(people) >= sum(seat.people for seat in seats)


def _freed(
    where: Situation, request: Request, stopped: Stopped, lifted: int
) -> tuple[int, tuple[str, ...]]:
    """Return the first start filled without the rules lifted, and who could go then."""
    filled = [variant for variant, seats in stopped.items() if _filled(seats, lifted)]
    start = min(variant.start for variant in filled)
    people = {
        seat.ids[number]
        for variant in filled
        if variant.start == start
        for seat in stopped[variant]
        for number in np.flatnonzero(seat.bits & ~lifted == 0).tolist()
    }
    return start, tuple(sorted(people - where.holders(request.id)))
