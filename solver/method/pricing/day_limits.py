"""The rules of all days that legs do not know, quickly judged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.method.model.block import Block
from solver.method.model.columns import keeps_day_rules
from solver.method.model.rows import Floats
from solver.method.pricing.cheapest import Cheapest
from solver.rules.distances import Whole


class DayLimits:
    """The rules of all days that legs do not know, quickly judged."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.minutes = _through([block.visits.minutes for block in blocks])
        self.request = _through([block.visits.request for block in blocks])
        self.most_minutes = np.array([_or_inf(block.most_minutes) for block in blocks])
        self.most_jobs = np.array([_or_inf(block.most_jobs) for block in blocks])
        self.pausing = np.array([block.pauses is not None for block in blocks], dtype=np.bool_)
        self.pinned = np.array([bool(block.pinned) for block in blocks], dtype=np.bool_)
        self.offsets = np.cumsum([0, *(len(block.visits) for block in blocks)])

    def broken(self, days: Cheapest, values: Floats) -> Whole:
        """Return the blocks without pins whose cheapest day is worth it but breaks a rule."""
        jobs, count = np.diff(days.ends), len(self.blocks)
        owner = np.repeat(np.arange(count), jobs)
        minutes = np.bincount(owner, weights=self.minutes[days.visits], minlength=count)
        broken = (minutes > self.most_minutes) | (jobs > self.most_jobs)
        request = self.request[days.visits]
        order = np.lexsort((request, owner))
        again = np.flatnonzero((np.diff(owner[order]) == 0) & (np.diff(request[order]) == 0))
        broken[owner[order][again]] = True
        for number in np.flatnonzero(self.pausing & ~broken & (values < 0)).tolist():
            path = tuple((days.of(number) - self.offsets[number]).tolist())
            broken[number] = not keeps_day_rules(self.blocks[number], path)
        return np.flatnonzero(broken & ~self.pinned & (values < 0))


def _through(parts: Sequence[Whole]) -> Whole:
    """Return arrays by visit one after the other."""
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _or_inf(limit: int | None) -> float:
    return np.inf if limit is None else limit
