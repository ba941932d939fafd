"""Days with more starts than can be searched: a bound that is true, and a good day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.method.model.block import Block, WaysOnDemand, unneeded
from solver.method.model.columns import Path, keeps_day_rules, travel_of
from solver.method.model.rows import Floats
from solver.rules.distances import NO_WAY, Whole


@dataclass(frozen=True, slots=True)
class Shortest:
    """For each visit of a rich day the shortest way to it; the shortest one home at the end.

    For what is pinned nothing is counted: a person decided, whatever the ways.
    """

    to: Whole
    home: int


def shortest_ways(block: Block) -> Shortest:
    """Return the shortest ways of a day; each job is gone to by one of them at least."""
    visits = block.visits
    if block.pinned:
        return Shortest(np.zeros(len(visits), dtype=np.int64), 0)
    far = 2**30
    way = np.where(block.first == NO_WAY, far, block.first).astype(np.int64)
    if isinstance(block.between, WaysOnDemand):
        _, one, at = np.unique(
            np.stack([visits.request, visits.place]), axis=1, return_index=True, return_inverse=True
        )
        legs = block.between.units(visits.place[one][:, None], visits.place[one][None, :])
        other = visits.request[one][:, None] != visits.request[one][None, :]
        between = np.where(other & (legs != NO_WAY), legs, far).min(axis=0, initial=far)[at.ravel()]
    else:
        between = np.where(block.between == NO_WAY, far, block.between).min(axis=0, initial=far)
    home = int(np.where(block.last == NO_WAY, far, block.last).min(initial=far))
    return Shortest(np.minimum(way, between), home)


def cannot_be_below(
    block: Block, shortest: Shortest, visits: Floats, rate: float, fixed: float
) -> float:
    """Return what no day costs less than: jobs worth most by the minute, by the shortest ways.

    `visits` are the prices of the visits, `rate` that of a time unit on the way, `fixed` that of
    the day. Whatever fits into the service time allowed, and, with all ways but the first one,
    between the first begin and the last end there may be.
    """
    requests, place = np.unique(block.visits.request, return_inverse=True)
    own, minutes = visits + rate * shortest.to, block.visits.minutes
    pinned = np.isin(requests, list(block.pinned))
    least = _least(own, place, len(requests))
    must = float(least[pinned].sum()) + fixed
    from_first_to_last = int(block.visits.end.max() - block.visits.begin.min())
    rooms = [(minutes + shortest.to, from_first_to_last + int(shortest.to.max()))]
    rooms.append((minutes, _room(block, from_first_to_last)))
    total = -np.inf
    for time, room in rooms:
        taken = _least(time.astype(np.float64), place, len(requests))
        total = max(total, _most_worth(least[~pinned], taken[~pinned], room))
    return must + total if block.pinned else min(0.0, must + total + rate * shortest.home)


def _room(block: Block, hull: int) -> int:
    """Return how much service time a day has at most; a job may go on into the next day."""
    found = hull
    if block.alike is not None:
        found = min(found, sum(span.end - span.start for span in block.day.available))
    return found if block.most_minutes is None else min(found, block.most_minutes)


def _least(values: Floats, place: Whole, count: int) -> Floats:
    found = np.full(count, np.inf)
    np.minimum.at(found, place, values)
    return found


def _most_worth(least: Floats, taken: Floats, room: int) -> float:
    """Return the least that jobs add up to that take no more than the room, the last one in part.

    G. B. Dantzig 1957, discrete-variable extremum problems.
    """
    worth = np.flatnonzero(least < 0)
    taken = np.maximum(taken, 1e-9)
    order = worth[np.argsort(least[worth] / taken[worth])]
    share = np.clip((room - np.cumsum(taken[order])) / taken[order] + 1, 0, 1)
    return float(least[order] @ share)


def one_after_the_other(
    block: Block, visits: Floats, rate: float, fixed: float
) -> tuple[float, Path]:
    """Return value and path of a day: each time the job that is worth most by the minute."""
    path: list[int] = []
    own, minutes = block.visits, block.visits.minutes
    done = np.zeros(len(own), dtype=np.bool_)
    while True:
        way, wait = _ways(block, path[-1] if path else None)
        cost = (visits + rate * way) / np.maximum(1, minutes + way + wait)
        cost = np.where(done | (way == NO_WAY) | (wait < 0), np.inf, cost)
        best = int(np.argmin(cost))
        if cost[best] >= 0 or not np.isfinite(cost[best]):
            break
        path.append(best)
        done |= own.request == own.request[best]
    while path and not (block.last[path[-1]] != NO_WAY and keeps_day_rules(block, tuple(path))):
        path.pop()
    if not path:
        return np.inf, ()
    return float(visits[path].sum()) + rate * travel_of(block, tuple(path)) + fixed, tuple(path)


def _ways(block: Block, at: int | None) -> tuple[Whole, Whole]:
    """Return the way from a visit to all others, or from home, and the time left on it."""
    own = block.visits
    if at is None:
        return block.first, own.busy_from - own.busy_from.min()
    every = np.arange(len(own))
    gap = own.busy_from - own.busy_to[at] + unneeded(own, np.full(len(own), at), every)
    way = block.between.units(np.full(len(own), own.place[at]), own.place)
    return way, gap - way
