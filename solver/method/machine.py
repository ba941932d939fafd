"""Machine code made by numba: whether it lies ready, and compiling it beside the search."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

WORTH_COMPILING_S = 20.0


def available() -> bool:
    """Say whether numba is installed."""
    return find_spec("numba") is not None


def version(*sources: str) -> str:
    """Return what changes whenever a source does; functions are compiled into each other."""
    return hashlib.sha256("".join(sources).encode()).hexdigest()[:12]


def stored(dispatcher: Any) -> bool:
    """Say whether a function's machine code lies ready from an earlier time.

    Its name has to have the version of the source in it.
    """
    folder, name = Path(dispatcher.stats.cache_path), dispatcher.py_func.__qualname__
    return any(folder.glob(f"*{name}-*.nbi"))


class Making:
    """Loads machine code in a thread of its own, so that nothing waits for it.

    What does not lie ready is compiled where `seconds` are enough for that to pay; it is stored for
    the next time.
    """

    def __init__(
        self, is_stored: Callable[[], bool], work: Callable[[], object], seconds: float
    ) -> None:
        self.ready = False
        self._is_stored, self._work, self._seconds = is_stored, work, seconds
        Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        if self._is_stored() or self._seconds >= WORTH_COMPILING_S:
            self._work()
            self.ready = True
