"""On small problems, trying everything finds nothing better, and the checker agrees."""

import pytest

from solver import Status, check, solve
from tests.solver.brute import Brute
from tests.solver.generator import problem

SEEDS = range(400)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_has_the_best_value_there_is(seed):
    asked = problem(seed)
    plan = solve(asked, time_limit_s=60)
    best = Brute(asked).best()
    if best is None:
        assert plan.status is Status.INFEASIBLE
    else:
        assert plan.status is Status.OPTIMAL
        assert tuple(level.value for level in plan.objective) == best
    assert check(asked, plan) == ()
