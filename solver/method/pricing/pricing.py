"""The cheapest day of everybody at given prices that keeps every rule of the day."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from solver.method import machine
from solver.method.limits import ENDLESS, Limits
from solver.method.model.block import Block
from solver.method.model.columns import Path, keeps_day_rules
from solver.method.pricing.batches import BatchedDays
from solver.method.pricing.best import Best, Days
from solver.method.pricing.day_limits import DayLimits
from solver.method.pricing.day_search import (
    MOST_CRITICAL,
    Critical,
    Floats,
    PricedDay,
    TooMany,
    priced_day,
    repeated,
)
from solver.method.pricing.leg_tables import NEVER
from solver.method.pricing.rich import cannot_be_below, one_after_the_other
from solver.rules.distances import Whole

MOST_PATHS, MOST_STEPS = 20_000, 1_000_000
MOST_TRIES, MOST_CELLS = 8, 8_000_000
TINY = 1e-6
WORTH_COMPILING, WORTH_WAITING = 20_000, 200_000


class Pricing:
    """All days of an instance, ready to be priced again and again by so many threads.

    Many of them by machine code: where it lies ready, or as soon as it is compiled beside the
    search, if the limits leave so much time that this pays. When they are over, what is found may
    not be the cheapest, but bounds stay true.
    """

    def __init__(self, blocks: Sequence[Block], limits: Limits = ENDLESS) -> None:
        self.blocks, self.workers, self.limits = blocks, limits.workers, limits
        self.offsets = np.cumsum([0, *(len(block.visits) for block in blocks)])
        self.making: machine.Making | None = None
        self.days = self._first_days(limits.left())
        costs = [block.visits.costs for block in blocks]
        self.costs = np.concatenate(costs, axis=1) if costs else np.zeros((0, 0))
        self.leg_costs = np.array([block.leg_costs for block in blocks], dtype=np.float64)
        self.day_costs = np.array([block.day_costs for block in blocks], dtype=np.float64)
        self.all = np.arange(len(blocks))
        self.pinned = [number for number, block in enumerate(blocks) if block.pinned]
        self.day_limits = DayLimits(blocks)
        self.rich = np.flatnonzero([block.rich for block in blocks])
        self.critical: dict[int, Critical] = {}
        self.room = [_room(block) for block in blocks]

    def _first_days(self, seconds: float) -> Days:
        """Return the days in Python, and where that pays begin to make machine code ready.

        Very many days are not begun in Python where machine code lies ready.
        """
        visits = sum(len(block.visits) for block in self.blocks)
        if visits >= WORTH_COMPILING and machine.available():
            if visits >= WORTH_WAITING and _stored():
                return self._compiled()
            self.making = machine.Making(_stored, self._warm, seconds)
        return BatchedDays(self.blocks, self.limits)

    def _compiled(self) -> Days:
        from solver.method.pricing.compiled import CompiledDays

        return CompiledDays(self.blocks, self.workers)

    def _warm(self) -> None:
        """Have everything compiled once."""
        count = len(self.blocks)
        visits, zero = np.zeros(int(self.offsets[-1])), np.zeros(count)
        days = self._compiled()
        days.cheapest(visits, zero, np.zeros(0, dtype=np.int64))
        first = np.zeros(1, dtype=np.int64)
        list(days.within_load(first, visits, zero, zero, {}))

    def best(
        self,
        weights: Floats,
        prices: Floats,
        *,
        exact: bool = True,
        chosen: Whole | None = None,
        worth: Floats | None = None,
    ) -> Best:
        """Return the cheapest day of each block (of the `chosen` ones).

        Unless `exact`, days may break the day's limits. Days that cost as much as `worth`, by
        block, are not looked for (0 where not given). A day costs its levels weighted by `weights`
        less the `prices` of its visits (all visits counted through).
        """
        if self.making is not None and self.making.ready:
            self.days, self.making = self._compiled(), None
        chosen = self.all if chosen is None else chosen
        visits = weights @ self.costs - prices
        rates, fixed = self.leg_costs @ weights, self.day_costs @ weights
        days = self.days.cheapest(visits, rates, chosen)
        bound = days.values + fixed
        found = bound.copy()
        rich = np.intersect1d(self.rich, chosen)
        doubtful = np.setdiff1d(np.intersect1d(self.day_limits.broken(days, bound), chosen), rich)
        mended: dict[int, Path] = {}
        found[doubtful] = np.inf
        if exact:
            least = np.zeros(len(self.blocks)) if worth is None else worth
            doubtful = doubtful[bound[doubtful] < least[doubtful] - TINY]
            self._mend(doubtful, visits, rates, fixed, least, (bound, found, mended))
        for number in np.intersect1d(self.pinned, chosen).tolist():
            day = self._day(number, visits, rates, fixed)
            bound[number], found[number], mended[number] = _exact(day)
        for number in rich.tolist():
            block, day_cost = self.blocks[number], float(fixed[number])
            own = visits[self.offsets[number] : self.offsets[number + 1]]
            bound[number] = cannot_be_below(block, own, day_cost)
            if not block.searchable:
                simple = one_after_the_other(block, own, float(rates[number]), day_cost)
                found[number], mended[number] = simple
        return Best(bound, found, days, mended, self.offsets)

    def _mend(
        self,
        doubtful: Whole,
        visits: Floats,
        rates: Floats,
        fixed: Floats,
        worth: Floats,
        into: tuple[Floats, Floats, dict[int, Path]],
    ) -> None:
        """Find the cheapest days that keep the rules where those by legs alone do not."""
        bound, found, mended = into
        mended.update((number, ()) for number in doubtful.tolist())
        worthless, tries = set(doubtful.tolist()), 0
        while len(doubtful):
            again: list[int] = []
            tries += 1
            below = worth - fixed
            priced = self.days.within_load(doubtful, visits, rates, below, self.critical)
            for number, value, path in priced:
                if self.limits.over():
                    return
                value += float(fixed[number])
                # visits on no day that is worth it were left out: dearer days may be cheaper yet
                bound[number] = min(value, float(worth[number]))
                worthless.discard(number)
                twice = repeated(self.blocks[number], path)
                if twice and tries < MOST_TRIES and self._grow(number, twice):
                    again.append(number)
                elif path and keeps_day_rules(self.blocks[number], path):
                    found[number], mended[number] = value, path
                elif twice:
                    day = self._part(number, visits, rates, fixed, path)
                    found[number], mended[number] = _shortened(day, path)
                elif path:
                    day = self._day(number, visits, rates, fixed)
                    bound[number], found[number], mended[number] = _exact(day)
            doubtful = np.array(again, dtype=np.int64)
        left = np.array(sorted(worthless), dtype=np.int64)
        bound[left] = worth[left]

    def _grow(self, number: int, twice: list[int]) -> bool:
        """Keep a block's days from doing these requests twice from now on; say if there is room.

        What is kept apart stays so in later rounds: days repeat the same requests again.
        """
        known = self.critical.get(number, ())
        most = min(MOST_CRITICAL, self.room[number])
        grown = tuple(dict.fromkeys((*twice, *known)))[:most]
        self.critical[number] = grown
        return grown != known

    def days_within(
        self, number: int, weights: Floats, prices: Floats, limit: float, most: int
    ) -> list[tuple[float, Path]]:
        """Return the days of a block that keep all rules and cost at most `limit`.

        Raises TooMany when there are more than `most` paths to look at, or too many to try.
        """
        if self.blocks[number].rich:
            raise TooMany
        own = slice(self.offsets[number], self.offsets[number + 1])
        visits = weights @ self.costs[:, own] - prices[own]
        rate, fixed = self.leg_costs[number] @ weights, self.day_costs[number] @ weights
        return _day(self.blocks[number], visits, float(rate), float(fixed)).within(limit, most)

    def _part(
        self, number: int, visits: Floats, rates: Floats, fixed: Floats, path: Path
    ) -> PricedDay:
        """Return a day of the visits of a path alone."""
        own = visits[self.offsets[number] : self.offsets[number + 1]]
        keep, rate = np.unique(np.array(path)), float(rates[number])
        return priced_day(self.blocks[number], own, rate, float(fixed[number]), keep)

    def _day(self, number: int, visits: Floats, rates: Floats, fixed: Floats) -> PricedDay:
        own = visits[self.offsets[number] : self.offsets[number + 1]]
        return _day(self.blocks[number], own, float(rates[number]), float(fixed[number]))


def _day(block: Block, visits: Floats, rate: float, fixed: float) -> PricedDay:
    """Return a priced day in which leaving out what is pinned costs more than anything else."""
    if block.pinned:
        travel = max(int(block.between.max()), int(block.first.max()), int(block.last.max()))
        much = 1.0 + 4 * (np.abs(visits).sum() + (len(visits) + 1) * rate * travel)
        visits = np.where(block.visits.pinned, visits - much, visits)
        fixed += much * len(block.pinned)
    return priced_day(block, visits, rate, fixed, np.arange(len(visits)))


def _stored() -> bool:
    from solver.method.pricing.machine_code import stored  # half a second to import

    return stored()


def _room(block: Block) -> int:
    """Return for how many requests there is room to be kept from being done twice."""
    cells = len(block.visits) * (block.load()[1] + 1)
    return max(0, (MOST_CELLS // max(1, cells)).bit_length() - 1)


def _shortened(day: PricedDay, path: Path) -> tuple[float, Path]:
    """Return the path without what it does twice, shorter until it keeps every rule; its value."""
    requests = day.block.visits.request[list(path)].tolist()
    places = np.searchsorted(day.keep, path).tolist()
    left = [place for at, place in enumerate(places) if requests[at] not in requests[:at]]
    while left:
        legs = [float(day.between[a, b]) for a, b in pairwise(left)]
        ends = float(day.first[left[0]] + day.last[left[-1]])
        value = ends + sum(legs) + float(day.visits[left].sum()) + day.fixed
        found = tuple(day.keep[left].tolist())
        if np.isfinite(value) and keeps_day_rules(day.block, found):
            return value, found
        left.pop()
    return np.inf, ()


def _exact(day: PricedDay) -> tuple[float, float, Path]:
    """Return bound, value and path of the cheapest day that keeps every rule of the day."""
    nothing = np.inf if day.block.pinned else 0.0
    value, path = day.best() if len(day.keep) else (np.inf, ())
    if not path:
        return nothing, np.inf, ()
    if keeps_day_rules(day.block, path):
        return value, value, path
    bound, reach = value, max(1.0, abs(value) * 0.01)
    most = min(MOST_PATHS, MOST_STEPS // len(day.keep))
    while True:
        try:
            found = day.within(value + reach, most)
        except TooMany:
            return bound, *_shortened(day, path)
        if found:
            return found[0][0], found[0][0], found[0][1]
        bound = value + reach
        if bound >= 0 and not day.block.pinned:
            return 0.0, np.inf, ()
        if reach > NEVER / 4:
            return np.inf, np.inf, ()
        reach *= 4
