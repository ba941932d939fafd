"""How time and memory grow with the size of the day, as a picture."""

from __future__ import annotations

import sys
from math import ceil, floor, log10
from pathlib import Path

from bench.solver.instances import named
from bench.solver.methods import OURS
from bench.solver.running import Job, Measured, honest, run
from bench.solver.table import line

REQUESTS = (25, 50, 100, 200, 400, 800, 1600)
ALLOWED_S = 60.0
CLOSE = 0.01
HEAD = ("requests", "interpreters", "s to 1 %", "s in all", "CPU s", "gap", "MB")


def measured(picture: Path) -> str:
    """Solve days of growing size, draw the picture and return the table."""
    found = []
    for requests in REQUESTS:
        print(f"growth: {requests} requests ...", file=sys.stderr)
        day = named(str(requests))
        found.append(honest(run(day, Job(OURS.name, str(requests), 0, ALLOWED_S, 1))))
    done = [each for each in found if each.answer is not None]
    if done:
        _draw(done, picture)
    table = "\n".join(line(row) for row in (HEAD, ["--"] * len(HEAD), *map(_cells, found)))
    return (
        "## Growth\n\n"
        f"Days of our own generator, {ALLOWED_S:g} s allowed, one thread, one run each; "
        "'s to 1 %' is when plan and bound were first within 1 % of each other, as the solver "
        f"told it.\n\n![Time and memory against size]({picture.name})\n\n{table}"
    )


def close_s(run_: Measured) -> float | None:
    """Return after how many seconds value and bound were within 1 %; None: never."""
    if run_.answer is None:
        return None
    answer = run_.answer
    for seconds, value, bound in [*answer.trail, (run_.seconds, answer.value, answer.bound)]:
        if value is not None and bound is not None and bound - value <= CLOSE * abs(bound):
            return seconds
    return None


def _cells(run_: Measured) -> list[str]:
    people = str(len(named(run_.job.day).people))
    if run_.answer is None or run_.score is None:
        return [run_.job.day, people, *["–"] * 4, run_.failure]
    bound, close = run_.answer.bound, close_s(run_)
    return [
        run_.job.day,
        people,
        "not reached" if close is None else f"{close:.2f}",
        f"{run_.seconds:.1f}",
        f"{run_.cpu_s:.1f}",
        "–" if bound is None else f"{(bound - run_.score.points) / abs(bound):.3%}",
        f"{run_.memory_mb:.0f}",
    ]


def _draw(done: list[Measured], picture: Path) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = picture.stem
    figure = Figure(figsize=(9, 3.5), layout="constrained")
    time, memory = figure.subplots(1, 2)
    close = [(int(run_.job.day), at) for run_ in done if (at := close_s(run_)) is not None]
    if close:
        time.loglog(*zip(*close, strict=True), "o-", label="plan and bound within 1 %")
    sizes = [int(run_.job.day) for run_ in done]
    time.loglog(sizes, [run_.seconds for run_ in done], "s--", label="all the time taken")
    memory.loglog(sizes, [run_.memory_mb for run_ in done], "o-", color="tab:green")
    time.set(title="Seconds", xlabel="requests")
    time.legend()
    memory.set(title="Memory, MB", xlabel="requests")
    for axes in (time, memory):
        axes.set_xticks(sizes, [str(size) for size in sizes])
        axes.minorticks_off()
        low, high = axes.get_ylim()
        axes.set_ylim(10 ** floor(log10(low)), 10 ** ceil(log10(high)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.grid(alpha=0.3)
    figure.savefig(picture, metadata={"Date": None, "Creator": None})
