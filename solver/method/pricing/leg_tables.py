"""The legs of many days side by side: all of them, or where windows are wide the needed ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from solver.method.model.block import Block, lean_legs
from solver.method.pricing.day_search import Floats
from solver.rules.distances import NO_WAY, Whole

NEVER = 1e30
FEW = 0.25


class Legs(NamedTuple):
    """The legs of one day one after the other; those of visit v are [starts[v], starts[v + 1])."""

    starts: Whole
    to: Whole
    travel: Whole

    @property
    def widest(self) -> int:
        """Return the most legs a visit has."""
        return int(np.diff(self.starts).max(initial=0))

    @property
    def few(self) -> bool:
        """Say whether much fewer visits follow a visit than there are."""
        return self.widest < FEW * (len(self.starts) - 1)

    def origins(self) -> Whole:
        """Return the visit each leg begins at."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def among(self, keep: Whole) -> Whole:
        """Return the travel between these visits, by visit from and to, NO_WAY without a leg."""
        place = np.full(len(self.starts) - 1, -1)
        place[keep] = np.arange(len(keep))
        origin, target = place[self.origins()], place[self.to]
        inside = (origin >= 0) & (target >= 0)
        found = np.full((len(keep), len(keep)), NO_WAY, dtype=np.int64)
        found[origin[inside], target[inside]] = self.travel[inside]
        return found


def legs_of(block: Block) -> Legs:
    """Return the legs a cheapest day may need."""
    legs = lean_legs(block)
    origin, target = np.nonzero(legs != NO_WAY)
    counts = np.bincount(origin, minlength=len(block.visits))
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
    narrow = np.uint16 if len(block.visits) <= np.iinfo(np.uint16).max else np.int64
    return Legs(starts, target.astype(narrow), legs[origin, target])


class AllLegs:
    """What each leg costs, by visit from, block, visit to; NEVER where there is none."""

    def __init__(self, days: Sequence[Legs], size: int) -> None:
        self.costs = np.full((size, len(days), size), NEVER)
        for index, legs in enumerate(days):
            self.costs[legs.origins(), index, legs.to] = legs.travel

    def least(self, at: int, onward: Floats) -> Floats:
        """Return by block the least cost of going on from a visit, `onward` from each visit."""
        found: Floats = (self.costs[at, :, at + 1 :] + onward[:, at + 1 :]).min(axis=1)
        return found

    def following(self, at: Whole, going: Whole, onward: Floats) -> tuple[Floats, Whole]:
        """Return cost and visit of the cheapest way on from these visits of these blocks."""
        costs = self.costs[at, going] + onward[going]
        best = costs.argmin(axis=1)
        return costs[np.arange(len(going)), best], best

    def reach(self, at: int, index: int, cost: float, reached: Floats) -> None:
        """Lower what it costs to reach each visit of a block by going on from one at a cost."""
        legs = self.costs[at, index, at + 1 : len(reached)]
        np.minimum(reached[at + 1 :], cost + legs, out=reached[at + 1 :])


class FewLegs:
    """The same with the legs there are alone: by visit from, block, number of the leg.

    What is missing leads to visit 0, which no leg leads to, and costs NEVER.
    """

    def __init__(self, days: Sequence[Legs], size: int) -> None:
        width = max(1, *(legs.widest for legs in days))
        self.costs = np.full((size, len(days), width), NEVER)
        self.to = np.zeros((size, len(days), width), dtype=np.int32)
        for index, legs in enumerate(days):
            origin = legs.origins()
            number = np.arange(len(origin)) - legs.starts[origin]
            self.costs[origin, index, number] = legs.travel
            self.to[origin, index, number] = legs.to

    def least(self, at: int, onward: Floats) -> Floats:
        """Return what `AllLegs.least` does."""
        ends = np.take_along_axis(onward, self.to[at], axis=1)
        found: Floats = (self.costs[at] + ends).min(axis=1)
        return found

    def following(self, at: Whole, going: Whole, onward: Floats) -> tuple[Floats, Whole]:
        """Return what `AllLegs.following` does."""
        to = self.to[at, going]
        costs = self.costs[at, going] + np.take_along_axis(onward[going], to, axis=1)
        best, every = costs.argmin(axis=1), np.arange(len(going))
        return costs[every, best], to[every, best].astype(np.int64)

    def reach(self, at: int, index: int, cost: float, reached: Floats) -> None:
        """Do what `AllLegs.reach` does."""
        to = self.to[at, index]
        reached[to] = np.minimum(reached[to], cost + self.costs[at, index])
