"""The cheapest day of everybody at given prices, many people at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.field.distances import NO_WAY, Whole
from solver.method.block import Block
from solver.method.columns import Path, keeps_day_rules
from solver.method.day_search import Floats, PricedDay, TooMany, priced_day

MOST_CELLS = 4_000_000
MOST_PATHS = 20_000
NEVER = 1e30


@dataclass(frozen=True, slots=True)
class Best:
    """For each block the cheapest day found and a lower bound of all its days.

    `found` is inf, and the path empty, where none was found that keeps every rule.
    """

    bound: Floats
    found: Floats
    paths: tuple[Path, ...]


class Batch:
    """Days of about the same size side by side: legs by visit from, block, visit to."""

    def __init__(self, blocks: Sequence[Block], numbers: Sequence[int]) -> None:
        self.numbers = np.array(numbers)
        self.sizes = np.array([len(blocks[b].visits) for b in numbers])
        size, count = int(self.sizes.max()), len(numbers)
        self.between = np.full((size, count, size), NEVER)
        self.first = np.full((count, size), NEVER)
        self.last = np.full((count, size), NEVER)
        for index, number in enumerate(numbers):
            block, own = blocks[number], len(blocks[number].visits)
            legs = block.between
            self.between[:own, index, :own] = np.where(legs == NO_WAY, NEVER, legs)
            self.first[index, :own] = np.where(block.first == NO_WAY, NEVER, block.first)
            self.last[index, :own] = np.where(block.last == NO_WAY, NEVER, block.last)
        self.rates = np.ones(count)

    def price_legs(self, rates: Floats) -> None:
        """Make the legs cost `rates` for each time unit on the way."""
        new = rates[self.numbers]
        if (new != self.rates).any():
            change = (np.maximum(new, 1e-9) / self.rates)[:, None]
            for legs in (*self.between, self.first, self.last):
                np.multiply(legs, change, out=legs, where=legs < NEVER / 2)
            self.rates = np.maximum(new, 1e-9)

    def cheapest(self, visits: Floats) -> tuple[Floats, list[Path], Floats]:
        """Return the cheapest day of each block by legs alone, and what may come from each visit.

        `visits` are prices by block and visit; so is the last array: the visit and the cheapest
        way to end the day after it.
        """
        rest = self.last.copy()
        onward = visits + rest
        size = rest.shape[1]
        for at in range(size - 2, -1, -1):
            after = (self.between[at, :, at + 1 :] + onward[:, at + 1 :]).min(axis=1)
            np.minimum(rest[:, at], after, out=rest[:, at])
            onward[:, at] = visits[:, at] + rest[:, at]
        start = self.first + onward
        at = start.argmin(axis=1)
        value = start[np.arange(len(at)), at]
        return value, self._paths(at, onward), onward

    def reach(self, visits: Floats, chosen: Whole) -> Floats:
        """Return for the chosen blocks the least cost of coming to each visit."""
        reach = self.first[chosen]
        for at in range(reach.shape[1] - 1):
            spent = (reach[:, at] + visits[chosen, at])[:, None]
            onward = spent + self.between[at, chosen, at + 1 :]
            np.minimum(reach[:, at + 1 :], onward, out=reach[:, at + 1 :])
        return reach

    def _paths(self, at: Whole, onward: Floats) -> list[Path]:
        paths: list[list[int]] = [[int(visit)] for visit in at]
        going = np.arange(len(at))
        while len(going):
            following = self.between[at[going], going] + onward[going]
            after = following.argmin(axis=1)
            further = following[np.arange(len(going)), after] < self.last[going, at[going]]
            going, after = going[further], after[further]
            at[going] = after
            for index, visit in zip(going.tolist(), after.tolist(), strict=True):
                paths[index].append(visit)
        return [tuple(path) for path in paths]


class Pricing:
    """All days of an instance, ready to be priced again and again."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.offsets = np.cumsum([0, *(len(block.visits) for block in blocks)])
        self.batches = [Batch(blocks, numbers) for numbers in _grouped(blocks)]
        costs = [block.visits.costs for block in blocks]
        self.costs = np.concatenate(costs, axis=1) if costs else np.zeros((0, 0))
        self.leg_costs = np.array([block.leg_costs for block in blocks], dtype=np.float64)
        self.day_costs = np.array([block.day_costs for block in blocks], dtype=np.float64)
        self.pinned = [number for number, block in enumerate(blocks) if block.pinned]

    def best(self, weights: Floats, prices: Floats, *, exact: bool = True) -> Best:
        """Return the cheapest day of each block; unless `exact`, days may break the day's limits.

        A day costs its levels weighted by `weights` less the `prices` of its visits (all visits
        counted through).
        """
        visits = weights @ self.costs - prices
        rates, fixed = self.leg_costs @ weights, self.day_costs @ weights
        bound = np.full(len(self.blocks), np.inf)
        value = bound.copy()
        paths: list[Path] = [()] * len(self.blocks)
        for batch in self.batches:
            batch.price_legs(rates)
            own = self._padded(batch, visits)
            values, found, onward = batch.cheapest(own)
            values += fixed[batch.numbers]
            bound[batch.numbers] = value[batch.numbers] = values
            for number, path in zip(batch.numbers.tolist(), found, strict=True):
                paths[number] = path
            again = self._doubtful(batch, values, found)
            if not exact:
                value[batch.numbers[again]] = np.inf
                continue
            through = batch.reach(own, again) + onward[again]
            for index, costs in zip(again.tolist(), through, strict=True):
                number = int(batch.numbers[index])
                keep = np.flatnonzero(costs[: batch.sizes[index]] + fixed[number] < 0)
                day = self._day(number, visits, rates, fixed, keep)
                bound[number], value[number], paths[number] = _exact(day)
        for number in self.pinned:
            everything = np.arange(len(self.blocks[number].visits))
            day = self._day(number, visits, rates, fixed, everything)
            bound[number], value[number], paths[number] = _exact(day)
        return Best(bound, value, tuple(paths))

    def _doubtful(self, batch: Batch, values: Floats, found: Sequence[Path]) -> Whole:
        """Return the blocks of a batch whose cheapest day breaks a rule that legs do not know."""
        numbers = batch.numbers.tolist()
        return np.array(
            [
                index
                for index, number in enumerate(numbers)
                if values[index] < 0
                and not self.blocks[number].pinned
                and not keeps_day_rules(self.blocks[number], found[index])
            ],
            dtype=np.int64,
        )

    def days_within(
        self, number: int, weights: Floats, prices: Floats, limit: float, most: int
    ) -> list[tuple[float, Path]]:
        """Return the days of a block that keep all rules and cost at most `limit`.

        Raises TooMany when there are more than `most` paths to look at.
        """
        own = slice(self.offsets[number], self.offsets[number + 1])
        visits = weights @ self.costs[:, own] - prices[own]
        rate, fixed = self.leg_costs[number] @ weights, self.day_costs[number] @ weights
        everything = np.arange(len(visits))
        day = _day(self.blocks[number], visits, float(rate), float(fixed), everything)
        return day.within(limit, most)

    def _day(
        self, number: int, visits: Floats, rates: Floats, fixed: Floats, keep: Whole
    ) -> PricedDay:
        own = visits[self.offsets[number] : self.offsets[number + 1]]
        return _day(self.blocks[number], own, float(rates[number]), float(fixed[number]), keep)

    def _padded(self, batch: Batch, visits: Floats) -> Floats:
        size = batch.first.shape[1]
        at = self.offsets[batch.numbers][:, None] + np.arange(size)[None, :]
        inside = np.arange(size)[None, :] < batch.sizes[:, None]
        return np.where(inside, visits[np.minimum(at, len(visits) - 1)], 0.0)


