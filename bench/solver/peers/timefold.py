"""Timefold Solver, by the Java archives that its Python package carries."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from bench.solver.answer import Answer, Call
from bench.solver.day import Day
from bench.solver.peers.pairs import eligible

MODEL = Path(__file__).with_name("Timefold.java")


@cache
def compiled() -> str:
    """Compile the model and return the class path; raises ImportError without the package."""
    package = find_spec("timefold")
    if package is None or not package.submodule_search_locations:
        raise ImportError("the package timefold is not installed")
    archives = Path(next(iter(package.submodule_search_locations)), "solver", "jars", "*")
    target = tempfile.mkdtemp(prefix="timefold")
    command = ["javac", "-d", target, "-cp", str(archives), str(MODEL)]
    subprocess.run(command, check=True, capture_output=True)
    return f"{target}:{archives}"


def prepare() -> None:
    """Compile before the clock runs."""
    compiled()


def run(day: Day, call: Call) -> Answer:
    """Let local search assign seats and choose starts; the start of the JVM counts."""
    text = "\n".join(_lines(day))
    budget = str(round(1000 * call.left_s()))
    command = ["java", "-cp", compiled(), "Timefold", str(call.seed), budget]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    visits: dict[str, list[tuple[str, int]]] = {}
    for line in done.stdout.splitlines():
        ask, person, start = (int(part) for part in line.split())
        visits.setdefault(day.people[person].id, []).append((day.asks[ask].id, start))
    return Answer(visits)


def _lines(day: Day) -> Iterator[str]:
    yield f"{len(day.people)} {len(day.asks)}"
    for person in day.people:
        spans = [minute for span in person.availability for minute in span]
        yield _joined(
            person.lat,
            person.lon,
            person.speed_kmh,
            person.max_minutes,
            person.fee_per_hour,
            *_listed(spans),
        )
    for ask, able in zip(day.asks, eligible(day, spans=True), strict=True):
        yield _joined(
            ask.lat,
            ask.lon,
            ask.duration,
            ask.weight,
            ask.n_interpreters,
            *_listed(list(ask.starts())),
            *_listed(list(able)),
        )


def _listed(numbers: list[int]) -> list[int]:
    return [len(numbers), *numbers]


def _joined(*numbers: float) -> str:
    return " ".join(str(number) for number in numbers)
