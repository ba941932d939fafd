"""Nobody waits without a reason: the least waiting, then the earliest starts."""

from collections.abc import Iterator
from itertools import product

import pytest

from solver import Plan, Problem, ProblemError, check, solve
from solver.evaluation.options import moved
from solver.evaluation.situation import situation
from solver.evaluation.whole import plan_of_routes, routes_of
from solver.plan import Stop
from tests.solver.examples import DAY, interpreter, problem, request
from tests.solver.generator import Maker
from tests.solver.sampled import sampled

SEEDS = 150


def begins(**more: object) -> dict[str, int]:
    """Return when each request begins in the plan of these people and requests."""
    question = problem(**({"interpreters": [interpreter("ana")]} | more))
    plan = solve(question)
    assert check(question, plan) == ()
    return {stop.request: stop.begin for stop in stops(plan)}


def stops(plan: Plan) -> list[Stop]:
    return [stop for route in plan.routes for stop in route.stops]


def waited(plan: Plan) -> int:
    return sum(stop.waiting for stop in stops(plan))


def test_a_job_alone_begins_as_early_as_it_may():
    assert begins(requests=[request("r", 600, latest=900)]) == {"r": 600}


def test_a_job_begins_when_the_one_before_is_over():
    asked = [request("first", 600), request("then", 600, latest=900)]
    assert begins(requests=asked) == {"first": 600, "then": 660}


def test_a_job_begins_late_to_be_followed_at_once():
    asked = [request("first", 500, latest=620, step=20), request("then", 720)]
    assert begins(requests=asked) == {"first": 620, "then": 720}


def test_a_team_begins_as_early_as_both_can():
    asked = [
        request("team", 540, latest=900, interpreters=2, languages=[{"code": "tur"}]),
        request("other", 560, weight=9),
    ]
    people = [interpreter("ana"), interpreter("ben")]
    assert begins(interpreters=people, requests=asked)["team"] == 630


def test_a_promised_start_stays():
    promise = {"kind": "promised", "request": "r", "interpreter": "ana", "start": 720}
    asked = [request("r", 600, latest=900)]
    assert begins(requests=asked, commitments=[promise]) == {"r": 720}


def test_a_break_is_not_given_up_for_less_waiting():
    day = DAY | {"breaks": [{"earliest": 660, "latest": 710, "length": 45}]}
    asked = [request("first", 600), request("then", 660, latest=900)]
    found = begins(interpreters=[interpreter("ana", days=[day])], requests=asked)
    assert found == {"first": 600, "then": 705}


def test_waiting_cannot_be_weighed():
    with pytest.raises(ProblemError, match="waiting decides among plans equal in all levels"):
        problem(weights={"levels": [{"name": "all", "terms": [{"term": "waiting"}]}]})


def others(question: Problem, plan: Plan) -> Iterator[Plan]:
    """Yield the plan with every choice of other starts for the jobs of one person."""
    where = situation(question, plan)
    fixed = {item.request for item in question.commitments}
    for id_, own in where.schedule.items():
        choices = [
            [moved(held, begin) for begin in held.job.request.starts()]
            if held.job.request.id not in fixed and len(where.holders(held.job.request.id)) == 1
            else [held]
            for held in own
        ]
        for chosen in product(*choices):
            days = where.schedule | {id_: chosen}
            routes = [r for one, jobs in days.items() for r in routes_of(where.people[one], jobs)]
            yield plan_of_routes(question, routes)


@pytest.mark.parametrize("first", sampled(range(0, SEEDS, 25), 1, 1))
def test_no_other_starts_of_one_person_mean_less_waiting_or_begin_earlier(first):
    for seed in range(first, first + 25):
        maker = Maker(seed)
        maker.on = (maker.on | {"windows"}) - {"handover", "weights"}
        question = Problem.model_validate(maker.problem(2, 4))
        plan = solve(question, time_limit_s=60)
        values = [level.value for level in plan.objective]
        order = [[stop.request for stop in route.stops] for route in plan.routes]
        for other in others(question, plan):
            same = [[stop.request for stop in route.stops] for route in other.routes] == order
            equal = [level.value for level in other.objective] == values
            if same and equal and not check(question, other):
                mine = (waited(plan), sum(stop.begin for stop in stops(plan)))
                assert mine <= (waited(other), sum(s.begin for s in stops(other))), f"seed {seed}"
