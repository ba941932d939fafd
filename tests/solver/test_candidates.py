"""A candidate called feasible can really be sent; each reason named really stops the person."""

from collections import Counter

import pytest

from solver import Plan, Problem, check
from solver.analysis import Candidate, Desk, candidates
from solver.checker.check_map import Finding
from solver.evaluation import terms
from solver.evaluation.sieve import BIT
from solver.evaluation.situation import (
    Situation,
    insertion_of,
    jobs_of,
    situation,
    stops_person,
    without,
)
from solver.evaluation.whole import plan_of_routes, routes_of
from solver.problem.requests import Request
from solver.rules.day_rules import extra_travel
from solver.rules.schedule import Held
from tests.solver import generator, scarce
from tests.solver.lifting import lifted, without_request
from tests.solver.sampled import sampled

SEEDS = range(60)
OF_THE_TEAM = {"team", "seat"}


def sent(problem: Problem, plan: Plan, who: Candidate, id_: str) -> list[Finding]:
    """Return what the checker finds when the person takes one seat of the request."""
    where = situation(problem, plan)
    person = where.people[who.interpreter]
    job = next(
        job
        for job in jobs_of(where, where.requests[id_], who.start)
        if (job.variant.way, job.seat.language, job.seat.begin, job.seat.end)
        == (who.way, who.language, who.begin, who.end)
    )
    stay = person.stay(job)
    assert stay is not None
    schedule = dict(without(where, id_).schedule)
    new = Held(job, stay.day, person.place_of(job, stay.day))
    schedule[person.id] = (*schedule.get(person.id, ()), new)
    routes = [r for own_id, own in schedule.items() for r in routes_of(where.people[own_id], own)]
    known = {item.request: item for item in plan.unassigned if item.request != id_}
    findings = check(problem, plan_of_routes(problem, routes, known=known))
    return [found for found in findings if found.code not in OF_THE_TEAM]


@pytest.mark.parametrize("seed", sampled(SEEDS, 40))
def test_who_is_called_feasible_can_be_sent(seed):
    problem, plan = scarce.planned(seed)
    for request in problem.requests:
        for who in candidates(problem, plan, request.id):
            if who.feasible:
                assert sent(problem, plan, who, request.id) == []


@pytest.mark.parametrize("seed", sampled(SEEDS, 30))
def test_a_reason_vanishes_with_its_cause(seed):
    problem, plan = scarce.planned(seed)
    for request in problem.requests:
        for who in candidates(problem, plan, request.id):
            for why in who.violations:
                if why.rule in {"taken", "way_between"}:
                    changed, rest = problem, without_request(plan, why.request)  # type: ignore[arg-type]
                else:
                    changed, rest = lifted(problem, who.interpreter, request, who.begin, why), plan
                assert why not in left(changed, rest, who, request.id)  # type: ignore[comparison-overlap]


def left(problem: Problem, plan: Plan, who: Candidate, id_: str) -> list[tuple[str, str | None]]:
    """Return the reasons left for the same job."""
    where = without(situation(problem, plan), id_)
    jobs = jobs_of(where, where.requests[id_], who.start)
    job = next(j for j in jobs if (j.seat.language, j.seat.begin) == (who.language, who.begin))
    return list(stops_person(where, where.people[who.interpreter], job))  # type: ignore[arg-type]


def test_every_rule_is_named_for_somebody():
    named: Counter[str] = Counter()
    for seed in SEEDS:
        problem, plan = scarce.planned(seed)
        for request in problem.requests:
            for who in candidates(problem, plan, request.id):
                named.update(why.rule for why in who.violations)
    assert set(named) == set(BIT)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_stops_somebody_whose_jobs_in_the_way_are_moved(seed):
    problem, plan = scarce.planned(seed)
    for request in problem.requests:
        for who in candidates(problem, plan, request.id):
            rest = plan
            for id_ in who.moved:
                rest = without_request(rest, id_)
            others = {why.rule for why in left(problem, rest, who, request.id)}  # type: ignore[attr-defined]
            assert others.isdisjoint({"taken", "way_between"})


@pytest.mark.parametrize("seed", sampled(range(150), 60))
def test_the_arrays_say_what_the_rules_say(seed):
    problem = generator.problem(seed)
    plan = scarce.solve(problem, time_limit_s=60)
    desk = Desk(problem, plan)
    for request in problem.requests:
        where = without(desk.where, request.id)
        for who in desk.candidates(request.id):
            jobs = jobs_of(where, request)
            fewest = min(
                len({why.rule for why in stops_person(where, where.people[who.interpreter], job)})
                for job in jobs
                if job.seat.language in where.people[who.interpreter].languages
            )
            assert len({why.rule for why in who.violations}) == fewest


