"""The choice among given days, exactly: a set packing solved by CP-SAT, level after level."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from ortools.sat.python import cp_model

from solver.method.limits import Limits
from solver.method.master.pool import Pool
from solver.method.primal.choice import Choice, Infeasible
from solver.rules.distances import Whole

Seen = Callable[[int, int, int], None]


def choose(pool: Pool, given: Sequence[int], limits: Limits, seen: Seen) -> Choice | None:
    """Return the best choice among the given days, level by level; None if time runs out first.

    `seen` is called with level, value and bound as they get better. Raises Infeasible.
    """
    model = _Model(pool, given, seen)
    bounds: list[int] = []
    for level in range(pool.rows.instance.levels):
        bound = model.minimise(level, limits)
        if bound is None:
            break
        bounds.append(bound)
    return None if model.best is None else model.choice(model.best, bounds)


class _Model:
    """A CP-SAT model over options and days, minimised one level after the other."""

    def __init__(self, pool: Pool, given: Sequence[int], seen: Seen) -> None:
        self.pool, self.given, self.seen = pool, given, seen
        self.model = cp_model.CpModel()
        self.variables = [self.model.new_int_var(0, int(most), "") for most in pool.most]
        self.variables += [self.model.new_bool_var("") for _ in given]
        self.costs: Whole = pool.costs(given)
        self.best: list[int] | None = None
        self._add_rows()

    def _add_rows(self) -> None:
        rows, matrix = self.pool.rows, self.pool.matrix(self.given)
        order = np.argsort(matrix.rows, kind="stable")
        ends = np.searchsorted(matrix.rows[order], np.arange(len(rows.lower) + 1))
        for row, (lower, upper) in enumerate(zip(rows.lower, rows.upper, strict=True)):
            own = order[ends[row] : ends[row + 1]]
            if len(own):
                variables = [self.variables[k] for k in matrix.columns[own]]
                total = cp_model.LinearExpr.weighted_sum(variables, matrix.amounts[own].tolist())
                self.model.add_linear_constraint(total, lower, upper)
            elif not lower <= 0 <= upper:
                raise Infeasible

    def minimise(self, level: int, limits: Limits) -> int | None:
        """Minimise one level and keep its value; return the bound, None if nothing was found."""
        costs = self.costs[:, level]
        used = np.flatnonzero(costs)
        constant = self.pool.rows.constant[level]
        if len(used) == 0 and self.best is not None:
            return constant
        terms = [self.variables[k] for k in used]
        goal = cp_model.LinearExpr.weighted_sum(terms, costs[used].tolist()) if terms else 0
        self.model.minimize(goal)
        solver = _solver(limits)
        with limits.watching(solver.stop_search):
            status = solver.solve(self.model, _Watcher(level, constant, self.seen))
        if status == cp_model.INFEASIBLE:
            raise Infeasible
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        self._keep(solver, goal)
        return constant + round(solver.best_objective_bound)

    def _keep(self, solver: cp_model.CpSolver, goal: cp_model.LinearExprT) -> None:
        """Remember the values found, hold the goal at its value, and start the next level there."""
        self.best = [solver.value(variable) for variable in self.variables]
        self.model.add(goal <= solver.value(goal))
        self.model.proto.clear_solution_hint()
        for variable, value in zip(self.variables, self.best, strict=True):
            self.model.add_hint(variable, value)

    def choice(self, best: list[int], bounds: list[int]) -> Choice:
        """Return what was found; levels not reached have no bound."""
        own = np.array(best, dtype=np.int64) @ self.costs
        values = tuple(
            constant + int(value)
            for constant, value in zip(self.pool.rows.constant, own, strict=True)
        )
        options = len(self.pool.most)
        days = tuple(k for k, value in zip(self.given, best[options:], strict=True) if value)
        return Choice(days, values, tuple(bounds))


class _Watcher(cp_model.CpSolverSolutionCallback):
    """Tells value and bound of the level being worked on."""

    def __init__(self, level: int, constant: int, seen: Seen) -> None:
        super().__init__()
        self.level, self.constant, self.seen = level, constant, seen

    def on_solution_callback(self) -> None:
        """Tell what was found."""
        value = self.constant + round(self.objective_value)
        self.seen(self.level, value, self.constant + round(self.best_objective_bound))


def _solver(limits: Limits) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limits.left()
    solver.parameters.random_seed = limits.seed
    solver.parameters.num_workers = limits.workers
    solver.parameters.catch_sigint_signal = False
    solver.parameters.linearization_level = 2
    return solver
