"""The days known, in arrays that grow: whose they are, what they cost, which visits they make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from solver.method.model.block import Costs
from solver.method.model.ranges import ranges
from solver.rules.distances import Whole

FIRST_SIZE = 1024
Kind = TypeVar("Kind", bound=np.generic)


class Stock:
    """Days by number, in the order they were added; visits are counted through."""

    def __init__(self, levels: int) -> None:
        self._count = 0
        self._blocks = np.zeros(FIRST_SIZE, dtype=np.int64)
        self._costs = np.zeros((FIRST_SIZE, levels), dtype=np.int64)
        self._ends = np.zeros(FIRST_SIZE + 1, dtype=np.int64)
        self._visits = np.zeros(FIRST_SIZE, dtype=np.int64)

    def add(self, block: int, costs: Costs, visits: Sequence[int]) -> None:
        """Add a day of a block."""
        end = int(self._ends[self._count])
        self._visits = _with_room(self._visits, end + len(visits))
        self._visits[end : end + len(visits)] = visits
        self._blocks = _with_room(self._blocks, self._count + 1)
        self._costs = _with_room(self._costs, self._count + 1)
        self._ends = _with_room(self._ends, self._count + 2)
        self._blocks[self._count], self._costs[self._count] = block, costs
        self._ends[self._count + 1] = end + len(visits)
        self._count += 1

    def blocks(self, chosen: Whole) -> Whole:
        """Return whose these days are."""
        return self._blocks[chosen]

    def costs(self, chosen: Whole) -> Whole:
        """Return what these days cost, a row of levels for each."""
        return self._costs[chosen]

    def visits(self, chosen: Whole) -> tuple[Whole, Whole]:
        """Return the visits of these days, and for each the position of its day."""
        starts = self._ends[chosen]
        lengths = self._ends[chosen + 1] - starts
        owner = np.repeat(np.arange(len(chosen)), lengths)
        return self._visits[ranges(starts, lengths)], owner


def _with_room(array: NDArray[Kind], size: int) -> NDArray[Kind]:
    """Return the array, twice as long (or more) where it is too short."""
    while len(array) < size:
        array = np.concatenate([array, np.zeros_like(array)])
    return array
