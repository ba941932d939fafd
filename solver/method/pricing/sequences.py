"""Days with very many starts but few jobs: every set of jobs, each in its shortest order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.method.limits import Limits
from solver.method.model.block import Block, WaysOnDemand
from solver.method.pricing.day_search import TooMany
from solver.method.pricing.listed import DaysOfBlock
from solver.rules.distances import NO_WAY, Whole

MOST_JOBS, MOST_LEGS, FAR = 62, 2_000_000, 2**40


@dataclass(frozen=True, slots=True)
class _Jobs:
    """What can be done on a day, whenever it begins: one number for all visits that are alike.

    `visits` are those of one job after the other, the earliest first, from `starts` on; `key` puts
    them in this order; `shut` are the bits of all jobs of one request, which is done once.
    """

    visits: Whole
    starts: Whole
    key: Whole
    one: Whole
    ways: Whole
    shut: Whole


@dataclass(frozen=True, slots=True)
class _Begun:
    """Days begun: bits of the jobs, last visit, way, minutes, and which day it was before."""

    jobs: Whole
    last: Whole
    travel: Whole
    minutes: Whole
    before: Whole


def sequences_of(block: Block, most: int, limits: Limits) -> DaysOfBlock:
    """Return for each set of jobs that fits into a day the order with the shortest ways.

    For days on which nothing but times, ways and limits decides, so that the earliest start is the
    best one: at any prices no other day with these jobs is cheaper. Held and Karp 1962, by time and
    way. Raises TooMany when there are more than `most` begun days to look at, or the limits end it.
    """
    jobs, levels = _jobs_of(block), [_first(block)]
    seen = len(levels[0].jobs)
    while len(levels[-1].jobs):
        levels.append(_undominated(block, _longer(block, jobs, levels[-1])))
        seen += len(levels[-1].jobs)
        if seen > most or limits.over():
            raise TooMany
    return _shortest(block, levels)


def _jobs_of(block: Block) -> _Jobs:
    visits, alike = block.visits, block.alike
    if alike is None or not isinstance(block.between, WaysOnDemand) or alike.max() >= MOST_JOBS:
        raise TooMany
    order = np.lexsort((visits.begin, alike))
    count = int(alike.max()) + 1
    starts = np.searchsorted(alike[order], np.arange(count + 1))
    one = order[starts[:-1]]
    place, request = visits.place[one], visits.request[one]
    bits = np.left_shift(1, np.arange(count))
    shut = ((request[:, None] == request[None, :]) * bits).sum(axis=1)
    key = alike[order] * FAR + visits.begin[order]
    ways = block.between.units(place[:, None], place[None, :])
    return _Jobs(order, starts, key, one, ways, shut)


def _first(block: Block) -> _Begun:
    """Return the days of one job, as early as it can be gone to from home."""
    alike, visits = np.asarray(block.alike), block.visits
    possible = np.flatnonzero(block.first != NO_WAY)
    order = possible[np.lexsort((visits.begin[possible], alike[possible]))]
    first = order[np.unique(alike[order], return_index=True)[1]]
    within = visits.minutes[first] <= _or_far(block.most_minutes)
    first = first[within & (_or_far(block.most_jobs) >= 1)]
    jobs, nothing = np.left_shift(1, alike[first]), np.zeros(len(first), dtype=np.int64)
    travel = block.first[first].astype(np.int64)
    return _Begun(jobs, first, travel, visits.minutes[first], nothing)


def _longer(block: Block, jobs: _Jobs, begun: _Begun) -> _Begun:
    """Return these days with one job more, each as early as it can be gone to."""
    visits, alike = block.visits, np.asarray(block.alike)
    count = len(jobs.shut)
    if len(begun.jobs) * count > MOST_LEGS:
        raise TooMany
    row, job = np.nonzero((begun.jobs[:, None] & jobs.shut[None, :]) == 0)
    last, to = begun.last[row], jobs.one[job]
    way = jobs.ways[alike[last], job]
    apart = visits.place[last] != visits.place[to]
    buffers = visits.busy_to[last] - visits.end[last] + visits.begin[to] - visits.busy_from[to]
    time = visits.end[last] + way + np.where(apart, buffers, 0)
    place = np.searchsorted(jobs.key, job * FAR + time)
    minutes = begun.minutes[row] + visits.minutes[to]
    kept = (place < jobs.starts[job + 1]) & (way != NO_WAY)
    kept &= minutes <= _or_far(block.most_minutes)
    kept &= np.bitwise_count(begun.jobs[row]) < _or_far(block.most_jobs)
    row, job, place = row[kept], job[kept], place[kept]
    together = begun.jobs[row] | np.left_shift(1, job)
    return _Begun(together, jobs.visits[place], begun.travel[row] + way[kept], minutes[kept], row)


def _undominated(block: Block, begun: _Begun) -> _Begun:
    """Return the days that no other one with these jobs and this last one is ahead of in both."""
    last, begin = np.asarray(block.alike)[begun.last], block.visits.begin[begun.last]
    order = np.lexsort((begun.travel, begin, last, begun.jobs))
    new = np.ones(len(order), dtype=np.bool_)
    for values in (begun.jobs[order], last[order]):
        new[1:] &= values[1:] == values[:-1]
    new[1:] = ~new[1:]
    shifted = begun.travel[order] - np.cumsum(new) * FAR
    ahead = np.minimum.accumulate(shifted)
    kept = new.copy()
    kept[1:] |= shifted[1:] < ahead[:-1]
    chosen = order[kept]
    return _Begun(*(each[chosen] for each in _parts(begun)))


def _parts(begun: _Begun) -> tuple[Whole, ...]:
    return begun.jobs, begun.last, begun.travel, begun.minutes, begun.before


def _shortest(block: Block, levels: list[_Begun]) -> DaysOfBlock:
    """Return of the days that reach home the shortest for each set of jobs."""
    visits, lengths, travel = [], [], []
    for length, begun in enumerate(levels, start=1):
        home = np.flatnonzero(block.last[begun.last] != NO_WAY)
        ways = begun.travel[home] + block.last[begun.last[home]]
        order = np.lexsort((ways, begun.jobs[home]))
        first = order[np.unique(begun.jobs[home][order], return_index=True)[1]]
        travel.append(ways[first])
        lengths.append(np.full(len(first), length))
        visits.append(_paths(levels[:length], home[first]).ravel())
    return DaysOfBlock(np.concatenate(visits), np.concatenate(lengths), np.concatenate(travel))


def _paths(levels: list[_Begun], chosen: Whole) -> Whole:
    """Return the visits of these days of the last level, in order."""
    found = np.zeros((len(chosen), len(levels)), dtype=np.int64)
    for at in range(len(levels) - 1, -1, -1):
        found[:, at] = levels[at].last[chosen]
        chosen = levels[at].before[chosen]
    return found


def _or_far(limit: int | None) -> int:
    return FAR if limit is None else limit
