"""Some people free to be sent anew, beside the days that everybody else keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from solver.field.distances import Whole
from solver.method.batches import NEVER
from solver.method.day_search import Floats
from solver.method.lagrange import Lagrange
from solver.method.limits import Limits
from solver.method.linear import Program, solve_integer, solve_linear
from solver.method.pool import Matrix
from solver.method.rows import Box
from solver.method.tasks import Flags

TINY = 1e-6
MOST_OF_ONE = 60


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The linear answer: its value, amounts of all options and of the `chosen` days, duals."""

    value: float
    options: Floats
    days: Floats
    duals: Floats
    chosen: tuple[int, ...]


class Neighbourhood:
    """What the days `kept` leave to everybody else, and the options not `settled` yet.

    `options` are the amounts of the settled ones.
    """

    def __init__(
        self,
        lagrange: Lagrange,
        kept: Sequence[int],
        settled: Flags,
        options: Floats,
        box: Box,
    ) -> None:
        self.lagrange, self.pool, self.kept = lagrange, lagrange.pool, tuple(kept)
        self.settled, self.options, self.box = settled, options, box
        pool = self.pool
        taken = pool.matrix(self.kept)
        count = len(pool.most)
        weight = np.concatenate([np.where(settled, options, 0.0), np.ones(len(self.kept))])
        used = np.bincount(
            taken.rows, weights=weight[taken.columns] * taken.amounts, minlength=len(box.lower)
        )
        self.lower, self.upper = box.lower - used, box.upper - used
        self.bounded = np.isfinite(self.lower) | np.isfinite(self.upper)
        mine = taken.columns < count
        loose = mine & ~settled[np.minimum(taken.columns, count - 1)] if count else mine
        self.flexible = np.zeros(len(box.lower), dtype=np.bool_)
        self.flexible[taken.rows[loose]] = True
        busy = np.zeros(len(lagrange.pricing.blocks), dtype=np.bool_)
        busy[[pool.columns[k].block for k in self.kept]] = True
        self.free = np.flatnonzero(~busy)

    def limited_to(self, free: Iterable[int]) -> Neighbourhood:
        """Let only these people be sent anew; everybody else without a day stays without one."""
        self.free = np.array(sorted(free), dtype=np.int64)
        return self

    def fits(self, days: Iterable[int]) -> list[int]:
        """Return the days that the rows have room for."""
        chosen = list(days)
        matrix = self.pool.matrix(chosen)
        count = len(self.pool.most)
        own = matrix.columns >= count
        column, row, amount = matrix.columns[own] - count, matrix.rows[own], matrix.amounts[own]
        over = ~self.flexible[row] & (amount > self.upper[row])
        bad = np.zeros(len(chosen), dtype=np.bool_)
        bad[column[over]] = True
        return [number for number, wrong in zip(chosen, bad.tolist(), strict=True) if not wrong]

    def relaxed(self, days: Iterable[int], rounds: int, limits: Limits) -> Relaxed | None:
        """Solve the relaxation of these days and those that make it better, found so many times."""
        known = dict.fromkeys(days)
        found: Relaxed | None = None
        shut = self.pool.shut(self.upper, self.flexible)
        for turn in range(rounds + 1):
            answer = self._solved(tuple(known), limits)
            if answer is None:
                return found
            found = answer
            if turn == rounds:
                break
            new = self._better(found, shut)
            if not new or limits.over():
                break
            known.update(dict.fromkeys(new))
        return found

    def whole(
        self, relaxed: Relaxed, most: float, limits: Limits, start: set[int] | None = None
    ) -> tuple[list[int], Floats] | None:
        """Return the days and options of the best whole answer below `most`, None without any.

        Days whose reduced cost exceeds what is left to gain are not looked at.
        """
        reduced = self._reduced(relaxed)
        near = reduced <= most - relaxed.value
        days = [
            k
            for k, close in zip(relaxed.chosen, near.tolist(), strict=True)
            if close or (start is not None and k in start)
        ]
        program, options, _ = self._program(days)
        hint = None
        if start is not None:
            chosen = np.array([k in start for k in days], dtype=np.float64)
            hint = np.concatenate([self.options[options], chosen])
        found = solve_integer(program, limits, hint)
        if found is None:
            return None
        amounts = np.where(self.settled, self.options, 0.0)
        amounts[options] = found[1][: len(options)]
        picked = [days[int(k)] for k in np.flatnonzero(found[1][len(options) :] > 0.5)]
        return picked, amounts

    def _solved(self, days: tuple[int, ...], limits: Limits) -> Relaxed | None:
        program, options, rows = self._program(days, dear=True)
        answer = solve_linear(program, limits)
        if answer is None:
            return None
        amounts = np.where(self.settled, self.options, 0.0)
        amounts[options] = answer.amounts[: len(options)]
        own = answer.amounts[len(options) : len(options) + len(days)]
        duals = np.zeros(len(self.lower))
        duals[rows] = answer.duals
        return Relaxed(answer.value, amounts, own, duals, days)

    def _better(self, relaxed: Relaxed, shut: Whole) -> list[int]:
        """Return the cheapest day of each free person where it is cheaper than those known."""
        weights = self.lagrange.weights_at(relaxed.duals)
        prices = self.pool.visit_prices(relaxed.duals)
        prices[shut] = -NEVER
        best = self.lagrange.pricing.best(weights, prices, chosen=self.free)
        gain = best.found[self.free] - relaxed.duals[self.free]
        return [
            self.pool.add(number, best.path(number)) for number in self.free[gain < -TINY].tolist()
        ]

    def _reduced(self, relaxed: Relaxed) -> Floats:
        weights = self.lagrange.weights_at(relaxed.duals)
        count = len(self.pool.most)
        costs = self.pool.costs(relaxed.chosen)[count:] @ weights
        prices = self.pool.visit_prices(relaxed.duals)
        visits, owner = self.pool.visits_of(relaxed.chosen)
        worth = np.bincount(owner, weights=prices[visits], minlength=len(relaxed.chosen))
        blocks = [self.pool.columns[k].block for k in relaxed.chosen]
        found: Floats = costs - worth - relaxed.duals[blocks]
        return found

    def _program(self, days: Sequence[int], *, dear: bool = False) -> tuple[Program, Whole, Whole]:
        """Return the program of these days, the options in it and its rows.

        With `dear`, what a row lacks can be had, but costs too much.
        """
        matrix = self.pool.matrix(days)
        count = len(self.pool.most)
        of_day = matrix.columns >= count
        rows = self.bounded & ((self.lower > 0) | (self.upper < 0))
        rows[matrix.rows[of_day]] = True
        rows &= self.bounded
        loose = ~of_day
        loose[loose] = ~self.settled[matrix.columns[loose]]
        options = np.unique(matrix.columns[loose & rows[matrix.rows]])
        inside = np.concatenate([np.zeros(count, np.bool_), np.ones(len(days), np.bool_)])
        inside[options] = True
        rows[matrix.rows[inside[matrix.columns]]] = True
        rows &= self.bounded
        kept = inside[matrix.columns] & rows[matrix.rows]
        place = np.cumsum(inside) - 1
        line = np.cumsum(rows) - 1
        chosen = np.flatnonzero(rows)
        costs = (self.pool.costs(days) @ self.lagrange.weights)[inside]
        days_most = np.full(len(days), np.inf if dear else 1.0)
        program = Program(
            costs=costs.astype(np.float64),
            least=np.concatenate([self.box.least[options], np.zeros(len(days))]),
            most=np.concatenate([self.box.most[options], days_most]),
            matrix=Matrix(
                place[matrix.columns[kept]], line[matrix.rows[kept]], matrix.amounts[kept]
            ),
            lower=self.lower[chosen],
            upper=self.upper[chosen],
        )
        return (self._mended(program) if dear else program), options, chosen

    def _mended(self, program: Program) -> Program:
        equal = program.lower == program.upper
        lacking = np.flatnonzero((program.lower > 0) | equal)
        exceeding = np.flatnonzero((program.upper < 0) | equal)
        added = len(lacking) + len(exceeding)
        columns = len(program.costs) + np.arange(added)
        much = 1.0 + 10 * np.abs(program.costs).max(initial=0.0)
        signs = np.repeat([1, -1], [len(lacking), len(exceeding)])
        return Program(
            np.concatenate([program.costs, np.full(added, much)]),
            np.concatenate([program.least, np.zeros(added)]),
            np.concatenate([program.most, np.full(added, np.inf)]),
            Matrix(
                np.concatenate([program.matrix.columns, columns]),
                np.concatenate([program.matrix.rows, lacking, exceeding]),
                np.concatenate([program.matrix.amounts, signs]),
            ),
            program.lower,
            program.upper,
        )
