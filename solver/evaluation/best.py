"""The best job of a request for each person: the start, way and language that fewest rules stop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from solver.evaluation.roster import Roster
from solver.evaluation.sieve import Pairs, stopping
from solver.evaluation.situation import Situation, jobs_of
from solver.problem.requests import Request
from solver.rules.distances import Whole
from solver.rules.person import Job, Person


class Best(NamedTuple):
    """A person with the job fewest rules stop them from; `bits` are those rules."""

    person: Person
    job: Job
    bits: int


class Tried(NamedTuple):
    """Jobs alike but for their start, and for each person and each of them the rules as bits."""

    jobs: Sequence[Job]
    roster: Roster
    bits: Whole


def tried(
    where: Situation, request: Request, jobs: Sequence[Job], all_rules: bool = True
) -> Iterator[Tried]:
    """Yield the jobs (in order of start), alike ones together, tried with all who speak for them.

    Nobody is taken to be sent to the request yet. Without `all_rules` the bits say only whether
    any rule stops the person.
    """
    for alike in _alike(jobs):
        roster = where.roster(alike[0].seat.language)
        if roster is not None:
            people, starts = len(roster.people), len(alike)
            begins = np.array([job.seat.begin for job in alike])
            pairs = Pairs(np.repeat(np.arange(people), starts), np.tile(begins, people))
            work = roster.work.without(request.id)
            bits = stopping(roster, work, alike[0], pairs, all_rules)
            yield Tried(alike, roster, bits.reshape(people, starts))


def _alike(jobs: Sequence[Job]) -> list[list[Job]]:
    """Return the jobs that differ in their start only, together."""
    found: dict[tuple[object, ...], list[Job]] = defaultdict(list)
    for job in jobs:
        seat, variant = job.seat, job.variant
        offset = seat.begin - variant.start
        cost = variant.variety + variant.way_cost + variant.handover
        kind = (variant.way, seat.language, offset, seat.end - seat.begin, variant.size, cost)
        found[kind].append(job)
    return list(found.values())


def best_jobs(where: Situation, request: Request, all_rules: bool = True) -> list[Best]:
    """Return each interpreter of the languages with the best job; cheap and early ones first.

    Without `all_rules` the bits say only whether any rule stops the person.
    """
    found: dict[str, tuple[tuple[int, int, int], Best]] = {}
    for alike, roster, bits in tried(where, request, jobs_of(where, request), all_rules):
        rules = np.bitwise_count(bits).astype(np.int64)
        chosen = rules.argmin(axis=1)
        everybody = np.arange(len(chosen))
        least, own = rules[everybody, chosen].tolist(), bits[everybody, chosen].tolist()
        variants = [job.variant for job in alike]
        costs = [variant.variety + variant.way_cost + variant.handover for variant in variants]
        picked = zip(roster.people, chosen.tolist(), least, own, strict=True)
        for person, position, count, stopped in picked:
            rank = (count, costs[position], variants[position].start)
            if person.id not in found or rank < found[person.id][0]:
                found[person.id] = rank, Best(person, alike[position], stopped)
    return [best for _, best in found.values()]
