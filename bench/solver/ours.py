"""Our own solver as one of the methods."""

from __future__ import annotations

from time import monotonic

from bench.solver.answer import Answer, Call
from bench.solver.day import CENTS, POINTS_PER_WEIGHT, Day
from bench.solver.instances import problem_of
from bench.solver.scoring import Visits
from solver import Plan, Progress, Status, solve


def run(day: Day, call: Call) -> Answer:
    """State the day as a problem and solve it; both count as time taken."""
    most = POINTS_PER_WEIGHT * day.weight()
    trail: list[tuple[float, float | None, float | None]] = []

    def points(hundredths: int | None) -> float | None:
        return None if hundredths is None else most - hundredths / CENTS

    def note(progress: Progress) -> None:
        seconds = monotonic() - call.begun
        trail.append((round(seconds, 3), points(progress.value), points(progress.bound)))

    problem = problem_of(day)
    plan = solve(
        problem,
        time_limit_s=call.left_s(),
        seed=call.seed,
        workers=call.workers,
        on_progress=note,
    )
    level = plan.objective[0]
    return Answer(
        visits=visits_of(plan),
        bound=points(level.bound),
        value=points(level.value),
        proven=plan.status is Status.OPTIMAL,
        trail=trail,
    )


def visits_of(plan: Plan) -> Visits:
    """Return what each interpreter does."""
    return {
        route.interpreter: [(stop.request, stop.begin) for stop in route.stops]
        for route in plan.routes
    }