@pytest.mark.parametrize("first", sampled(range(0, 160, 20), 3, 3))
def test_what_a_candidate_costs_is_what_the_rules_say_one_by_one(first):
    for seed in range(first, first + 20):
        maker = generator.Maker(seed)
        maker.on |= {"costs", "buffers", "one_site", "busy"}
        problem = Problem.model_validate(maker.problem(4, 6))
        desk = Desk(problem, scarce.solve(problem, time_limit_s=60))
        for request in problem.requests:
            where = without(desk.where, request.id)
            for who in desk.candidates(request.id):
                assert costs(who) == costs_by_rules(where, who, request), f"seed {seed}"


def costs(who: Candidate) -> tuple[object, ...]:
    return who.feasible, who.extra_travel, who.extra_cents, who.penalties, who.violations


def costs_by_rules(where: Situation, who: Candidate, request: Request) -> tuple[object, ...]:
    """Return the same of the candidate's job, each figure from the rules for one person alone."""
    person = where.people[who.interpreter]
    as_offered = (who.way, who.language, who.begin, who.end)
    job = next(
        job
        for job in jobs_of(where, request, who.start)
        if (job.variant.way, job.seat.language, job.seat.begin, job.seat.end) == as_offered
    )
    insertion, stopped = insertion_of(where, person, job), stops_person(where, person, job)
    penalties = terms.wishes(person, job) + terms.continuity(person, job)
    if insertion is None or person.stay(job) is None:
        return not stopped, None, None, penalties, stopped
    travel = extra_travel(insertion)
    cents = terms.fee(person, job, where.problem.units_per_hour)
    cents += travel * person.interpreter.cost_per_travel_unit
    cents += 0 if insertion.today else person.interpreter.cost_per_day
    return not stopped, travel, cents, penalties, stopped


def test_the_best_are_the_first_of_all():
    problem, plan = scarce.planned(3)
    desk = Desk(problem, plan)
    for request in problem.requests:
        everybody = desk.candidates(request.id)
        assert desk.candidates(request.id, most=2) == everybody[:2]
        assert {who.interpreter for who in everybody} == {
            person.id
            for person in problem.interpreters
            if {item.code for item in person.languages}
            & {c for item in request.languages for c in (item.code, item.relay)}
        }


@pytest.mark.parametrize("seed", SEEDS)
def test_those_who_could_go_are_the_feasible_candidates(seed):
    problem, plan = scarce.planned(seed)
    desk = Desk(problem, plan)
    for asked in problem.requests:
        all_ = desk.candidates(asked.id)
        assert desk.able(asked.id) == tuple(one for one in all_ if one.feasible)


def test_an_unknown_request_is_refused():
    problem, plan = scarce.planned(0)
    with pytest.raises(KeyError):
        candidates(problem, plan, "nobody asked for this")


@pytest.mark.parametrize("first", sampled(range(0, 80, 20), 1, 1))
def test_who_can_go_is_offered_the_job_that_costs_least(first):
    for seed in range(first, first + 20):
        maker = generator.Maker(seed)
        maker.on |= {"windows", "costs"}
        problem = Problem.model_validate(maker.problem(4, 6))
        plan = scarce.solve(problem, time_limit_s=60)
        for request in problem.requests:
            where = without(situation(problem, plan), request.id)
            for who in candidates(problem, plan, request.id):
                if who.feasible:
                    mine = (who.penalties, who.extra_cents, who.extra_travel, who.start)
                    assert mine == cheapest(where, who.interpreter, request), f"seed {seed}"


def cheapest(where: Situation, id_: str, request: Request) -> tuple[int, ...]:
    """Return what the cheapest job of a request costs that nothing stops the person from."""
    person, found = where.people[id_], []
    for job in jobs_of(where, request):
        if job.seat.language in person.languages and not stops_person(where, person, job):
            insertion = insertion_of(where, person, job)
            travel = extra_travel(insertion)  # type: ignore[arg-type]
            cents = terms.fee(person, job, where.problem.units_per_hour)
            cents += travel * person.interpreter.cost_per_travel_unit
            cents += 0 if insertion.today else person.interpreter.cost_per_day
            choice = job.variant.variety + job.variant.way_cost + job.variant.handover
            penalties = terms.wishes(person, job) + terms.continuity(person, job)
            found.append((choice, penalties, cents, travel, job.variant.start))
    return min(found)[1:]
