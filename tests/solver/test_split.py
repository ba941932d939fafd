"""Parts solved apart give the plan of the whole, and its bound is true."""

import pytest

from solver import Plan, Problem, Status, check, solve
from solver.analysis import Part, join, loosened, solve_part, solve_parts, split
from tests.solver import generator, scarce
from tests.solver.sampled import sampled

SEEDS = range(60)


def days(seeds: list[int]) -> Problem:
    """Return several days of different people as one problem; nothing ties them together."""
    problems = [scarce.problem(seed) for seed in seeds]
    data = [renamed(problem, number) for number, problem in enumerate(problems)]
    first = data[0]
    for other in data[1:]:
        first["interpreters"] += other["interpreters"]
        first["requests"] += other["requests"]
        first["travel"]["places"] += other["travel"]["places"]
    return Problem.model_validate(first)


def renamed(problem: Problem, number: int) -> dict:
    """Return the problem as data, a number behind each name of a person, place and language."""
    text = problem.to_json()
    names = [item.id for item in (*problem.interpreters, *problem.requests)]  # type: ignore[attr-defined]
    names += [place.id for place in problem.travel.places] + list(scarce.LANGUAGES)
    for name in names:
        text = text.replace(f'"{name}"', f'"{name}.{number}"')
    return Problem.from_json(text).model_dump(mode="json", by_alias=True)


def joined(problem: Problem, parts: tuple[Part, ...], floors: bool = False) -> Plan:
    """Return the plan of the parts, each solved by itself."""
    plans = [solve(part.problem, time_limit_s=60) for part in parts]
    if not floors:
        return join(problem, parts, plans)
    low = [solve(loosened(problem, part), time_limit_s=60) for part in parts]
    return join(problem, parts, plans, low)


def test_what_shares_nobody_is_solved_apart_and_proven_together():
    problem = days([0, 1, 2])
    parts = split(problem)
    assert len(parts) >= 3
    plan = joined(problem, parts)
    assert check(problem, plan) == ()
    assert plan.status is Status.OPTIMAL
    assert plan.objective == solve(problem, time_limit_s=60).objective


@pytest.mark.parametrize("seed", sampled(SEEDS, 30))
def test_parts_of_any_problem_have_the_value_of_the_whole(seed):
    problem = generator.problem(seed)
    parts = split(problem)
    plan, whole = joined(problem, parts), solve(problem, time_limit_s=60)
    assert check(problem, plan) == ()
    assert plan.status is whole.status
    assert [level.value for level in plan.objective] == [level.value for level in whole.objective]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_request_is_in_one_part(seed):
    problem = generator.problem(seed)
    for parts in (split(problem), split(problem, 2), split(problem, 2, cuts=True)):
        ids = [request.id for part in parts for request in part.problem.requests]
        assert sorted(ids) == sorted(request.id for request in problem.requests)


def test_days_lie_in_parts_of_their_own_unless_a_week_ties_them():
    free, tied = week(None), week(600)
    assert len(split(free)) == 2
    assert len(split(tied)) == 1
    plan = joined(free, split(free))
    assert check(free, plan) == ()
    assert plan.filled == 2
    assert len(plan.routes) == 2


def week(most: int | None) -> Problem:
    """Return one person with a job on each of two days."""
    spans = [{"start": begin, "end": begin + 480} for begin in (480, 1920)]
    return Problem.model_validate(
        {
            "interpreters": [
                {
                    "id": "a",
                    "languages": [{"code": "apc"}],
                    "days": [{"day": n, "available": [span]} for n, span in enumerate(spans)],
                    "limits": {"minutes_per_week": most},
                }
            ],
            "requests": [
                {
                    "id": f"r{n}",
                    "earliest": span["start"] + 60,
                    "duration": 60,
                    "languages": [{"code": "apc"}],
                    "ways": [{"way": "video"}],
                }
                for n, span in enumerate(spans)
            ],
        }
    )


@pytest.mark.parametrize("seed", sampled(range(30), 15))
def test_cuts_give_a_plan_that_is_never_called_best_without_proof(seed):
    problem, best = scarce.planned(seed)
    parts = split(problem, 2, cuts=True)
    plan = joined(problem, parts, floors=True)
    assert check(problem, plan) == ()
    assert plan.objective[0].bound is not None
    assert plan.objective[0].bound <= best.objective[0].value <= plan.objective[0].value


def in_two_languages() -> tuple[Problem, Plan]:
    """Return a problem whose two languages can be cut apart, with its best plan."""
    found = (scarce.planned(seed) for seed in SEEDS)
    return next(pair for pair in found if len(split(pair[0], 2, cuts=True)) == 2)


def test_without_floors_cuts_have_no_bound():
    problem, _ = in_two_languages()
    parts = split(problem, 2, cuts=True)
    plan = joined(problem, parts)
    assert not all(part.exact for part in parts)
    assert plan.bound is None
    assert plan.status is Status.FEASIBLE


def test_parts_travel_as_json():
    problem = days([3, 4])
    for part in split(problem, 2):
        again = Part.model_validate_json(part.model_dump_json(by_alias=True))
        assert again == part
        assert {place.id for place in part.problem.travel.places} < {
            place.id for place in problem.travel.places
        }


def test_processes_of_this_machine_solve_the_parts():
    problem = days([0, 1])
    plan = solve_parts(problem, split(problem, 2), time_limit_s=60, processes=2)
    assert check(problem, plan) == ()
    assert plan.status is Status.OPTIMAL


def test_processes_solve_cut_parts_with_their_floors():
    problem, best = in_two_languages()
    plan = solve_parts(problem, split(problem, 2, cuts=True), time_limit_s=60)
    assert plan.objective[0].bound is not None
    assert plan.objective[0].bound <= best.objective[0].value


def test_told_to_stop_every_part_ends_with_what_it_has():
    problem = days([0, 1])
    plan = solve_parts(problem, split(problem, 2), time_limit_s=60, stop=lambda: True)
    assert check(problem, plan) == ()


def test_a_part_without_a_plan_leaves_the_whole_without_one():
    problem = days([0, 1])
    parts = split(problem, 2)
    plans = [solve(part.problem, time_limit_s=60) for part in parts]
    none = [plans[0], plans[1].model_copy(update={"status": Status.INFEASIBLE})]
    assert join(problem, parts, none).status is Status.INFEASIBLE
    cut = [part.model_copy(update={"exact": False}) for part in parts]
    with pytest.raises(ValueError, match="fewer parts"):
        join(problem, cut, none)


def test_a_problem_without_requests_has_no_parts():
    nothing = Problem()
    assert split(nothing) == ()
    assert join(nothing, (), ()).status is Status.OPTIMAL


def test_a_worker_anywhere_takes_a_part_as_json_and_gives_its_plan_as_json():
    problem = days([0])
    (part,) = split(problem, 1)
    plan = Plan.model_validate_json(solve_part(part.problem.to_json(), 60, 0))
    assert check(problem, join(problem, [part], [plan])) == ()
