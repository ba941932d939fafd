"""Solves parts on several processors and joins their plans, with a bound for the whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from multiprocessing.synchronize import Event

from solver.analysis.part import Part, loosened
from solver.evaluation.whole import infeasible_plan, plan_of_routes
from solver.method.solving import solve
from solver.plan import Plan, Status, StoppedBy
from solver.problem.problem import Problem

POLL_SECONDS = 0.1

_stopping: list[Event] = []


def join(
    problem: Problem,
    parts: Sequence[Part],
    plans: Sequence[Plan],
    floors: Sequence[Plan] | None = None,
) -> Plan:
    """Return the plan of the whole from the plans of its parts, in the same order.

    For exact parts the bounds add up, level by level as long as the levels before are proven.
    For others `floors` are the plans of their `loosened` problems, if solved; they bound the
    first level. Without them there is no bound. A part that nothing satisfies makes the whole of
    exact parts INFEASIBLE; raises ValueError for others.
    """
    exact = all(part.exact for part in parts)
    if any(plan.status is Status.INFEASIBLE for plan in plans):
        if not exact:
            raise ValueError("a part has no plan though the whole may have; cut into fewer parts")
        return infeasible_plan(problem)
    levels = len(problem.weights.levels)
    bounds = _summed(plans, levels) if exact else _floor(floors, levels)
    ended = {plan.stopped_by for plan in plans} - {StoppedBy.PROOF}
    routes = [route for plan in plans for route in plan.routes]
    return plan_of_routes(problem, routes, bounds, min(ended, default=StoppedBy.SEARCH))


def _summed(plans: Sequence[Plan], levels: int) -> list[int | None]:
    bounds: list[int | None] = []
    known = True
    for number in range(levels):
        own = [plan.objective[number] for plan in plans]
        given = [level.bound for level in own if level.bound is not None]
        bounds.append(sum(given) if known and len(given) == len(own) else None)
        known = known and all(level.proven for level in own)
    return bounds


def _floor(floors: Sequence[Plan] | None, levels: int) -> list[int | None]:
    found = [plan.objective[0].bound for plan in floors or ()]
    known = [bound for bound in found if bound is not None]
    first = sum(known) if known and len(known) == len(found) else None
    return [first, *[None] * (levels - 1)]


def solve_parts(
    problem: Problem,
    parts: Sequence[Part],
    *,
    time_limit_s: float = 60.0,
    seed: int = 0,
    processes: int = 2,
    stop: Callable[[], bool] | None = None,
) -> Plan:
    """Return the plan of the whole, its parts solved on `processes` processors of this machine.

    Each part (and each loosened one, where parts are not exact) may take `time_limit_s`. When
    `stop` says True, asked about every 0.1 s, all end with their best plans so far.
    """
    asked = [part.problem for part in parts]
    if not all(part.exact for part in parts):
        asked += [loosened(problem, part) for part in parts]
    texts = [item.to_json() for item in asked]
    context = get_context("spawn")
    told = context.Event()
    with ProcessPoolExecutor(processes, context, _listen, (told,)) as pool:
        futures = [pool.submit(solve_part, text, time_limit_s, seed) for text in texts]
        _wait(futures, stop, told)
        found = [Plan.model_validate_json(future.result()) for future in futures]
    return join(problem, parts, found[: len(parts)], found[len(parts) :])


def solve_part(text: str, time_limit_s: float, seed: int) -> str:
    """Return the plan of a problem, both as JSON; what a worker anywhere does with a part."""
    stop = _stopping[-1].is_set if _stopping else None
    problem = Problem.from_json(text)
    return solve(problem, time_limit_s=time_limit_s, seed=seed, stop=stop).to_json()


def _listen(told: Event) -> None:
    """Remember, in a process of its own, what tells it to stop."""
    _stopping.append(told)


def _wait(futures: Sequence[Future[str]], stop: Callable[[], bool] | None, told: Event) -> None:
    pending = set(futures)
    while pending:
        _, pending = wait(pending, POLL_SECONDS, FIRST_COMPLETED)
        if stop is not None and stop():
            told.set()
