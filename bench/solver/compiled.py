"""Whether compiled code pays: the same cheapest days found by numpy alone and by numba."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import files
from statistics import median
from time import perf_counter

import numpy as np

from bench.solver.instances import named, problem_of
from solver.method.model.block import Block
from solver.method.model.instance import compile_problem
from solver.method.model.rows import Floats
from solver.method.pricing.batches import BatchedDays
from solver.method.pricing.best import Days
from solver.method.pricing.compiled import CompiledDays
from solver.rules.distances import Whole

ROUNDS = 7
LEGS, LOAD = ("numpy, legs", "numba, legs"), ("numpy, load", "numba, load")
PACKAGES = ("numba", "llvmlite")
FIRST_CALL = """
from time import perf_counter
import numpy as np
begun = perf_counter()
from solver.method.pricing.compiled import CompiledDays
imported = perf_counter()
from bench.solver.instances import named, problem_of
from solver.method.model.instance import compile_problem
blocks = compile_problem(problem_of(named("mini"))).blocks
days = CompiledDays(blocks)
visits, rates = np.full(len(days.load), -50.0), np.ones(len(blocks))
everybody = np.arange(len(blocks))
ready = perf_counter()
days.cheapest(visits, rates, everybody)
list(days.within_load(everybody, visits, rates, 0 * rates, {}))
print(imported - begun, perf_counter() - ready)
"""


def measured(names: Sequence[str]) -> str:
    """Return a section: seconds of a round by numpy and by numba, and what numba costs."""
    rows = [_row(name) for name in names]
    titles = ("instance", "people x requests", *LEGS, "ratio", *LOAD, "ratio")
    with tempfile.TemporaryDirectory() as cache:
        (imported, first), (_, again) = _first_call(cache), _first_call(cache)
    return "\n".join(
        [
            "## Compiled code",
            "Seconds for the cheapest day of everybody at given prices, by legs alone and with the "
            f"day's load, medians of {ROUNDS} in turns in one process.",
            "",
            f"| {' | '.join(titles)} |",
            "|--" * len(titles) + "|",
            *rows,
            "",
            f"numba and llvmlite take {_megabytes():.0f} MB on disk, {imported:.2f} s to import. "
            f"The first call takes {first:.2f} s with an empty cache, {again:.3f} s in a later "
            "process.",
        ]
    )


def _row(name: str) -> str:
    day = named(name)
    blocks = compile_problem(problem_of(day)).blocks
    legs, load = _seconds(blocks)
    cells = [f"{a:.4f} | {b:.4f} | {a / b:.1f}" for a, b in (legs, load)]
    return f"| {name} | {len(day.people)} x {len(day.asks)} | {' | '.join(cells)} |"


def _seconds(blocks: Sequence[Block]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the seconds by numpy and by numba, by legs alone and with the load."""
    ways: tuple[Days, ...] = BatchedDays(blocks), CompiledDays(blocks)
    chance = np.random.default_rng(0)
    rates, fixed = np.ones(len(blocks)), np.zeros(len(blocks))
    visits = -chance.uniform(0, 100, sum(len(block.visits) for block in blocks))
    everybody, tenth = np.arange(len(blocks)), np.arange(0, len(blocks), 10)
    legs: tuple[list[float], list[float]] = ([], [])
    load: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS + 1):
        for place, way in enumerate(ways):
            taken = _timed(partial(way.cheapest, visits, rates, everybody))
            also = _timed(partial(_days_within_load, way, tenth, visits, rates, fixed))
            if turn:
                legs[place].append(taken)
                load[place].append(also)
    return (median(legs[0]), median(legs[1])), (median(load[0]), median(load[1]))


def _days_within_load(
    way: Days, chosen: Whole, visits: Floats, rates: Floats, below: Floats
) -> None:
    for _day in way.within_load(chosen, visits, rates, below, {}):
        pass  # they are found one after the other, as they are asked for


def _timed(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def _first_call(cache: str) -> tuple[float, float]:
    """Return the seconds to import and for the first call in a new process."""
    around = {**os.environ, "NUMBA_CACHE_DIR": cache}
    done = subprocess.run(
        [sys.executable, "-c", FIRST_CALL], env=around, capture_output=True, text=True, check=True
    )
    imported, first = done.stdout.split()
    return float(imported), float(first)


def _megabytes() -> float:
    known = [file for name in PACKAGES for file in files(name) or ()]
    return sum(file.size or 0 for file in known) / 1e6
