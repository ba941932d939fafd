"""What a method is asked with and what it answers, the same for ours and for the peers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from bench.solver.day import Day
from bench.solver.scoring import Visits


@dataclass(frozen=True, slots=True)
class Call:
    """Seed, number of threads and the seconds allowed, counted from `begun`."""

    seed: int
    budget_s: float
    workers: int
    begun: float = field(default_factory=monotonic)

    def left_s(self) -> float:
        """Return the seconds that are left, at least a tenth."""
        return max(0.1, self.begun + self.budget_s - monotonic())


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan; a bound in points if the method proves one; its own value of the plan in points.

    `trail` is how the method said it got on: (seconds, value, bound), in points.
    """

    visits: Visits
    bound: float | None = None
    value: float | None = None
    proven: bool = False
    trail: list[tuple[float, float | None, float | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Method:
    """A way to plan a day.

    `seeded`: another seed may give another plan. `lacks` says what it cannot express.
    `most_requests` is how large a day may be; larger ones are not tried.
    """

    name: str
    run: Callable[[Day, Call], Answer]
    lacks: str
    seeded: bool = True
    most_requests: int = 100_000
    prepare: Callable[[], None] = lambda: None
