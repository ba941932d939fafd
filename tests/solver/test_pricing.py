"""Finding the cheapest days: by numpy for many people at a time, or by compiled code."""

from dataclasses import astuple

import numpy as np
import pytest

from bench.solver.generator import generated
from bench.solver.instances import problem_of
from solver import Problem
from solver.method.model import days as building
from solver.method.model.block import Block, lean_legs
from solver.method.model.columns import Path, keeps_day_rules, travel_of
from solver.method.model.instance import compile_problem
from solver.method.pricing import compiled
from solver.method.pricing.batches import BatchedDays
from solver.method.pricing.best import Limited
from solver.method.pricing.compiled import CompiledDays
from solver.method.pricing.day_search import Floats, priced_day
from solver.method.pricing.pricing import Pricing
from solver.rules.distances import Whole
from tests.solver import examples
from tests.solver.generator import problem
from tests.solver.wide import question, wide


@pytest.mark.parametrize("make", [problem, lambda seed: wide(seed, 2, 8)], ids=["any", "wide"])
@pytest.mark.parametrize("seed", range(30))
def test_compiled_code_finds_days_as_cheap_as_numpy_does(make, seed):
    blocks = compile_problem(make(seed)).blocks
    if not blocks:
        return
    chance = np.random.default_rng(seed)
    offsets = np.cumsum([0, *(len(block.visits) for block in blocks)])
    visits = chance.normal(-20, 60, offsets[-1])
    rates, fixed = chance.integers(0, 3, len(blocks)).astype(np.float64), np.zeros(len(blocks))
    everybody = np.arange(len(blocks))
    fast, batched = CompiledDays(blocks), BatchedDays(blocks)
    found = fast.cheapest(visits, rates, everybody)
    other = batched.cheapest(visits, rates, everybody)
    assert found.values == pytest.approx(other.values)
    for number, block in enumerate(blocks):
        path = tuple((found.of(number) - offsets[number]).tolist())
        own = visits[offsets[number] : offsets[number + 1]]
        assert cost(block, path, own, rates[number]) == pytest.approx(found.values[number])
    narrow = np.flatnonzero(~np.array(fast.wide))
    limited = dict(days(fast, narrow, visits, rates, fixed))
    assert limited == pytest.approx(dict(days(batched, narrow, visits, rates, fixed)))
    once = {n: tuple(dict.fromkeys(b.visits.request.tolist()))[:3] for n, b in enumerate(blocks)}
    limited = dict(days(fast, narrow, visits, rates, fixed, once))
    assert limited == pytest.approx(dict(days(batched, narrow, visits, rates, fixed, once)))


def days(
    by: CompiledDays | BatchedDays,
    chosen: Whole,
    visits: Floats,
    rates: Floats,
    fixed: Floats,
    critical: dict[int, tuple[int, ...]] | None = None,
) -> list[tuple[int, float]]:
    found = by.within_load(chosen, visits, rates, fixed, critical or {})
    return sorted((day.number, day.value) for day in found if day.path and day.value < 0)


def cost(block: Block, path: Path, visits: Floats, rate: float) -> float:
    return float(visits[list(path)].sum() + travel_of(block, path) * rate)


def test_only_the_chosen_people_are_looked_at():
    blocks = compile_problem(problem(2)).blocks
    offsets = np.cumsum([0, *(len(block.visits) for block in blocks)])
    rates = np.ones(len(blocks))
    found = CompiledDays(blocks).cheapest(np.full(offsets[-1], -50.0), rates, np.array([1]))
    assert len(found.of(1))
    assert not len(found.of(0))


@pytest.mark.parametrize("workers", [2, 3, 50])
def test_several_workers_find_the_same_days(workers):
    blocks = compile_problem(problem(2)).blocks
    visits = np.full(sum(len(block.visits) for block in blocks), -50.0)
    rates, everybody = np.ones(len(blocks)), np.arange(len(blocks))
    alone = CompiledDays(blocks).cheapest(visits, rates, everybody)
    together = CompiledDays(blocks, workers).cheapest(visits, rates, everybody)
    for one, other in zip(astuple(alone), astuple(together), strict=True):
        assert one.tolist() == other.tolist()


