"""The team orienteering problem with time windows: paths that collect the most profit.

Each path is an interpreter, each point a request with its profit as weight; only coverage counts.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, hypot
from pathlib import Path
from typing import Any

from bench.solver.public.solving import Case, Solved, solved
from solver import Problem

STARTS = 200
PATHS = "2"
DIFFERS = f"starts on a grid of at most {STARTS} a point, where the set allows any time"


@dataclass(frozen=True, slots=True)
class Point:
    """A point with service, profit and window, in units of the last decimal that counts."""

    x: float
    y: float
    service: int
    profit: int
    opens: int
    closes: int

    def step(self) -> int:
        """Return the grid of starts."""
        return max(1, -(-(self.closes - self.opens) // STARTS))


def cases(folder: Path) -> Iterator[Case]:
    """Yield the instances with two paths and their best known profit."""
    with (folder / "toptw" / "best_known.csv").open() as file:
        for row in csv.DictReader(file):
            if row["m"] == PATHS:
                path = folder / "toptw" / f"{row['instance']}.txt"
                name = f"{path.stem}, {PATHS} paths"
                yield Case("toptw", name, str(path), int(PATHS), float(row["bks"]), DIFFERS)


def scale_of(path: Path) -> int:
    """Return units per unit of length: Cordeau's count two decimals, Solomon's one."""
    return 100 if path.stem.startswith("pr") else 10


def read(path: Path) -> list[Point]:
    """Read a file; the first point is where paths start and end."""
    scale = scale_of(path)
    rows = [line.split() for line in path.read_text().splitlines()[2:] if line.strip()]
    return [
        Point(
            x=float(row[1]),
            y=float(row[2]),
            service=round(float(row[3]) * scale),
            profit=round(float(row[4])),
            opens=round(float(row[-2]) * scale),
            closes=round(float(row[-1]) * scale),
        )
        for row in rows
    ]


def lengths(points: Sequence[Point], scale: int) -> list[list[int]]:
    """Return Euclidean lengths, rounded down to the decimal that counts."""
    return [[floor(hypot(a.x - b.x, a.y - b.y) * scale + 1e-9) for b in points] for a in points]


def problem_of(points: Sequence[Point], ways: list[list[int]], paths: int) -> Problem:
    """State the paths as interpreters and the points as requests."""
    return Problem.model_validate(
        {
            "interpreters": [_path(number, points[0]) for number in range(paths)],
            "requests": [_point(number, point) for number, point in enumerate(points) if number],
            "travel": {
                "places": [{"id": f"p{number}"} for number in range(len(points))],
                "profiles": [{"id": "way", "matrix": ways}],
            },
            "weights": {"levels": [{"name": "profit", "terms": [{"term": "coverage"}]}]},
        }
    )


def solve(path: str, number: int, budget_s: float) -> dict[str, Any]:
    """Solve one instance; the value is the profit collected, the bound that of the profit."""
    points = read(Path(path))
    ways = lengths(points, scale_of(Path(path)))
    problem = problem_of(points, ways, number)
    found = solved(problem, budget_s, lambda visits: _judged(points, ways, visits))
    if found["bound"] is not None:
        found["bound"] = sum(point.profit for point in points) - found["bound"]
    return found


def _path(number: int, depot: Point) -> dict[str, Any]:
    span = {"start": depot.opens, "end": depot.closes}
    return {
        "id": f"path{number}",
        "languages": [{"code": "any"}],
        "days": [{"day": 0, "available": [span], "start": "p0", "end": "p0"}],
        "travel_profile": "way",
    }


def _point(number: int, point: Point) -> dict[str, Any]:
    return {
        "id": f"p{number}",
        "earliest": point.opens,
        "latest": point.closes,
        "step": point.step(),
        "duration": max(1, point.service),
        "place": f"p{number}",
        "languages": [{"code": "any"}],
        "weight": point.profit,
    }


def _judged(points: Sequence[Point], ways: list[list[int]], visits: Solved) -> tuple[float, str]:
    """Return the profit, and what is wrong."""
    seen = [name for stops in visits.values() for name, _ in stops]
    if len(set(seen)) < len(seen):
        return 0, "a point is visited twice"
    for stops in visits.values():
        path = [(0, points[0].opens), *((int(name[1:]), start) for name, start in stops)]
        for (one, begin), (two, start) in pairwise(path):
            early = begin + (points[one].service if one else 0) + ways[one][two]
            if start < early or not points[two].opens <= start <= points[two].closes:
                return 0, f"point {two} is visited at the wrong time"
        last, begin = path[-1]
        if begin + points[last].service + ways[last][0] > points[0].closes:
            return 0, "a path ends too late"
    return sum(points[int(name[1:])].profit for name in seen), ""
