"""The rows that tie the days of all interpreters together, and the options beside the days."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solver.method.model.block import Costs
from solver.method.model.instance import Instance
from solver.rules.distances import Whole

UNLIMITED = 2**40
Entries = list[tuple[int, int]]
Floats = NDArray[np.float64]


def _empty() -> Floats:
    return np.zeros(0)


@dataclass(frozen=True, slots=True)
class Option:
    """A variable beside the days, from 0 to `most`, with its cost by level and its rows."""

    costs: Costs
    entries: Entries
    most: int = 1


@dataclass(frozen=True, slots=True)
class Box:
    """The bounds of the options, and of those rows that are narrower than in general.

    `lower` and `upper` are the bounds of all rows, infinite where unlimited.
    """

    least: Floats
    most: Floats
    narrowed: dict[int, tuple[float, float]]
    lower: Floats = field(default_factory=_empty)
    upper: Floats = field(default_factory=_empty)

    def over(self, rows: Rows) -> Box:
        """Return this box for the rows there are now."""
        lower = np.array(rows.lower, dtype=np.float64)
        upper = np.array(rows.upper, dtype=np.float64)
        lower[lower <= -UNLIMITED] = -np.inf
        upper[upper >= UNLIMITED] = np.inf
        for row, (low, high) in self.narrowed.items():
            lower[row], upper[row] = low, high
        return Box(self.least, self.most, self.narrowed, lower, upper)

    def empty(self) -> bool:
        """Say whether nothing lies within."""
        return bool((self.lower > self.upper).any() or (self.least > self.most).any())

    def has_nothing(self) -> bool:
        """Say whether choosing nothing at all lies within."""
        return bool((self.lower <= 0).all() and (self.upper >= 0).all() and not self.least.any())

    def with_option(self, option: int, low: float, high: float) -> Box:
        """Return the box with other bounds of one option."""
        least, most = self.least.copy(), self.most.copy()
        least[option], most[option] = low, high
        return Box(least, most, self.narrowed, self.lower, self.upper)

    def with_row(self, row: int, low: float, high: float) -> Box:
        """Return the box with other bounds of one row."""
        lower, upper = self.lower.copy(), self.upper.copy()
        lower[row], upper[row] = low, high
        return Box(self.least, self.most, {**self.narrowed, row: (low, high)}, lower, upper)


@dataclass(slots=True)
class Rows:
    """All rows `lower <= sum <= upper`; row b < number of blocks says: one day for block b.

    `offsets[b]` is the number of block b's first visit when all visits are counted through.
    `entries` are (visits, rows, amounts): what a visit adds to which row. `choices` gives for a
    team's (request, variant) the options that choose it, `held` the rows that keep a level.
    `excess` gives for an option that takes what exceeds a row's upper end that row.
    `counted` are rows that say a whole number: the weight covered, then each request of one person.
    """

    instance: Instance
    offsets: Whole
    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    constant: tuple[int, ...] = ()
    entries: list[tuple[Whole, Whole, Whole]] = field(default_factory=list)
    choices: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)
    counted: list[int] = field(default_factory=list)
    excess: dict[int, int] = field(default_factory=dict)
    pairs: dict[tuple[int, int], int] = field(default_factory=dict)

    def add(self, lower: int, upper: int) -> int:
        """Add a row and return its number."""
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.lower) - 1

    def add_entries(self, visits: Whole, rows: Whole | int, amounts: Whole | int) -> None:
        """Let visits add amounts to rows."""
        shape = visits.shape
        rows, amounts = np.broadcast_to(rows, shape), np.broadcast_to(amounts, shape)
        self.entries.append((visits, rows, amounts))

    def pair(self, block: int, request: int) -> int:
        """Return the row that counts whether somebody is sent to a request on a day."""
        if (block, request) not in self.pairs:
            row = self.pairs[block, request] = self.add(-UNLIMITED, 1)
            own = np.flatnonzero(self.instance.blocks[block].visits.request == request)
            self.add_entries(self.offsets[block] + own, row, 1)
        return self.pairs[block, request]

    def hold(self, level: int, value: int) -> None:
        """Let no plan be worse in a level than this value."""
        self.held[level] = self.add(-UNLIMITED, value - self.constant[level])

    def joined(self) -> tuple[Whole, Whole, Whole]:
        """Return all entries, sorted by visit."""
        if not self.entries:
            return (np.zeros(0, dtype=np.int64),) * 3
        parts = [np.concatenate(part) for part in zip(*self.entries, strict=True)]
        order = np.argsort(parts[0], kind="stable")
        return parts[0][order], parts[1][order], parts[2][order]

    def box(self) -> Box:
        """Return the bounds of all rows and options."""
        most = np.array([option.most for option in self.options], dtype=np.float64)
        return Box(np.zeros(len(most)), most, {}).over(self)
