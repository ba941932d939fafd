"""The whole search: list everything where that is possible, else price, choose, improve, prove."""

from __future__ import annotations

from solver.method.effort import Effort
from solver.method.found import Found, columns_of, found_nothing
from solver.method.limits import Limits, Over
from solver.method.master.pool import Pool
from solver.method.model.instance import Instance
from solver.method.model.tying import rows_of
from solver.method.pricing.listed import ListedDays
from solver.method.pricing.pricing import Pricing
from solver.method.primal.choice import Choice, Infeasible
from solver.method.staged import Seen, Staged
from solver.plan import StoppedBy

GENERATING_SHARE, GENERATING_S = 0.4, 5.0


def search(instance: Instance, limits: Limits, seen: Seen, effort: Effort) -> Found:
    """Return the best days found within the limits. Raises Infeasible when that is proven.

    Nothing is called infeasible while days are known that keep every row. Raises Over when the
    limits end before any are known.
    """
    pricing = Pricing(instance.blocks, limits)
    staged = Staged(Pool(rows_of(instance)), pricing, limits, seen, effort)
    first = staged.insert()
    try:
        return _searched(staged, first)
    except (Infeasible, Over):
        known = staged.known_days() or first
        if known is None:
            raise
        return known


def _searched(staged: Staged, first: Found | None) -> Found:
    pricing, limits, seen, effort = staged.pricing, staged.limits, staged.seen, staged.effort
    pricing.list_all(effort.list_at_most)
    every = pricing.listed
    if every is None or len(every) > effort.choose_at_most:
        return staged.run()
    pool = Pool(rows_of(staged.pool.rows.instance))
    if len(every) <= effort.choose_at_once:
        return _better(_chosen(pool, every, limits, seen), first)
    if limits.left() < GENERATING_S:  # too short for both, and prices get further
        return staged.run()
    staged.shorten(min(GENERATING_S, GENERATING_SHARE * limits.left()))
    found = staged.run()
    if found.stopped_by is StoppedBy.PROOF or limits.over():
        return found
    return _better(_chosen(pool, every, limits, seen), found)


def _better(one: Found, other: Found | None) -> Found:
    """Return the better plan of two; of equal ones the one with the proof."""
    found = [one] if other is None else [one, other]
    return min(found, key=lambda each: (each.values, each.stopped_by != StoppedBy.PROOF))


def _chosen(pool: Pool, every: ListedDays, limits: Limits, seen: Seen) -> Found:
    """Return the best choice among all days there are."""
    # CP-SAT takes a third of a second to load, and most plans need none
    from solver.method.primal.integer import choose

    days = [pool.add(block, every.path(at)) for at, block in enumerate(every.block.tolist())]
    return _found(pool, choose(pool, days, limits, seen), limits)


def _found(pool: Pool, choice: Choice | None, limits: Limits) -> Found:
    levels = pool.rows.instance.levels
    stopped_by = StoppedBy.ASKED if limits.stop() else StoppedBy.TIME
    if choice is None:
        return found_nothing(pool, limits)
    bounds = (*choice.bounds, *(None,) * (levels - len(choice.bounds)))
    if choice.values == bounds:
        stopped_by = StoppedBy.PROOF
    return Found(columns_of(pool, choice.days), choice.values, bounds, stopped_by)
