"""A start called feasible can really be filled; at any other start it cannot."""

import pytest

from solver import Plan, Problem
from solver.analysis import Desk, feasible_starts
from solver.problem import Commitment, Interval, Request
from tests.solver import generator, scarce
from tests.solver.lifting import with_request
from tests.solver.sampled import sampled
from tests.solver.test_explain import fills

WINDOW = Interval(start=480, end=780)


def at(request: Request, start: int) -> Request:
    """Return the request at one start, with conditions kept only as requirements."""
    return request.model_copy(update={"earliest": start, "latest": start})


def fillable(problem: Problem, plan: Plan, request: Request, start: int) -> bool:
    """Say whether the request is filled at a start when all others stay where they are."""
    return fills(with_request(problem, at(request, start)), plan, request)


@pytest.mark.parametrize("seed", sampled(range(20), 8))
def test_the_starts_are_those_that_can_be_filled(seed):
    problem, plan = scarce.planned(seed)
    for item in plan.unassigned[:2]:
        request = next(r for r in problem.requests if r.id == item.request)
        found = {one.start for one in feasible_starts(problem, plan, request.id, WINDOW)}
        for start in range(WINDOW.start, WINDOW.end, request.step):
            assert (start in found) == fillable(problem, plan, request, start)


@pytest.mark.parametrize("seed", range(60))
def test_everybody_named_could_be_there(seed):
    problem = generator.problem(seed)
    plan = scarce.solve(problem, time_limit_s=60)
    desk = Desk(problem, plan)
    for request in problem.requests:
        for found in desk.feasible_starts(request.id):
            moved = with_request(problem, at(request, found.start))
            able = Desk(moved, plan).candidates(request.id)
            assert set(found.interpreters) <= {who.interpreter for who in able if who.feasible}
            assert found.people == len(found.interpreters)


def test_a_request_not_asked_yet_may_be_asked_about():
    problem, plan = scarce.planned(0)
    new = problem.requests[0].model_copy(update={"id": "new"})
    starts = [item.start for item in feasible_starts(problem, plan, new, WINDOW)]
    assert starts == sorted(starts)
    assert all(WINDOW.start <= start < WINDOW.end for start in starts)


def test_where_somebody_is_pinned_only_their_start_counts():
    problem, plan = scarce.planned(0)
    route = plan.routes[0]
    stop = route.stops[0]
    pin = Commitment(
        kind="pinned", request=stop.request, interpreter=route.interpreter, start=stop.begin
    )
    fixed = problem.model_copy(update={"commitments": (pin,)})
    found = feasible_starts(fixed, scarce.solve(fixed), stop.request, WINDOW)
    assert {item.start for item in found} <= {stop.begin}
