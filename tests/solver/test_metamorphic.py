"""What must not matter does not: order, names, the hour, who is a woman; and more never hurts."""

from functools import cache
from random import Random

import pytest

from solver import Plan, Problem, Status, check, solve
from solver.problem import Commitment
from tests.solver.changes import later, renamed, reordered, with_genders_swapped
from tests.solver.generator import SWITCHES, Maker
from tests.solver.sampled import sampled

SEEDS, SOME = range(5000, 5040), 20


def made(seed: int, *without: str) -> Problem:
    """Return a problem of a seed with some switches off."""
    switches = tuple(name for name in SWITCHES if name not in without)
    return Problem.model_validate(Maker(seed, switches).problem(3, 4))


def solved(problem: Problem) -> Plan:
    """Return the plan, accepted by the checker."""
    plan = solve(problem, time_limit_s=60)
    assert check(problem, plan) == ()
    return plan


def worth(plan: Plan) -> tuple[object, ...]:
    """Return the status and the value of each level."""
    return (plan.status, *(level.value for level in plan.objective))


def said(plan: Plan) -> dict[str, object]:
    """Return the plan without the time it took."""
    return plan.model_dump(exclude={"seconds"})


@cache
def planned(seed: int) -> Plan:
    """Return the plan of a problem with every switch possible."""
    return solved(made(seed))


for_each_seed = pytest.mark.parametrize("seed", sampled(SEEDS, SOME))


@for_each_seed
def test_the_order_of_the_input_changes_nothing_of_worth(seed):
    asked = made(seed)
    assert worth(solved(reordered(asked, seed))) == worth(planned(seed))


@for_each_seed
def test_names_change_nothing_of_worth(seed):
    asked = made(seed)
    assert worth(solved(renamed(asked))) == worth(planned(seed))


@for_each_seed
def test_a_week_later_everything_is_the_same_a_week_later(seed):
    asked = made(seed)
    plan, moved = planned(seed), solved(later(asked, 10_080))
    assert worth(moved) == worth(plan)
    begins = [[stop.begin for stop in route.stops] for route in plan.routes]
    assert [[s.begin - 10_080 for s in route.stops] for route in moved.routes] == begins


@for_each_seed
def test_one_more_interpreter_never_lowers_the_weight_covered(seed):
    asked = made(seed, "weights")
    fewer = asked.model_copy(update={"interpreters": asked.interpreters[:-1]})
    plan, more = solved(without_references(fewer)), solved(asked)
    if plan.status is not Status.INFEASIBLE and without_references(fewer) == fewer:
        assert more.objective[0].value <= plan.objective[0].value


def without_references(problem: Problem) -> Problem:
    """Return the problem without what was agreed with people who are not there."""
    known = {person.id for person in problem.interpreters}
    kept = tuple(item for item in problem.commitments if item.interpreter in known)
    return problem.model_copy(update={"commitments": kept})


@for_each_seed
def test_women_and_men_are_the_same_where_nobody_asks(seed):
    asked = made(seed, "gender")
    assert said(solved(with_genders_swapped(asked))) == said(solved(asked))


@for_each_seed
def test_what_is_pinned_stays_and_pinning_what_was_planned_costs_nothing(seed):
    asked = made(seed, "disturb")
    plan = solved(asked)
    agreed = {item.request for item in asked.commitments}
    sent = {stop.request for route in plan.routes for stop in route.stops}
    free = sorted(sent - agreed)
    if free:
        chosen = Random(seed).choice(free)
        pins = pins_of(plan, chosen)
        pinned = solved(with_pins(asked, pins))
        assert worth(pinned) == worth(plan)
        there = {(s.request, r.interpreter) for r in pinned.routes for s in r.stops if s.pinned}
        assert {(pin.request, pin.interpreter) for pin in pins} <= there


def pins_of(plan: Plan, request_id: str) -> list[Commitment]:
    """Return pins of all who are sent to a request."""
    team = [(r, s) for r in plan.routes for s in r.stops if s.request == request_id]
    return [
        Commitment(
            kind="pinned",
            request=request_id,
            interpreter=route.interpreter,
            start=min(stop.begin for _, stop in team),
            way=stop.way,
            language=stop.language,
        )
        for route, stop in team
    ]


def with_pins(problem: Problem, pins: list[Commitment]) -> Problem:
    """Return the problem with pins added."""
    return problem.model_copy(update={"commitments": (*problem.commitments, *pins)})


@for_each_seed
def test_the_same_seed_gives_the_same_plan(seed):
    asked = made(seed)
    assert said(solved(asked)) == said(planned(seed))


@pytest.mark.parametrize("change", [renamed, lambda p: reordered(p, 1), lambda p: later(p, 60)])
def test_the_changes_do_change_the_problem(change):
    assert change(made(5000)) != made(5000)
