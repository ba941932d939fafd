"""The choice among given days, exactly: a set packing solved by CP-SAT, level after level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from solver.columns import Column
from solver.limits import Limits
from solver.rows import Rows


@dataclass(frozen=True, slots=True)
class Choice:
    """Days chosen, the value of each level, and a lower bound of each among the given days."""

    columns: tuple[Column, ...]
    values: tuple[int, ...]
    bounds: tuple[int, ...]

    @property
    def proven(self) -> bool:
        """Say whether nothing better can be made of the given days."""
        return self.values == self.bounds


class Infeasible(Exception):
    """No choice among the given days satisfies the commitments."""


def choose(
    rows: Rows, columns: Sequence[Column], limits: Limits, known: Choice | None = None
) -> Choice | None:
    """Return the best choice among the columns, level by level; None if the limits end it first.

    `known` is a choice among the same columns to start from. Raises Infeasible.
    """
    model = _Model(rows, columns)
    model.hint_days(known)
    bounds: list[int] = []
    for level in range(rows.instance.levels):
        bound = model.minimise(level, limits)
        if bound is None:
            break
        bounds.append(bound)
    return known if model.best is None else model.choice(model.best, bounds)


class _Model:
    """A CP-SAT model over days and options, minimised one level after the other."""

    def __init__(self, rows: Rows, columns: Sequence[Column]) -> None:
        self.rows, self.columns = rows, columns
        self.model = cp_model.CpModel()
        self.variables = [self.model.new_bool_var("") for _ in columns]
        self.variables += [self.model.new_int_var(0, option.most, "") for option in rows.options]
        self.costs = [column.costs for column in columns] + [item.costs for item in rows.options]
        self.best: list[int] | None = None
        self._add_rows()

    def _add_rows(self) -> None:
        entries = [self.rows.entries(column) for column in self.columns]
        entries += [option.entries for option in self.rows.options]
        members: list[tuple[list[cp_model.IntVar], list[int]]] = [([], []) for _ in self.rows.lower]
        for variable, pairs in zip(self.variables, entries, strict=True):
            for row, amount in pairs:
                members[row][0].append(variable)
                members[row][1].append(amount)
        for (variables, amounts), lower, upper in zip(
            members, self.rows.lower, self.rows.upper, strict=True
        ):
            if variables:
                total = cp_model.LinearExpr.weighted_sum(variables, amounts)
                self.model.add_linear_constraint(total, lower, upper)
            elif not lower <= 0 <= upper:
                raise Infeasible

    def hint_days(self, known: Choice | None) -> None:
        """Start from a known choice."""
        if known is not None:
            chosen = {(column.block, column.path) for column in known.columns}
            for variable, column in zip(self.variables, self.columns, strict=False):
                self.model.add_hint(variable, (column.block, column.path) in chosen)

    def minimise(self, level: int, limits: Limits) -> int | None:
        """Minimise one level and keep its value; return the bound, None if nothing was found."""
        pairs = [
            (variable, costs[level])
            for variable, costs in zip(self.variables, self.costs, strict=True)
            if costs[level]
        ]
        constant = self.rows.constant[level]
        if not pairs and self.best is not None:
            return constant
        goal = (
            cp_model.LinearExpr.weighted_sum(*map(list, zip(*pairs, strict=True))) if pairs else 0
        )
        self.model.minimize(goal)
        solver = _solver(limits)
        with limits.watching(solver.stop_search):
            status = solver.solve(self.model)
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
        """Return what was found; levels not reached have no bound better than nothing."""
        chosen = tuple(column for column, value in zip(self.columns, best, strict=False) if value)
        values = tuple(
            constant
            + sum(costs[level] * value for costs, value in zip(self.costs, best, strict=True))
            for level, constant in enumerate(self.rows.constant)
        )
        return Choice(chosen, values, tuple(bounds))


def _solver(limits: Limits) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limits.left()
    solver.parameters.random_seed = limits.seed
    solver.parameters.num_workers = limits.workers
    return solver
