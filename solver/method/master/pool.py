"""The days known so far, as columns of a matrix, with the options beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from solver.method.master.stock import Stock
from solver.method.model.columns import Column, Path, column_of
from solver.method.model.ranges import ranges
from solver.method.model.rows import Rows
from solver.method.model.tasks import Flags
from solver.method.pricing.day_search import Floats
from solver.rules.distances import Whole


@dataclass(frozen=True, slots=True)
class Matrix:
    """A sparse matrix as three arrays, each place once, sorted by column."""

    columns: Whole
    rows: Whole
    amounts: Whole


class Pool:
    """Days in the order found, each once; the options come before them in every matrix.

    Several threads may add days.
    """

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.columns: list[Column] = []
        self._stock = Stock(rows.instance.levels)
        self.of_block: dict[int, list[int]] = defaultdict(list)
        self._known: dict[tuple[int, Path], int] = {}
        self._adding = Lock()
        self._requests: dict[int, frozenset[int]] = {}
        self._team_places: dict[int, list[tuple[int, int]]] = {}
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
        column = column_of(number, self.rows.instance.blocks[number], path)
        visits = [int(self.rows.offsets[number]) + visit for visit in path]
        with self._adding:
            added = self._known.setdefault((number, path), len(self.columns))
            if added == len(self.columns):
                self._stock.add(number, column.costs, visits)
                self.columns.append(column)
                self.of_block[number].append(added)
        return added

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
        if number not in self._team_places:
            day = self.columns[number]
            visits = self.rows.instance.blocks[day.block].visits
            tasks = visits.numbers[list(day.path)]
            request, variant = visits.tasks.request[tasks], visits.tasks.variant[tasks]
            places = zip(request.tolist(), variant.tolist(), strict=True)
            self._team_places[number] = [p for p in places if p in self.rows.choices]
        return self._team_places[number]

    def costs(self, chosen: Sequence[int]) -> Whole:
        """Return the costs by level of all options and then of the chosen days."""
        return np.concatenate([self._option_costs, self._day_costs(chosen)])

    def _day_costs(self, chosen: Sequence[int]) -> Whole:
        return self._stock.costs(np.array(chosen, dtype=np.int64))

    def blocks(self, chosen: Sequence[int]) -> Whole:
        """Return whose these days are, by block."""
        return self._stock.blocks(np.array(chosen, dtype=np.int64))

    def value(self, chosen: Sequence[int], options: Floats, weights: Floats) -> float:
        """Return what days and amounts of options cost when a unit of each level costs that."""
        days = self._day_costs(chosen).sum(axis=0) @ weights
        return float(days + options @ (self._option_costs @ weights))

    def reduced(self, chosen: Sequence[int], weights: Floats, prices: Floats) -> Floats:
        """Return what days cost above what their visits are worth at these prices."""
        visits, owner = self.visits_of(chosen)
        worth = np.bincount(owner, weights=prices[visits], minlength=len(chosen))
        return np.asarray(self._day_costs(chosen) @ weights - worth, dtype=np.float64)

    def taken(self, chosen: Sequence[int], options: Floats) -> Floats:
        """Return what days and amounts of options add up to in each row."""
        total = self.activity(self.visits_of(chosen)[0], options)
        np.add.at(total, self.blocks(chosen), 1.0)
        self.add_held(total, self._day_costs(chosen), options)
        return total

    def matrix(self, chosen: Sequence[int]) -> Matrix:
        """Return the rows of all options and then of the chosen days."""
        visits, owner = self.visits_of(chosen)
        lengths = self._starts[visits + 1] - self._starts[visits]
        at = ranges(self._starts[visits], lengths)
        options = self.rows.options
        blocks = self.blocks(chosen)
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

    def visit_prices(self, duals: Floats, blocks: Whole | None = None) -> Floats:
        """Return for each visit, all counted through, what the rows it is in are worth.

        With `blocks`, only for theirs; 0 for all others.
        """
        duals, count = self._duals(duals), int(self.rows.offsets[-1])
        at = slice(None) if blocks is None else self._entries_of(blocks)
        weights = self._amounts[at] * duals[self._rows[at]]
        return np.bincount(self._visits[at], weights=weights, minlength=count).astype(np.float64)

    def _entries_of(self, blocks: Whole) -> Whole:
        """Return where the entries of the visits of these blocks are."""
        starts = self._starts[self.rows.offsets[blocks]]
        return ranges(starts, self._starts[self.rows.offsets[blocks + 1]] - starts)

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
        at = ranges(self._starts[visits], lengths)
        count = len(self.rows.lower)
        amounts = self._amounts[at].astype(np.float64)
        total = np.bincount(self._rows[at], weights=amounts, minlength=count).astype(np.float64)
        option, row, amount = self._option_entries.T
        total += np.bincount(row, weights=amount * options[option], minlength=count)
        return total

    def add_held(self, total: Floats, costs: Whole, options: Floats) -> None:
        """Add what days, with these costs by level, and options are worth in the levels held."""
        for level, row in self.rows.held.items():
            total[row] = float(costs[:, level].sum() + options @ self._option_costs[:, level])

    def shut(self, upper: Floats, flexible: Flags, blocks: Whole) -> Whole:
        """Return the visits of these blocks, counted through, that some row has no room for.

        `flexible` are the rows in which options make room.
        """
        at = self._entries_of(blocks)
        rows = self._rows[at]
        return self._visits[at[~flexible[rows] & (self._amounts[at] > upper[rows])]]

    def flexible(self, loose: Flags) -> Flags:
        """Return the rows in which these options make room."""
        found = np.zeros(len(self.rows.lower), dtype=np.bool_)
        found[self._option_entries[loose[self._option_entries[:, 0]], 1]] = True
        found[list(self.rows.held.values())] = bool(loose.any())
        return found

    def of_rows(self) -> tuple[Whole, Whole]:
        """Return all rows in which visits are, each with the block of its first visit."""
        rows, first = np.unique(self._rows, return_index=True)
        blocks = np.searchsorted(self.rows.offsets, self._visits[first], side="right") - 1
        return rows, blocks

    def visits_of(self, chosen: Sequence[int]) -> tuple[Whole, Whole]:
        """Return the visits of the chosen days, counted through, and whose they are."""
        return self._stock.visits(np.array(chosen, dtype=np.int64))


def _summed(columns: Whole, rows: Whole, amounts: Whole, count: int) -> Matrix:
    """Return the entries with those at the same place added up."""
    key = columns * count + rows
    order = np.argsort(key, kind="stable")
    key, amounts = key[order], amounts[order]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else order
    total = np.add.reduceat(amounts, first) if len(key) else amounts
    return Matrix(key[first] // count, key[first] % count, total)
