"""Which requests are near which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from solver.method.limits import Limits
from solver.method.primal.slots import OfBlock

NEAR, BLOCKS_LOOKED_AT = 40, 3


class Nearness:
    """What is near what: little way and little time between them on somebody's day."""

    def __init__(
        self,
        own: Sequence[OfBlock],
        possible: Sequence[int],
        limits: Limits,
    ) -> None:
        self.limits = limits
        self.own, self.possible = own, set(possible)
        self.places: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, each in enumerate(own):
            requests, firsts = np.unique(each.request, return_index=True)
            for r, k in zip(requests.tolist(), firsts.tolist(), strict=True):
                if r in self.possible and len(self.places[r]) < BLOCKS_LOOKED_AT:
                    self.places[r].append((number, k))

    def lists(self, count: int) -> list[list[int]]:
        """Return for each request itself and others, the nearest first."""
        return [self._near(r) if r in self.possible else [] for r in range(count)]

    def _near(self, asked: int) -> list[int]:
        self.limits.go_on()
        found: dict[int, float] = {asked: -1.0}
        for number, k in self.places[asked]:
            own = self.own[number]
            middle = (own.begin + own.end) / 2
            away = own.travel[k] + 0.1 * np.abs(middle - middle[k])
            nearest = np.argsort(away, kind="stable")[: 2 * NEAR]
            for r, far in zip(own.request[nearest].tolist(), away[nearest].tolist(), strict=True):
                if r in self.possible and far < found.get(r, np.inf):
                    found[r] = far
        return sorted(found, key=lambda r: (found[r], r))[:NEAR]
