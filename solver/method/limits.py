"""How long a search may go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf
from threading import Event, Thread
from time import monotonic

POLL_SECONDS = 0.05


class Over(Exception):
    """The search has to end before there is anything to choose from."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a search may go on: until `deadline` (time.monotonic), or until told to stop."""

    deadline: float
    stop: Callable[[], bool]
    seed: int = 0
    workers: int = 1

    def over(self) -> bool:
        """Say whether the search has to end now."""
        return monotonic() >= self.deadline or self.stop()

    def go_on(self) -> None:
        """Do nothing unless the search has to end now. Raises Over."""
        if self.over():
            raise Over

    def part(self, share: float) -> Limits:
        """Return these limits with a share of the time left."""
        return self.shorter(share * self.left())

    def shorter(self, seconds: float) -> Limits:
        """Return these limits with at most so many seconds left."""
        return replace(self, deadline=min(self.deadline, monotonic() + seconds))

    def over_by(self, seconds: float) -> bool:
        """Say whether the search was told to stop, or is so late."""
        return monotonic() >= self.deadline + seconds or self.stop()

    def left(self) -> float:
        """Return the seconds left."""
        return max(0.0, self.deadline - monotonic())

    def time_left(self) -> timedelta:
        """Return the time left."""
        return timedelta(seconds=self.left())

    @contextmanager
    def watching(self, end: Callable[[], object]) -> Iterator[None]:
        """Call `end` from another thread when the search has to end meanwhile."""
        done = Event()

        def watch() -> None:
            while not done.wait(POLL_SECONDS):
                if self.over():
                    end()
                    return

        thread = Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


ENDLESS = Limits(inf, lambda: False)
