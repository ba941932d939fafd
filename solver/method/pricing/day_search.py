"""Finds days of one person at given prices: the cheapest, or all within a limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.method.model.block import Block
from solver.method.model.columns import Path, days_kept
from solver.rules.distances import NO_WAY, Whole

Floats = NDArray[np.float64]
CHUNK = 4_000_000


class TooMany(Exception):
    """There are more days than were asked for."""


@dataclass(frozen=True, slots=True)
class PricedDay:
    """A person's day at prices: what each visit and leg costs (inf: impossible), the day itself.

    Only the visits in `keep` are looked at; positions count among them. `rest[v, q]` is the least
    cost of what may come after visit v, the way home included, when q units of the day's load are
    left after it.
    """

    block: Block
    keep: Whole
    visits: Floats
    first: Floats
    last: Floats
    between: Floats
    fixed: float
    load: Whole
    most: int
    rest: Floats

    def best(self) -> tuple[float, Path]:
        """Return the cheapest day as far as legs and load decide; other rules may be broken."""
        left = self.most - self.load
        inside = left >= 0
        start = np.where(inside, self.first + self.visits, np.inf)
        start = start + self.rest[np.arange(len(start)), np.maximum(0, left)]
        at = int(start.argmin())
        value = float(start[at])
        if not np.isfinite(value):
            return np.inf, ()
        path, spare = [at], int(left[at])
        while True:
            following = self._following(at, spare)
            after = int(following.argmin())
            if self.last[at] <= following[after]:
                return value + self.fixed, tuple(self.keep[path].tolist())
            at, spare = after, spare - int(self.load[after])
            path.append(at)

    def _following(self, at: int, spare: int) -> Floats:
        left = spare - self.load
        rest = self.rest[np.arange(len(left)), np.maximum(0, left)]
        found: Floats = np.where(left >= 0, self.between[at] + self.visits + rest, np.inf)
        return found

    def within(self, limit: float, most: int) -> list[tuple[float, Path]]:
        """Return every day that keeps all rules and costs at most `limit`, the cheapest first.

        Raises TooMany when there are more than `most` paths to look at.
        """
        found: list[tuple[float, Path]] = []
        for paths, costs in self._paths(limit - self.fixed, most):
            paths = self.keep[paths]
            kept = days_kept(self.block, paths)
            rows = zip(costs[kept].tolist(), paths[kept].tolist(), strict=True)
            found += [(cost + self.fixed, tuple(path)) for cost, path in rows]
        return sorted(found)

    def _paths(self, limit: float, most: int) -> Iterator[tuple[Whole, Floats]]:
        """Yield paths with their costs, all of a length at a time, that cost at most `limit`."""
        left = self.most - self.load
        cost = self.first + self.visits
        rest = self.rest[np.arange(len(cost)), np.maximum(0, left)]
        starts = np.flatnonzero((left >= 0) & (cost + rest <= limit))
        paths, spent, spare = starts[:, None], cost[starts], left[starts]
        seen = 0
        while len(paths):
            seen += len(paths)
            if seen > most:
                raise TooMany
            total = spent + self.last[paths[:, -1]]
            done = total <= limit
            if done.any():
                yield paths[done], total[done]
            paths, spent, spare = self._longer(paths, spent, spare, limit)

    def _longer(
        self, paths: Whole, spent: Floats, spare: Whole, limit: float
    ) -> tuple[Whole, Floats, Whole]:
        size = max(1, CHUNK // len(self.load))
        parts = [
            self._longer_part(paths[k : k + size], spent[k : k + size], spare[k : k + size], limit)
            for k in range(0, len(paths), size)
        ]
        return tuple(np.concatenate(each) for each in zip(*parts, strict=True))  # type: ignore[return-value]

    def _longer_part(
        self, paths: Whole, spent: Floats, spare: Whole, limit: float
    ) -> tuple[Whole, Floats, Whole]:
        at = paths[:, -1]
        left = spare[:, None] - self.load[None, :]
        cost = spent[:, None] + self.between[at] + self.visits[None, :]
        rest = self.rest[np.arange(len(self.load))[None, :], np.maximum(0, left)]
        row, following = np.nonzero((left >= 0) & (cost + rest <= limit))
        request = self.block.visits.request[self.keep]
        fresh = (request[paths[row]] != request[following][:, None]).all(axis=1)
        row, following = row[fresh], following[fresh]
        longer = np.concatenate([paths[row], following[:, None]], axis=1)
        return longer, cost[row, following], left[row, following]


def priced_day(block: Block, visits: Floats, rate: float, fixed: float, keep: Whole) -> PricedDay:
    """Return a day made of the visits in `keep` alone, with the least costs of all completions."""
    load, most = block.load()
    legs = _legs(block.between[np.ix_(keep, keep)], rate)
    visits, load, last = visits[keep], load[keep], _legs(block.last[keep], rate)
    rest = completions(visits, last, legs, load, most)
    first = _legs(block.first[keep], rate)
    return PricedDay(block, keep, visits, first, last, legs, fixed, load, most, rest)


def _legs(travel: Whole, rate: float) -> Floats:
    return np.where(travel == NO_WAY, np.inf, travel * rate)


def completions(visits: Floats, last: Floats, between: Floats, load: Whole, most: int) -> Floats:
    """Return for each visit and load left the least cost of what may come after (backwards)."""
    count = len(visits)
    rest = np.repeat(last[:, None], most + 1, axis=1)
    onward = np.full((count, most + 1), np.inf)
    for at in range(count - 1, -1, -1):
        if at + 1 < count:
            after = between[at, at + 1 :, None] + onward[at + 1 :]
            np.minimum(rest[at], after.min(axis=0), out=rest[at])
        taken = int(load[at])
        if taken <= most:
            onward[at, taken:] = visits[at] + rest[at, : most + 1 - taken]
    return rest
