"""What the method calls proven, a model of quite another kind confirms."""

import pytest

from bench.solver.generator import generated
from bench.solver.instances import problem_of
from solver import Problem, Status, check, solve
from tests.solver.generator import Maker
from tests.solver.pairs import EXPRESSED, Pairs
from tests.solver.sampled import sampled

SEEDS = 40
CHUNK = 5


def middling(seed: int) -> Problem:
    """Return a problem of 12 interpreters and 15 requests that both models can express."""
    return Problem.model_validate(Maker(seed, EXPRESSED, ("one_site",)).problem(12, 15))


@pytest.mark.parametrize("first", sampled(range(0, SEEDS, CHUNK), 0, 3))
def test_an_independent_model_finds_no_plan_below_the_bounds(first):
    for seed in range(first, first + CHUNK):
        asked = middling(seed)
        plan = solve(asked, time_limit_s=60)
        assert check(asked, plan) == (), f"seed {seed}"
        assert plan.status is Status.OPTIMAL, f"seed {seed}"
        values = tuple(level.value for level in plan.objective)
        model = Pairs(asked)
        assert model.reaches(values), f"seed {seed}"
        for number, level in enumerate(plan.objective):
            if level.bound is not None:
                assert not model.goes_below(values, number, level.bound), f"seed {seed}"


@pytest.mark.exhaustive  # measuring coverage doubles its time
def test_whatever_the_seed_what_is_proven_is_the_same():
    asked = problem_of(generated("120-scarce"))
    plans = [solve(asked, time_limit_s=120, seed=seed) for seed in range(3)]
    assert {plan.status for plan in plans} == {Status.OPTIMAL}
    assert len({plan.objective[0].value for plan in plans}) == 1
