"""A problem too large for a proof: close prices, a plan with a small gap, one thread or two."""

from math import inf
from threading import Event

import pytest

from bench.solver.generator import generated
from bench.solver.instances import problem_of
from solver import Progress, Status, StoppedBy, check, solve
from solver.method import machine


@pytest.mark.exhaustive  # measuring coverage doubles its time
@pytest.mark.parametrize("workers", [1, 2])
def test_many_requests_have_a_plan_with_a_small_gap_that_can_be_stopped(workers, monkeypatch):
    monkeypatch.setattr(machine, "WORTH_COMPILING_S", inf)
    asked, close = problem_of(generated("700")), Event()
    percent = 1_000 * sum(one.weight for one in asked.requests)
    seen: list[Progress] = []

    def note(progress: Progress) -> None:
        seen.append(progress)
        value, bound = progress.value, progress.bound
        if value is not None and bound is not None and value - bound < percent:
            close.set()

    plan = solve(asked, time_limit_s=300, workers=workers, on_progress=note, stop=close.is_set)
    assert check(asked, plan) == ()
    assert plan.stopped_by is StoppedBy.ASKED
    assert plan.status is Status.FEASIBLE
    assert 0 <= plan.objective[0].value - (plan.bound or 0) < percent
    assert len(seen) > 1
    assert seen[-1].bound == plan.bound
