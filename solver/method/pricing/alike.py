"""The jobs of a day on which early is best: what is alike but for its start, taken together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.method.model.block import Block, WaysOnDemand
from solver.method.model.rows import Floats
from solver.rules.distances import NO_WAY, Whole

NEVER, NONE = 2**29, -1
MOST_BITS, MANY_STARTS = 62, 3
Small = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Alike:
    """The jobs of a day by number; the starts of one are `begins[starts[j] : starts[j + 1]]`.

    `visits` are the visits that begin then, `backwards` all of them from the last begin to the
    first. A job is gone to from home from the start `early` on (NONE: never), by the way `first`;
    `last` is the way home. From begin to begin of two jobs it takes `gaps` at least (NEVER: the
    same request), of which `ways` are paid. `request` numbers the requests from 0. A job that costs
    `slack` ways or more is on no cheapest day.
    """

    visits: Whole
    begins: Whole
    starts: Whole
    job: Whole
    backwards: Whole
    early: Whole
    first: Small
    last: Small
    ways: Small
    gaps: Small
    load: Whole
    most: int
    request: Whole
    slack: float


def is_wide(block: Block) -> bool:
    """Say whether jobs have many starts, of which the first possible one is the best."""
    requests = len(np.unique(block.visits.request))
    return block.alike is not None and len(block.visits) >= MANY_STARTS * requests


def alike_of(block: Block) -> Alike:
    """Return the jobs of a day on which the first start possible is the best one."""
    own, visits = np.asarray(block.alike), block.visits
    order = np.lexsort((visits.begin, own))
    count = int(own.max()) + 1
    starts = np.searchsorted(own[order], np.arange(count + 1))
    one, final = order[starts[:-1]], order[starts[1:] - 1]
    possible = block.first[order] != NO_WAY
    places = np.where(possible, np.arange(len(order)), len(order))
    early = np.minimum.reduceat(places, starts[:-1])
    reached = early < len(order)
    early = np.where(reached, early, NONE)
    first = np.where(reached, block.first[order[np.maximum(early, 0)]], NO_WAY)
    ways = _ways(block, one, final)
    gaps = _gaps(block, one, ways)
    load, most = block.load()
    return Alike(
        visits=order,
        begins=visits.begin[order],
        starts=starts,
        job=own[order],
        backwards=np.argsort(-visits.begin[order], kind="stable"),
        early=early,
        first=first.astype(np.int32),
        last=block.last[one].astype(np.int32),
        ways=ways.astype(np.int32),
        gaps=gaps.astype(np.int32),
        load=load[one],
        most=most,
        request=np.unique(visits.request[one], return_inverse=True)[1],
        slack=_slack(block, ways, first, block.last[one]),
    )


def _ways(block: Block, one: Whole, final: Whole) -> Whole:
    """Return the ways from job to job, NO_WAY where none is long enough apart."""
    place = block.visits.place[one]
    if isinstance(block.between, WaysOnDemand):
        return block.between.units(place[:, None], place[None, :])
    found: Whole = block.between[one[:, None], final[None, :]].astype(np.int64)
    return found


def _gaps(block: Block, one: Whole, ways: Whole) -> Whole:
    """Return the least time from begin to begin: the job, the buffers where they go, the way."""
    visits = block.visits
    request, place = visits.request[one], visits.place[one]
    before = visits.begin[one] - visits.busy_from[one]
    after = visits.busy_to[one] - visits.end[one]
    apart = place[:, None] != place[None, :]
    gaps = visits.minutes[one][:, None] + ways + np.where(apart, after[:, None] + before, 0)
    return np.where((request[:, None] == request[None, :]) | (ways == NO_WAY), NEVER, gaps)


def _slack(block: Block, ways: Whole, first: Whole, last: Whole) -> float:
    """Return by how much a way may be shortened by going by way of something else.

    Infinite where that is not known, or where a job in between may also save time.
    """
    visits = block.visits
    buffered = (visits.busy_from != visits.begin).any() or (visits.busy_to != visits.end).any()
    unknown = (first == NO_WAY).any() or (last == NO_WAY).any() or (ways == NO_WAY).any()
    if buffered or unknown or len(block.day.available) > 1:
        return np.inf
    count = len(first)
    square = np.zeros((count + 1, count + 1), dtype=np.int64)
    square[1:, 1:], square[0, 1:], square[1:, 0] = ways, first, last
    unique = np.unique(square, axis=0, return_index=True)[1]
    square = square[np.ix_(unique, unique)]
    shorter = max(int((square - square[:, [b]] - square[[b]]).max()) for b in range(len(square)))
    return float(shorter) + 0.5 if shorter <= int(visits.minutes.min()) else np.inf


def prices_of(alike: Alike, visits: Floats) -> Floats:
    """Return what each job costs at least, by the prices of the visits."""
    found: Floats = np.minimum.reduceat(visits[alike.visits], alike.starts[:-1])
    return found


def bits_of_jobs(alike: Alike, prices: Floats) -> Whole:
    """Return a bit of its own for each request: for as many as there are, the cheapest first."""
    least = np.full(int(alike.request.max()) + 1, np.inf)
    np.minimum.at(least, alike.request, prices)
    bits = np.zeros(len(least), dtype=np.int64)
    chosen = np.argsort(least, kind="stable")[:MOST_BITS]
    bits[chosen] = np.left_shift(1, np.arange(len(chosen)))
    found: Whole = bits[alike.request]
    return found
