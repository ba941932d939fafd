"""A choice of days: its value, and whether it keeps every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.method.master.lagrange import Lagrange
from solver.method.model.rows import Box
from solver.method.pricing.day_search import Floats


@dataclass(frozen=True, slots=True)
class Incumbent:
    """Days chosen by their numbers in the pool, whole amounts of the options, and the value."""

    value: float
    days: tuple[int, ...]
    options: Floats


class Chooser:
    """Turns days into a choice of days that keeps every row."""

    def __init__(self, lagrange: Lagrange) -> None:
        self.lagrange, self.pool = lagrange, lagrange.pool

    def incumbent(self, days: Sequence[int], options: Floats) -> Incumbent:
        """Return these days and options with their value; no option takes more than it must."""
        options = options.copy()
        if self.pool.rows.excess:
            taken = self.pool.taken(days, 0 * options)
            for option, row in self.pool.rows.excess.items():
                options[option] = max(0.0, taken[row] - self.pool.rows.upper[row])
        value = self.pool.value(days, options, self.lagrange.weights)
        return Incumbent(self.lagrange.constant + value, tuple(sorted(days)), options)

    def sound(self, days: Sequence[int], box: Box) -> Incumbent | None:
        """Return a choice of days whose teams are complete, if it keeps every row."""
        options = np.zeros(len(self.pool.most))
        seats = Counter(place for k in days for place in self.pool.team_places(k))
        for place, filled in seats.items():
            covering = 0 if filled == self.size(place) else -1
            options[self.pool.rows.choices[place][covering]] = 1.0
        found = self.incumbent(days, options)
        return found if self.keeps(found, box) else None

    def mended(self, days: Sequence[int], box: Box) -> Incumbent | None:
        """Return a sound choice of as many of these days as the rows have room for."""
        left = self.without_half_teams(days)
        while True:
            found = self.sound(left, box)
            over = None if found is not None else self._too_much(left, box)
            if over is None:
                return found
            left = self.without_half_teams([day for day in left if day != over])

    def _too_much(self, days: Sequence[int], box: Box) -> int | None:
        """Return a day without pins that has a part in a row that is over its upper end."""
        blocks = self.pool.rows.instance.blocks
        nothing = np.zeros(len(self.pool.most))
        over = self.pool.taken(days, nothing) > box.upper
        over &= ~self.pool.flexible(nothing == 0)
        loose = [day for day in days if not blocks[self.pool.columns[day].block].pinned]
        taking = (d for d in loose if (self.pool.taken([d], nothing)[over] > 0).any())
        return next(taking, None)

    def keeps(self, found: Incumbent, box: Box) -> bool:
        """Say whether a choice keeps every row."""
        total = self.pool.taken(found.days, found.options)
        rows = ((box.lower <= total) & (total <= box.upper)).all()
        return bool(rows and ((box.least <= found.options) & (found.options <= box.most)).all())

    def without_half_teams(self, days: Sequence[int]) -> list[int]:
        """Return the days whose teams are all complete among them."""
        left = list(days)
        while True:
            seats = Counter(place for k in left for place in self.pool.team_places(k))
            full = {place for place, filled in seats.items() if self._is_whole(place, filled)}
            complete = [k for k in left if full.issuperset(self.pool.team_places(k))]
            if len(complete) == len(left):
                return complete
            left = complete

    def _is_whole(self, place: tuple[int, int], filled: int) -> bool:
        """Say whether so many people are the whole team, or those of it who are pinned."""
        held = len(self.pool.rows.choices[place]) > 1
        pinned = len(self.pool.rows.instance.asks[place[0]].pins)
        return filled == self.size(place) or (held and filled == pinned)

    def size(self, place: tuple[int, int]) -> int:
        """Return how many people a team, request and variant, consists of."""
        request, variant = place
        return self.pool.rows.instance.asks[request].variants[variant].size
