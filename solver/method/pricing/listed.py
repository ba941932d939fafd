"""Days listed once, so that pricing them is adding up: where there are not too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.method.limits import Limits
from solver.method.model.block import Block
from solver.method.model.columns import Path
from solver.method.model.ranges import ranges
from solver.method.model.rows import Floats
from solver.method.model.tasks import Flags
from solver.method.pricing.best import Best
from solver.method.pricing.cheapest import Cheapest
from solver.method.pricing.day_search import PricedDay
from solver.rules.distances import Whole


@dataclass(frozen=True, slots=True)
class DaysOfBlock:
    """Days of one block one after the other: their visits, how many each has, time on the way."""

    visits: Whole
    lengths: Whole
    travel: Whole


def days_of(block: Block, day: PricedDay, limit: float, most: int, limits: Limits) -> DaysOfBlock:
    """Return every day that keeps all rules and costs at most `limit`.

    Raises TooMany when there are more than `most` paths to look at, or the limits end it.
    """
    visits, lengths, travel = [NO_DAYS.visits], [NO_DAYS.lengths], [NO_DAYS.travel]
    for paths, _ in day.kept(limit, most, limits):
        legs = np.stack([paths[:, :-1], paths[:, 1:]])
        between = block.between[legs[0], legs[1]].sum(axis=1, dtype=np.int64)
        travel.append(block.first[paths[:, 0]] + between + block.last[paths[:, -1]])
        visits.append(paths.ravel())
        lengths.append(np.full(len(paths), paths.shape[1]))
    return DaysOfBlock(np.concatenate(visits), np.concatenate(lengths), np.concatenate(travel))


NO_DAYS = DaysOfBlock(*(np.zeros(0, dtype=np.int64),) * 3)


@dataclass(frozen=True, slots=True)
class ListedDays:
    """The days there are to choose from, block after block; visits are counted through.

    Those of day d are `visits[ends[d]:ends[d + 1]]`, the days of block b are `of_block[b]` to
    `of_block[b + 1]`.
    """

    offsets: Whole
    block: Whole
    travel: Whole
    visits: Whole
    ends: Whole
    of_block: Whole

    def __len__(self) -> int:
        return len(self.block)

    def only(self, keep: Flags) -> ListedDays:
        """Return these days alone."""
        lengths = np.diff(self.ends)
        visits = self.visits[np.repeat(keep, lengths)]
        return _listed(self.offsets, self.block[keep], self.travel[keep], visits, lengths[keep])

    def path(self, day: int) -> Path:
        """Return the visits of a day, counted within its block."""
        visits = self.visits[self.ends[day] : self.ends[day + 1]]
        return tuple((visits - self.offsets[self.block[day]]).tolist())

    def values(self, visits: Floats, rates: Floats, fixed: Floats) -> Floats:
        """Return what all days cost: their visits, time on the way by block, the day itself."""
        return self._values(visits, rates, fixed, np.arange(len(self)))

    def _values(self, visits: Floats, rates: Floats, fixed: Floats, chosen: Whole) -> Floats:
        block = self.block[chosen]
        found: Floats = self.travel[chosen] * rates[block] + fixed[block]
        at, starts = self._visits_of(chosen)
        return found + np.add.reduceat(visits[at], starts) if len(chosen) else found

    def _visits_of(self, chosen: Whole) -> tuple[Whole, Whole]:
        """Return the visits of the chosen days, and where those of each begin."""
        if len(chosen) == len(self):
            return self.visits, self.ends[:-1]
        starts = self.ends[chosen]
        lengths = self.ends[chosen + 1] - starts
        return self.visits[ranges(starts, lengths)], np.cumsum(lengths) - lengths

    def best(self, visits: Floats, rates: Floats, fixed: Floats, chosen: Whole) -> Best:
        """Return the cheapest day of each chosen block; inf where there is none."""
        low, high = self.of_block[chosen], self.of_block[chosen + 1]
        blocks, counts = chosen[low < high], (high - low)[low < high]
        days = ranges(low[low < high], counts)
        least = np.full(len(rates), np.inf)
        values = self._values(visits, rates, fixed, days)
        if len(days):
            least[blocks] = np.minimum.reduceat(values, np.cumsum(counts) - counts)
        ties = days[values == np.repeat(least[blocks], counts)]
        first = ties[np.unique(self.block[ties], return_index=True)[1]]
        lengths = np.zeros(len(rates), dtype=np.int64)
        lengths[self.block[first]] = self.ends[first + 1] - self.ends[first]
        ends = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        days_found = Cheapest(least, self._visits_of(first)[0], ends)
        return Best(least, least, days_found, {}, self.offsets)


def joined(blocks: Sequence[DaysOfBlock], offsets: Whole) -> ListedDays:
    """Return the days of all blocks one after the other."""
    every = [NO_DAYS, *blocks]
    counts = np.array([len(own.lengths) for own in blocks], dtype=np.int64)
    sizes = np.array([len(own.visits) for own in blocks], dtype=np.int64)
    visits = np.concatenate([own.visits for own in every]) + np.repeat(offsets[:-1], sizes)
    travel = np.concatenate([own.travel for own in every])
    lengths = np.concatenate([own.lengths for own in every])
    return _listed(offsets, np.repeat(np.arange(len(blocks)), counts), travel, visits, lengths)


def _listed(
    offsets: Whole, block: Whole, travel: Whole, visits: Whole, lengths: Whole
) -> ListedDays:
    ends = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    of_block = np.searchsorted(block, np.arange(len(offsets)))
    return ListedDays(offsets, block, travel, visits, ends, of_block)
