"""The cheapest day on which nothing is done twice, best first; compiled by numba.

Labels with a bound of what may come after (A*): P. E. Hart, N. J. Nilsson, B. Raphael 1968, a
formal basis for the heuristic determination of minimum cost paths; labels and dominance as D.
Feillet, P. Dejax, M. Gendreau, C. Gueguen 2004, an exact algorithm for the elementary shortest path
problem with resource constraints.
"""

from __future__ import annotations

from heapq import heappop, heappush
from pathlib import Path

import numpy as np

from solver.method import machine
from solver.method.model.rows import Floats
from solver.method.pricing.alike import NEVER, Small
from solver.method.pricing.machine_code import compiled_as
from solver.rules.distances import NO_WAY, Whole

Heap = list[tuple[float, int]]
Labels = tuple[Whole, Whole, Whole, Whole, Floats, Whole]
Jobs = tuple[Whole, Whole, Whole, Small, Small, Small, Whole, Whole, Whole, int]
Prices = tuple[Floats, float, float, float, Floats]
VERSION = machine.version(Path(__file__).read_text(encoding="utf-8"))
END = -1


def stored() -> bool:
    """Say whether machine code lies ready from an earlier time."""
    return machine.stored(once_each)


@compiled_as(VERSION)
def _start(begins: Whole, low: int, high: int, time: int) -> int:  # pragma: no cover - machine code
    """Return the first start from a time on within [low, high), `high` without any."""
    while low < high:
        middle = (low + high) // 2
        if begins[middle] < time:
            low = middle + 1
        else:
            high = middle
    return low


@compiled_as(VERSION)
def _rests(  # pragma: no cover - machine code
    begins: Whole,
    starts: Whole,
    job: Whole,
    backwards: Whole,
    last: Small,
    ways: Small,
    gaps: Small,
    load: Whole,
    most: int,
    costs: Floats,
    rate: float,
    dear: float,
) -> Floats:
    """Return for each visit and load left the least cost of what may come after.

    Only the same request at once again is forbidden: it is a bound.
    """
    count = len(load)
    rest = np.full((len(begins), most + 1), np.inf)
    for visit in backwards:
        j = job[visit]
        if costs[j] >= dear:
            continue
        if last[j] != NO_WAY:
            rest[visit, :] = last[j] * rate
        for k in range(count):
            if gaps[j, k] == NEVER or costs[k] >= dear or load[k] > most:
                continue
            after = _start(begins, starts[k], starts[k + 1], begins[visit] + gaps[j, k])
            if after < starts[k + 1]:
                cost, taken = ways[j, k] * rate + costs[k], load[k]
                for left in range(taken, most + 1):
                    rest[visit, left] = min(rest[visit, left], cost + rest[after, left - taken])
    return rest


@compiled_as(VERSION)
def _walk(  # pragma: no cover - machine code
    before: Whole, at: Whole, label: int
) -> Whole:
    """Return the visits of the day that a label ends, from the first one on."""
    count, other = 0, label
    while other != END:
        count, other = count + 1, before[other]
    path = np.empty(count, dtype=np.int64)
    while label != END:
        count -= 1
        path[count] = at[label]
        label = before[label]
    return path


@compiled_as(VERSION)
def _best_end(  # pragma: no cover - machine code
    heap: Heap,
) -> tuple[float, int]:
    """Return value and last label of the cheapest whole day among those still to be looked at."""
    best, found = np.inf, END
    for value, label in heap:
        if label < 0 and value < best:
            best, found = value, -2 - label
    return best, found


@compiled_as(VERSION)
def _is_behind(  # pragma: no cover - machine code
    labels: Labels, other: int, visit: int, room: int, mask: int, cost: float
) -> bool:
    """Say whether a label with the same last job is ahead of a new one in everything."""
    at, _, left, done, spent, older = labels
    while other != END:
        ahead = at[other] <= visit and left[other] >= room and spent[other] <= cost
        if ahead and done[other] & ~mask == 0:
            return True
        other = older[other]
    return False


