"""Where legs and load let a day seem cheapest that breaks a rule: the cheapest that does not."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from solver import Problem
from solver.method.model.block import Block
from solver.method.model.columns import Path, keeps_day_rules, travel_of
from solver.method.model.instance import compile_problem
from solver.method.pricing import mending
from solver.method.pricing.day_search import Floats, PricedDay, priced_day
from solver.method.pricing.mending import exactly, shortened
from solver.rules.distances import NO_WAY
from tests.solver.wide import question


def day_of_two_limits(seed: int) -> Block:
    """Return a day on which the service time and the number of jobs are limited.

    The search for the cheapest day counts one of the two alone.
    """
    asked = question(seed, 1, 8, 0)
    asked["interpreters"][0]["limits"] = {"minutes_per_day": 240, "jobs_per_day": 2}
    asked["interpreters"][0]["languages"] = [{"code": "apc"}, {"code": "tur"}]
    for request in asked["requests"]:
        request["interpreters"] = 1
    (block,) = compile_problem(Problem.model_validate(asked)).blocks
    return block


def priced(block: Block, seed: int) -> tuple[Floats, PricedDay]:
    visits = np.random.default_rng(seed).integers(-90, 10, len(block.visits)).astype(np.float64)
    return visits, priced_day(block, visits, 1.0, 5.0, np.arange(len(visits)))


def possible(block: Block) -> list[Path]:
    """Return every day of at most three jobs that keeps every rule, by trying all."""
    every = range(len(block.visits))
    return [
        path
        for size in (1, 2, 3)
        for path in combinations(every, size)
        if block.first[path[0]] != NO_WAY
        and block.last[path[-1]] != NO_WAY
        and all(block.between[a, b] != NO_WAY for a, b in pairwise(path))
        and keeps_day_rules(block, path)
    ]


def cost(block: Block, visits: Floats, path: Path) -> float:
    return float(visits[list(path)].sum()) + travel_of(block, path) + 5.0


@pytest.mark.parametrize("seed", range(20))
def test_the_cheapest_day_that_keeps_both_limits_is_found(seed):
    block = day_of_two_limits(seed)
    visits, day = priced(block, seed)
    least = min(cost(block, visits, path) for path in possible(block))
    bound, value, path = exactly(day)
    if least < 0:
        assert bound == value == pytest.approx(least)
        assert cost(block, visits, path) == pytest.approx(value)
        assert keeps_day_rules(block, path)
    else:
        assert bound <= least
        assert value >= 0


def test_some_of_these_days_seem_cheaper_by_legs_and_load_alone():
    seeming = [priced(day_of_two_limits(seed), seed)[1] for seed in range(20)]
    broken = [day for day in seeming if not keeps_day_rules(day.block, day.best()[1])]
    assert len(broken) > 5


@pytest.mark.parametrize("seed", range(20))
def test_where_there_are_too_many_days_to_look_at_the_bound_is_true_and_the_day_keeps_the_rules(
    seed, monkeypatch
):
    monkeypatch.setattr(mending, "MOST_PATHS", 1)
    block = day_of_two_limits(seed)
    visits, day = priced(block, seed)
    least = min(cost(block, visits, path) for path in possible(block))
    bound, value, path = exactly(day)
    assert bound <= min(0.0, least) + 1e-9
    if path:
        assert keeps_day_rules(block, path)
        assert cost(block, visits, path) == pytest.approx(value)


def test_where_only_a_day_of_too_many_jobs_would_be_worth_it_none_is_named():
    blocks = [day_of_two_limits(seed) for seed in range(20)]
    every = [np.arange(len(block.visits)) for block in blocks]
    days = [
        priced_day(block, np.full(len(own), -10.0), 0.0, 27.0, own)
        for block, own in zip(blocks, every, strict=True)
    ]
    of_three = [day for day in days if len(day.best()[1]) == 3]
    assert of_three
    for day in of_three:
        assert exactly(day) == (0.0, np.inf, ())


@pytest.mark.parametrize("seed", range(10))
def test_a_day_that_repeats_is_shortened_until_it_keeps_every_rule(seed):
    asked = question(seed, 1, 3, 240)
    asked["interpreters"][0]["languages"] = [{"code": "apc"}, {"code": "tur"}]
    (block,) = compile_problem(Problem.model_validate(asked)).blocks
    visits = np.full(len(block.visits), -100.0)
    day = priced_day(block, visits, 1.0, 5.0, np.arange(len(visits)))
    _, repeating = day.best()
    done = block.visits.request[list(repeating)].tolist()
    assert len(set(done)) < len(done)
    value, path = shortened(day, repeating)
    assert set(path) <= set(repeating)
    assert keeps_day_rules(block, path)
    assert value == pytest.approx(cost(block, visits, path))
