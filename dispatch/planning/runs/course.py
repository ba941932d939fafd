"""How a search went, in requests: what it had filled and what no plan can exceed, over time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dispatch.planning.runs.rules import least_filled, most_filled

WIDTH, HEIGHT = 600, 120


@dataclass(frozen=True)
class Step:
    """From so many seconds on: at least and at most so many filled; no plan fills more than that.

    The solver tells weights, and requests of different weights may be what is left open.
    """

    seconds: float
    least: int
    most: int
    bound: int


@dataclass(frozen=True)
class Picture:
    """Two lines in a box of WIDTH by HEIGHT, as paths of SVG; `area` lies below what is filled."""

    filled: str
    area: str
    bound: str


def steps_of(course: Iterable[Sequence[float]], weights: Mapping[str, int]) -> list[Step]:
    """Return the course of a run in requests; `weights` counts the requests by weight."""
    each = [int(weight) for weight, count in weights.items() for _ in range(count)]
    steps = []
    for seconds, uncovered, never_covered in course:
        most = most_filled(each, int(uncovered))
        bound = max(most, most_filled(each, int(never_covered or 0)))
        steps.append(Step(seconds, least_filled(each, int(uncovered)), most, bound))
    return steps


def picture(steps: Sequence[Step], requests: int, seconds: float) -> Picture | None:
    """Draw the steps up to now, from nothing filled to all requests; None without any."""
    if not steps or not requests:
        return None
    scale = max(seconds, steps[-1].seconds, 1.0)
    marks = [(round(WIDTH * step.seconds / scale, 1), step) for step in steps]
    filled = _stairs([(x, step.least) for x, step in marks], requests)
    bound = _stairs([(x, step.bound) for x, step in marks], requests)
    area = f"{filled}V{HEIGHT}H{marks[0][0]}Z"
    return Picture(filled, area, bound)


def _stairs(points: Sequence[tuple[float, int]], requests: int) -> str:
    def y(reached: int) -> float:
        return round(HEIGHT * (1 - reached / requests), 1)

    (first, reached), *rest = points
    line = f"M{first} {y(reached)}"
    line += "".join(f"H{x}V{y(reached)}" for x, reached in rest)
    return f"{line}H{WIDTH}"
