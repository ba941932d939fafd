"""The cheapest days by legs, and by legs, load and what is done once, compiled by numba."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solver.method import machine
from solver.method.model.rows import Floats
from solver.method.model.tasks import Flags
from solver.rules.distances import NO_WAY, Whole

Small = NDArray[np.int32] | NDArray[np.uint16]
Function = Callable[..., object]
END = -1
VERSION = machine.version(Path(__file__).read_text(encoding="utf-8"))


def compiled_as(version: str) -> Callable[[Function], Any]:
    """Return what compiles a function under a name that has the version of its source in it."""

    def compiled(function: Function) -> Any:
        function.__qualname__ = f"{function.__name__}_{version}"
        return njit(cache=True, nogil=True)(function)

    return compiled


_compiled = compiled_as(VERSION)


def stored() -> bool:
    """Say whether machine code lies ready from an earlier time."""
    return machine.stored(cheapest) and machine.stored(within_load)


@_compiled
def cheapest(  # pragma: no cover - machine code
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


@_compiled
def within_load(  # pragma: no cover - machine code
    starts: Whole,
    to: Small,
    travel: Small,
    first: Small,
    last: Small,
    load: Small,
    most: int,
    visits: Floats,
    rate: float,
    limit: float,
    bits: Whole,
) -> tuple[float, Whole]:
    """Go backwards through one day for all bits done and every load that may be left.

    As `day_search.completions` does; visits that no day below the limit makes are left out.
    """
    width, every = most + 1, 1
    while every <= bits.max():
        every *= 2
    kept = _worth(starts, to, travel, first, last, visits, rate, limit)
    row = np.cumsum(kept) - 1
    onward = np.full((kept.sum() + 1, every * width), np.inf)
    best, at = np.inf, END
    rest = np.empty(every * width)
    for visit in np.flatnonzero(kept)[::-1]:
        _rest_of(visit, starts, to, travel, last, rate, kept, row, onward, rest)
        own, taken = row[visit], load[visit]
        for done in range(every):
            come = (done | bits[visit]) * width - taken
            for spare in range(taken, width if done & bits[visit] == 0 else 0):
                onward[own, done * width + spare] = visits[visit] + rest[come + spare]
        if first[visit] != NO_WAY and first[visit] * rate + onward[own, most] <= best:
            best, at = first[visit] * rate + onward[own, most], visit
    legs = (starts, to, travel, last, load)
    return best, _walk(legs, bits, rate, kept, row, onward, width, at)


@_compiled
def _walk(  # pragma: no cover - machine code
    legs: tuple[Whole, Small, Small, Small, Small],
    bits: Whole,
    rate: float,
    kept: Flags,
    row: Whole,
    onward: Floats,
    width: int,
    at: int,
) -> Whole:
    """Return the visits from the first one on."""
    starts, to, travel, last, load = legs
    path = np.empty(len(bits), dtype=np.int64)
    filled, left, done = 0, width - 1, 0
    while at != END:
        path[filled] = at
        filled += 1
        left, done = left - load[at], done | bits[at]
        least = np.inf if last[at] == NO_WAY else last[at] * rate
        after = END
        for leg in range(starts[at], starts[at + 1]):
            if kept[to[leg]]:
                cost = travel[leg] * rate + onward[row[to[leg]], done * width + left]
                if cost < least:
                    least, after = cost, to[leg]
        at = after
    return path[:filled].copy()


@_compiled
def _rest_of(  # pragma: no cover - machine code
    visit: int,
    starts: Whole,
    to: Small,
    travel: Small,
    last: Small,
    rate: float,
    kept: Flags,
    row: Whole,
    onward: Floats,
    rest: Floats,
) -> None:
    """Find what the end of a day after a visit costs at least, for all bits done and loads left."""
    rest[:] = np.inf if last[visit] == NO_WAY else last[visit] * rate
    for leg in range(starts[visit], starts[visit + 1]):
        if kept[to[leg]]:
            way, own = travel[leg] * rate, row[to[leg]]
            for place in range(len(rest)):
                cost = way + onward[own, place]
                rest[place] = min(rest[place], cost)


@_compiled
def _worth(  # pragma: no cover - machine code
    starts: Whole,
    to: Small,
    travel: Small,
    first: Small,
    last: Small,
    visits: Floats,
    rate: float,
    limit: float,
) -> Flags:
    """Say which visits some day below the limit makes as far as legs decide."""
    count = len(visits)
    onward = np.empty(count)
    for visit in range(count - 1, -1, -1):
        rest = np.inf if last[visit] == NO_WAY else last[visit] * rate
        for leg in range(starts[visit], starts[visit + 1]):
            rest = min(rest, travel[leg] * rate + onward[to[leg]])
        onward[visit] = visits[visit] + rest
    reach = np.full(count, np.inf)
    kept = np.zeros(count, dtype=np.bool_)
    for visit in range(count):
        if first[visit] != NO_WAY:
            reach[visit] = min(reach[visit], first[visit] * rate)
        kept[visit] = reach[visit] + onward[visit] < limit
        for leg in range(starts[visit], starts[visit + 1]):
            cost = reach[visit] + visits[visit] + travel[leg] * rate
            reach[to[leg]] = min(reach[to[leg]], cost)
    return kept
