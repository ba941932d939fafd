"""Where each person who comes has a price and starts are fixed, few people come, proven so."""

import pytest

from solver import Status, check, solve
from tests.solver.shifts import shifts


@pytest.mark.parametrize("seed", range(3))
def test_as_few_people_come_as_are_busy_at_one_moment_and_that_is_proven(seed: int) -> None:
    asked = shifts(seed, 10, 4)
    plan = solve(asked, time_limit_s=60)
    assert check(asked, plan) == ()
    assert plan.filled == len(asked.requests)
    assert len(plan.routes) == 10
    assert plan.status is Status.OPTIMAL
