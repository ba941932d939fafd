"""After something happened the plan is whole again, and few people notice."""

from random import Random

import pytest

from solver import Plan, Problem, Status, check, solve
from solver.analysis import Absent, Cancelled, Event, Overrun, Repair, Urgent, repair
from solver.plan import Change
from tests.solver import scarce
from tests.solver.generator import Maker
from tests.solver.sampled import sampled

SEEDS = sampled(range(40), 20)


def happening(problem: Problem, plan: Plan, seed: int) -> Event:
    """Return something that happens to a plan."""
    random = Random(seed)
    route = random.choice(plan.routes)
    stop = random.choice(route.stops)
    new = random.choice(problem.requests).model_copy(update={"id": "new", "weight": 3})
    return random.choice(  # type: ignore[return-value]
        [
            Cancelled(request=stop.request),
            Absent(interpreter=route.interpreter, start=stop.begin, end=stop.end),
            Overrun(request=stop.request, minutes=random.choice([10, 30])),
            Urgent(request=new),
        ]
    )


def broken(found: Repair) -> list[Change]:
    """Return the promises broken."""
    return [item for item in found.plan.changes if item.kind == "broken"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_repaired_plan_keeps_every_rule(seed):
    problem, plan = scarce.planned(seed)
    found = repair(problem, plan, [happening(problem, plan, seed)], at_most=1)
    assert check(found.problem, found.plan) == ()
    assert len(broken(found)) <= (found.problem.disturb_at_most or 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_happens_to_a_team_may_break_promises_that_nobody_can_keep(seed):
    problem, plan = scarce.planned(seed)
    teams = {item.id for item in problem.requests if item.interpreters == 2}
    ill = [(r.interpreter, s) for r in plan.routes for s in r.stops if s.request in teams]
    for who, stop in ill:
        event = Absent(interpreter=who, start=stop.begin, end=stop.end)
        found = repair(problem, plan, [event], at_most=0)
        assert check(found.problem, found.plan) == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_where_nobody_may_be_disturbed_the_others_stay(seed):
    problem, plan = scarce.planned(seed)
    event = happening(problem, plan, seed)
    found = repair(problem, plan, [event], at_most=0)
    touched = {getattr(event, "interpreter", None), getattr(event, "request", None)}
    if isinstance(event, Cancelled | Urgent):
        assert broken(found) == []
        assert found.disturbed == ()
        assert found.opened == ()
    assert touched


@pytest.mark.parametrize("seed", SEEDS)
def test_as_much_is_filled_as_when_everything_near_is_planned_again(seed):
    problem, plan = scarce.planned(seed)
    found = repair(problem, plan, [happening(problem, plan, seed)], at_most=1)
    best = solve(found.problem, time_limit_s=60)
    assert best.objective[0].value <= found.plan.objective[0].value
    assert len(found.disturbed) <= 3


@pytest.mark.parametrize("first", sampled(range(0, 320, 20), 1, 6))
def test_nothing_that_was_filled_is_lost_without_need(first):
    """With windows, teams, ways, relays and hand-overs: as when all of it is planned again."""
    for seed in range(first, first + 20):
        maker = Maker(seed)
        maker.on = (maker.on | {"windows"}) - {"weights"}
        problem = Problem.model_validate(maker.problem(6, 8))
        plan = solve(problem, time_limit_s=60)
        if plan.routes:
            found = repair(problem, plan, [happening(problem, plan, seed)], at_most=1)
            assert check(found.problem, found.plan) == (), f"seed {seed}"
            before = {item.request for item in plan.unassigned}
            rest = without(found.problem, before)
            again = solve(rest, time_limit_s=60)
            assert again.status is Status.OPTIMAL, f"seed {seed}"
            lost = {item.request for item in found.plan.unassigned}
            weight = sum(asked.weight for asked in rest.requests if asked.id in lost)
            assert weight <= again.objective[0].value, f"seed {seed}"


def without(problem: Problem, ids: set[str]) -> Problem:
    """Return the problem without these requests."""
    return problem.model_copy(
        update={
            "requests": tuple(item for item in problem.requests if item.id not in ids),
            "commitments": tuple(i for i in problem.commitments if i.request not in ids),
        }
    )


def test_many_things_may_happen_at_once():
    for seed in range(10):
        problem, plan = scarce.planned(seed)
        events = [happening(problem, plan, other) for other in (seed, 100 + seed)]
        if events[0] != events[1] and "new" not in str(events[0]):
            found = repair(problem, plan, events, at_most=2)
            assert check(found.problem, found.plan) == ()


def test_who_is_away_does_nothing_then():
    problem, plan = scarce.planned(1)
    route = plan.routes[0]
    found = repair(problem, plan, [Absent(interpreter=route.interpreter, start=0, end=1440)])
    assert route.interpreter not in {item.interpreter for item in found.plan.routes}
    assert check(found.problem, found.plan) == ()


def test_an_unknown_request_is_refused():
    problem, plan = scarce.planned(0)
    with pytest.raises(KeyError):
        repair(problem, plan, [Cancelled(request="nobody asked for this")])


def test_people_are_left_in_peace_where_promises_did_not_count_before():
    problem, _ = scarce.planned(2)
    terms = ({"term": "coverage", "factor": 1000}, {"term": "travel", "factor": 1})
    weights = {"levels": [{"name": "points", "terms": terms}]}
    changed = Problem.model_validate(problem.model_dump(by_alias=True) | {"weights": weights})
    plan = solve(changed, time_limit_s=60)
    found = repair(changed, plan, [Cancelled(request=plan.routes[0].stops[0].request)])
    assert [level.name for level in found.problem.weights.levels] == ["points", "promises"]
    assert found.disturbed == ()
