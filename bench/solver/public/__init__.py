"""Public sets with known best values: our value beside them, and what differs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from bench.solver import processes
from bench.solver.public import smptsp, toptw
from bench.solver.public.solving import Case
from bench.solver.table import line

BUDGET_S = 10.0
START_AND_READ_S = 60
HEAD = ("set", "instance", "ours", "best known", "our bound", "s", "MB", "remark")


def measured(folder: Path | None, budget_s: float | None) -> str:
    """Solve all cases and return their table; without the folder a line that says so."""
    title = "## Public sets\n\n"
    inside = None if folder is None else _inside(folder)
    if inside is None:
        return title + "Not measured: the folder of the shared instances was not given."
    found = [case for set_ in (smptsp, toptw) for case in set_.cases(inside)]
    cells = [_cells(case, budget_s or BUDGET_S) for case in found]
    table = "\n".join(line(row) for row in (HEAD, ["--"] * len(HEAD), *cells))
    return f"{title}{table}\n\n{chr(10).join(_differences(found))}"


def _inside(folder: Path) -> Path | None:
    places = (folder / "public", folder.parent / "public")
    return next((place for place in places if place.is_dir()), None)


def _differences(cases: list[Case]) -> Iterator[str]:
    for set_, differs in sorted({(case.set, case.differs) for case in cases}):
        yield f"- {set_}: what differs: {differs}."


def _cells(case: Case, budget_s: float) -> list[str]:
    print(f"{case.set} {case.name} ...", file=sys.stderr)
    outcome = processes.call(
        f"bench.solver.public.{case.set}:solve",
        {"path": case.path, "number": case.number, "budget_s": budget_s},
        2 * budget_s + START_AND_READ_S,
    )
    head = [case.set, case.name]
    if outcome.failure:
        return [*head, "–", f"{case.best:g}", "–", "–", f"{outcome.memory_mb:.0f}", outcome.failure]
    found = outcome.found
    return [
        *head,
        _number(found["value"]),
        f"{case.best:g}",
        _number(found["bound"]),
        f"{found['seconds']:.1f}",
        f"{outcome.memory_mb:.0f}",
        found["remark"],
    ]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
