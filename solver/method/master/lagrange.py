"""A lower bound from any prices, and prices found by climbing it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.method.limits import Limits
from solver.method.master.pool import Pool
from solver.method.model.columns import column_of
from solver.method.model.rows import Box
from solver.method.model.tasks import Flags
from solver.method.pricing.best import Best
from solver.method.pricing.day_search import Floats
from solver.method.pricing.leg_tables import NEVER
from solver.method.pricing.pricing import Pricing
from solver.rules.distances import NO_WAY, Whole

KEEN = 0.97
PATIENCE = 4
SHORTER = 0.7


@dataclass(frozen=True, slots=True)
class Bound:
    """What no choice of days can be below, at these duals, and the cheapest days there.

    `slope` is a subgradient: how the bound changes with each dual.
    """

    value: float
    duals: Floats
    best: Best
    slope: Floats


class Lagrange:
    """The relaxation in which every row has its price and each person's day is chosen alone.

    For all duals its value is a lower bound (Geoffrion 1974, Lagrangean relaxation for integer
    programming). `weights` combines the levels; `least` and `most` bound the options.
    """

    def __init__(self, pool: Pool, pricing: Pricing, weights: Floats) -> None:
        self.pool, self.pricing, self.weights = pool, pricing, weights
        self.option_costs = pool.costs([])
        self.constant = float(np.array(pool.rows.constant) @ weights)
        self.must = np.array([bool(block.pinned) for block in pricing.blocks], dtype=np.bool_)

    def weights_at(self, duals: Floats) -> Floats:
        """Return what a unit of each level costs when the levels held have their prices."""
        weights = self.weights.copy()
        for level, row in self.pool.rows.held.items():
            weights[level] -= duals[row]
        return weights

    def at(self, duals: Floats, box: Box, *, exact: bool = True, better: bool = False) -> Bound:
        """Return the bound at duals, whose signs are mended first; blocks need no dual.

        With `better` only days cheaper than the dual of their block are looked for; where there are
        none, that is the bound of the block.
        """
        lower, upper = box.lower, box.upper
        worth = np.where(self.must, 0.0, np.minimum(0.0, duals[: len(self.must)]))
        duals = np.where(np.isinf(upper), np.maximum(duals, 0), duals)
        duals = np.where(np.isinf(lower), np.minimum(duals, 0), duals)
        duals[: len(self.must)] = 0.0
        weights = self.weights_at(duals)
        prices = self.pool.visit_prices(duals)
        best = self.pricing.best(weights, prices, exact=exact, worth=worth if better else 0 * worth)
        used = self.must | (best.bound < 0)
        reduced = self.option_costs @ weights - self.pool.option_prices(duals)
        options = np.where(reduced < 0, box.most, box.least)
        activity = self.pool.activity(best.visits(used), options)
        if self.pool.rows.held:
            self.pool.add_held(activity, self._costs_of(best, used), options)
        ends = np.where(duals > 0, lower, np.where(duals < 0, upper, 0.0))
        value = self.constant + float(duals @ ends)
        value += float(best.bound[used].sum()) + float(reduced @ options)
        slope = np.where(duals == 0, np.clip(activity, lower, upper), ends) - activity
        slope[: len(self.must)] = 0.0
        return Bound(value, duals, best, slope)

    def _costs_of(self, best: Best, used: Flags) -> Whole:
        """Return the costs by level of the best days of these blocks."""
        blocks = self.pool.rows.instance.blocks
        days = [(number, best.path(number)) for number in np.flatnonzero(used).tolist()]
        found = [column_of(number, blocks[number], path).costs for number, path in days if path]
        return np.array(found, dtype=np.int64).reshape(-1, len(self.weights))

    def keen(self) -> Floats:
        """Return duals at which each request is worth a little more than its cheapest visit alone.

        Starting there saves most of the way that starting at 0 takes.
        """
        pricing = self.pricing
        alone = (self.weights @ pricing.costs).astype(np.float64)
        rates, fixed = pricing.leg_costs @ self.weights, pricing.day_costs @ self.weights
        for number, block in enumerate(pricing.blocks):
            own = slice(pricing.offsets[number], pricing.offsets[number + 1])
            away = np.where(block.first == NO_WAY, NEVER, block.first * rates[number])
            home = np.where(block.last == NO_WAY, NEVER, block.last * rates[number])
            alone[own] += away + home + fixed[number]
        cheapest = self.pool.least_by_row(alone)
        box = self.pool.rows.box()
        known = cheapest < NEVER / 2
        once = known & (box.lower == 0) & (box.upper == 1)
        team = known & (box.lower == 0) & (box.upper == 0)
        duals = np.where(once, np.minimum(0.0, cheapest) * KEEN, 0.0)
        return np.where(team, np.maximum(0.0, cheapest) / KEEN, duals)

    def crowded(self) -> Floats | None:
        """Return duals that tell how many people the moment takes at which most is going on.

        What certainly goes on at one moment takes a day each, and each day has its price. None
        where no day has one.
        """
        pricing, least = self.pricing, self.pool.least_by_row
        if not pricing.blocks:
            return None
        of_block = np.diff(pricing.offsets)
        price = least(np.repeat(pricing.day_costs @ self.weights, of_block))
        price = np.where(np.isfinite(price), price, 0.0)
        if not price.any():
            return None
        begin = np.concatenate([block.visits.begin for block in pricing.blocks])
        end = np.concatenate([block.visits.end for block in pricing.blocks])
        latest, earliest = -least(-begin.astype(np.float64)), least(end.astype(np.float64))
        alone = least((self.weights @ pricing.costs).astype(np.float64))
        box = self.pool.rows.box()
        known = np.isfinite(alone) & (box.lower == 0)
        once, team = known & (box.upper == 1), known & (box.upper == 0)
        going = (once | team) & (latest < earliest)
        moments = np.unique(latest[going])
        running = (latest[going] <= moments[:, None]) & (moments[:, None] < earliest[going])
        worth = np.zeros(len(price))
        if len(moments):
            fullest = int((running @ price[going]).argmax())
            worth[np.flatnonzero(going)[running[fullest]]] = 1.0
        duals = np.where(once, np.minimum(0.0, np.where(once, alone, 0.0) + worth * price), 0.0)
        return np.where(team, np.maximum(0.0, np.where(team, alone, 0.0) + worth * price), duals)


def climb(
    lagrange: Lagrange, start: Floats, rounds: int, reach: float, limits: Limits, *, exact: bool
) -> tuple[Bound, list[Bound]]:
    """Return the best bound of so many rounds of the subgradient method, and all of them.

    `reach` is how much higher the bound is hoped to get. Held, Wolfe and Crowder 1974; the
    direction is the mean of the last one and the slope, and goes back to the best duals whenever
    it fails a few times.
    """
    box = lagrange.pool.rows.box()
    bound = best = lagrange.at(start, box, exact=exact)
    seen, since, direction = [best], 0, best.slope
    for _ in range(rounds):
        norm = float(direction @ direction)
        if limits.over() or norm < 1e-12:
            break
        step = (best.value - bound.value + reach) / norm
        bound = lagrange.at(bound.duals + step * direction, box, exact=exact)
        seen.append(bound)
        direction = 0.5 * bound.slope + 0.5 * direction
        if bound.value > best.value:
            best, since = bound, 0
        else:
            since += 1
        if since >= PATIENCE:
            reach, since, bound, direction = reach * SHORTER, 0, best, best.slope
    return best, seen
