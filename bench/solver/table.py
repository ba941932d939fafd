"""The table of all methods on all instances: medians over the seeds, gaps to the best bound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.solver.answer import Method
from bench.solver.day import Day
from bench.solver.methods import OURS
from bench.solver.running import Measured

HEAD = (
    "instance",
    "method",
    "allowed s",
    "objective",
    "covered weight",
    "bound",
    "gap",
    "s",
    "CPU s",
    "MB",
    "seeds",
    "cannot express, remarks",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One method on one instance at one budget, with a measurement for each seed."""

    day: Day
    method: Method
    budget_s: float
    runs: tuple[Measured, ...]
    skipped: str = ""

    def bounds(self) -> list[float]:
        """Return the bounds proven."""
        return [run.answer.bound for run in self.judged() if run.answer.bound is not None]  # type: ignore[union-attr]

    def judged(self) -> list[Measured]:
        """Return the runs that ended with a plan that breaks no rule."""
        return [run for run in self.runs if run.score is not None and not run.score.faults]


def markdown(rows: Sequence[Row]) -> str:
    """Return the table."""
    best: dict[str, float] = {}
    for row in rows:
        for bound in row.bounds():
            best[row.day.name] = min(bound, best.get(row.day.name, bound))
    lines = [_cells(row, best.get(row.day.name)) for row in rows]
    return "\n".join(line(cells) for cells in (HEAD, ["--"] * len(HEAD), *lines))


def line(cells: Sequence[str]) -> str:
    """Return one line of a table."""
    return "| " + " | ".join(cells) + " |"


def _cells(row: Row, best: float | None) -> list[str]:
    judged = row.judged()
    head = [row.day.name, row.method.name, f"{row.budget_s:g}"]
    if not judged:
        return [*head, *["–"] * (len(HEAD) - len(head) - 1), _remarks(row)]
    objective = _median(judged, lambda run: run.score.points)  # type: ignore[union-attr]
    covered = _median(judged, lambda run: run.score.covered_weight)  # type: ignore[union-attr]
    bound = median(row.bounds()) if row.bounds() else None
    against = bound if bound is not None else best
    return [
        *head,
        f"{objective:,.1f}",
        f"{covered:g} of {row.day.weight()}",
        "–" if bound is None else f"{bound:,.1f}",
        "–" if against is None else f"{max(0.0, (against - objective) / abs(against)):.3%}",
        f"{_median(judged, lambda run: run.seconds):.2f}",
        f"{_median(judged, lambda run: run.cpu_s):.2f}",
        f"{_median(judged, lambda run: run.memory_mb):.0f}",
        str(len(judged)),
        _remarks(row),
    ]


def _median(runs: Sequence[Measured], value: Callable[[Measured], float]) -> float:
    return median(value(run) for run in runs)


def _remarks(row: Row) -> str:
    remarks = [row.method.lacks] if row.method.lacks else []
    remarks += [row.skipped] if row.skipped else []
    remarks += sorted({run.failure for run in row.runs if run.failure})
    judged = [run for run in row.runs if run.score is not None]
    broken = [run.score.faults[0] for run in judged if run.score and run.score.faults]
    remarks += [f"{len(broken)} plans break rules, such as {broken[0]}"] if broken else []
    half = sum(run.half for run in judged)
    remarks += [f"{half} half teams taken out"] if half else []
    off = sum(run.score.off_grid for run in judged if run.score)
    remarks += [f"{off} starts off the grid"] if off else []
    if row.method is OURS:
        proven = sum(run.answer is not None and run.answer.proven for run in row.runs)
        remarks.append(f"proven optimal: {proven} of {len(row.runs)}")
    return "; ".join(remarks)
