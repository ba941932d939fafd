"""The cheapest day of everybody at given prices that keeps every rule of the day."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property

import numpy as np

from solver.method import machine
from solver.method.limits import ENDLESS, Limits
from solver.method.model.block import Block, lean_first, lean_legs
from solver.method.model.columns import Path, keeps_day_rules
from solver.method.pricing.alike import is_wide
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
from solver.method.pricing.listed import NO_DAYS, DaysOfBlock, ListedDays, days_of, joined
from solver.method.pricing.mending import exactly, shortened
from solver.method.pricing.rich import cannot_be_below, one_after_the_other, shortest_ways
from solver.method.pricing.sequences import sequences_of
from solver.rules.distances import Whole

MOST_TRIES, MOST_CELLS = 8, 8_000_000
TINY = 1e-6
WORTH_COMPILING, WORTH_WAITING = 20_000, 50_000
LEAST_DAYS_OF_VISIT, PATHS = 40, 200_000
Into = tuple[Floats, Floats, dict[int, Path], dict[int, tuple[Path, ...]]]


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
        costs = [block.visits.costs for block in blocks]
        self.costs = np.concatenate(costs, axis=1) if costs else np.zeros((0, 0))
        self.leg_costs = np.array([block.leg_costs for block in blocks], dtype=np.float64)
        self.day_costs = np.array([block.day_costs for block in blocks], dtype=np.float64)
        self.all = np.arange(len(blocks))
        self.pinned = [number for number, block in enumerate(blocks) if block.pinned]
        self.day_limits = DayLimits(blocks)
        self.rich = np.flatnonzero([block.rich for block in blocks])
        self.shortest = {number: shortest_ways(blocks[number]) for number in self.rich.tolist()}
        self.critical: dict[int, Critical] = {}
        self.room = [_room(block) for block in blocks]
        self.listed: ListedDays | None = None

    @cached_property
    def days(self) -> Days:
        """Return the days in Python, and where that pays begin to make machine code ready.

        Very many days are not begun in Python where machine code lies ready. Made when first
        priced: a first plan does not wait for them. Raises Over when the limits end that.
        """
        visits = sum(len(block.visits) for block in self.blocks)
        if visits >= WORTH_COMPILING and machine.available():
            if visits >= WORTH_WAITING and self._stored():
                return self._compiled(self.limits)
            self.making = machine.Making(self._stored, self._warm, self.limits.left())
        return BatchedDays(self.blocks, self.limits)

    def _compiled(self, limits: Limits) -> Days:
        from solver.method.pricing.compiled import CompiledDays

        return CompiledDays(self.blocks, self.workers, limits)

    def _stored(self) -> bool:
        """Say whether all machine code that is needed lies ready."""
        from solver.method.pricing import machine_code, once_each  # half a second to import

        wide = any(is_wide(block) for block in self.blocks)
        return machine_code.stored() and (not wide or once_each.stored())

    def _warm(self) -> None:
        """Have everything compiled once."""
        count = len(self.blocks)
        visits, zero = np.zeros(int(self.offsets[-1])), np.zeros(count)
        days = self._compiled(ENDLESS)  # in a thread that nobody waits for
        days.cheapest(visits, zero, np.zeros(0, dtype=np.int64))
        firsts = np.unique([is_wide(block) for block in self.blocks], return_index=True)[1]
        list(days.within_load(firsts, visits, zero, zero, {}))

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
            self.days, self.making = self._compiled(self.limits), None
        chosen = self.all if chosen is None else chosen
        visits = weights @ self.costs - prices
        rates, fixed = self.leg_costs @ weights, self.day_costs @ weights
        if self.listed is not None:
            return self.listed.best(visits, rates, fixed, chosen)
        days = self.days.cheapest(visits, rates, chosen)
        bound = days.values + fixed
        # of a day that is worth nothing nobody asks whether it keeps the rules
        found = np.where(bound < 0, bound, np.inf)
        rich = np.intersect1d(self.rich, chosen)
        broken = np.intersect1d(self.day_limits.broken(days, bound), chosen)
        doubtful, too_rich = np.setdiff1d(broken, rich), np.intersect1d(broken, rich)
        mended: dict[int, Path] = {}
        more: dict[int, tuple[Path, ...]] = {}
        into = bound, found, mended, more
        found[doubtful] = np.inf
        if exact:
            least = np.zeros(len(self.blocks)) if worth is None else worth
            doubtful = doubtful[bound[doubtful] < least[doubtful] - TINY]
            self._mend(doubtful, visits, rates, fixed, least, into)
        for number in np.intersect1d(self.pinned, chosen).tolist():
            day = self._day(number, visits, rates, fixed)
            bound[number], found[number], mended[number] = exactly(day)
        for number in rich.tolist():
            self._estimate(number, visits, float(rates[number]), float(fixed[number]), into)
        for number in too_rich.tolist():
            path = tuple((days.of(number) - self.offsets[number]).tolist())
            day = self._part(number, visits, rates, fixed, path)
            found[number], mended[number] = shortened(day, path)
        return Best(bound, found, days, mended, self.offsets, more)

    def _estimate(self, number: int, visits: Floats, rate: float, fixed: float, into: Into) -> None:
        """Say what a rich day cannot be below; find a simple one where it is not searched."""
        bound, found, mended, _ = into
        block = self.blocks[number]
        own = visits[self.offsets[number] : self.offsets[number + 1]]
        bound[number] = cannot_be_below(block, self.shortest[number], own, rate, fixed)
        if not block.searchable:
            found[number], mended[number] = np.inf, ()
            if not self.limits.over():
                found[number], mended[number] = one_after_the_other(block, own, rate, fixed)

    def _mend(
        self,
        doubtful: Whole,
        visits: Floats,
        rates: Floats,
        fixed: Floats,
        worth: Floats,
        into: Into,
    ) -> None:
        """Find the cheapest days that keep the rules where those by legs alone do not."""
        bound, found, mended, more = into
        mended.update((number, ()) for number in doubtful.tolist())
        worthless, tries = set(doubtful.tolist()), 0
        while len(doubtful):
            again: list[int] = []
            tries += 1
            below = worth - fixed
            priced = self.days.within_load(doubtful, visits, rates, below, self.critical)
            for number, least, value, path, more[number] in priced:
                if self.limits.over():
                    return
                value += float(fixed[number])
                # visits on no day that is worth it were left out: dearer days may be cheaper yet
                bound[number] = min(least + float(fixed[number]), float(worth[number]))
                worthless.discard(number)
                twice = repeated(self.blocks[number], path)
                if twice and tries < MOST_TRIES and self._grow(number, twice):
                    again.append(number)
                elif path and keeps_day_rules(self.blocks[number], path):
                    found[number], mended[number] = value, path
                elif twice:
                    day = self._part(number, visits, rates, fixed, path)
                    found[number], mended[number] = shortened(day, path)
                elif path:
                    day = self._day(number, visits, rates, fixed)
                    bound[number], found[number], mended[number] = exactly(day)
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

    def within(self, weights: Floats, prices: Floats, limits: Floats, most: int) -> ListedDays:
        """Return the days that keep all rules and cost at most the limit of their block.

        Raises TooMany when there are more than `most`, or too many paths to try.
        """
        visits = weights @ self.costs - prices
        rates, fixed = self.leg_costs @ weights, self.day_costs @ weights
        if self.listed is not None:
            keep = self.listed.values(visits, rates, fixed) <= limits[self.listed.block]
            if np.count_nonzero(keep) > most:
                raise TooMany
            return self.listed.only(keep)
        found: list[DaysOfBlock] = [NO_DAYS] * len(self.blocks)
        for number in np.argsort(-np.diff(self.offsets), kind="stable").tolist():
            block, paths = self.blocks[number], max(most, PATHS)
            if self.limits.over() or (block.rich and block.searchable):
                raise TooMany
            if block.rich:
                found[number] = sequences_of(block, paths, self.limits)
            else:
                day = self._day(number, visits, rates, fixed)
                found[number] = days_of(block, day, float(limits[number]), paths, self.limits)
            most -= len(found[number].lengths)
            if most < 0:
                raise TooMany
        return joined(found, self.offsets)

    def reduced(self, listed: ListedDays, weights: Floats, prices: Floats) -> Floats:
        """Return what listed days cost at these prices."""
        rates, fixed = self.leg_costs @ weights, self.day_costs @ weights
        return listed.values(weights @ self.costs - prices, rates, fixed)

    def list_all(self, most: int) -> None:
        """List all days, if there are at most so many; from then on no others are looked at."""
        visits = sum(len(block.visits) for block in self.blocks if block.searchable)
        if visits * LEAST_DAYS_OF_VISIT <= most:
            weights, limits = np.zeros(len(self.costs)), np.full(len(self.blocks), NEVER)
            self.list_within(weights, np.zeros(int(self.offsets[-1])), limits, most)

    def list_within(self, weights: Floats, prices: Floats, limits: Floats, most: int) -> None:
        """List the days that cost at most the limit of their block, if there are so few.

        From then on no others are looked at, until they are set free (`listed`).
        """
        with suppress(TooMany):
            self.listed = self.within(weights, prices, limits, most)

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
    every, first, legs = np.arange(len(visits)), lean_first(block), lean_legs(block)
    return priced_day(block, visits, rate, fixed, every, first=first, legs=legs)


def _room(block: Block) -> int:
    """Return for how many requests there is room to be kept from being done twice."""
    cells = len(block.visits) * (block.load()[1] + 1)
    return max(0, (MOST_CELLS // max(1, cells)).bit_length() - 1)