def test_a_day_that_breaks_a_limit_is_replaced_by_the_cheapest_that_does_not():
    for seed in range(40):
        blocks = compile_problem(problem(seed)).blocks
        if not blocks:
            continue
        pricing = Pricing(blocks)
        chance = np.random.default_rng(seed)
        weights = np.zeros(len(pricing.costs))
        by_request = chance.integers(0, 1000, 100).astype(np.float64)
        prices = np.concatenate([by_request[block.visits.request] for block in blocks])
        best = pricing.best(weights, prices)
        pricing.list_all(1_000_000)
        least = pricing.best(weights, prices).found
        for number in range(len(blocks)):
            cheapest = least[number]
            if blocks[number].pinned or cheapest < 0:
                assert best.found[number] == pytest.approx(cheapest)
                assert best.bound[number] <= best.found[number] + 1e-6


@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 1.2])
def test_no_day_that_breaks_a_limit_is_called_found_whatever_it_is_worth(share):
    short = [examples.interpreter("ana", limits={"minutes_per_day": 60})]
    blocks = compile_problem(examples.problem(interpreters=short)).blocks
    pricing = Pricing(blocks)
    weights = np.eye(len(pricing.costs))[-1]
    there_and_back = 40 * float(pricing.leg_costs[0] @ weights)
    best = pricing.best(weights, np.full(pricing.offsets[-1], share * there_and_back))
    for number in np.flatnonzero(np.isfinite(best.found)).tolist():
        assert keeps_day_rules(blocks[number], best.path(number))


@pytest.mark.parametrize("seed", range(40))
def test_with_some_starts_left_out_every_day_found_keeps_the_rules(seed, monkeypatch):
    monkeypatch.setattr(building, "RICH", 3)
    asked = question(seed, 2, 5)
    for each in asked["interpreters"]:
        each["busy"] = [{"start": 600, "end": 605}]
    blocks = compile_problem(Problem.model_validate(asked)).blocks
    pricing = Pricing(blocks)
    best = pricing.best(np.zeros(len(pricing.costs)), np.full(pricing.offsets[-1], 500.0))
    for number in np.flatnonzero(np.isfinite(best.found)).tolist():
        assert keeps_day_rules(blocks[number], best.path(number))


def test_no_day_is_below_its_bound_where_only_cheaper_ones_are_looked_for():
    asked = problem_of(generated("city-scarce"))
    blocks, chance = compile_problem(asked).blocks, np.random.default_rng(1)
    pricing, weights = Pricing(blocks), np.ones(1)
    worth_of = -np.array([100_000 * request.weight for request in asked.requests])
    for _ in range(20):
        by_request = worth_of * chance.uniform(0.9, 1.0, len(worth_of))
        prices = np.concatenate([by_request[block.visits.request] for block in blocks])
        cheapest = pricing.best(weights, prices).bound
        for share in (1.001, 1.01, 1.1):
            best = pricing.best(weights, prices, worth=np.minimum(0, share * cheapest))
            assert (np.minimum(0, best.bound) <= np.minimum(0, cheapest) + 1e-6).all()


@pytest.mark.parametrize("seed", range(30))
def test_what_is_kept_from_being_done_twice_is_done_once(seed):
    blocks = compile_problem(wide(seed, 1, 4)).blocks
    pricing = Pricing(blocks)
    weights, prices = np.zeros(len(pricing.costs)), np.full(pricing.offsets[-1], 500.0)
    best = pricing.best(weights, prices)
    for number, block in enumerate(blocks):
        done = block.visits.request[list(best.path(number))].tolist()
        assert len(done) == len(set(done))
        assert best.found[number] == pytest.approx(best.bound[number])


