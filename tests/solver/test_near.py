"""A part of a plan solved again fits into the rest."""

from collections import Counter

import pytest

from solver import Plan, check
from solver.analysis.near import solved_again
from solver.evaluation.situation import situation
from tests.solver import scarce


@pytest.mark.parametrize("seed", range(15))
def test_one_of_a_team_is_planned_again_beside_the_other(seed):
    problem, plan = scarce.planned(seed)
    where = situation(problem, plan)
    pairs = [request for request in problem.requests if request.interpreters == 2]
    teams = [where.holders(request.id) for request in pairs]
    for who in (who for team in teams for who in team):
        for base in (plan, with_seats_swapped(plan)):
            again = solved_again(problem, where, base, {who}, set(), 60)
            assert again is not None
            assert check(problem, again) == ()
            assert again.filled >= plan.filled


def with_seats_swapped(plan: Plan) -> Plan:
    """Return the plan in which the two people of each pair sit on each other's seat."""
    sizes = Counter(stop.request for route in plan.routes for stop in route.stops)
    routes = [
        route.model_copy(
            update={
                "stops": tuple(
                    stop.model_copy(update={"seat": sizes[stop.request] - 1 - stop.seat})
                    for stop in route.stops
                )
            }
        )
        for route in plan.routes
    ]
    return plan.model_copy(update={"routes": tuple(routes)})
