"""The cheapest day of everybody at given prices that keeps every rule of the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from typing import Protocol

import numpy as np

from solver.method.model.block import Block
from solver.method.model.columns import Path, keeps_day_rules
from solver.method.model.tasks import Flags
from solver.method.pricing.batches import NEVER, BatchedDays
from solver.method.pricing.cheapest import Cheapest
from solver.method.pricing.day_search import Floats, PricedDay, TooMany, priced_day
from solver.rules.distances import Whole

MOST_PATHS, MOST_STEPS = 20_000, 2_000_000
WORTH_COMPILING = 20_000


class Days(Protocol):
    """The cheapest days by legs alone, and by legs and load: `BatchedDays` or `CompiledDays`."""

    def cheapest(self, visits: Floats, rates: Floats, chosen: Whole) -> Cheapest:
        """Return the cheapest day of the chosen blocks, at least, by legs alone."""

    def within_load(
        self, chosen: Whole, visits: Floats, rates: Floats, fixed: Floats
    ) -> Iterator[tuple[int, float, Path]]:
        """Yield number, value and path of the chosen blocks' cheapest days within their limits."""


@dataclass(frozen=True, slots=True)
class Best:
    """For each block the cheapest day found and a lower bound of all its days.

    `found` is inf, and the path empty, where none was found that keeps every rule. `mended` are
    the paths of those whose cheapest day by legs alone breaks one.
    """

    bound: Floats
    found: Floats
    days: Cheapest
    mended: Mapping[int, Path]
    offsets: Whole

    def path(self, number: int) -> Path:
        """Return the visits of a block's day, counted within the block."""
        if number in self.mended:
            return self.mended[number]
        return tuple((self.days.of(number) - self.offsets[number]).tolist())

    def visits(self, used: Flags) -> Whole:
        """Return the visits, counted through, of the days of these blocks."""
        used = used.copy()
        mended = [
            self.offsets[number] + np.array(path, dtype=np.int64)
            for number, path in self.mended.items()
            if used[number]
        ]
        used[list(self.mended)] = False
        kept = np.repeat(used, np.diff(self.days.ends))
        return np.concatenate([self.days.visits[kept], *mended])


class Pricing:
    """All days of an instance, ready to be priced again and again by so many threads."""

    def __init__(self, blocks: Sequence[Block], workers: int = 1) -> None:
        self.blocks = blocks
        self.offsets = np.cumsum([0, *(len(block.visits) for block in blocks)])
        self.days = _days(blocks, workers)
        costs = [block.visits.costs for block in blocks]
        self.costs = np.concatenate(costs, axis=1) if costs else np.zeros((0, 0))
        self.leg_costs = np.array([block.leg_costs for block in blocks], dtype=np.float64)
        self.day_costs = np.array([block.day_costs for block in blocks], dtype=np.float64)
        self.all = np.arange(len(blocks))
        self.pinned = [number for number, block in enumerate(blocks) if block.pinned]
        self.limits = _Limits(blocks)

    def best(
        self,
        weights: Floats,
        prices: Floats,
        *,
        exact: bool = True,
        chosen: Whole | None = None,
    ) -> Best:
        """Return the cheapest day of each block (of the `chosen` ones).

        Unless `exact`, days may break the day's limits. A day costs its levels weighted by
        `weights` less the `prices` of its visits (all visits counted through).
        """
        chosen = self.all if chosen is None else chosen
        visits = weights @ self.costs - prices
        rates, fixed = self.leg_costs @ weights, self.day_costs @ weights
        days = self.days.cheapest(visits, rates, chosen)
        bound = days.values + fixed
        found = bound.copy()
        doubtful = np.intersect1d(self.limits.broken(days, bound), chosen)
        mended: dict[int, Path] = {}
        if exact:
            self._mend(doubtful, visits, rates, fixed, (bound, found, mended))
        else:
            found[doubtful] = np.inf
        for number in np.intersect1d(self.pinned, chosen).tolist():
            day = self._day(number, visits, rates, fixed)
            bound[number], found[number], mended[number] = _exact(day)
        return Best(bound, found, days, mended, self.offsets)

    def _mend(
        self,
        doubtful: Whole,
        visits: Floats,
        rates: Floats,
        fixed: Floats,
        into: tuple[Floats, Floats, dict[int, Path]],
    ) -> None:
        """Find the cheapest days that keep the rules where those by legs alone do not."""
        bound, found, mended = into
        bound[doubtful], found[doubtful] = 0.0, np.inf
        mended.update((number, ()) for number in doubtful.tolist())
        for number, value, path in self.days.within_load(doubtful, visits, rates, fixed):
            if path and keeps_day_rules(self.blocks[number], path):
                bound[number], found[number], mended[number] = value, value, path
            elif path:
                day = self._day(number, visits, rates, fixed)
                bound[number], found[number], mended[number] = _exact(day)

    def days_within(
        self, number: int, weights: Floats, prices: Floats, limit: float, most: int
    ) -> list[tuple[float, Path]]:
        """Return the days of a block that keep all rules and cost at most `limit`.

        Raises TooMany when there are more than `most` paths to look at.
        """
        own = slice(self.offsets[number], self.offsets[number + 1])
        visits = weights @ self.costs[:, own] - prices[own]
        rate, fixed = self.leg_costs[number] @ weights, self.day_costs[number] @ weights
        return _day(self.blocks[number], visits, float(rate), float(fixed)).within(limit, most)

    def _day(self, number: int, visits: Floats, rates: Floats, fixed: Floats) -> PricedDay:
        own = visits[self.offsets[number] : self.offsets[number + 1]]
        return _day(self.blocks[number], own, float(rates[number]), float(fixed[number]))


