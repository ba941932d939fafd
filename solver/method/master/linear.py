"""Linear programs and integer ones, solved by OR-Tools through MathOpt."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Thread

import numpy as np
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    parameters_pb2,
    result_pb2,
    solution_pb2,
)
from ortools.math_opt.core.python import solver as core

from solver.method.limits import POLL_SECONDS, Limits
from solver.method.master.pool import Matrix
from solver.method.pricing.day_search import Floats
from solver.rules.distances import Whole

LARGE_ROWS, LARGE_WITH_BASIS, HUGE_ROWS = 600, 3_000, 10_000
CLOSE, ROUGH = 1e-4, 3e-4
GRACE_SECONDS = 0.2
NO_HINTS = model_parameters_pb2.ModelSolveParametersProto()


@dataclass(frozen=True, slots=True)
class Program:
    """Minimise `costs` over least <= x <= most with lower <= matrix x <= upper."""

    costs: Floats
    least: Floats
    most: Floats
    matrix: Matrix
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True)
class Basis:
    """Where the simplex method ended: the status of each variable and each row, as MathOpt says."""

    variables: Whole
    rows: Whole

    def grown(self, at: int, variables: int, rows: int) -> Basis:
        """Return the basis for so many variables, new ones from `at` on, and rows, new ones last.

        The new variables are 0, the new rows are not tight yet.
        """
        zero, loose = solution_pb2.BASIS_STATUS_AT_LOWER_BOUND, solution_pb2.BASIS_STATUS_BASIC
        new = np.full(variables - len(self.variables), zero)
        return Basis(
            np.concatenate([self.variables[:at], new, self.variables[at:]]),
            np.concatenate([self.rows, np.full(rows - len(self.rows), loose)]),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """Value, amounts of the variables, duals of the rows (a >= row has a dual >= 0), the basis."""

    value: float
    amounts: Floats
    duals: Floats
    basis: Basis | None = None


def solve_linear(
    program: Program, limits: Limits, *, grows: bool = False, basis: Basis | None = None
) -> Answer | None:
    """Return an optimal answer; None when it is infeasible or the limits end it first.

    GLOP begins at a `basis` where one is given, which saves most of the way when a program has only
    grown.

    Small programs go to GLOP, large ones to PDLP, many times faster there, whose answers are close
    ones (Applegate et al. 2021, practical large-scale linear programming using primal-dual hybrid
    gradient). One that `grows` goes on from its basis and may be larger. Where GLOP finds its own
    answer imprecise, HiGHS is asked as well.
    """
    if len(program.lower) >= (LARGE_WITH_BASIS if grows else LARGE_ROWS):
        huge = len(program.lower) >= HUGE_ROWS
        return _solve_closely(program, limits, ROUGH if grows and huge else CLOSE)
    model = _model(program, False)
    parameters = parameters_pb2.SolveParametersProto()
    result = _from_basis(model, basis, limits)
    if not _optimal(result) and not limits.over():
        result = _run(model, parameters_pb2.SOLVER_TYPE_HIGHS, parameters, NO_HINTS, limits)
    return _answer(program, result)


def _from_basis(
    model: model_pb2.ModelProto, basis: Basis | None, limits: Limits
) -> result_pb2.SolveResultProto | None:
    """Solve by GLOP from a basis, which its presolve would not respect."""
    parameters = parameters_pb2.SolveParametersProto()
    hints = model_parameters_pb2.ModelSolveParametersProto()
    if basis is not None:
        parameters.presolve = parameters_pb2.EMPHASIS_OFF
        start = hints.initial_basis
        start.variable_status.ids.extend(range(len(basis.variables)))
        start.variable_status.values.extend(basis.variables.tolist())
        start.constraint_status.ids.extend(range(len(basis.rows)))
        start.constraint_status.values.extend(basis.rows.tolist())
    return _run(model, parameters_pb2.SOLVER_TYPE_GLOP, parameters, hints, limits)


def _solve_closely(program: Program, limits: Limits, close: float) -> Answer | None:
    """Return what PDLP finds; costs of about 1 make its tolerances mean something.

    Below a certain size its threads wait for each other more than they work.
    """
    unit = max(1.0, float(np.median(np.abs(program.costs))))
    threads = limits.workers if len(program.lower) >= HUGE_ROWS else 1
    parameters = parameters_pb2.SolveParametersProto(threads=threads)
    criteria = parameters.pdlp.termination_criteria.simple_optimality_criteria
    criteria.eps_optimal_relative = criteria.eps_optimal_absolute = close
    model = _model(replace(program, costs=program.costs / unit), False)
    result = _run(model, parameters_pb2.SOLVER_TYPE_PDLP, parameters, NO_HINTS, limits)
    found = _answer(program, result)
    return found and Answer(found.value * unit, found.amounts, found.duals * unit)


def _answer(program: Program, result: result_pb2.SolveResultProto | None) -> Answer | None:
    if result is None or not _optimal(result):
        return None
    duals = np.zeros(len(program.lower))
    found = result.solutions[0].dual_solution.dual_values
    duals[list(found.ids)] = list(found.values)
    return Answer(*_primal(program, result), duals, _basis(result))


def _basis(result: result_pb2.SolveResultProto) -> Basis | None:
    found = result.solutions[0]
    if not found.HasField("basis"):
        return None
    variables, rows = found.basis.variable_status, found.basis.constraint_status
    return Basis(np.array(variables.values, np.int64), np.array(rows.values, np.int64))


def solve_integer(
    program: Program, limits: Limits, start: Floats | None = None
) -> tuple[Floats, int] | None:
    """Return the best whole amounts that SCIP finds in time, if any, and its simplex steps."""
    parameters = parameters_pb2.SolveParametersProto(relative_gap_tolerance=0.0, threads=1)
    hints = model_parameters_pb2.ModelSolveParametersProto()
    if start is not None:
        hint = hints.solution_hints.add()
        hint.variable_values.ids.extend(range(len(start)))
        hint.variable_values.values.extend(start.tolist())
    kind = parameters_pb2.SOLVER_TYPE_GSCIP
    result = _run(_model(program, True), kind, parameters, hints, limits)
    if result is None or not result.solutions:
        return None
    return np.round(_primal(program, result)[1]), result.solve_stats.simplex_iterations


def solve_integer_exactly(
    program: Program, limits: Limits, most: float, step: int = 1, nodes: int | None = None
) -> tuple[bool, Floats | None]:
    """Say whether SCIP has proven the best value, or that none is below `most`, with the amounts.

    The costs are whole numbers; values below `most` are so by a multiple of `step`. With `nodes`
    it looks at so many parts of the choices at most.
    """
    if len(program.costs) == 0:
        return True, None
    # the days left fit so closely that rounds of cuts cost ten times what a few parts more do
    parameters = parameters_pb2.SolveParametersProto(
        relative_gap_tolerance=0.0,
        absolute_gap_tolerance=step - 0.5,
        threads=1,
        cutoff_limit=most - step + 1,
        node_limit=nodes,
        presolve=parameters_pb2.EMPHASIS_OFF,
        cuts=parameters_pb2.EMPHASIS_OFF,
        heuristics=parameters_pb2.EMPHASIS_OFF,
    )
    kind = parameters_pb2.SOLVER_TYPE_GSCIP
    result = _run(_model(program, True), kind, parameters, NO_HINTS, limits)
    if result is None:
        return False, None
    settled = result.termination.reason in (
        result_pb2.TERMINATION_REASON_OPTIMAL,
        result_pb2.TERMINATION_REASON_INFEASIBLE,
    )
    settled |= result.termination.limit == result_pb2.LIMIT_CUTOFF
    return settled, np.round(_primal(program, result)[1]) if result.solutions else None


def _optimal(result: result_pb2.SolveResultProto | None) -> bool:
    return result is not None and (
        result.termination.reason == result_pb2.TERMINATION_REASON_OPTIMAL
    )


def _run(
    model: model_pb2.ModelProto,
    kind: int,
    parameters: parameters_pb2.SolveParametersProto,
    hints: model_parameters_pb2.ModelSolveParametersProto,
    limits: Limits,
) -> result_pb2.SolveResultProto | None:
    """Solve in a thread that is left alone when told to stop: not every solver can be interrupted.

    Its own time limit ends it soon after.
    """
    found: list[result_pb2.SolveResultProto] = []
    parameters.time_limit.FromTimedelta(limits.time_left())
    nothing = callback_pb2.CallbackRegistrationProto()
    initial = parameters_pb2.SolverInitializerProto()

    def work() -> None:
        with suppress(Exception):  # raised where a limit ends a solver at a bad moment
            found.append(
                core.solve(model, kind, initial, parameters, hints, None, nothing, None, None)
            )

    thread = Thread(target=work)
    thread.start()
    while thread.is_alive() and not limits.over_by(GRACE_SECONDS):
        thread.join(POLL_SECONDS)
    return found[0] if found else None


def _model(program: Program, whole: bool) -> model_pb2.ModelProto:
    """Return the program as MathOpt reads it; whole arrays, since adding one by one is slow."""
    model = model_pb2.ModelProto()
    count, size = len(program.costs), len(program.lower)
    model.variables.ids.extend(range(count))
    model.variables.lower_bounds.extend(program.least.tolist())
    model.variables.upper_bounds.extend(program.most.tolist())
    model.variables.integers.extend([whole] * count)
    used = np.flatnonzero(program.costs)
    model.objective.linear_coefficients.ids.extend(used.tolist())
    model.objective.linear_coefficients.values.extend(program.costs[used].tolist())
    model.linear_constraints.ids.extend(range(size))
    model.linear_constraints.lower_bounds.extend(program.lower.tolist())
    model.linear_constraints.upper_bounds.extend(program.upper.tolist())
    matrix = program.matrix
    order = np.lexsort((matrix.columns, matrix.rows))
    entries = model.linear_constraint_matrix
    entries.row_ids.extend(matrix.rows[order].tolist())
    entries.column_ids.extend(matrix.columns[order].tolist())
    entries.coefficients.extend(matrix.amounts[order].astype(np.float64).tolist())
    return model


def _primal(program: Program, result: result_pb2.SolveResultProto) -> tuple[float, Floats]:
    primal = result.solutions[0].primal_solution
    amounts = np.zeros(len(program.costs))
    amounts[list(primal.variable_values.ids)] = list(primal.variable_values.values)
    return float(primal.objective_value), amounts
