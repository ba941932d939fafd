"""Reading a plan truthfully."""

import solver
from dispatch.planning.proposals import rules


def question(people: int, requests: int) -> solver.Problem:
    return solver.Problem(
        interpreters=tuple(
            solver.problem.Interpreter(
                id=str(number),
                languages=(solver.problem.WorkingLanguage(code="ro"),),
                days=(
                    solver.problem.WorkDay(
                        day=0, available=(solver.problem.Interval(start=0, end=1440),)
                    ),
                ),
            )
            for number in range(people)
        ),
        requests=tuple(
            solver.problem.Request(
                id=str(number),
                earliest=600,
                duration=60,
                languages=(solver.problem.LanguageChoice(code="ro"),),
                place="hall",
            )
            for number in range(requests)
        ),
        travel=solver.problem.Travel(places=(solver.problem.Place(id="hall"),)),
    )


def test_two_people_and_three_requests_at_once_fill_two_and_no_plan_fills_more() -> None:
    problem = question(2, 3)
    proof = rules.proof_of(problem, solver.solve(problem))
    assert (proof.filled, proof.requests, proof.bound) == (2, 3, 2)
    assert proof.proven


def test_what_is_proposed_is_read_in_order_of_time() -> None:
    problem = question(2, 2)
    items = rules.items_of(solver.solve(problem))
    assert [item.request_id for item in items] == [0, 1]
