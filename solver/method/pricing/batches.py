"""The cheapest day of everybody at given prices, many people at a time, by numpy alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from solver.method.limits import ENDLESS, Limits
from solver.method.model.block import Block
from solver.method.pricing.best import Limited
from solver.method.pricing.cheapest import Cheapest
from solver.method.pricing.day_search import Critical, Floats, priced_day
from solver.method.pricing.leg_tables import NEVER, AllLegs, FewLegs, Legs, legs_of
from solver.rules.distances import NO_WAY, Whole

MOST_CELLS = 4_000_000
Pieces = tuple[Whole, Whole]


class Batch:
    """Days of about the same size side by side."""

    def __init__(
        self, blocks: Sequence[Block], numbers: Sequence[int], legs: Sequence[Legs]
    ) -> None:
        self.numbers = np.array(numbers)
        self.sizes = np.array([len(blocks[b].visits) for b in numbers])
        size, count = int(self.sizes.max()), len(numbers)
        self.days = legs
        self.legs = FewLegs(legs, size) if legs[0].few else AllLegs(legs, size)
        self.first = np.full((count, size), NEVER)
        self.last = np.full((count, size), NEVER)
        for index, number in enumerate(numbers):
            block, own = blocks[number], len(blocks[number].visits)
            self.first[index, :own] = np.where(block.first == NO_WAY, NEVER, block.first)
            self.last[index, :own] = np.where(block.last == NO_WAY, NEVER, block.last)
        self.rates = np.ones(count)
        self.onward = self.last

    def price_legs(self, rates: Floats) -> None:
        """Make the legs cost `rates` for each time unit on the way."""
        new = rates[self.numbers]
        if (new != self.rates).any():
            change = (np.maximum(new, 1e-9) / self.rates)[:, None]
            for legs in (*self.legs.costs, self.first, self.last):
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
            np.minimum(rest[:, at], self.legs.least(at, onward), out=rest[:, at])
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
            self.legs.reach(at, index, float(reach[at] + own[at]), reach)
        found: Floats = reach + self.onward[index, :size]
        return found

    def _stops(self, at: Whole) -> Pieces:
        going = np.arange(len(at))
        stops = [(going, at)]
        while len(going):
            cost, after = self.legs.following(at, going, self.onward)
            further = cost < self.last[going, at]
            going, at = going[further], after[further]
            stops.append((going, at))
        owners, visits = (np.concatenate(part) for part in zip(*stops, strict=True))
        order = np.argsort(owners, kind="stable")
        return owners[order], visits[order]


class BatchedDays:
    """All days in batches. Raises Over when the limits end making them ready."""

    def __init__(self, blocks: Sequence[Block], limits: Limits = ENDLESS) -> None:
        self.blocks = blocks
        self.offsets = np.cumsum([0, *(len(block.visits) for block in blocks)])
        legs: dict[int, Legs] = {}
        for number, block in enumerate(blocks):
            if block.searchable:
                limits.go_on()
                legs[number] = legs_of(block)
        self.batches = [
            Batch(blocks, numbers, [legs[number] for number in numbers])
            for numbers in (*_grouped(legs, few=False), *_grouped(legs, few=True))
        ]

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
    ) -> Iterator[Limited]:
        """Yield the chosen blocks' cheapest days within their limits.

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
                        legs=batch.days[index].among(keep),
                        breaks=True,
                    )
                    value, path = day.best()
                    yield Limited(number, value, value, path)

    def _padded(self, batch: Batch, visits: Floats) -> Floats:
        size = batch.first.shape[1]
        at = self.offsets[batch.numbers][:, None] + np.arange(size)[None, :]
        inside = np.arange(size)[None, :] < batch.sizes[:, None]
        return np.where(inside, visits[np.minimum(at, len(visits) - 1)], 0.0)


def _grouped(legs: Mapping[int, Legs], few: bool) -> list[list[int]]:
    """Group blocks of about the same size so that little is padded and the arrays stay small."""
    groups: list[list[int]] = []
    largest = cells = 0
    sizes = {number: len(own.starts) - 1 for number, own in legs.items() if own.few is few}
    for number in sorted(sizes, key=lambda b: -sizes[b]):
        size = sizes[number]
        width = legs[number].widest if few else size
        full = groups and (len(groups[-1]) + 1) * max(cells, largest * width) > MOST_CELLS
        if not groups or full or size * 5 < largest * 4 - 8:
            groups.append([])
            largest, cells = size, 0
        cells = max(cells, largest * width)
        groups[-1].append(number)
    return groups
