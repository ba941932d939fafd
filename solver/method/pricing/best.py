"""What pricing is asked with and what it finds for everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np

from solver.method.model.columns import Path
from solver.method.model.rows import Floats
from solver.method.model.tasks import Flags
from solver.method.pricing.cheapest import Cheapest
from solver.method.pricing.day_search import Critical
from solver.rules.distances import Whole


class Limited(NamedTuple):
    """The cheapest day found of a block within its limits; none is cheaper than the bound.

    `value` is inf, and the path empty, where none was found; `more` are days a little dearer.
    """

    number: int
    bound: float
    value: float
    path: Path
    more: tuple[Path, ...] = ()


class Days(Protocol):
    """The cheapest days by legs alone, and by legs and load: `BatchedDays` or `CompiledDays`."""

    def cheapest(self, visits: Floats, rates: Floats, chosen: Whole) -> Cheapest:
        """Return the cheapest day of the chosen blocks, at least, by legs alone."""

    def within_load(
        self,
        chosen: Whole,
        visits: Floats,
        rates: Floats,
        below: Floats,
        critical: Mapping[int, Critical],
    ) -> Iterator[Limited]:
        """Yield the chosen blocks' cheapest days within their limits.

        Values are without the day's own cost; days that are not `below` a limit, by block, are left
        out. None does one of its `critical` requests, by block, twice.
        """


@dataclass(frozen=True, slots=True)
class Best:
    """For each block the cheapest day found and a lower bound of all its days.

    `found` is inf, and the path empty, where none was found that keeps every rule. `mended` are
    the paths of those whose cheapest day by legs alone breaks one, `more` days a little dearer.
    """

    bound: Floats
    found: Floats
    days: Cheapest
    mended: Mapping[int, Path]
    offsets: Whole
    more: Mapping[int, Sequence[Path]] = field(default_factory=dict)

    def path(self, number: int) -> Path:
        """Return the visits of a block's day, counted within the block."""
        if number in self.mended:
            return self.mended[number]
        return tuple((self.days.of(number) - self.offsets[number]).tolist())

    def visits(self, used: Flags) -> Whole:
        """Return the visits, counted through, of the days of these blocks."""
        used = used.copy()
        mended = [
            self.offsets[number] + np.array(path, dtype=np.int64)
            for number, path in self.mended.items()
            if used[number]
        ]
        used[list(self.mended)] = False
        kept = np.repeat(used, np.diff(self.days.ends))
        return np.concatenate([self.days.visits[kept], *mended])
