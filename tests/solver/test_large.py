"""A problem too large for a proof: close prices, compiled code, a plan with a small gap."""

from threading import Event

from bench.solver.generator import generated
from bench.solver.instances import problem_of
from solver import Progress, Status, StoppedBy, check, solve


def test_a_thousand_requests_have_a_plan_with_a_small_gap_that_can_be_stopped():
    asked, close = problem_of(generated("1000")), Event()
    percent = 1_000 * sum(one.weight for one in asked.requests)
    seen: list[Progress] = []

    def note(progress: Progress) -> None:
        seen.append(progress)
        value, bound = progress.value, progress.bound
        if value is not None and bound is not None and value - bound < percent:
            close.set()

    plan = solve(asked, time_limit_s=120, on_progress=note, stop=close.is_set)
    assert check(asked, plan) == ()
    assert plan.stopped_by is StoppedBy.ASKED
    assert plan.status is Status.FEASIBLE
    assert 0 <= plan.objective[0].value - (plan.bound or 0) < percent
    assert len(seen) > 1
    assert seen[-1].bound == plan.bound


def test_two_threads_make_a_plan_that_keeps_every_rule_and_is_as_good():
    asked = problem_of(generated("1000"))
    plan = solve(asked, time_limit_s=15, workers=2)
    assert check(asked, plan) == ()
    percent = 1_000 * sum(one.weight for one in asked.requests)
    assert 0 <= plan.objective[0].value - (plan.bound or 0) < percent