@compiled_as(VERSION)
def _begun(  # pragma: no cover - machine code
    jobs: Jobs,
    first: Small,
    prices: Prices,
    labels: Labels,
    newest: Whole,
    heap: Heap,
) -> int:
    """Begin a day with each job; return how many labels there are."""
    early, load, bits, most = jobs[6], jobs[7], jobs[8], jobs[9]
    costs, rate, dear, limit, rest = prices
    at, before, left, done, spent, older = labels
    filled = 0
    for k in range(len(load)):
        if early[k] != END and load[k] <= most and costs[k] < dear:
            cost = first[k] * rate + costs[k]
            total = cost + rest[early[k], most - load[k]]
            if total < limit:
                at[filled], before[filled], left[filled] = early[k], END, most - load[k]
                done[filled], spent[filled], older[filled] = bits[k], cost, newest[k]
                newest[k] = filled
                heappush(heap, (total, filled))
                filled += 1
    return filled


@compiled_as(VERSION)
def _longer(  # pragma: no cover - machine code
    label: int, jobs: Jobs, prices: Prices, labels: Labels, newest: Whole, heap: Heap, filled: int
) -> int:
    """Go on from a label to each job that may follow; return how many labels there are then."""
    begins, starts, job, last, ways, gaps, _, load, bits, _ = jobs
    costs, rate, dear, limit, rest = prices
    at, before, left, done, spent, older = labels
    j, mask, spare = job[at[label]], done[label], left[label]
    if last[j] != NO_WAY and spent[label] + last[j] * rate < limit:
        heappush(heap, (spent[label] + last[j] * rate, -2 - label))
    for k in range(len(load)):
        if gaps[j, k] == NEVER or mask & bits[k] or load[k] > spare or costs[k] >= dear:
            continue
        visit = _start(begins, starts[k], starts[k + 1], begins[at[label]] + gaps[j, k])
        if visit == starts[k + 1]:
            continue
        cost, room = spent[label] + ways[j, k] * rate + costs[k], spare - load[k]
        total, more = cost + rest[visit, room], mask | bits[k]
        if total >= limit or _is_behind(labels, newest[k], visit, room, more, cost):
            continue
        if filled == len(at):
            break
        at[filled], before[filled], left[filled] = visit, label, room
        done[filled], spent[filled], older[filled] = more, cost, newest[k]
        newest[k] = filled
        heappush(heap, (total, filled))
        filled += 1
    return filled


@compiled_as(VERSION)
def once_each(  # pragma: no cover - machine code
    begins: Whole,
    starts: Whole,
    job: Whole,
    backwards: Whole,
    early: Whole,
    first: Small,
    last: Small,
    ways: Small,
    gaps: Small,
    load: Whole,
    most: int,
    bits: Whole,
    costs: Floats,
    rate: float,
    dear: float,
    limit: float,
    size: int,
    days: int,
) -> tuple[float, Floats, Whole, Whole]:
    """Return a bound, and values, lengths and visits of a few of the cheapest days below a limit.

    The bound is the least value unless there were as many as `size` labels. A label is a day begun:
    its last visit, the label before, the load left, the bits of what it did, its cost, and the
    label before it with the same last job; where one of those is ahead of it, it is dropped.
    """
    rest = _rests(begins, starts, job, backwards, last, ways, gaps, load, most, costs, rate, dear)
    at, before = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    left, done = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    labels = (at, before, left, done, np.empty(size), np.empty(size, dtype=np.int64))
    jobs = (begins, starts, job, last, ways, gaps, early, load, bits, most)
    prices = (costs, rate, dear, limit, rest)
    newest = np.full(len(load), END)
    heap = [(np.inf, END)]
    heappop(heap)
    filled = _begun(jobs, first, prices, labels, newest, heap)
    ended, values = np.empty(days, dtype=np.int64), np.empty(days)
    count, bound = 0, limit
    while len(heap) and count < days and filled < size:
        value, label = heappop(heap)
        if label < 0:
            values[count], ended[count] = value, -2 - label
            count += 1
        else:
            filled = _longer(label, jobs, prices, labels, newest, heap, filled)
            bound = min(limit, value)
    if count > 0:
        bound = values[0]
    elif filled < size:
        bound = limit
    else:
        values[0], ended[0] = _best_end(heap)
        count = 0 if ended[0] == END else 1
    paths = [_walk(before, at, ended[number]) for number in range(count)]
    lengths = np.array([len(path) for path in paths] + [0], dtype=np.int64)[:count]
    visits = np.empty(lengths.sum(), dtype=np.int64)
    filled = 0
    for path in paths:
        visits[filled : filled + len(path)] = path
        filled += len(path)
    return bound, values[:count], lengths, visits
