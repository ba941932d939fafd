"""The days known so far, as columns of a matrix, with the options beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.field.distances import Whole
from solver.method.columns import Column, Path, column_of
from solver.method.day_search import Floats
from solver.method.rows import Rows
from solver.method.tasks import Flags


@dataclass(frozen=True, slots=True)
class Matrix:
    """A sparse matrix as three arrays, each place once, sorted by column."""

    columns: Whole
    rows: Whole
    amounts: Whole


class Pool:
    """Days in the order found, each once; the options come before them in every matrix."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.columns: list[Column] = []
        self.of_block: dict[int, list[int]] = defaultdict(list)
        self._known: dict[tuple[int, Path], int] = {}
        self._requests: dict[int, frozenset[int]] = {}
        self._option_costs = np.array(
            [option.costs for option in rows.options], dtype=np.int64
        ).reshape(-1, rows.instance.levels)
        self.most = np.array([option.most for option in rows.options], dtype=np.int64)
        self._use_rows()

    def _use_rows(self) -> None:
        visits, self._rows, self._amounts = self.rows.joined()
        count = int(self.rows.offsets[-1])
        self._starts = np.searchsorted(visits, np.arange(count + 1))
        entries = [
            (number, row, amount)
            for number, option in enumerate(self.rows.options)
            for row, amount in option.entries
        ]
        self._option_entries = np.array(entries, dtype=np.int64).reshape(-1, 3)
        self._visits = visits

    def refresh(self) -> None:
        """Take up rows that were added meanwhile."""
        self._use_rows()

    def add(self, number: int, path: Path) -> int:
        """Add a day unless it is known; return its number."""
        known = self._known.get((number, path))
        if known is not None:
            return known
        self._known[number, path] = len(self.columns)
        self.of_block[number].append(len(self.columns))
        self.columns.append(column_of(number, self.rows.instance.blocks[number], path))
        return len(self.columns) - 1

    def requests(self, number: int) -> frozenset[int]:
        """Return the requests of a day."""
        if number not in self._requests:
            day = self.columns[number]
            visits = self.rows.instance.blocks[day.block].visits
            requests = visits.tasks.request[visits.numbers[list(day.path)]]
            self._requests[number] = frozenset(requests.tolist())
        return self._requests[number]

    def team_places(self, number: int) -> list[tuple[int, int]]:
        """Return request and variant of each team a day takes part in."""
        day = self.columns[number]
        visits = self.rows.instance.blocks[day.block].visits
        tasks = visits.numbers[list(day.path)]
        request, variant = visits.tasks.request[tasks], visits.tasks.variant[tasks]
        places = zip(request.tolist(), variant.tolist(), strict=True)
        return [place for place in places if place in self.rows.choices]

    def costs(self, chosen: Sequence[int]) -> Whole:
        """Return the costs by level of all options and then of the chosen days."""
        own = [self.columns[k].costs for k in chosen]
        days = np.array(own, dtype=np.int64).reshape(-1, self.rows.instance.levels)
        return np.concatenate([self._option_costs, days])

    def matrix(self, chosen: Sequence[int]) -> Matrix:
        """Return the rows of all options and then of the chosen days."""
        visits, owner = self.visits_of(chosen)
        lengths = self._starts[visits + 1] - self._starts[visits]
        at = _ranges(self._starts[visits], lengths)
        options = self.rows.options
        blocks = np.array([self.columns[k].block for k in chosen], dtype=np.int64)
        columns = np.concatenate(
            [
                self._option_entries[:, 0],
                len(options) + np.arange(len(chosen)),
                len(options) + np.repeat(owner, lengths),
            ]
        )
        rows = np.concatenate([self._option_entries[:, 1], blocks, self._rows[at]])
        ones = np.ones(len(chosen), dtype=np.int64)
        amounts = np.concatenate([self._option_entries[:, 2], ones, self._amounts[at]])
        everything = np.arange(len(options) + len(chosen))
        costs = self.costs(chosen)
        for level, row in self.rows.held.items():
            columns = np.concatenate([columns, everything])
            rows = np.concatenate([rows, np.full(len(everything), row)])
            amounts = np.concatenate([amounts, costs[:, level]])
        return _summed(columns, rows, amounts, len(self.rows.lower))

    def least_by_row(self, values: Floats) -> Floats:
        """Return for each row the least of the values of its visits; inf without any."""
        found = np.full(len(self.rows.lower), np.inf)
        np.minimum.at(found, self._rows, values[self._visits])
        return found

    def visit_prices(self, duals: Floats) -> Floats:
        """Return for each visit, all counted through, what the rows it is in are worth."""
        count = int(self.rows.offsets[-1])
        weights = self._amounts * self._duals(duals)[self._rows]
        return np.bincount(self._visits, weights=weights, minlength=count).astype(np.float64)

    def option_prices(self, duals: Floats) -> Floats:
        """Return for each option what the rows it is in are worth."""
        option, row, amount = self._option_entries.T
        weights = amount * self._duals(duals)[row]
        count = len(self.rows.options)
        return np.bincount(option, weights=weights, minlength=count).astype(np.float64)

    def _duals(self, duals: Floats) -> Floats:
        """Return the duals with 0 for rows added since they were found."""
        return np.concatenate([duals, np.zeros(len(self.rows.lower) - len(duals))])

    def activity(self, visits: Whole, options: Floats) -> Floats:
        """Return what visits and amounts of options add up to, for rows of neither days nor levels.

        The visits are counted through.
        """
        lengths = self._starts[visits + 1] - self._starts[visits]
        at = _ranges(self._starts[visits], lengths)
        count = len(self.rows.lower)
        amounts = self._amounts[at].astype(np.float64)
        total = np.bincount(self._rows[at], weights=amounts, minlength=count).astype(np.float64)
        option, row, amount = self._option_entries.T
        total += np.bincount(row, weights=amount * options[option], minlength=count)
        return total

    def add_held(self, total: Floats, days: Sequence[tuple[int, Path]], options: Floats) -> None:
        """Add what days and options are worth in the levels held to the totals by row."""
        blocks = self.rows.instance.blocks
        costs = np.array([column_of(b, blocks[b], path).costs for b, path in days])
        for level, row in self.rows.held.items():
            own = float(costs[:, level].sum()) if len(costs) else 0.0
            total[row] = own + float(options @ self._option_costs[:, level])

    def shut(self, upper: Floats, flexible: Flags) -> Whole:
        """Return the visits, counted through, that some row has no room for.

        `flexible` are the rows in which options make room.
        """
        over = ~flexible[self._rows] & (self._amounts > upper[self._rows])
        return np.unique(self._visits[over])

    def visits_of(self, chosen: Sequence[int]) -> tuple[Whole, Whole]:
        """Return the visits of the chosen days, counted through, and whose they are."""
        offsets = self.rows.offsets
        visits = [offsets[self.columns[k].block] + v for k in chosen for v in self.columns[k].path]
        lengths = [len(self.columns[k].path) for k in chosen]
        owner = np.repeat(np.arange(len(chosen)), lengths)
        return np.array(visits, dtype=np.int64), owner


def _ranges(starts: Whole, lengths: Whole) -> Whole:
    """Return start, start + 1, ... for each start, one after the other."""
    ends = np.cumsum(lengths)
    shift: Whole = np.repeat(starts - (ends - lengths), lengths)
    found: Whole = np.arange(int(lengths.sum())) + shift
    return found


def _summed(columns: Whole, rows: Whole, amounts: Whole, count: int) -> Matrix:
    """Return the entries with those at the same place added up."""
    key = columns * count + rows
    order = np.argsort(key, kind="stable")
    key, amounts = key[order], amounts[order]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else order
    total = np.add.reduceat(amounts, first) if len(key) else amounts
    return Matrix(key[first] // count, key[first] % count, total)
