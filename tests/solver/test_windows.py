"""Wide windows and long days: nothing is done twice, and wider or more never covers less."""

from copy import deepcopy
from itertools import pairwise
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import Plan, Problem, Status, check, solve
from solver.method.limits import Limits
from solver.method.master.lagrange import Lagrange
from solver.method.master.pool import Pool
from solver.method.model.instance import compile_problem
from solver.method.model.stages import all_weights
from solver.method.model.tying import rows_of
from solver.method.pricing.pricing import Pricing
from solver.method.primal import kernel
from solver.method.primal.annealing import Annealing
from solver.method.primal.incumbent import Chooser
from solver.method.primal.placing import drop, take_back
from solver.method.primal.rounds import anneal, new_round, recreate, ruin
from solver.method.primal.routes import BROKEN
from solver.rules.distances import NO_WAY
from tests.solver import examples
from tests.solver.generator import problem
from tests.solver.shifts import shifts
from tests.solver.wide import question, short_jobs, wide

seeds = st.integers(0, 10_000)
few = settings(max_examples=8, deadline=None)


def annealing(asked: Problem, seed: int = 0) -> Annealing:
    instance = compile_problem(asked)
    pool, pricing = Pool(rows_of(instance)), Pricing(instance.blocks)
    chooser = Chooser(Lagrange(pool, pricing, all_weights(pool.rows)))
    return Annealing(chooser, pricing, Limits(monotonic() + 60, lambda: False, seed))


def planned(asked: Problem) -> Plan:
    plan = solve(asked, time_limit_s=60)
    assert check(asked, plan) == ()
    return plan


def uncovered(plan: Plan) -> int:
    assert plan.objective[0].proven
    return plan.objective[0].value


def test_many_short_jobs_of_one_person_are_all_filled_at_once():
    asked = short_jobs(37)
    found = annealing(asked)
    found.insert()
    assert found.best() is not None
    assert sum(found.work.best_length) == 37


def two_halves_of_a_day() -> Problem:
    """Return a person who is at a school in time for the afternoon only from the job before."""
    halves = [{"start": 480, "end": 720}, {"start": 840, "end": 1020}]
    ana = examples.interpreter("ana", days=[{**examples.DAY, "available": halves}])
    morning = examples.request("morning", 600, latest=660, step=30, place="school")
    return examples.problem(
        interpreters=[ana], requests=[morning, examples.request("noon", 840, place="school")]
    )


def test_a_job_that_is_only_reached_from_the_one_before_does_not_stay_without_it():
    found = annealing(two_halves_of_a_day())
    found.insert()
    assert sum(found.work.length) == 2
    new_round(found.work)
    drop(found.slots, found.work, 0)
    assert found.work.counts[BROKEN] == 1
    take_back(found.slots, found.work)
    assert found.work.counts[BROKEN] == 0
    found.improve(200, monotonic() + 30)
    block, pool = found.blocks[0], found.pool
    for number in found.days:
        path = pool.columns[number].path
        assert block.first[path[0]] != NO_WAY
        assert all(block.between[a, b] != NO_WAY for a, b in pairwise(path))


@few
@given(seed=seeds)
def test_wider_windows_never_cover_less(seed):
    covered = [uncovered(planned(wide(seed, 2, 5, widen))) for widen in (0, 60, 120)]
    assert covered == sorted(covered, reverse=True)


@few
@given(seed=seeds)
def test_more_people_never_cover_less(seed):
    more = question(seed, 3, 5, 60)
    fewer = deepcopy(more) | {"interpreters": more["interpreters"][:2]}
    assert uncovered(planned(Problem.model_validate(more))) <= uncovered(
        planned(Problem.model_validate(fewer))
    )


@few
@given(seed=seeds)
def test_fewer_wishes_never_cover_less(seed):
    plain = question(seed, 2, 5, 60)
    asking = deepcopy(plain)
    for request in asking["requests"][::2]:
        request["conditions"] = [{"kind": "preferred", "interpreters": ["i0"]}]
    assert uncovered(planned(Problem.model_validate(plain))) <= uncovered(
        planned(Problem.model_validate(asking))
    )


@few
@given(seed=seeds)
def test_no_plan_covers_less_than_plain_insertion_does_not_even_the_first(seed):
    asked = wide(seed, 3, 12)
    found = annealing(asked)
    found.insert()
    inserted = found.best()
    assert inserted is not None
    plan = solve(asked, time_limit_s=0.3)
    assert check(asked, plan) == ()
    left = sum(one.weight for one in asked.requests) - weight(found, inserted.days)
    assert plan.objective[0].value <= left


def weight(found: Annealing, days: tuple[int, ...]) -> int:
    """Return the weight of the requests that days cover."""
    asks = found.rows.instance.asks
    done = set().union(*(found.pool.requests(day) for day in days))
    return sum(asks[number].request.weight for number in done)


def test_a_bound_says_what_all_days_without_repetition_can_do():
    for seed in range(6):
        plan = planned(wide(seed, 2, 6))
        assert plan.status is Status.OPTIMAL, f"seed {seed}"


@pytest.mark.parametrize("seed", range(12))
def test_a_round_that_is_taken_back_leaves_the_plan_as_it_was(seed):
    found = annealing(problem(seed, 4, 10), seed)
    found.insert()
    work, slots = found.work, found.slots
    before = [list(own) for own in (work.length, work.held, work.early, work.sums)]
    days = [work.path[base : base + n] for base, n in zip(slots.base, work.length, strict=False)]
    for request in slots.seeds:
        new_round(work)
        ruin(slots, work, request)
        recreate(slots, work)
        take_back(slots, work)
    now = [work.path[base : base + n] for base, n in zip(slots.base, work.length, strict=False)]
    assert now == days
    assert [list(own) for own in (work.length, work.held, work.early, work.sums)] == before


@pytest.mark.parametrize("seed", range(3))
def test_few_jobs_at_any_minute_of_the_day_are_proven(seed):
    asked = question(seed, 3, 8)
    for request in asked["requests"]:
        request |= {"step": 1, "interpreters": 1}
    assert planned(Problem.model_validate(asked)).status is Status.OPTIMAL


@pytest.mark.exhaustive
@pytest.mark.parametrize("asked", [wide(0, 4, 20), wide(1, 4, 20), shifts(2, 6, 2)])
def test_machine_code_and_plain_python_do_the_same_draw_by_draw(asked):
    plain, other = annealing(asked, 1), annealing(asked, 1)
    plain.insert()
    other.insert()
    flat = kernel.Flat(other.arrays, other.work)
    kernel.compiled(flat)(40, 2000.0, 0.9)
    anneal(plain.slots, plain.work, 40, 2000.0, 0.9)
    assert flat.work.path.tolist() == plain.work.path  # type: ignore[attr-defined]
    assert flat.work.sums.tolist() == pytest.approx(plain.work.sums)  # type: ignore[attr-defined]
