"""The best job of a request for each person: the start, way and language that fewest rules stop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from solver.evaluation import terms
from solver.evaluation.roster import Roster
from solver.evaluation.sieve import Pairs, Sieve
from solver.evaluation.situation import Situation, jobs_of
from solver.problem.requests import Request
from solver.rules.distances import Whole
from solver.rules.person import Job, Person

LARGEST = 2**62


class Tried(NamedTuple):
    """Jobs alike but for their start, and for each person and each of them the rules as bits."""

    jobs: Sequence[Job]
    roster: Roster
    bits: Whole
    sieve: Sieve


class Best(NamedTuple):
    """A person with the job fewest rules stop them from; `bits` are those rules.

    `pair` is where person and job are among the pairs of what was tried.
    """

    person: Person
    job: Job
    bits: int
    tried: Tried
    pair: int


class Added(NamedTuple):
    """What a job adds to a day: time units on the way, and the day itself if it is the first."""

    travel: int
    is_first: bool


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
            sieve = Sieve(roster, work, alike[0], pairs)
            yield Tried(alike, roster, sieve.bits(all_rules).reshape(people, starts), sieve)


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
    """Return each interpreter of the languages with the best job.

    It is the one that fewest rules stop them from; of those nothing stops the one whose choice of
    language and way costs least, then the one with the fewest penalties, the least money and
    travel, and the earliest. Without `all_rules` the bits say only whether any rule stops them.
    """
    found: dict[str, tuple[tuple[int, ...], Best]] = {}
    every = jobs_of(where, request)
    for each in tried(where, request, every, all_rules):
        rules = np.bitwise_count(each.bits).astype(np.int64)
        prices = _prices(where, request, each) if len(every) > 1 else ()
        chosen = _least(rules, *prices)
        rows, variants = np.arange(len(chosen)), [job.variant for job in each.jobs]
        costs = [variant.variety + variant.way_cost + variant.handover for variant in variants]
        keys = zip(*(key[rows, chosen].tolist() for key in (rules, *prices)), strict=True)
        own = each.bits[rows, chosen].tolist()
        pairs = (rows * len(each.jobs) + chosen).tolist()
        places = zip(each.roster.people, chosen.tolist(), own, pairs, keys, strict=True)
        for person, position, bits, pair, (few, *price) in places:
            rank = (few, costs[position], *price, variants[position].start)
            if person.id not in found or rank < found[person.id][0]:
                found[person.id] = rank, Best(person, each.jobs[position], bits, each, pair)
    return [best for _, best in found.values()]


def added_by(found: Sequence[Best]) -> list[Added | None]:
    """Return what each job would add to the day; None for who is not available then."""
    together: dict[int, list[int]] = defaultdict(list)
    for number, best in enumerate(found):
        together[id(best.tried)].append(number)
    added: list[Added | None] = [None] * len(found)
    for numbers in together.values():
        sieve = found[numbers[0]].tried.sieve
        pairs = [found[number].pair for number in numbers]
        wanted = np.zeros(len(sieve.person), dtype=np.bool_)
        wanted[pairs] = True
        wanted &= sieve.available
        kept = wanted[pairs].tolist()
        travel = sieve.extra_travel(wanted)[pairs].tolist()
        first = sieve.first_of_day()[pairs].tolist()
        for number, is_available, *own in zip(numbers, kept, travel, first, strict=True):
            added[number] = Added(*own) if is_available else None
    return added


def _least(*keys: Whole) -> Whole:
    """Return for each row the first position with the least first key, then second key, ..."""
    left = np.ones(keys[0].shape, dtype=np.bool_)
    for key in keys:
        left &= key == np.where(left, key, LARGEST).min(axis=1)[:, None]
    found: Whole = left.argmax(axis=1)
    return found


def _prices(where: Situation, request: Request, each: Tried) -> tuple[Whole, Whole, Whole]:
    """Return penalties, cents and travel of each person and job; 0 where something stops them."""
    free, jobs = each.bits == 0, each.jobs
    penalties = np.zeros(free.shape, dtype=np.int64)
    cents, travel = penalties.copy(), penalties.copy()
    if not free.any():
        return penalties, cents, travel
    travel = np.where(free, each.sieve.extra_travel(free.ravel()).reshape(free.shape), 0)
    first, units = each.sieve.first_of_day().reshape(free.shape), where.problem.units_per_hour
    timed = any(item.depends_on_time for item in request.conditions)
    wished = any(item.penalty for item in request.conditions)
    for number in np.flatnonzero(free.any(axis=1)).tolist():
        person = each.roster.people[number]
        who = person.interpreter
        looked_at = jobs if who.paid_idle or timed else jobs[:1]
        if wished:
            penalties[number] = [_penalties(person, job) for job in looked_at]
        cents[number] = [terms.fee(person, job, units) for job in looked_at]
        cents[number] += travel[number] * who.cost_per_travel_unit
        cents[number] += first[number] * who.cost_per_day
    return penalties * free, cents * free, travel


def _penalties(person: Person, job: Job) -> int:
    return terms.wishes(person, job) + terms.continuity(person, job)
