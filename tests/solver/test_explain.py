"""The rules named together really keep a request open: without all of them it is filled."""

from functools import cache

import pytest

from solver import Plan, Problem, solve
from solver.analysis import Desk, Explanation, explain
from solver.evaluation.situation import jobs_of, situation, stops_person
from solver.plan import Violation
from solver.problem import Commitment, Request
from tests.solver import scarce
from tests.solver.lifting import lifted, nearer, without_request
from tests.solver.sampled import sampled

CASES = 200


@cache
def unfilled() -> list[tuple[int, str]]:
    """Return seed and id of requests that stay open."""
    found: list[tuple[int, str]] = []
    for seed in range(1000):
        _, plan = scarce.planned(seed)
        found += [(seed, item.request) for item in plan.unassigned]
        if len(found) >= CASES:
            return found[:CASES]
    raise AssertionError("too few open requests")


def fills(problem: Problem, plan: Plan, request: Request) -> bool:
    """Say whether the request is filled when everybody else stays where they are."""
    stops = [(route.interpreter, stop) for route in plan.routes for stop in route.stops]
    pins = tuple(
        Commitment(
            kind="pinned",
            request=stop.request,
            interpreter=id_,
            start=stop.begin,
            way=stop.way,
            language=stop.language,
        )
        for id_, stop in stops
    )
    held = {stop.request for _, stop in stops} | {request.id}
    asked = tuple(item for item in problem.requests if item.id in held)
    fixed = problem.model_copy(update={"commitments": pins, "requests": asked})
    return request.id not in {item.request for item in solve(fixed, time_limit_s=60).unassigned}


def without_rules(
    problem: Problem, plan: Plan, request: Request, found: Explanation, rules: set[str]
) -> tuple[Problem, Plan]:
    """Return problem and plan with these rules lifted for all who would then be free."""
    where = situation(problem, plan)
    for id_ in found.freed:
        person = where.people[id_]
        for job in jobs_of(where, request, found.start):
            why = stops_person(where, person, job)
            if {item.rule for item in why} <= set(found.together):
                for item in (item for item in why if item.rule in rules):
                    problem, plan = without_rule(problem, plan, id_, request, found, item)
    return problem, plan


def without_rule(
    problem: Problem, plan: Plan, id_: str, request: Request, found: Explanation, why: Violation
) -> tuple[Problem, Plan]:
    """Return problem and plan in which one reason has no cause any more."""
    if why.rule == "taken":
        return problem, without_request(plan, why.request)  # type: ignore[arg-type]
    if why.rule == "way_between":
        return nearer(problem, id_, request, why), plan
    return lifted(problem, id_, request, found.start, why), plan  # type: ignore[arg-type]


@pytest.mark.parametrize("case", sampled(range(CASES), 80))
def test_without_the_rules_named_the_request_is_filled_and_not_with_fewer(case):
    seed, id_ = unfilled()[case]
    problem, plan = scarce.planned(seed)
    request = next(item for item in problem.requests if item.id == id_)
    found = explain(problem, plan, id_)
    assert found.together or found.hopeless
    rules = set(found.together)
    if found.hopeless:
        assert not enough_speak(problem, request)
    else:
        assert fills(*without_rules(problem, plan, request, found, rules), request)  # type: ignore[arg-type]
    for kept in rules:
        assert not fills(*without_rules(problem, plan, request, found, rules - {kept}), request)  # type: ignore[arg-type]


def enough_speak(problem: Problem, request: Request) -> bool:
    """Say whether enough people work in the only language, or relay pair, of the request."""
    choice = request.languages[0]
    spoken = [{item.code for item in person.languages} for person in problem.interpreters]
    if choice.relay is None:
        return sum(choice.code in codes for codes in spoken) >= request.interpreters
    one, two = ([code in codes for codes in spoken] for code in (choice.code, choice.relay))
    either = sum(a or b for a, b in zip(one, two, strict=True))
    return any(one) and any(two) and either >= 2


def test_a_desk_explains_as_the_function_does():
    seed, id_ = unfilled()[0]
    problem, plan = scarce.planned(seed)
    assert Desk(problem, plan).explain(id_) == explain(problem, plan, id_)
