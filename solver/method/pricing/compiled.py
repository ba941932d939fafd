"""The cheapest day of everybody over the legs that are possible, compiled by numba."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solver.method.model.block import Block
from solver.method.model.columns import Path
from solver.method.model.tasks import Flags
from solver.method.pricing.cheapest import Cheapest
from solver.method.pricing.day_search import Floats
from solver.rules.distances import NO_WAY, Whole

Small = NDArray[np.int32] | NDArray[np.uint16]
END = -1


class CompiledDays:
    """All legs of all days one after the other; those of visit v are [starts[v], starts[v + 1]).

    So many `workers`, threads, share the blocks between them.
    """

    def __init__(self, blocks: Sequence[Block], workers: int = 1) -> None:
        sizes = [len(block.visits) for block in blocks]
        self.offsets = np.cumsum([0, *sizes])
        possible = sum(np.count_nonzero(block.between != NO_WAY) for block in blocks)
        farthest = max((int(block.between.max(initial=0)) for block in blocks), default=0)
        self.to, self.travel = np.empty((2, possible), _small(max([farthest, *sizes])))
        counts = [np.zeros(1, dtype=np.int64)]
        filled = 0
        for block in blocks:
            origin, target = np.nonzero(block.between != NO_WAY)
            own = slice(filled, filled + len(origin))
            self.to[own], self.travel[own] = target, block.between[origin, target]
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
            return _cheapest(offsets, *legs, visits, rates[own], wanted[own])

        with ThreadPoolExecutor(len(self.shares)) as threads:
            parts = list(threads.map(of, self.shares))
        values, stops, counts = (np.concatenate(each) for each in zip(*parts, strict=True))
        return Cheapest(values, stops, np.cumsum(np.concatenate([[0], counts])))

    def within_load(
        self, chosen: Whole, visits: Floats, rates: Floats, fixed: Floats
    ) -> Iterator[tuple[int, float, Path]]:
        """Yield what `BatchedDays.within_load` does."""

        def of(numbers: Whole) -> list[tuple[int, float, Path]]:
            found = (self._limited(number, visits, rates) for number in numbers.tolist())
            return [
                (number, value + float(fixed[number]), path)
                for number, value, path in found
                if value + fixed[number] < 0
            ]

        with ThreadPoolExecutor(len(self.shares)) as threads:
            for found in threads.map(of, np.array_split(chosen, len(self.shares))):
                yield from found

    def _limited(self, number: int, visits: Floats, rates: Floats) -> tuple[int, float, Path]:
        """Return number, value and path of a block's cheapest day within its limits."""
        own = slice(self.offsets[number], self.offsets[number + 1])
        value, path = _within_load(
            self.starts[own.start : own.stop + 1],
            self.to,
            self.travel,
            self.first[own],
            self.last[own],
            self.load[own],
            int(self.most[number]),
            visits[own],
            float(rates[number]),
        )
        return number, float(value), tuple(path.tolist())


def _small(most: int) -> type[np.int32] | type[np.uint16]:
    """Return a type for numbers from 0 to `most`; pricing takes as long as reading all legs."""
    return np.uint16 if most <= np.iinfo(np.uint16).max else np.int32


def _joined(parts: Sequence[Whole]) -> Small:
    return np.concatenate([part.astype(np.int32) for part in parts])


@njit(cache=True, nogil=True)
def _cheapest(  # pragma: no cover - machine code
    offsets: Whole,
    starts: Whole,
    to: Small,
    travel: Small,
    first: Small,
    last: Small,
    visits: Floats,
    rates: Floats,
    wanted: Flags,
) -> tuple[Floats, Whole, Whole]:
    """Go backwards through each day; a visit's best continuation is known before it is needed.

    Return the value of each block's day, the visits of all days, and how many each has.
    """
    count = len(rates)
    largest = 0
    for block in range(count):
        largest = max(largest, offsets[block + 1] - offsets[block])
    onward = np.empty(largest)
    following = np.empty(largest, dtype=np.int32)
    values = np.empty(count)
    stops = np.empty(offsets[count] - offsets[0], dtype=np.int64)
    counts = np.zeros(count, dtype=np.int64)
    filled = 0
    for block in range(count):
        low, rate, before = offsets[block], rates[block], filled
        best, at = np.inf, END
        high = offsets[block + 1] if wanted[block] else low
        for visit in range(high - 1, low - 1, -1):
            rest = np.inf if last[visit] == NO_WAY else last[visit] * rate
            after = END
            for leg in range(starts[visit], starts[visit + 1]):
                cost = travel[leg] * rate + onward[to[leg]]
                if cost < rest:
                    rest, after = cost, to[leg]
            onward[visit - low] = visits[visit] + rest
            following[visit - low] = after
            if first[visit] != NO_WAY and first[visit] * rate + onward[visit - low] <= best:
                best, at = first[visit] * rate + onward[visit - low], visit - low
        values[block] = best
        while at != END:
            stops[filled] = low + at
            filled += 1
            at = following[at]
        counts[block] = filled - before
    return values, stops[:filled].copy(), counts


@njit(cache=True, nogil=True)
def _within_load(  # pragma: no cover - machine code
    starts: Whole,
    to: Small,
    travel: Small,
    first: Small,
    last: Small,
    load: Small,
    most: int,
    visits: Floats,
    rate: float,
) -> tuple[float, Whole]:
    """Go backwards through one day for every load that may be left; return value and path."""
    count = len(visits)
    onward = np.full((count, most + 1), np.inf)
    following = np.full((count, most + 1), END, dtype=np.int32)
    best, at, left = np.inf, END, most
    for visit in range(count - 1, -1, -1):
        home = np.inf if last[visit] == NO_WAY else last[visit] * rate
        for spare in range(most + 1 - load[visit]):
            onward[visit, spare + load[visit]] = home
        for leg in range(starts[visit], starts[visit + 1]):
            after, way = to[leg], travel[leg] * rate
            for spare in range(load[after], most + 1 - load[visit]):
                cost = way + onward[after, spare]
                if cost < onward[visit, spare + load[visit]]:
                    onward[visit, spare + load[visit]] = cost
                    following[visit, spare + load[visit]] = after
        for spare in range(load[visit], most + 1):
            onward[visit, spare] += visits[visit]
        if first[visit] != NO_WAY and first[visit] * rate + onward[visit, most] <= best:
            best, at = first[visit] * rate + onward[visit, most], visit
    return best, _walk(following, load, at, left)


@njit(cache=True, nogil=True)
def _walk(  # pragma: no cover - machine code
    following: Small, load: Small, at: int, left: int
) -> Whole:
    """Return the visits from the first one on."""
    path = np.empty(len(load), dtype=np.int64)
    filled = 0
    while at != END:
        path[filled] = at
        filled += 1
        at, left = following[at, left], left - load[at]
    return path[:filled].copy()
