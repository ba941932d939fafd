"""How long the questions beside the plan take, each asked for many requests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles
from time import perf_counter
from typing import Any, TypeVar

from bench.solver import processes
from bench.solver.day import Ask
from bench.solver.planned import DAY, planned, week_of, week_of_plan
from bench.solver.table import line
from solver import Plan, Problem
from solver.analysis import Absent, Candidate, Desk, remedies, repair
from solver.problem import Interval

HEAD = ("question", "on", "asked", "ready s", "first ms", "median ms", "95 % ms", "in an answer")
DEADLINE_S = 900
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the function that asks it on a day of a size, how often, what answers hold."""

    name: str
    on: str
    function: str
    size: str
    often: int
    holds: str


QUESTIONS = (
    Question("candidates", "200 interpreters", "candidates_of", "333", 60, "people"),
    Question("candidates", "10,000 interpreters", "candidates_of", "nation", 60, "people"),
    Question("the best 20 candidates", "200 interpreters", "best_of", "333", 60, "people"),
    Question("the best 20 candidates", "10,000 interpreters", "best_of", "nation", 60, "people"),
    Question("feasible starts for a week", "city", "starts_in_week", "city", 60, "starts"),
    Question("explain", "city", "explanations", "city", 30, "reasons"),
    Question("remedies", "city", "remedies_of", "city", 10, "remedies"),
    Question("repair after an absence", "city", "repairs", "city", 20, "people disturbed"),
    Question("repair after an absence", "region", "repairs", "region", 10, "people disturbed"),
)


def measured() -> str:
    """Ask all questions, each kind in a process of its own, and return the table."""
    rows = [_row(question) for question in QUESTIONS]
    table = "\n".join(line(row) for row in (HEAD, ["--"] * len(HEAD), *rows))
    return (
        "## Questions beside the plan\n\nDays of our own generator, planned by the greedy method; "
        "'ready' is what a desk takes once for a problem and a plan; remedies and repair need "
        f"none. 'In an answer' is a mean.\n\n{table}"
    )


def candidates_of(size: str, often: int) -> dict[str, Any]:
    """Ask who could take a request, and why the others could not."""
    day, problem, plan = planned(size)
    desk, ready_s = _desk(problem, plan)
    return _timed(lambda ask: _read(desk.candidates(ask.id)), day.asks[:often], ready_s)


def best_of(size: str, often: int) -> dict[str, Any]:
    """Ask for the best twenty only, and why they could not."""
    day, problem, plan = planned(size)
    desk, ready_s = _desk(problem, plan)
    return _timed(lambda ask: _read(desk.candidates(ask.id, 20)), day.asks[:often], ready_s)


def _read(found: Sequence[Candidate]) -> int:
    """Return how many they are, having read what is only found when it is read."""
    return len([(one.violations, one.moved) for one in found])


def starts_in_week(size: str, often: int) -> dict[str, Any]:
    """Ask for all starts within a week whose every day is planned."""
    day, problem, plan = planned(size)
    desk, ready_s = _desk(week_of(problem), week_of_plan(plan))
    window = Interval(start=0, end=7 * DAY)

    def starts(ask: Ask) -> int:
        return len(desk.feasible_starts(f"{ask.id}@0", window))

    return _timed(starts, day.asks[:often], ready_s)


def explanations(size: str, often: int) -> dict[str, Any]:
    """Ask why a request is open, for each that is."""
    _, problem, plan = planned(size)
    desk, ready_s = _desk(problem, plan)
    open_ = [item.request for item in plan.unassigned[:often]]
    return _timed(lambda id_: len(desk.explain(id_).reasons.reasons), open_, ready_s)


def remedies_of(size: str, often: int) -> dict[str, Any]:
    """Ask what would fill a request that is open."""
    _, problem, plan = planned(size)
    open_ = [item.request for item in plan.unassigned[:often]]
    return _timed(lambda id_: len(remedies(problem, plan, id_)), open_)


def repairs(size: str, often: int) -> dict[str, Any]:
    """Let somebody with jobs be away for the day, and mend the plan."""
    _, problem, plan = planned(size)

    def disturbed(id_: str) -> int:
        away = Absent(interpreter=id_, start=0, end=DAY)
        return len(repair(problem, plan, [away]).disturbed)

    return _timed(disturbed, [route.interpreter for route in plan.routes[:often]])


def _desk(problem: Problem, plan: Plan) -> tuple[Desk, float]:
    begun = perf_counter()
    desk = Desk(problem, plan)
    return desk, perf_counter() - begun


def _timed(ask: Callable[[T], int], items: Iterable[T], ready_s: float = 0.0) -> dict[str, Any]:
    taken_ms, counts = [], []
    for item in items:
        begun = perf_counter()
        counts.append(ask(item))
        taken_ms.append(1000 * (perf_counter() - begun))
    return {"ready_s": ready_s, "taken_ms": taken_ms, "counts": counts}


def _row(question: Question) -> list[str]:
    print(f"{question.name}, {question.on} ...", file=sys.stderr)
    arguments = {"size": question.size, "often": question.often}
    outcome = processes.call(f"{__name__}:{question.function}", arguments, DEADLINE_S)
    if outcome.failure:
        return [question.name, question.on, outcome.failure, *["–"] * (len(HEAD) - 3)]
    taken = outcome.found["taken_ms"]
    return [
        question.name,
        question.on,
        str(len(taken)),
        f"{outcome.found['ready_s']:.2f}",
        f"{taken[0]:.2f}",
        f"{median(taken):.2f}",
        f"{quantiles(taken, n=20)[-1]:.2f}",
        f"{fmean(outcome.found['counts']):.1f} {question.holds}",
    ]
