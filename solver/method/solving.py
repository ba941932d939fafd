"""The front door of the method: a problem in, a plan out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from solver.method.limits import Limits, Over
from solver.plan import Plan
from solver.problem.problem import Problem

if TYPE_CHECKING:
    from solver.method.effort import Effort

DESCRIBING_SHARE = 0.05


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
    effort: Effort | None = None,
    reasons: bool = True,
) -> Plan:
    """Return the best plan found within the time, with its proof.

    `stop` is asked about every 0.05 s; when it says True the best plan so far is returned; before
    there is one, what is pinned and nothing else. With
    the same problem and seed, one worker and enough time for the proof, the plan is the same.
    `on_progress` may be called from another thread. Without `reasons` it is not looked for why
    requests are open. Raises ValueError for a time limit that is no number of seconds from 0 on.
    """
    if not 0 <= time_limit_s < inf:
        told = f"time_limit_s is {time_limit_s!r}: give a number of seconds from 0 on"
        raise ValueError(told)
    # OR-Tools takes longer to load than most programs that use this library want to wait; whoever
    # asks for a plan for the first time waits for that within the limit
    begun = monotonic()
    from solver.method import search as method
    from solver.method.answer import infeasible_plan, plan_of, untouched_plan
    from solver.method.effort import Effort as Usual
    from solver.method.model.instance import compile_problem
    from solver.method.primal.choice import Infeasible

    limits = Limits(begun + time_limit_s, stop or _never, seed, workers)

    def seen(level: int, value: int, bound: int | None) -> None:
        if on_progress is not None:
            name = problem.weights.levels[level].name
            gap = None if bound is None else (value - bound) / max(1, abs(value))
            on_progress(Progress(monotonic() - begun, name, value, bound, gap))

    try:
        instance = compile_problem(problem, limits)
        own = limits.shorter(max(0.0, limits.left() - min(1.0, DESCRIBING_SHARE * time_limit_s)))
        found = method.search(instance, own, seen, effort or Usual())
    except Over:
        return untouched_plan(problem, limits, monotonic() - begun)
    except Infeasible:
        return infeasible_plan(instance, limits, monotonic() - begun)
    return plan_of(instance, found, limits, monotonic() - begun, reasons=reasons)


def _never() -> bool:
    return False


def load() -> None:
    """Load what planning needs, which `solve` does by itself, within its limit."""
    import_module("solver.method.search")
    import_module("solver.method.answer")
