"""The front door of the method: a problem in, a plan out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from time import monotonic

from solver.answer import Found, infeasible_plan, plan_of
from solver.columns import Column, column_of, days_within, free_prices
from solver.instance import Instance, compile_problem
from solver.integer import Infeasible, choose
from solver.limits import Limits
from solver.plan import Plan, StoppedBy
from solver.problem import Problem
from solver.rows import rows_of

MOST_DAYS_OF_BLOCK = 3000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: seconds, and of the level being worked on value, bound and gap."""

    seconds: float
    level: str
    value: int | None
    bound: int | None
    gap: float | None


def solve(
    problem: Problem,
    *,
    time_limit_s: float = 10.0,
    seed: int = 0,
    workers: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Plan:
    """Return the best plan found within the time, with its proof.

    `stop` is asked about every 0.05 s from another thread; when it says True the best plan so
    far is returned. With the same problem and seed, one worker and enough time for the proof, the
    plan is the same. Raises ProblemError for a problem that contradicts itself.
    """
    begun = monotonic()
    limits = Limits(begun + time_limit_s, stop or _never, seed, workers)
    instance = compile_problem(problem)
    try:
        found = _search(instance, limits)
    except Infeasible:
        return infeasible_plan(instance, seed, monotonic() - begun)
    return plan_of(instance, found, seed, monotonic() - begun)


def _never() -> bool:
    return False


def _search(instance: Instance, limits: Limits) -> Found:
    rows = rows_of(instance)
    columns: list[Column] = []
    complete = True
    for number, block in enumerate(instance.blocks):
        days = list(islice(days_within(block, free_prices(block), 0.0), MOST_DAYS_OF_BLOCK + 1))
        complete = complete and len(days) <= MOST_DAYS_OF_BLOCK
        columns += [column_of(number, block, path) for path in days[:MOST_DAYS_OF_BLOCK]]
    choice = choose(rows, columns, limits)
    if choice is None:
        return Found((), tuple(rows.constant), (None,) * instance.levels, StoppedBy.TIME)
    bounds: list[int | None] = [*choice.bounds]
    bounds += [None] * (instance.levels - len(bounds))
    if not complete:
        bounds = [None] * instance.levels
    proven = complete and choice.values == choice.bounds
    return Found(
        choice.columns, choice.values, tuple(bounds), StoppedBy.PROOF if proven else StoppedBy.TIME
    )
