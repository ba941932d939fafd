"""What the public sets have in common: a case, and how one is solved and reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from bench.solver.ours import visits_of
from solver import Problem, check, solve

Solved = Mapping[str, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Case:
    """An instance of a public set, with its best known value and what differs from it in ours.

    `number` is how many paths there are, where the file does not say.
    """

    set: str
    name: str
    path: str
    number: int
    best: float
    differs: str


def solved(
    problem: Problem, budget_s: float, judge: Callable[[Solved], tuple[float, str]], level: int = 0
) -> dict[str, Any]:
    """Solve a problem and return value, bound, seconds and remark.

    `judge` works the value out from the plan alone, and says what is wrong or missing; then the
    value cannot be compared and is None. `level` is the level
    of the objective whose bound is told.
    """
    begun = monotonic()
    plan = solve(problem, time_limit_s=budget_s)
    seconds = monotonic() - begun
    value, wrong = judge(visits_of(plan))
    found = check(problem, plan)
    wrong = f"breaks a rule: {found[0]}" if found else wrong
    bound = plan.objective[level].bound if len(plan.objective) > level else None
    return {
        "value": None if wrong else value,
        "bound": bound,
        "seconds": seconds,
        "remark": wrong or str(plan.status).lower(),
    }
