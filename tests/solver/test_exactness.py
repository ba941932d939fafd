"""On small problems, trying everything finds nothing better, and the checker agrees."""

import pytest

from solver import Status, check, solve
from solver.method.effort import Effort
from tests.solver.brute import Brute
from tests.solver.features import IN_PLAN, IN_PROBLEM
from tests.solver.generator import problem
from tests.solver.sampled import sampled

SEEDS = 2000
CHUNK = 50
GENERATED = 500
MEASURED, MORE = 1, 5
BY_COLUMNS = Effort(list_at_most=0)


@pytest.mark.parametrize("first", sampled(range(0, SEEDS, CHUNK), MEASURED, MORE))
def test_the_plan_has_the_best_value_there_is(first):
    compare(range(first, first + CHUNK), Effort())


@pytest.mark.parametrize("first", sampled(range(0, GENERATED, CHUNK), MEASURED, MORE))
def test_days_generated_by_price_give_the_best_value_too(first):
    compare(range(first, first + CHUNK), BY_COLUMNS)


def compare(seeds: range, effort: Effort) -> None:
    for seed in seeds:
        asked = problem(seed)
        plan = solve(asked, time_limit_s=60, effort=effort)
        best = Brute(asked).best()
        if best is None:
            assert plan.status is Status.INFEASIBLE, f"seed {seed}"
        else:
            assert plan.status is Status.OPTIMAL, f"seed {seed}"
            assert tuple(level.value for level in plan.objective) == best, f"seed {seed}"
        assert check(asked, plan) == (), f"seed {seed}"


@pytest.mark.exhaustive
def test_every_feature_of_a_problem_is_switched_on_and_off():
    problems = [problem(seed) for seed in range(SEEDS)]
    for name, has in IN_PROBLEM.items():
        on = sum(map(bool, map(has, problems)))
        assert 60 <= on <= SEEDS - 60, f"{name}: {on} of {SEEDS}"


@pytest.mark.slow
def test_every_kind_of_answer_occurs_and_does_not():
    seeds = 600
    plans = [solve(problem(seed), time_limit_s=60) for seed in range(seeds)]
    for name, shows in IN_PLAN.items():
        on = sum(map(bool, map(shows, plans)))
        assert 3 <= on <= seeds - 3, f"{name}: {on} of {seeds}"