class _Limits:
    """The rules of all days that legs do not know, quickly judged."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.minutes = _through([block.visits.minutes for block in blocks])
        self.request = _through([block.visits.request for block in blocks])
        self.most_minutes = np.array([_or_inf(block.most_minutes) for block in blocks])
        self.most_jobs = np.array([_or_inf(block.most_jobs) for block in blocks])
        self.pausing = np.array([block.pauses is not None for block in blocks], dtype=np.bool_)
        self.pinned = np.array([bool(block.pinned) for block in blocks], dtype=np.bool_)
        self.offsets = np.cumsum([0, *(len(block.visits) for block in blocks)])

    def broken(self, days: Cheapest, values: Floats) -> Whole:
        """Return the blocks without pins whose cheapest day is worth it but breaks a rule."""
        jobs, count = np.diff(days.ends), len(self.blocks)
        owner = np.repeat(np.arange(count), jobs)
        minutes = np.bincount(owner, weights=self.minutes[days.visits], minlength=count)
        broken = (minutes > self.most_minutes) | (jobs > self.most_jobs)
        request = self.request[days.visits]
        order = np.lexsort((request, owner))
        again = np.flatnonzero((np.diff(owner[order]) == 0) & (np.diff(request[order]) == 0))
        broken[owner[order][again]] = True
        for number in np.flatnonzero(self.pausing & ~broken & (values < 0)).tolist():
            path = tuple((days.of(number) - self.offsets[number]).tolist())
            broken[number] = not keeps_day_rules(self.blocks[number], path)
        return np.flatnonzero(broken & ~self.pinned & (values < 0))


def _days(blocks: Sequence[Block], workers: int) -> Days:
    """Return the days ready to be priced; many of them by numba where it is installed."""
    many = sum(len(block.visits) for block in blocks) >= WORTH_COMPILING
    if many and find_spec("numba") is not None:
        from solver.method.pricing.compiled import CompiledDays  # half a second to import

        return CompiledDays(blocks, workers)
    return BatchedDays(blocks)


def _through(parts: Sequence[Whole]) -> Whole:
    """Return arrays by visit one after the other."""
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _or_inf(limit: int | None) -> float:
    return np.inf if limit is None else limit


def _day(block: Block, visits: Floats, rate: float, fixed: float) -> PricedDay:
    """Return a priced day in which leaving out what is pinned costs more than anything else."""
    if block.pinned:
        travel = max(int(block.between.max()), int(block.first.max()), int(block.last.max()))
        much = 1.0 + 4 * (np.abs(visits).sum() + (len(visits) + 1) * rate * travel)
        visits = np.where(block.visits.pinned, visits - much, visits)
        fixed += much * len(block.pinned)
    return priced_day(block, visits, rate, fixed, np.arange(len(visits)))


def _shortened(day: PricedDay, path: Path) -> tuple[float, Path]:
    """Return the path without what it does twice, shorter until it keeps every rule; its value."""
    requests = day.block.visits.request[list(path)].tolist()
    left = [visit for at, visit in enumerate(path) if requests[at] not in requests[:at]]
    while left:
        legs = [float(day.between[a, b]) for a, b in pairwise(left)]
        ends = float(day.first[left[0]] + day.last[left[-1]])
        value = ends + sum(legs) + float(day.visits[left].sum()) + day.fixed
        if np.isfinite(value) and keeps_day_rules(day.block, tuple(left)):
            return value, tuple(left)
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
