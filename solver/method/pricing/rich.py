"""Days with more starts than can be searched: a bound that is true, and a good day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.method.model.block import Block, WaysOnDemand, unneeded
from solver.method.model.columns import Path, keeps_day_rules, travel_of
from solver.method.model.rows import Floats
from solver.rules.distances import NO_WAY, Whole

FAR = 2**30


@dataclass(frozen=True, slots=True)
class Shortest:
    """The shortest way to each visit of a rich day, and home at the end.

    `one` are visits that stand for all that are alike. For what is pinned no way is counted: a
    person decided, whatever the ways.
    """

    one: Whole
    to: Whole
    home: int


def shortest_ways(block: Block) -> Shortest:
    """Return the shortest ways of a day; each job is gone to by one of them at least."""
    visits, every = block.visits, np.arange(len(block.visits))
    if block.pinned:
        return Shortest(every, 0 * every, 0)
    one, way = every, _far_where_none(block.first)
    if isinstance(block.between, WaysOnDemand) and block.alike is not None:
        one = np.unique(block.alike, return_index=True)[1]
        away, way = way, np.full(len(one), FAR)
        np.minimum.at(way, block.alike, away)
        legs = block.between.units(visits.place[one][:, None], visits.place[one][None, :])
        again = visits.request[one][:, None] == visits.request[one][None, :]
        legs = np.where(again, NO_WAY, legs)
    else:
        legs = block.between
    between = _far_where_none(legs).min(axis=0, initial=FAR)
    home = int(_far_where_none(block.last).min(initial=FAR))
    return Shortest(one, np.minimum(way, between), home)


def _far_where_none(ways: Whole) -> Whole:
    wide = ways.astype(np.int64)  # legs lie in fewer bytes
    return np.where(wide == NO_WAY, FAR, wide)


def cannot_be_below(
    block: Block, shortest: Shortest, prices: Floats, rate: float, fixed: float
) -> float:
    """Return what no day costs less than: jobs worth most by the minute, by the shortest ways.

    `prices` are those of the visits, `rate` that of a time unit on the way, `fixed` that of the
    day. Whatever fits into the service time allowed, and, with all ways but the first one, between
    the first begin and the last end there may be.
    """
    one, visits = shortest.one, block.visits
    requests, place = np.unique(visits.request[one], return_inverse=True)
    minutes = visits.minutes[one]
    pinned = np.isin(requests, list(block.pinned))
    least = _least(prices[one] + rate * shortest.to, place, len(requests))
    must = float(least[pinned].sum()) + fixed
    from_first_to_last = int(visits.end.max() - visits.begin.min())
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
    gap = own.busy_from - own.tasks.busy_to[own.numbers[at]]
    gap += unneeded(own, np.full(len(own), at), every)
    way = block.between.units(np.full(len(own), own.place[at]), own.place)
    return way, gap - way
