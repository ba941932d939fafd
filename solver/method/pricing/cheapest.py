"""What pricing finds: the cheapest day of each block, block after block."""

from __future__ import annotations

from dataclasses import dataclass

from solver.method.pricing.day_search import Floats
from solver.rules.distances import Whole


@dataclass(frozen=True, slots=True)
class Cheapest:
    """The value of the cheapest day of each block, and the visits of these days, counted through.

    Those of block b are `visits[ends[b]:ends[b + 1]]`.
    """

    values: Floats
    visits: Whole
    ends: Whole

    def of(self, number: int) -> Whole:
        """Return the visits of one block's day."""
        return self.visits[self.ends[number] : self.ends[number + 1]]
