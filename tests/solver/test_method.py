"""The parts of the method: eligibility, bounds, branching, stopping, progress."""

import subprocess
import sys
from random import Random
from threading import Event
from time import monotonic

import numpy as np
import pytest

from bench.solver.generator import generated
from bench.solver.instances import problem_of
from solver import Plan, Problem, Progress, Status, StoppedBy, check, solve
from solver.evaluation.terms import continuity, fee, wishes
from solver.method.effort import Effort
from solver.method.limits import Limits
from solver.method.master.lagrange import Lagrange
from solver.method.master.linear import Program, solve_linear
from solver.method.master.pool import Matrix, Pool
from solver.method.model.columns import keeps_day_rules
from solver.method.model.eligibility import eligible
from solver.method.model.instance import compile_problem
from solver.method.model.stages import Stage, stages_of
from solver.method.model.tying import rows_of
from solver.method.pricing.pricing import Pricing
from solver.problem.weights import Term
from solver.rules.person import Job, Person
from solver.rules.person_rules import PERSON_RULES, TIME_RULES, fits
from tests.solver import examples, scarce
from tests.solver.generator import problem

BY_COLUMNS = Effort(list_at_most=0)


@pytest.mark.parametrize("seed", range(60))
def test_whole_arrays_allow_and_price_what_the_rules_for_one_job_do(seed):
    asked = problem(seed)
    instance = compile_problem(asked)
    rules = (*PERSON_RULES, *TIME_RULES)
    for person in instance.people:
        found = eligible(person, instance.tasks, asked.units_per_hour)
        jobs = [instance.job(task) for task in range(len(instance.tasks.request))]
        assert found.numbers.tolist() == [k for k, j in enumerate(jobs) if fits(person, j, rules)]
        for index, task in enumerate(found.numbers.tolist()):
            assert amounts(person, jobs[task], asked) == {
                term: int(values[index]) for term, values in found.amounts.items()
            }


def amounts(person: Person, job: Job, asked: Problem) -> dict[Term, int]:
    return {
        Term.WISHES: wishes(person, job),
        Term.CONTINUITY: continuity(person, job),
        Term.TIER: person.interpreter.tier,
        Term.FEE: fee(person, job, asked.units_per_hour),
    }


@pytest.mark.parametrize("seed", range(40))
def test_no_prices_give_a_bound_above_the_best_plan(seed):
    asked = problem(seed)
    best = solve(asked)
    instance = compile_problem(asked)
    if best.status is Status.INFEASIBLE or not instance.blocks:
        return
    pool = Pool(rows_of(instance))
    stage = stages_of(pool.rows)[0]
    lagrange = Lagrange(pool, Pricing(instance.blocks), stage.weights(instance.levels))
    value = sum(
        factor * best.objective[stage.first + index].value
        for index, factor in enumerate(stage.factors)
    )
    chance = np.random.default_rng(seed)
    for _ in range(20):
        duals = chance.normal(0, 10.0 ** chance.integers(0, 5), len(pool.rows.lower))
        assert lagrange.at(duals, pool.rows.box()).value <= value + 1e-6 * max(1, abs(value))
    assert lagrange.at(lagrange.keen(), pool.rows.box()).value <= value + 1e-6 * max(1, abs(value))


def test_a_bound_says_no_less_than_that_no_term_is_negative():
    stage = Stage(first=0, factors=(1000, 1), ranges=(5, 999))
    assert stage.bounds((3, 7), bound=2500.0) == [2, 0]
    assert stage.bounds((3, 7), bound=-5000.0) == [0, 0]
    assert stage.bounds((3, 7), bound=3007.0) == [3, 7]


def test_a_basis_grows_from_nothing():
    nothing, limits = np.zeros(0), Limits(monotonic() + 10, lambda: False)
    matrix = Matrix(*(np.zeros(0, dtype=np.int64),) * 3)
    empty = Program(nothing, nothing, nothing, matrix, nothing, nothing)
    known = solve_linear(empty, limits)
    assert known
    assert known.basis
    one = np.ones(1)
    entry = Matrix(*np.array([[0], [0], [1]]))
    grown = Program(-one, 0 * one, 9 * one, entry, -np.inf * one, 5 * one)
    found = solve_linear(grown, limits, basis=known.basis.grown(0, 1, 1))
    assert found
    assert found.value == pytest.approx(-5.0)


def test_of_more_orders_than_can_be_looked_at_one_is_found_all_the_same():
    many = [examples.request(f"r{n}", 480, latest=990, duration=20, step=5) for n in range(40)]
    asked = examples.problem(interpreters=[examples.interpreter("ana")], requests=many)
    instance = compile_problem(asked)
    pool = Pool(rows_of(instance))
    weights = stages_of(pool.rows)[0].weights(instance.levels)
    lagrange = Lagrange(pool, Pricing(instance.blocks), weights)
    best = lagrange.at(lagrange.keen(), pool.rows.box()).best
    assert best.bound[0] <= best.found[0] < 0
    assert keeps_day_rules(instance.blocks[0], best.path(0))


