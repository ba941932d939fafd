"""A steady stream of requests, each timed from the moment it was due."""

import itertools
import statistics
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic, sleep

THREADS = 32
Call = Callable[[], int]
"""Asks for something once and returns the HTTP status, 0 where nothing came back."""


@dataclass(frozen=True)
class Measured:
    """Milliseconds from due to done, and how often each status came."""

    took_ms: Sequence[float]
    statuses: Counter[int]

    def percentile(self, share: float) -> float:
        """Return the milliseconds within which this share (0 to 1) was answered."""
        ordered = sorted(self.took_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    @property
    def failed(self) -> int:
        """How many answers were errors of the server, or none at all."""
        return sum(count for status, count in self.statuses.items() if status == 0 or status >= 500)

    @property
    def said(self) -> str:
        """Median, p95, p99 and failures in words."""
        middle = statistics.median(self.took_ms) if self.took_ms else 0.0
        return (
            f"p50 {middle:.0f} ms, p95 {self.percentile(0.95):.0f} ms, "
            f"p99 {self.percentile(0.99):.0f} ms, {self.failed} of {len(self.took_ms)} failed"
        )


def drive(calls: Sequence[Call], per_second: float, seconds: float) -> Measured:
    """Make the calls in turn at a constant rate, whether or not earlier ones were answered."""
    count, numbers, lock = int(per_second * seconds), itertools.count(), threading.Lock()
    took: list[float] = []
    statuses: Counter[int] = Counter()
    begun = monotonic() + 0.2

    def work(_thread: int) -> None:
        while (number := next(numbers)) < count:
            due = begun + number / per_second
            sleep(max(0.0, due - monotonic()))
            status = calls[number % len(calls)]()
            with lock:
                took.append((monotonic() - due) * 1000)
                statuses[status] += 1

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    return Measured(took, statuses)
