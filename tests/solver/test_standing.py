"""What is committed, as a plan: the same schedule a search would give, found without one."""

from collections import Counter
from random import Random

import pytest

from solver import Plan, Problem, check, solve
from solver.analysis import candidates, standing
from solver.plan import Stop
from solver.problem import Commitment, Request
from tests.solver import generator, scarce
from tests.solver.sampled import sampled

SEEDS = range(150)
SOME = 40


def committed(problem: Problem, seed: int) -> Problem:
    """Return the problem with some of its best plan agreed upon, and nothing else.

    Of a team perhaps only a part is pinned; who hands over to whom is never agreed upon here,
    because a commitment does not say at which of several times that would be.
    """
    plan = solve(problem.model_copy(update={"commitments": ()}), time_limit_s=60)
    random, asked = Random(seed), {request.id: request for request in problem.requests}
    starts = {stop.request: stop.begin for route in plan.routes for stop in route.stops}
    kinds = {id_: random.choice(["pinned", "pinned", "promised", None]) for id_ in starts}
    commitments = [
        agreed(kinds[stop.request], route.interpreter, stop)  # type: ignore[arg-type]
        for route in plan.routes
        for stop in route.stops
        if asked[stop.request].handover is None
        and (kinds[stop.request] == "promised" or (kinds[stop.request] and random.random() < 0.8))
    ]
    return problem.model_copy(update={"commitments": tuple(commitments), "disturb_at_most": 0})


def agreed(kind: str, who: str, stop: Stop) -> Commitment:
    return Commitment(
        kind=kind,
        request=stop.request,
        interpreter=who,
        start=stop.begin,
        way=stop.way,
        language=stop.language,
    )


def searched(problem: Problem) -> Plan:
    """Return what a search finds when it is asked for what is committed only."""
    held = Counter(item.request for item in problem.commitments)
    taken = tuple(with_seats(asked, held[asked.id]) for asked in problem.requests if held[asked.id])
    who = {item.interpreter for item in problem.commitments}
    people = tuple(one for one in problem.interpreters if one.id in who)
    return solve(problem.model_copy(update={"requests": taken, "interpreters": people}))


def with_seats(asked: Request, seats: int) -> Request:
    relayed = any(choice.relay for choice in asked.languages)
    return asked if relayed else asked.model_copy(update={"interpreters": seats})


@pytest.mark.parametrize("make", [scarce.problem, generator.problem])
@pytest.mark.parametrize("seed", sampled(SEEDS, SOME))
def test_beside_what_stands_the_same_people_can_come_as_beside_a_plan_searched_for(make, seed):
    problem = committed(make(seed), seed)
    stands, found = standing(problem), searched(problem)
    for request in problem.requests:
        assert candidates(problem, stands, request.id) == candidates(problem, found, request.id)


@pytest.mark.parametrize("make", [scarce.problem, generator.problem])
@pytest.mark.parametrize("seed", sampled(range(60), SOME // 2))
def test_with_its_reasons_it_is_a_plan_in_which_the_checker_finds_nothing_wrong(make, seed):
    problem = committed(make(seed), seed)
    stands = standing(problem, reasons=True)
    assert check(problem, stands) == ()
    assert len(stands.unassigned) == stands.asked - stands.filled
    assert stands.routes == standing(problem).routes


@pytest.mark.parametrize("seed", range(30))
def test_routes_and_ways_are_those_of_the_plan_that_was_agreed_upon(seed):
    problem, plan = scarce.planned(seed)
    everything = tuple(
        agreed("promised", route.interpreter, stop) for route in plan.routes for stop in route.stops
    )
    stands = standing(problem.model_copy(update={"commitments": everything}))
    assert stands.filled == plan.filled
    assert [loose(route.stops) for route in stands.routes] == [
        loose(route.stops) for route in plan.routes
    ]
    assert [route.travel_home for route in stands.routes] == [
        route.travel_home for route in plan.routes
    ]


def loose(stops: tuple[Stop, ...]) -> list[Stop]:
    """Return the stops without their numbers of seat, of which a team may have dealt otherwise."""
    return [stop.model_copy(update={"seat": 0}) for stop in stops]


def test_a_pin_against_every_rule_stands_all_the_same():
    problem = scarce.problem(3)
    nobody = problem.interpreters[0].model_copy(update={"languages": ()})
    asked = problem.requests[0]
    pin = Commitment(
        kind="pinned", request=asked.id, interpreter=nobody.id, start=asked.starts()[0]
    )
    people = (nobody, *problem.interpreters[1:])
    stands = standing(problem.model_copy(update={"interpreters": people, "commitments": (pin,)}))
    [route] = stands.routes
    assert [(stop.request, stop.pinned) for stop in route.stops] == [(asked.id, True)]
