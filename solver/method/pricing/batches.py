"""The cheapest day of everybody at given prices, many people at a time, by numpy alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from solver.method.model.block import Block, lean_legs
from solver.method.model.columns import Path
from solver.method.pricing.cheapest import Cheapest
from solver.method.pricing.day_search import Critical, Floats, priced_day
from solver.rules.distances import NO_WAY, Whole

MOST_CELLS = 4_000_000
NEVER = 1e30
Pieces = tuple[Whole, Whole]


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
            legs = lean_legs(block)
            self.between[:own, index, :own] = np.where(legs == NO_WAY, NEVER, legs)
            self.first[index, :own] = np.where(block.first == NO_WAY, NEVER, block.first)
            self.last[index, :own] = np.where(block.last == NO_WAY, NEVER, block.last)
        self.rates = np.ones(count)
        self.onward = self.last

    def price_legs(self, rates: Floats) -> None:
        """Make the legs cost `rates` for each time unit on the way."""
        new = rates[self.numbers]
        if (new != self.rates).any():
            change = (np.maximum(new, 1e-9) / self.rates)[:, None]
            for legs in (*self.between, self.first, self.last):
                np.multiply(legs, change, out=legs, where=legs < NEVER / 2)
            self.rates = np.maximum(new, 1e-9)

    def cheapest(self, visits: Floats) -> tuple[Floats, Pieces]:
        """Return the cheapest day of each block by legs alone: value, block and visit of each stop.

        `visits` are prices by block and visit. `onward` then holds for each visit the cheapest way
        to end the day from there, the visit included.
        """
        rest = self.last.copy()
        onward = visits + rest
        size = rest.shape[1]
        for at in range(size - 2, -1, -1):
            after = (self.between[at, :, at + 1 :] + onward[:, at + 1 :]).min(axis=1)
            np.minimum(rest[:, at], after, out=rest[:, at])
            onward[:, at] = visits[:, at] + rest[:, at]
        self.onward = onward
        start = self.first + onward
        at = start.argmin(axis=1)
        return start[np.arange(len(at)), at], self._stops(at)

    def through(self, visits: Floats, index: int) -> Floats:
        """Return for one block the least cost of a day with each visit, after `cheapest`."""
        size = int(self.sizes[index])
        reach, own = self.first[index, :size].copy(), visits[index]
        for at in range(size - 1):
            onward = reach[at] + own[at] + self.between[at, index, at + 1 : size]
            np.minimum(reach[at + 1 :], onward, out=reach[at + 1 :])
        found: Floats = reach + self.onward[index, :size]
        return found

    def _stops(self, at: Whole) -> Pieces:
        going = np.arange(len(at))
        stops = [(going, at)]
        while len(going):
            following = self.between[at, going] + self.onward[going]
            after = following.argmin(axis=1)
            further = following[np.arange(len(going)), after] < self.last[going, at]
            going, at = going[further], after[further]
            stops.append((going, at))
        owners, visits = (np.concatenate(part) for part in zip(*stops, strict=True))
        order = np.argsort(owners, kind="stable")
        return owners[order], visits[order]


class BatchedDays:
    """All days in batches."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.offsets = np.cumsum([0, *(len(block.visits) for block in blocks)])
        self.batches = [Batch(blocks, numbers) for numbers in _grouped(blocks)]

    def cheapest(self, visits: Floats, rates: Floats, chosen: Whole) -> Cheapest:
        """Return the cheapest day of each block by legs alone, of those not chosen as well.

        `visits` are prices of all visits counted through, `rates` of a time unit by block.
        """
        values = np.zeros(len(self.blocks))
        owners, stops = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for batch in self.batches:
            batch.price_legs(rates)
            values[batch.numbers], (index, at) = batch.cheapest(self._padded(batch, visits))
            owners.append(batch.numbers[index])
            stops.append(self.offsets[batch.numbers[index]] + at)
        owner = np.concatenate(owners)
        order = np.argsort(owner, kind="stable")
        lengths = np.bincount(owner, minlength=len(self.blocks))
        ends = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        return Cheapest(values, np.concatenate(stops)[order], ends)

    def within_load(
        self,
        chosen: Whole,
        visits: Floats,
        rates: Floats,
        below: Floats,
        critical: Mapping[int, Critical],
    ) -> Iterator[tuple[int, float, Path]]:
        """Yield number, value and path of the chosen blocks' cheapest days within their limits.

        As `best.Days` says; comes after `cheapest` at the same prices.
        """
        wanted = set(chosen.tolist())
        for batch in self.batches:
            own = [k for k, number in enumerate(batch.numbers.tolist()) if number in wanted]
            padded = self._padded(batch, visits) if own else visits
            for index in own:
                number = int(batch.numbers[index])
                keep = np.flatnonzero(batch.through(padded, index) < below[number])
                if len(keep):
                    own_visits = padded[index, : batch.sizes[index]]
                    rate = float(rates[number])
                    own_critical = critical.get(number, ())
                    day = priced_day(
                        self.blocks[number],
                        own_visits,
                        rate,
                        0.0,
                        keep,
                        own_critical,
                        searched=True,
                    )
                    yield number, *day.best()

    def _padded(self, batch: Batch, visits: Floats) -> Floats:
        size = batch.first.shape[1]
        at = self.offsets[batch.numbers][:, None] + np.arange(size)[None, :]
        inside = np.arange(size)[None, :] < batch.sizes[:, None]
        return np.where(inside, visits[np.minimum(at, len(visits) - 1)], 0.0)


def _grouped(blocks: Sequence[Block]) -> list[list[int]]:
    """Group blocks of about the same size so that little is padded and the arrays stay small."""
    groups: list[list[int]] = []
    largest = 0
    searched = [number for number, block in enumerate(blocks) if block.searchable]
    for number in sorted(searched, key=lambda b: -len(blocks[b].visits)):
        size = len(blocks[number].visits)
        full = groups and (len(groups[-1]) + 1) * largest**2 > MOST_CELLS
        if not groups or full or size * 5 < largest * 4 - 8:
            groups.append([])
            largest = size
        groups[-1].append(number)
    return groups