@pytest.mark.parametrize("seed", range(30))
def test_where_windows_are_wide_the_cheapest_day_without_repetition_is_found_at_once(seed):
    blocks = compile_problem(wide(seed, 2, 6, 120)).blocks
    pricing, chance = Pricing(blocks), np.random.default_rng(seed)
    pricing.list_all(1_000_000)
    assert pricing.listed is not None
    rates, fixed = chance.integers(0, 3, len(blocks)).astype(np.float64), np.zeros(len(blocks))
    own = [chance.normal(-60, 60, len(block.visits)) for block in blocks]
    alike = [np.unique(np.asarray(block.alike), return_inverse=True)[1] for block in blocks]
    visits = np.concatenate([each[own_] for each, own_ in zip(own, alike, strict=True)])
    everybody = np.arange(len(blocks))
    least = pricing.listed.best(visits, rates, fixed, everybody).found
    fast = CompiledDays(blocks)
    assert all(fast.wide)
    found = {day.number: day for day in fast.within_load(everybody, visits, rates, fixed, {})}
    for number, block in enumerate(blocks):
        if least[number] >= 0:
            assert number not in found
        else:
            day = found[number]
            assert day.bound == day.value == pytest.approx(least[number])
            assert keeps_day_rules(block, day.path)
            prices = visits[pricing.offsets[number] : pricing.offsets[number + 1]]
            assert cost(block, day.path, prices, rates[number]) == pytest.approx(day.value)


def test_with_too_many_days_begun_what_is_left_gives_a_bound(monkeypatch):
    blocks = compile_problem(wide(3, 1, 8, 240)).blocks
    visits = np.full(sum(len(block.visits) for block in blocks), -100.0)
    exact = days_of(CompiledDays(blocks), visits)
    monkeypatch.setattr(compiled, "MOST_LABELS", 12)
    for number, day in days_of(CompiledDays(blocks), visits).items():
        assert day.bound <= exact[number].value <= day.value


def days_of(by: CompiledDays, visits: Floats) -> dict[int, Limited]:
    rates = np.ones(len(by.blocks))
    found = by.within_load(np.arange(len(rates)), visits, rates, 0 * rates, {})
    return {day.number: day for day in found}


@pytest.mark.parametrize("seed", range(30))
def test_nothing_is_lost_by_beginning_early(seed):
    blocks = compile_problem(problem(seed)).blocks
    chance = np.random.default_rng(seed)
    for block in blocks:
        by_request = chance.integers(-90, 30, block.visits.request.max() + 1)
        visits = by_request[block.visits.request].astype(np.float64)
        every = np.arange(len(visits))
        full = priced_day(block, visits, 1.0, 0.0, every).best()[0]
        assert priced_day(block, visits, 1.0, 0.0, every, legs=lean_legs(block)).best()[0] == full


@pytest.mark.parametrize("seed", range(10))
def test_where_starts_are_too_many_each_set_of_jobs_is_listed_in_its_shortest_order(
    seed, monkeypatch
):
    asked = question(seed, 2, 6)
    for request in asked["requests"]:
        request["interpreters"] = 1
    every = Pricing(compile_problem(Problem.model_validate(asked)).blocks)
    monkeypatch.setattr(building, "RICH", 2)
    by_jobs = Pricing(compile_problem(Problem.model_validate(asked)).blocks)
    assert all(block.rich for block in by_jobs.blocks)
    chance = np.random.default_rng(seed)
    every.list_all(1_000_000)
    by_jobs.list_all(1_000_000)
    assert every.listed is not None
    assert by_jobs.listed is not None
    assert len(by_jobs.listed) <= len(every.listed)
    for _ in range(10):
        by_request = chance.integers(0, 300, 6).astype(np.float64)
        weights, found = np.full(len(every.costs), 1.0), []
        for pricing in (every, by_jobs):
            prices = [by_request[block.visits.request] for block in pricing.blocks]
            found.append(pricing.best(weights, np.concatenate(prices)).found.tolist())
        assert found[0] == pytest.approx(found[1])
