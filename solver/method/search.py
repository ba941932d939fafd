"""The whole search: list everything where that is possible, else price, choose, improve, prove."""

from __future__ import annotations

import numpy as np

from solver.method.limits import Limits
from solver.method.master.pool import Pool
from solver.method.model.columns import Path
from solver.method.model.instance import Instance
from solver.method.model.tying import rows_of
from solver.method.pricing.day_search import TooMany
from solver.method.pricing.pricing import Pricing
from solver.method.primal.integer import Choice, Infeasible, choose
from solver.method.staged import Effort, Found, Seen, Staged, columns_of, found_nothing
from solver.plan import StoppedBy

GENERATING_SHARE, GENERATING_S = 0.4, 5.0
LEAST_DAYS_OF_VISIT = 40


def search(instance: Instance, limits: Limits, seen: Seen, effort: Effort) -> Found:
    """Return the best days found within the limits. Raises Infeasible when that is proven.

    Nothing is called infeasible while days are known that keep every row.
    """
    pricing = Pricing(instance.blocks, limits)
    staged = Staged(Pool(rows_of(instance)), pricing, limits, seen, effort)
    first = staged.insert()
    try:
        return _searched(staged, first)
    except Infeasible:
        known = staged.known_days() or first
        if known is None:
            raise
        return known


def _searched(staged: Staged, first: Found | None) -> Found:
    pricing, limits, seen, effort = staged.pricing, staged.limits, staged.seen, staged.effort
    every = _all_days(pricing, effort.list_at_most)
    if every is None:
        return staged.run()
    pool = Pool(rows_of(staged.pool.rows.instance))
    listed = [pool.add(number, path) for number, path in every]
    if len(listed) <= effort.list_at_once:
        return _better(_found(pool, choose(pool, listed, limits, seen), limits), first)
    staged.shorten(min(GENERATING_S, GENERATING_SHARE * limits.left()))
    found = staged.run()
    if found.stopped_by is StoppedBy.PROOF or limits.over():
        return found
    return _better(_found(pool, choose(pool, listed, limits, seen), limits), found)


def _better(one: Found, other: Found | None) -> Found:
    """Return the better plan of two; of equal ones the one with the proof."""
    found = [one] if other is None else [one, other]
    return min(found, key=lambda each: (each.values, each.stopped_by != StoppedBy.PROOF))


def _all_days(pricing: Pricing, most: int) -> list[tuple[int, Path]] | None:
    """Return every day of everybody, None if there are more."""
    weights, prices = np.zeros(len(pricing.costs)), np.zeros(int(pricing.offsets[-1]))
    found: list[tuple[int, Path]] = []
    if int(pricing.offsets[-1]) * LEAST_DAYS_OF_VISIT > most:
        return None
    for number in range(len(pricing.blocks)):
        try:
            days = pricing.days_within(number, weights, prices, 0.0, most - len(found))
        except TooMany:
            return None
        found += [(number, path) for _, path in days]
    return found


def _found(pool: Pool, choice: Choice | None, limits: Limits) -> Found:
    levels = pool.rows.instance.levels
    stopped_by = StoppedBy.ASKED if limits.stop() else StoppedBy.TIME
    if choice is None:
        return found_nothing(pool, limits)
    bounds = (*choice.bounds, *(None,) * (levels - len(choice.bounds)))
    if choice.values == bounds:
        stopped_by = StoppedBy.PROOF
    return Found(columns_of(pool, choice.days), choice.values, bounds, stopped_by)