def _day(block: Block, visits: Floats, rate: float, fixed: float, keep: Whole) -> PricedDay:
    """Return a priced day in which leaving out what is pinned costs more than anything else."""
    if block.pinned:
        travel = max(int(block.between.max()), int(block.first.max()), int(block.last.max()))
        much = 1.0 + 4 * (np.abs(visits).sum() + (len(visits) + 1) * rate * travel)
        visits = np.where(block.visits.pinned, visits - much, visits)
        fixed += much * len(block.pinned)
    return priced_day(block, visits, rate, fixed, keep)


def _exact(day: PricedDay) -> tuple[float, float, Path]:
    """Return bound, value and path of the cheapest day that keeps every rule of the day."""
    nothing = np.inf if day.block.pinned else 0.0
    value, path = day.best() if len(day.keep) else (np.inf, ())
    if not path:
        return nothing, np.inf, ()
    if keeps_day_rules(day.block, path):
        return value, value, path
    bound, reach = value, max(1.0, abs(value) * 0.01)
    while True:
        try:
            found = day.within(value + reach, MOST_PATHS)
        except TooMany:
            return bound, np.inf, ()
        if found:
            return found[0][0], found[0][0], found[0][1]
        bound = value + reach
        if bound >= 0 and not day.block.pinned:
            return 0.0, np.inf, ()
        if reach > NEVER / 4:
            return np.inf, np.inf, ()
        reach *= 4


def _grouped(blocks: Sequence[Block]) -> list[list[int]]:
    """Group blocks of about the same size so that little is padded and the arrays stay small."""
    groups: list[list[int]] = []
    largest = 0
    for number in sorted(range(len(blocks)), key=lambda b: -len(blocks[b].visits)):
        size = len(blocks[number].visits)
        full = groups and (len(groups[-1]) + 1) * largest**2 > MOST_CELLS
        if not groups or full or size * 5 < largest * 4 - 8:
            groups.append([])
            largest = size
        groups[-1].append(number)
    return groups