@pytest.mark.parametrize(("share", "committed", "rows"), [(120, 0, 0), (119, 0, 1), (150, 40, 1)])
def test_only_a_share_that_can_be_exceeded_is_a_row(share, committed, rows):
    person = examples.interpreter("ana", fair_share=share, committed_load=committed)
    asked = examples.problem(interpreters=[person])
    assert len(rows_of(compile_problem(asked)).excess) == rows


def test_levels_that_may_be_large_are_kept_in_stages_of_their_own():
    asked = problem(3)
    rows = rows_of(compile_problem(asked))
    stages = stages_of(rows)
    assert [stage.first for stage in stages] == sorted(stage.first for stage in stages)
    assert sum(len(stage.factors) for stage in stages) == len(asked.weights.levels)
    for stage in stages:
        for index, factor in enumerate(stage.factors[:-1]):
            below = zip(stage.factors[index + 1 :], stage.ranges[index + 1 :], strict=True)
            assert factor > sum(f * r for f, r in below)


@pytest.mark.parametrize("seed", range(12))
def test_sums_of_days_and_options_are_multiples_of_the_step_of_their_stage(seed):
    rows = rows_of(compile_problem(problem(seed)))
    pool, random = Pool(rows), Random(seed)
    for number, block in enumerate(rows.instance.blocks):
        pool.add(number, (random.randrange(len(block.visits)),))
    costs = pool.costs(range(len(pool.columns)))
    for stage in stages_of(rows):
        total = costs @ stage.weights(rows.instance.levels)
        assert (total % stage.step == 0).all()


def test_in_half_units_of_money_the_step_is_that_half():
    rows = rows_of(compile_problem(problem_of(generated("25"))))
    assert [stage.step for stage in stages_of(rows)] == [50]


def test_a_search_told_to_stop_returns_the_best_so_far():
    asked, told = scarce.problem(1), Event()
    seen: list[Progress] = []

    def note(progress: Progress) -> None:
        seen.append(progress)
        told.set()

    plan = solve(asked, time_limit_s=120, on_progress=note, stop=told.is_set, effort=BY_COLUMNS)
    assert check(asked, plan) == ()
    assert seen
    assert plan.stopped_by in {StoppedBy.ASKED, StoppedBy.PROOF}


def test_a_search_told_to_stop_at_its_first_plan_returns_that_one():
    asked, told = problem_of(generated("200")), Event()
    seen = []

    def first(progress: Progress) -> None:
        seen.append(progress.value)
        told.set()

    plan = solve(asked, time_limit_s=60, on_progress=first, stop=told.is_set)
    assert check(asked, plan) == ()
    assert plan.objective[0].value == seen[0]
    assert plan.filled > 0
    assert plan.stopped_by is StoppedBy.ASKED


def test_a_search_stopped_before_it_began_says_so_and_proves_nothing():
    plan = solve(scarce.problem(2), stop=lambda: True, effort=BY_COLUMNS)
    assert check(scarce.problem(2), plan) == ()
    assert plan.status is Status.FEASIBLE
    assert plan.stopped_by is StoppedBy.ASKED


def test_stopping_a_large_problem_at_once_does_not_wait_for_reasons_nobody_asked_for():
    asked = scarce.problem(1)
    first = asked.requests[0]
    many = tuple(first.model_copy(update={"id": f"again-{k}"}) for k in range(5_000))
    plan = solve(asked.model_copy(update={"requests": many}), stop=lambda: True)
    assert plan.stopped_by is StoppedBy.ASKED
    assert len(plan.unassigned) == 5_000
    assert "ended before anybody could be looked for" in plan.unassigned[-1].sentence


def test_without_time_there_is_still_a_sound_plan():
    asked = scarce.problem(3)
    plan = solve(asked, time_limit_s=0.0, effort=BY_COLUMNS)
    assert check(asked, plan) == ()
    assert plan.status is Status.FEASIBLE
    assert plan.stopped_by is StoppedBy.TIME


def test_one_seed_gives_one_plan():
    plans = [solve(scarce.problem(4), seed=7, effort=BY_COLUMNS) for _ in range(2)]
    first, second = (Plan.model_copy(plan, update={"seconds": 0.0}) for plan in plans)
    assert first == second


def test_progress_never_gets_worse():
    seen: list[Progress] = []
    solve(scarce.problem(5), on_progress=seen.append, effort=BY_COLUMNS)
    by_level: dict[str, list[int]] = {}
    for progress in seen:
        by_level.setdefault(progress.level, []).append(progress.value or 0)
    assert by_level
    for values in by_level.values():
        assert values == sorted(values, reverse=True)


def test_a_day_whose_plans_can_all_be_listed_loads_no_machine_code():
    planned = (
        "import sys; from bench.solver.generator import generated;"
        "from bench.solver.instances import problem_of; from solver import solve;"
        "plan = solve(problem_of(generated('50')), time_limit_s=60);"
        "print(plan.status.name, 'numba' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", planned], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["OPTIMAL", "False"]
