"""What a person at a terminal sees of a search, and how they stop it."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from threading import Event
from typing import TextIO, TypeVar

from solver.method.solving import Progress

Answer = TypeVar("Answer")


class Teller:
    """Writes a line whenever a search has come further."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.said = ""

    def __call__(self, progress: Progress) -> None:
        """Tell value, bound and gap of the level worked on, unless it was just said."""
        said = f"{progress.level}: {_number(progress.value)}, bound {_number(progress.bound)}"
        if progress.gap is not None:
            said += f", gap {100 * progress.gap:.2f} %"
        if said != self.said:
            self.said = said
            print(f"{progress.seconds:8.1f} s  {said}", file=self.stream, flush=True)


class JsonTeller:
    """Writes each progress as a JSON object on a line of its own, for a program to read."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def __call__(self, progress: Progress) -> None:
        """Tell the progress, with its fields' names."""
        print(json.dumps(asdict(progress)), file=self.stream, flush=True)


def _number(value: int | None) -> str:
    return "none yet" if value is None else f"{value:,}"


def until_asked(search: Callable[[Callable[[], bool]], Answer]) -> Answer:
    """Return what the search returns; Ctrl-C asks it to stop. Only for the main thread."""
    asked = Event()
    before = signal.signal(signal.SIGINT, lambda *_: asked.set())
    try:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(search, asked.is_set).result()
    finally:
        signal.signal(signal.SIGINT, before)
