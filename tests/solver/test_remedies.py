"""Each remedy really fills the request: the checker finds nothing, and solving again agrees."""

from collections import Counter
from functools import cache
from itertools import chain, islice

import pytest

from solver import Plan, Problem, check, solve
from solver.analysis import Remedy, apply, remedies
from solver.evaluation.whole import plan_of_routes
from solver.problem import Commitment, LanguageChoice, Way
from tests.solver import scarce
from tests.solver.sampled import sampled

SOME, CASES = 60, 200
OTHER = {"apc": LanguageChoice(code="tur", cost=5), "tur": LanguageChoice(code="apc", cost=5)}


@cache
def of_seed(seed: int) -> list[tuple[int, Remedy]]:
    """Return remedies for the open requests of a seed."""
    listed: list[tuple[int, Remedy]] = []
    problem, plan = scarce.planned(seed)
    for item in plan.unassigned:
        request = next(r for r in problem.requests if r.id == item.request)
        other = [OTHER[request.languages[0].code]]
        some = remedies(problem, plan, request.id, languages=other, time_limit_s=60)
        listed += [(seed, remedy) for remedy in some]
    return listed


def found(count: int = SOME) -> list[tuple[int, Remedy]]:
    """Return so many remedies, of one seed after the other."""
    return list(islice(chain.from_iterable(map(of_seed, range(1000))), count))


@pytest.mark.parametrize("case", sampled(range(CASES), SOME))
def test_a_remedy_fills_the_request(case):
    seed, remedy = found(case + 1)[case]
    problem, plan = scarce.planned(seed)
    changed = apply(problem, remedy)
    assert check(changed, remedy.plan) == ()
    assert remedy.asked.id not in {item.request for item in remedy.plan.unassigned}
    assert set(open_of(remedy.plan)) == ({*open_of(plan), *remedy.opened} - {remedy.asked.id})
    assert remedy.asked.id not in open_of(solve(changed, time_limit_s=60))


def open_of(plan: Plan) -> list[str]:
    """Return the requests that are open."""
    return [item.request for item in plan.unassigned]


def test_every_kind_of_change_helps_somewhere():
    kinds = Counter(remedy.kind for _, remedy in found())
    assert {"start", "way", "language", "condition", "priority"} <= set(kinds)


def test_the_least_disturbing_come_first():
    problem, plan = scarce.planned(0)
    some = remedies(problem, plan, open_of(plan)[0], time_limit_s=60)
    ranks = [(len(remedy.disturbed), len(remedy.opened)) for remedy in some]
    assert ranks == sorted(ranks)


def test_a_remote_way_is_proposed_where_only_on_site_was_asked():
    ways = {remedy.way for _, remedy in found() if remedy.kind == "way"}
    assert ways == {Way.VIDEO, Way.TELEPHONE}


def test_without_time_nothing_is_tried():
    problem, plan = scarce.planned(0)
    assert remedies(problem, plan, open_of(plan)[0], time_limit_s=0) == ()


def pair(**more: object) -> Problem:
    """Return two people and two jobs at the same time; only `a` can do the one in Turkish."""
    day = {"day": 0, "available": [{"start": 480, "end": 720}]}
    asked = {"earliest": 540, "duration": 60, "ways": [{"way": "video"}]}
    return Problem.model_validate(
        {
            "interpreters": [
                {"id": "a", "languages": [{"code": "apc"}, {"code": "tur"}], "days": [day]},
                {"id": "b", "languages": [{"code": "apc"}], "days": [day]},
            ],
            "requests": [
                asked | {"id": "arabic", "languages": [{"code": "apc"}]},
                asked | {"id": "turkish", "languages": [{"code": "tur"}]},
            ],
            **more,
        }
    )


def with_a_at_the_arabic_job(problem: Problem) -> Plan:
    """Return the plan in which `a` does what `b` could do as well."""
    pin = Commitment(kind="pinned", request="arabic", interpreter="a", start=540)
    routes = [
        route.model_copy(
            update={"stops": tuple(s.model_copy(update={"pinned": False}) for s in route.stops)}
        )
        for route in solve(problem.model_copy(update={"commitments": (pin,)})).routes
    ]
    return plan_of_routes(problem, routes)


def test_others_change_jobs_so_that_nothing_is_lost():
    problem = pair()
    some = remedies(problem, with_a_at_the_arabic_job(problem), "turkish")
    swap = next(remedy for remedy in some if remedy.kind == "swap")
    assert swap.disturbed == ("a", "b")
    assert swap.opened == ()
    assert swap.plan.filled == 2


def test_one_promise_more_is_broken_where_that_helps():
    promise = {"kind": "promised", "request": "arabic", "interpreter": "a", "start": 540}
    problem = pair(commitments=[promise], disturb_at_most=0)
    some = remedies(problem, solve(problem), "turkish")
    kinds = {remedy.kind: remedy.disturb_at_most for remedy in some}
    assert kinds["promise"] == 1
    assert "swap" not in kinds
