"""Days with more starts than can be searched: a bound that is true, and a good day."""

from __future__ import annotations

import numpy as np

from solver.method.model.block import Block, unneeded
from solver.method.model.columns import Path, keeps_day_rules, travel_of
from solver.method.model.rows import Floats
from solver.method.pricing.leg_tables import NEVER
from solver.rules.distances import NO_WAY, Whole


def cannot_be_below(block: Block, visits: Floats, fixed: float) -> float:
    """Return what no day costs less than: the jobs worth most by the minute, without any ways.

    `visits` are the prices of the visits, `fixed` that of the day.
    """
    requests, place = np.unique(block.visits.request, return_inverse=True)
    least, minutes = np.full(len(requests), np.inf), np.full(len(requests), NEVER)
    np.minimum.at(least, place, visits)
    np.minimum.at(minutes, place, block.visits.minutes)
    pinned = np.isin(requests, list(block.pinned))
    room = sum(span.end - span.start for span in block.day.available)
    room = room if block.most_minutes is None else min(room, block.most_minutes)
    worth = np.flatnonzero((least < 0) & ~pinned)
    order = worth[np.argsort(least[worth] / minutes[worth])]
    share = np.clip((room - np.cumsum(minutes[order])) / minutes[order] + 1, 0, 1)
    total = float(least[order] @ share) + float(least[pinned].sum()) + fixed
    return total if block.pinned else min(0.0, total)


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
