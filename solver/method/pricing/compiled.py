"""The cheapest day of everybody over the legs that are possible, compiled by numba."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from solver.method.limits import ENDLESS, Limits
from solver.method.model.block import Block, lean_legs
from solver.method.pricing.alike import Alike, alike_of, bits_of_jobs, is_wide, prices_of
from solver.method.pricing.best import Limited
from solver.method.pricing.cheapest import Cheapest
from solver.method.pricing.day_search import Critical, Floats, bits_of, priced_day
from solver.method.pricing.machine_code import Small, cheapest, within_load
from solver.method.pricing.once_each import once_each
from solver.rules.distances import NO_WAY, Whole

MOST_LABELS, DAYS_AT_ONCE = 2_000, 4


class CompiledDays:
    """All legs of all days one after the other; those of visit v are [starts[v], starts[v + 1]).

    So many `workers`, threads, share the blocks between them. Raises Over when the limits end
    before all are made ready.
    """

    def __init__(self, blocks: Sequence[Block], workers: int = 1, limits: Limits = ENDLESS) -> None:
        self.blocks = blocks
        sizes = [len(block.visits) for block in blocks]
        self.offsets = np.cumsum([0, *sizes])
        possible = sum(np.count_nonzero(lean_legs(block) != NO_WAY) for block in blocks)
        farthest = max((int(block.between.max(initial=0)) for block in blocks), default=0)
        self.to, self.travel = np.empty((2, possible), _small(max([farthest, *sizes])))
        counts = [np.zeros(1, dtype=np.int64)]
        filled = 0
        for block in blocks:
            limits.go_on()
            legs = lean_legs(block)
            origin, target = np.nonzero(legs != NO_WAY)  # none on a day that is not searched
            own = slice(filled, filled + len(origin))
            self.to[own], self.travel[own] = target, legs[origin, target]
            counts.append(np.bincount(origin, minlength=len(block.visits)))
            filled = own.stop
        self.starts = np.cumsum(np.concatenate(counts))
        self.first = _joined([block.first for block in blocks])
        self.last = _joined([block.last for block in blocks])
        loads = [block.load() for block in blocks]
        self.load = _joined([load for load, _ in loads])
        self.most = np.array([most for _, most in loads], dtype=np.int64)
        legs = self.starts[self.offsets]
        shares = np.searchsorted(legs, np.linspace(0, legs[-1], workers + 1)[1:-1])
        self.jobs: dict[int, Alike] = {}
        self.wide = [is_wide(block) for block in blocks]
        cuts = np.unique([0, *shares.tolist(), len(blocks)]).tolist()
        self.shares = list(pairwise(cuts))

    def cheapest(self, visits: Floats, rates: Floats, chosen: Whole) -> Cheapest:
        """Return the cheapest day of each chosen block by legs alone, inf for the others."""
        wanted = np.zeros(len(rates), dtype=np.bool_)
        wanted[chosen] = True
        legs = (self.starts, self.to, self.travel, self.first, self.last)

        def of(share: tuple[int, int]) -> tuple[Floats, Whole, Whole]:
            own = slice(*share)
            offsets = self.offsets[own.start : own.stop + 1]
            found: tuple[Floats, Whole, Whole]
            found = cheapest(offsets, *legs, visits, rates[own], wanted[own])
            return found

        with ThreadPoolExecutor(len(self.shares)) as threads:
            parts = list(threads.map(of, self.shares))
        values, stops, counts = (np.concatenate(each) for each in zip(*parts, strict=True))
        return Cheapest(values, stops, np.cumsum(np.concatenate([[0], counts])))

    def within_load(
        self,
        chosen: Whole,
        visits: Floats,
        rates: Floats,
        below: Floats,
        critical: Mapping[int, Critical],
    ) -> Iterator[Limited]:
        """Yield what `BatchedDays.within_load` does."""

        def of(numbers: Whole) -> list[Limited]:
            found = (
                self._limited(number, visits, rates, float(below[number]), critical.get(number, ()))
                for number in numbers.tolist()
            )
            return [each for each in found if each.bound < below[each.number]]

        with ThreadPoolExecutor(len(self.shares)) as threads:
            for found in threads.map(of, np.array_split(chosen, len(self.shares))):
                yield from found

    def _limited(
        self, number: int, visits: Floats, rates: Floats, below: float, critical: Critical
    ) -> Limited:
        """Return a block's cheapest day within its limits."""
        own = slice(self.offsets[number], self.offsets[number + 1])
        if self.wide[number]:
            return self._once_each(number, visits[own], float(rates[number]), below)
        if self.blocks[number].pauses is not None:
            every, rate = np.arange(own.stop - own.start), float(rates[number])
            block = self.blocks[number]
            legs = lean_legs(block)
            day = priced_day(block, visits[own], rate, 0.0, every, critical, legs=legs, breaks=True)
            value, path = day.best()
            return Limited(number, value, value, path)
        value, path = within_load(
            self.starts[own.start : own.stop + 1],
            self.to,
            self.travel,
            self.first[own],
            self.last[own],
            self.load[own],
            int(self.most[number]),
            visits[own],
            float(rates[number]),
            below,
            bits_of(self.blocks[number], critical),
        )
        return Limited(number, float(value), float(value), tuple(path.tolist()))

    def _once_each(self, number: int, visits: Floats, rate: float, below: float) -> Limited:
        """Return a block's cheapest day on which nothing is done twice."""
        jobs = self.jobs.get(number)
        if jobs is None:
            jobs = self.jobs[number] = alike_of(self.blocks[number])
        costs = prices_of(jobs, visits)
        bound, values, lengths, path = once_each(
            jobs.begins,
            jobs.starts,
            jobs.job,
            jobs.backwards,
            jobs.early,
            jobs.first,
            jobs.last,
            jobs.ways,
            jobs.gaps,
            jobs.load,
            jobs.most,
            bits_of_jobs(jobs, costs),
            costs,
            rate,
            jobs.slack * rate if jobs.slack < np.inf else np.inf,
            below,
            max(MOST_LABELS, 2 * len(jobs.load)),
            DAYS_AT_ONCE,
        )
        paths = np.split(jobs.visits[path], np.cumsum(lengths)[:-1]) if len(lengths) else []
        first, *more = [tuple(path.tolist()) for path in paths] or [()]
        value = float(values[0]) if len(values) else np.inf
        return Limited(number, float(bound), value, first, tuple(more))


def _small(most: int) -> type[np.int32] | type[np.uint16]:
    """Return a type for numbers from 0 to `most`; pricing takes as long as reading all legs."""
    return np.uint16 if most <= np.iinfo(np.uint16).max else np.int32


def _joined(parts: Sequence[Whole]) -> Small:
    return np.concatenate([part.astype(np.int32) for part in parts])
