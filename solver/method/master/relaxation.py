"""The linear relaxation over all days, solved by column generation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from solver.method.limits import Limits
from solver.method.master.cuts import add_team_cuts
from solver.method.master.lagrange import Bound, Lagrange, climb
from solver.method.master.linear import Answer, Basis, Program, solve_linear
from solver.method.master.pool import Matrix, Pool
from solver.method.model.block import Block
from solver.method.model.columns import Path, keeps_day_rules
from solver.method.model.rows import Box
from solver.method.pricing.day_search import Floats

CLOSE, ROUGH, LARGE = 1e-7, 1e-4, 400
BETWEEN = (0.5, 0.9)
EXCEEDING, MUCH_EXCEEDING = 1e-4, 1e-2
TINY = 1e-6
ROUNDS = 200
FIRST_DAYS = 25


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Where column generation ended: a valid bound with its duals, and the last linear answer.

    `options` and `days` are its amounts of the options and of the days `chosen`. `solved` says
    whether its value has reached the bound.
    """

    bound: Bound
    options: Floats
    days: Floats
    chosen: tuple[int, ...]
    solved: bool


class Relaxation:
    """Column generation: the days known grow until no other would help.

    Dantzig and Wolfe 1960; Desrosiers, Dumas, Solomon and Soumis 1995.
    """

    def __init__(
        self, pool: Pool, lagrange: Lagrange, limits: Limits, known: Iterable[int] = ()
    ) -> None:
        self.pool, self.lagrange, self.limits = pool, lagrange, limits
        self.known: dict[int, None] = dict.fromkeys(known)
        self.scale = max(1.0, abs(lagrange.constant))
        self.close = (CLOSE if len(lagrange.must) < LARGE else ROUGH) * self.scale
        self.dear = self._dear()

    def start(self, rounds: int, exact_rounds: int) -> Bound:
        """Climb to good duals and fill the pool with the days met on the way.

        Where there is far more to do than people can, nothing is better than no prices at all;
        where days cost, a moment at which very much goes on may say most.
        """
        scale = self.scale
        keen = self.lagrange.keen()
        best, seen = climb(self.lagrange, keen, rounds, 0.03 * scale, self.limits, exact=False)
        start, reach = best.duals, 0.005 * scale
        best, closer = climb(self.lagrange, start, exact_rounds, reach, self.limits, exact=True)
        if self.limits.over():  # nothing is made of days, and prices of a whole region take seconds
            return best
        self.add_days(seen[len(seen) // 3 :] + closer)
        crowded = self.lagrange.crowded()
        others = [np.zeros(len(keen)), *([] if crowded is None else [crowded])]
        box = self.pool.rows.box()
        free = [self.lagrange.at(duals, box, exact=False) for duals in others]
        best = max([best, *free], key=lambda each: each.value)
        self._keep_cheapest(best)
        return best

    def _keep_cheapest(self, bound: Bound) -> None:
        """Know only a few days of each person, the cheapest at the bound's duals."""
        days = list(self.known)
        weights = self.lagrange.weights_at(bound.duals)
        reduced = self.pool.reduced(days, weights, self.pool.visit_prices(bound.duals))
        kept: Counter[int] = Counter()
        for position in np.argsort(reduced, kind="stable").tolist():
            block = self.pool.columns[days[position]].block
            kept[block] += 1
            if kept[block] > FIRST_DAYS:
                del self.known[days[position]]

    def add(self, number: int, path: Path) -> None:
        """Let the relaxation know a day."""
        self.known[self.pool.add(number, path)] = None

    def add_days(self, bounds: Iterable[Bound]) -> None:
        """Let the relaxation know the cheapest days of these bounds."""
        for bound in bounds:
            found = bound.best.found
            worth = (found < 0) | (self.lagrange.must & np.isfinite(found))
            for number in np.flatnonzero(worth).tolist():
                self.add(number, bound.best.path(number))

    def solve(
        self, box: Box, known: float = np.inf, *, cut: bool = False, rounds: int = ROUNDS
    ) -> Relaxed | None:
        """Solve the relaxation within a box; stop early above `known`.

        With `cut`, teams are tightened as often as that helps. Return None when time runs out
        before the first answer, or when the known days are not feasible for these bounds.
        """
        best: Bound | None = None
        relaxed: Relaxed | None = None
        answer: Answer | None = None
        for _ in range(rounds):
            box = box.over(self.pool.rows)
            chosen = tuple(self.known)
            program = self._program(chosen, box)
            basis = _grown(answer, relaxed, program)
            answer = solve_linear(program, self.limits, grows=True, basis=basis)
            if answer is None:
                return relaxed
            bound = self.lagrange.at(answer.duals, box, better=True)
            between = self._between(best, bound, box)
            if best is None or bound.value > best.value or len(best.duals) < len(bound.duals):
                best = bound
            best = max([best, *between], key=lambda each: each.value)
            value = answer.value + self.lagrange.constant
            solved = value - best.value <= self.close
            options = len(self.pool.most)
            days = answer.amounts[options : options + len(chosen)]
            relaxed = Relaxed(best, answer.amounts[:options], days, chosen, solved)
            if self.limits.over() or best.value >= known:
                return relaxed
            if not solved:
                before = len(self.known)
                self.add_days(between)
                if self._add_better(bound, answer) or len(self.known) > before:
                    continue
            if not cut or not self._tighten(relaxed):
                return relaxed
        return relaxed

    def _between(self, best: Bound | None, bound: Bound, box: Box) -> list[Bound]:
        """Return bounds at prices between the best ones and new ones, where programs are large.

        They keep the prices from swinging, so that fewer programs have to be solved (Wentges 1997,
        weighted Dantzig-Wolfe decomposition).
        """
        if best is None or len(self.lagrange.must) < LARGE:
            return []
        centre = np.concatenate([best.duals, np.zeros(len(bound.duals) - len(best.duals))])
        return [
            self.lagrange.at(share * centre + (1 - share) * bound.duals, box) for share in BETWEEN
        ]

    def most_possible(self) -> float:
        """Return what no plan that keeps all commitments can exceed."""
        lagrange, box = self.lagrange, self.pool.rows.box()
        options = np.maximum(0.0, lagrange.option_costs @ lagrange.weights) @ box.most
        days = sum(_dearest(block) @ lagrange.weights for block in lagrange.pricing.blocks)
        return lagrange.constant + float(options) + float(days)

    def _dear(self) -> float:
        """Return more than any two plans can differ by."""
        lagrange, most = self.lagrange, self.pool.most
        options = np.minimum(0.0, lagrange.option_costs @ lagrange.weights) @ most
        days = np.minimum(0, lagrange.weights @ lagrange.pricing.costs).sum()
        return 1.0 + self.most_possible() - (lagrange.constant + float(options) + float(days))

    def counts(self, relaxed: Relaxed) -> Floats:
        """Return what the answer adds up to in each row."""
        matrix = self.pool.matrix(relaxed.chosen)
        amounts = np.concatenate([relaxed.options, relaxed.days])[matrix.columns] * matrix.amounts
        count = len(self.pool.rows.lower)
        return np.bincount(matrix.rows, weights=amounts, minlength=count).astype(np.float64)

    def _add_better(self, bound: Bound, answer: Answer) -> int:
        """Add the cheapest day of each person where it is cheaper than the present ones."""
        before = len(self.known)
        own = answer.duals[: len(bound.best.found)]
        better = bound.best.found - own < -TINY
        for number in np.flatnonzero(better).tolist():
            self.add(number, bound.best.path(number))
            for path in bound.best.more.get(number, ()):
                if keeps_day_rules(self.pool.rows.instance.blocks[number], path):
                    self.add(number, path)
        return len(self.known) - before

    def _tighten(self, relaxed: Relaxed) -> int:
        slack = EXCEEDING if len(self.lagrange.must) < LARGE else MUCH_EXCEEDING
        return add_team_cuts(self.pool, relaxed.chosen, relaxed.options, relaxed.days, slack)

    def _program(self, chosen: tuple[int, ...], box: Box) -> Program:
        """Return the program of the known days; what a row lacks can be had, but costs too much."""
        matrix = self.pool.matrix(chosen)
        costs = self.pool.costs(chosen) @ self.lagrange.weights
        days = np.zeros(len(chosen))
        least = np.concatenate([box.least, days])
        most = np.concatenate([box.most, days + np.inf])
        if box.has_nothing():
            return Program(costs, least, most, matrix, box.lower, box.upper)
        equal = (box.lower == 0) & (box.upper == 0)
        held = np.isin(np.arange(len(equal)), list(self.pool.rows.held.values()))
        lacking, exceeding = np.flatnonzero((box.lower > 0) | equal), np.flatnonzero(equal | held)
        mended = np.concatenate([lacking, exceeding])
        signs = np.repeat([1, -1], [len(lacking), len(exceeding)])
        count = len(box.least) + len(chosen)
        dear = np.full(len(mended), self.dear)
        return Program(
            costs=np.concatenate([costs, dear]),
            least=np.concatenate([least, 0 * dear]),
            most=np.concatenate([most, dear + np.inf]),
            matrix=Matrix(
                np.concatenate([matrix.columns, count + np.arange(len(mended))]),
                np.concatenate([matrix.rows, mended]),
                np.concatenate([matrix.amounts, signs]),
            ),
            lower=box.lower,
            upper=box.upper,
        )


def _grown(answer: Answer | None, relaxed: Relaxed | None, program: Program) -> Basis | None:
    """Return where the last answer ended, for a program that has got new days and rows since."""
    if answer is None or answer.basis is None or relaxed is None:
        return None
    known = len(relaxed.options) + len(relaxed.chosen)
    return answer.basis.grown(known, len(program.costs), len(program.lower))


def _dearest(block: Block) -> Floats:
    """Return what a day of a block cannot exceed in any level."""
    longest = max(int(block.first.max()), int(block.last.max()), int(block.between.max()), 0)
    ways = (len(block.visits) + 1) * longest
    visits = np.maximum(0, block.visits.costs).sum(axis=1)
    legs = np.array(block.leg_costs, dtype=np.float64) * ways
    found: Floats = legs + visits + np.array(block.day_costs)
    return found
