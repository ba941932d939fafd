"""Intervals of many owners as arrays, for many questions at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solver.rules.distances import Whole

SPAN = 2**30
ZERO = 2**28
NONE = -1
ANY = 2**40
Flags = NDArray[np.bool_]


def whole(items: Iterable[int]) -> Whole:
    """Return whole numbers as an array."""
    return np.fromiter(items, dtype=np.int64)


def at(values: Whole, index: Whole) -> Whole:
    """Return the values at an index; anything where the index is NONE."""
    found: Whole = values[np.maximum(index, 0)] if len(values) else np.zeros_like(index)
    return found


class Spans:
    """Intervals of several owners, in order of owner and start."""

    def __init__(self, owner: Whole, start: Whole, end: Whole) -> None:
        self.order = np.lexsort((start, owner))
        self.owner, self.start, self.end = owner[self.order], start[self.order], end[self.order]
        self._begins = self.owner * SPAN + self.start + ZERO
        self._ends = np.maximum.accumulate(self.owner * SPAN + self.end + ZERO)

    def before(self, owner: Whole, time: Whole) -> Whole:
        """Return how many intervals of earlier owners, or of this one, start before `time`."""
        found: Whole = np.searchsorted(self._begins, owner * SPAN + time + ZERO)
        return found

    def last(self, owner: Whole, time: Whole) -> Whole:
        """Return the owner's last interval that starts at `time` or before; NONE without."""
        found = np.searchsorted(self._begins, owner * SPAN + time + ZERO, side="right") - 1
        return self._of(owner, found)

    def next(self, owner: Whole, time: Whole) -> Whole:
        """Return the owner's first interval that starts after `time`; NONE without."""
        found = np.searchsorted(self._begins, owner * SPAN + time + ZERO, side="right")
        return self._of(owner, found)

    def _of(self, owner: Whole, found: Whole) -> Whole:
        if len(self.owner) == 0:
            return np.full(np.shape(owner), NONE)
        inside = (found >= 0) & (found < len(self.owner))
        return np.where(inside & (self.owner[found * inside] == owner), found, NONE)

    def overlap(self, owner: Whole, start: Whole, end: Whole) -> Flags:
        """Say where an interval of the owner shares time with [start, end)."""
        if len(self.owner) == 0:
            return np.zeros(len(owner), dtype=bool)
        before = np.searchsorted(self._begins, owner * SPAN + end + ZERO) - 1
        reached = self._ends[np.maximum(before, 0)]
        found: Flags = (before >= 0) & (reached > owner * SPAN + start + ZERO)
        return found

    @cached_property
    def _covered(self) -> Whole:
        """Return the time covered by the intervals up to and including each one."""
        from_ = self.owner * SPAN + self.start + ZERO
        reached = np.concatenate(([0], self._ends[:-1]))
        new = np.maximum(0, self._ends - np.maximum(from_, reached))
        total: Whole = np.cumsum(new)
        return total

    def covered(self, owner: Whole, start: Whole, end: Whole) -> Whole:
        """Return how much of [start, end) the owner's intervals cover (0 if end < start)."""
        if len(self.owner) == 0:
            return np.zeros(len(owner), dtype=np.int64)
        found: Whole = np.maximum(0, self._until(owner, end) - self._until(owner, start))
        return found

    def _until(self, owner: Whole, time: Whole) -> Whole:
        moment = owner * SPAN + time + ZERO
        before = np.searchsorted(self._begins, moment) - 1
        begun = np.maximum(before, 0)
        total: Whole = self._covered[begun] - np.maximum(0, self._ends[begun] - moment)
        return np.where(before >= 0, total, 0)
