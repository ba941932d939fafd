"""Shift minimisation personnel task scheduling: fixed tasks, able workers, fewest workers used.

Krishnamoorthy, Ernst and Baatar 2012. Our problem with every task required and a price of one
for each worker used; no travel.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.solver.public.solving import Case, Solved, solved
from solver import Problem

DIFFERS = "nothing: every task required, one for each worker used"
HERE = "here"


@dataclass(frozen=True, slots=True)
class Tasks:
    """Tasks with start and end; for each worker the numbers of the tasks they are able to do."""

    spans: tuple[tuple[int, int], ...]
    able: tuple[frozenset[int], ...]


def cases(folder: Path) -> Iterator[Case]:
    """Yield the instances with the best known numbers of workers, the smallest first."""
    with (folder / "smptsp" / "known_bounds.csv").open() as file:
        for row in csv.DictReader(file):
            path = folder / "smptsp" / f"{row['instance']}.dat"
            yield Case("smptsp", path.stem, str(path), 1, float(row["upper_bound"]), DIFFERS)


def read(path: Path) -> Tasks:
    """Read a `.dat` file."""
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    first = next(at for at, line in enumerate(lines) if line.startswith("Jobs"))
    jobs = int(lines[first].split("=")[1])
    spans = [tuple(map(int, line.split())) for line in lines[first + 1 : first + 1 + jobs]]
    workers = [line.split(":")[1].split() for line in lines if re.match(r"\s*\d+:", line)]
    return Tasks(
        tuple((start, end) for start, end in spans),
        tuple(frozenset(map(int, tasks)) for tasks in workers),
    )


def problem_of(tasks: Tasks) -> Problem:
    """State the tasks: covering them all comes first, then the workers used."""
    end = max(end for _, end in tasks.spans)
    return Problem.model_validate(
        {
            "interpreters": [_worker(number, able, end) for number, able in enumerate(tasks.able)],
            "requests": [_task(number, *span) for number, span in enumerate(tasks.spans)],
            "travel": {"places": [{"id": HERE}]},
            "weights": {
                "levels": [
                    {"name": "tasks", "terms": [{"term": "coverage"}]},
                    {"name": "workers", "terms": [{"term": "day_fee"}]},
                ]
            },
        }
    )


def solve(path: str, number: int, budget_s: float) -> dict[str, Any]:
    """Solve one instance; the value is the number of workers used."""
    del number
    tasks = read(Path(path))
    return solved(problem_of(tasks), budget_s, lambda found: _judged(tasks, found), level=1)


def _worker(number: int, able: frozenset[int], end: int) -> dict[str, Any]:
    return {
        "id": f"w{number}",
        "languages": [{"code": f"t{task}"} for task in sorted(able)],
        "days": [{"day": 0, "available": [{"start": 0, "end": end}]}],
        "cost_per_day": 1,
    }


def _task(number: int, start: int, end: int) -> dict[str, Any]:
    return {
        "id": f"t{number}",
        "earliest": start,
        "duration": end - start,
        "place": HERE,
        "languages": [{"code": f"t{number}"}],
    }


def _judged(tasks: Tasks, found: Solved) -> tuple[float, str]:
    """Return the number of workers used, and what is wrong or missing."""
    done = [int(name[1:]) for stops in found.values() for name, _ in stops]
    if len(set(done)) < len(done):
        return 0, "a task is done twice"
    for id_, stops in found.items():
        own = sorted(tasks.spans[int(name[1:])] for name, _ in stops)
        if any(one[1] > two[0] for one, two in pairwise(own)):
            return 0, f"tasks of {id_} overlap"
        if any(int(name[1:]) not in tasks.able[int(id_[1:])] for name, _ in stops):
            return 0, f"{id_} is not able"
    missing = len(tasks.spans) - len(done)
    return len(found), f"{missing} tasks not done" if missing else ""
