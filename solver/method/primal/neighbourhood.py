"""Some people free to be sent anew, beside the days that everybody else keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from solver.method.limits import Limits
from solver.method.master.lagrange import Lagrange
from solver.method.master.linear import Program, solve_integer, solve_linear
from solver.method.master.pool import Matrix
from solver.method.model.rows import Box
from solver.method.model.tasks import Flags
from solver.method.pricing.day_search import Floats
from solver.method.pricing.leg_tables import NEVER
from solver.rules.distances import Whole

TINY = 1e-6
SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Fractional:
    """A linear answer: its value, amounts of all options and of the `chosen` days, duals."""

    value: float
    options: Floats
    days: Floats
    duals: Floats
    chosen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A whole answer: the days chosen, amounts of all options, and how many steps it took."""

    days: list[int]
    options: Floats
    steps: int


class Neighbourhood:
    """What is left to the people `free` (their blocks) where everybody else keeps their days.

    `used` is what is taken in each row already: by the days kept and by the `settled` ones among
    the `options`, whose amounts stay.
    """

    def __init__(
        self,
        lagrange: Lagrange,
        box: Box,
        *,
        used: Floats,
        settled: Flags,
        options: Floats,
        free: Whole,
    ) -> None:
        self.lagrange, self.pool, self.box = lagrange, lagrange.pool, box
        self.settled, self.options, self.free = settled, options, free
        self.lower, self.upper = box.lower - used, box.upper - used
        self.bounded = np.isfinite(self.lower) | np.isfinite(self.upper)
        self.flexible = self.pool.flexible(~settled)

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

    def relaxed(self, days: Iterable[int], rounds: int, limits: Limits) -> Fractional | None:
        """Solve the relaxation of these days and those that make it better, found so many times."""
        known = dict.fromkeys(days)
        found: Fractional | None = None
        shut = self.pool.shut(self.upper, self.flexible, self.free)
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

    def near(self, relaxed: Fractional, most: float) -> list[int]:
        """Return the days that can be part of an answer below `most`, by their reduced costs."""
        close = self._reduced(relaxed) <= most - relaxed.value
        return [k for k, near in zip(relaxed.chosen, close.tolist(), strict=True) if near]

    def whole(
        self, days: Sequence[int], limits: Limits, start: Collection[int] | None = None
    ) -> Choice | None:
        """Return the best whole answer found in these days, if any.

        `start` are the days of an answer known.
        """
        program, options, _ = self._program(days)
        hint = None
        if start is not None:
            chosen = np.array([k in start for k in days], dtype=np.float64)
            hint = np.concatenate([self.options[options], chosen])
        found = solve_integer(program, limits.shorter(SECONDS), hint)
        if found is None:
            return None
        amounts = np.where(self.settled, self.options, 0.0)
        amounts[options] = found[0][: len(options)]
        picked = [days[int(k)] for k in np.flatnonzero(found[0][len(options) :] > 0.5)]
        return Choice(picked, amounts, found[1])

    def _solved(self, days: tuple[int, ...], limits: Limits) -> Fractional | None:
        program, options, rows = self._program(days, dear=True)
        answer = solve_linear(program, limits)
        if answer is None:
            return None
        amounts = np.where(self.settled, self.options, 0.0)
        amounts[options] = answer.amounts[: len(options)]
        own = answer.amounts[len(options) : len(options) + len(days)]
        duals = np.zeros(len(self.lower))
        duals[rows] = answer.duals
        return Fractional(answer.value, amounts, own, duals, days)

    def _better(self, relaxed: Fractional, shut: Whole) -> list[int]:
        """Return the cheapest day of each free person where it is cheaper than those known."""
        weights = self.lagrange.weights_at(relaxed.duals)
        prices = self.pool.visit_prices(relaxed.duals, self.free)
        prices[shut] = -NEVER
        best = self.lagrange.pricing.best(weights, prices, chosen=self.free)
        gain = best.found[self.free] - relaxed.duals[self.free]
        return [
            self.pool.add(number, best.path(number)) for number in self.free[gain < -TINY].tolist()
        ]

    def _reduced(self, relaxed: Fractional) -> Floats:
        weights = self.lagrange.weights_at(relaxed.duals)
        prices = self.pool.visit_prices(relaxed.duals, self.free)
        blocks = self.pool.blocks(relaxed.chosen)
        found: Floats = self.pool.reduced(relaxed.chosen, weights, prices) - relaxed.duals[blocks]
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
