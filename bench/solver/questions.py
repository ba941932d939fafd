"""How long the questions beside the plan take, each asked for many requests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from bench.solver import processes
from bench.solver.day import Ask
from bench.solver.planned import DAY, planned, week_of, week_of_plan
from bench.solver.table import line
from solver import Desk, Interval, Plan, Problem

HEAD = ("question", "on", "asked", "made ready s", "first ms", "median ms", "95 % ms")
ASKED = 60
DEADLINE_S = 900
SIZES = {"200 interpreters": "333", "10,000 interpreters": "nation"}


def measured() -> str:
    """Ask all questions, each kind in a process of its own, and return the table."""
    rows = []
    for label, size in SIZES.items():
        rows.append(_row("candidates", label, "candidates_of", {"size": size}))
    rows.append(_row("feasible starts for a week", "city", "starts_in_week", {"size": "city"}))
    rows.append(_row("explain", "city", "explanations", {"size": "city"}))
    table = "\n".join(line(row) for row in (HEAD, ["--"] * len(HEAD), *rows))
    return (
        "## Questions beside the plan\n\nDays and plans of our own generator and the greedy "
        f"method; 'made ready' is what the desk takes once for a problem and a plan.\n\n{table}"
    )


def candidates_of(size: str) -> dict[str, Any]:
    """Ask who could take a request."""
    day, problem, plan = planned(size)
    return _timed(problem, plan, lambda desk, ask: desk.candidates(ask.id), day.asks[:ASKED])


def starts_in_week(size: str) -> dict[str, Any]:
    """Ask for all starts within a week whose every day is planned."""
    day, problem, plan = planned(size)
    week, weekly = week_of(problem), week_of_plan(plan)
    window = Interval(start=0, end=7 * DAY)
    return _timed(
        week,
        weekly,
        lambda desk, ask: desk.feasible_starts(f"{ask.id}@0", window),
        day.asks[:ASKED],
    )


def explanations(size: str) -> dict[str, Any]:
    """Ask why a request is open, for each that is."""
    day, problem, plan = planned(size)
    sent = {stop.request for route in plan.routes for stop in route.stops}
    open_ = [ask for ask in day.asks if ask.id not in sent]
    return _timed(problem, plan, lambda desk, ask: desk.explain(ask.id), open_[:ASKED])


def _timed(
    problem: Problem, plan: Plan, ask: Callable[[Desk, Ask], object], asks: Iterable[Ask]
) -> dict[str, Any]:
    begun = perf_counter()
    desk = Desk(problem, plan)
    ready_s, taken_ms = perf_counter() - begun, []
    for each in asks:
        begun = perf_counter()
        ask(desk, each)
        taken_ms.append(1000 * (perf_counter() - begun))
    return {"ready_s": ready_s, "taken_ms": taken_ms}


def _row(question: str, on: str, function: str, arguments: dict[str, Any]) -> list[str]:
    print(f"{question}, {on} ...", file=sys.stderr)
    outcome = processes.call(f"bench.solver.questions:{function}", arguments, DEADLINE_S)
    if outcome.failure:
        return [question, on, outcome.failure, "–", "–", "–", "–"]
    taken = outcome.found["taken_ms"]
    return [
        question,
        on,
        str(len(taken)),
        f"{outcome.found['ready_s']:.2f}",
        f"{taken[0]:.2f}",
        f"{median(taken):.2f}",
        f"{quantiles(taken, n=20)[-1]:.2f}",
    ]
