"""Finds days of one person at given prices: the cheapest, or all within a limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.method.limits import ENDLESS, Limits
from solver.method.model.block import Block
from solver.method.model.columns import Path, days_kept
from solver.method.model.ranges import ranges
from solver.rules.distances import NO_WAY, Whole

Floats = NDArray[np.float64]
CHUNK = 500_000
MOST_CRITICAL = 5
Critical = tuple[int, ...]


class TooMany(Exception):
    """There are more days than were asked for."""


class Gains(NamedTuple):
    """The bits of the breaks that fit into each leg, and all that a day needs."""

    first: Whole
    last: Whole
    between: Whole
    needed: int


@dataclass(frozen=True, slots=True)
class PricedDay:
    """A person's day at prices: what each visit and leg costs (inf: impossible), the day itself.

    Only the visits in `keep` are looked at; positions count among them. `rest[v, q]` is the least
    cost of what may come after visit v, the way home included, when q units of the day's load are
    left after it. `bits` marks visits of requests a day must not do twice: `rest[v, m * width + q]`
    is the least cost when the requests with bits in m were done before (`width` is most + 1).
    `gains` are the bits of the breaks that fit into each leg; a day ends with all of them.
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
    bits: Whole
    gains: Gains
    rest: Floats

    def best(self) -> tuple[float, Path]:
        """Return the cheapest day as far as legs and load decide; other rules may be broken."""
        start = self._onward(self.first, self.most, self.gains.first)
        at = int(start.argmin())
        value = float(start[at])
        if not np.isfinite(value):
            return np.inf, ()
        path, spare = [at], self.most - int(self.load[at])
        done = int(self.gains.first[at] | self.bits[at])
        while True:
            gained = done | self.gains.between[at]
            following = self._onward(self.between[at], spare, gained)
            after = int(following.argmin())
            ended = self.gains.needed & ~(done | int(self.gains.last[at])) == 0
            if ended and self.last[at] <= following[after]:
                return value + self.fixed, tuple(self.keep[path].tolist())
            at, spare = after, spare - int(self.load[after])
            done = int(gained[after] | self.bits[after])
            path.append(at)

    def _onward(self, legs: Floats, spare: int, done: Whole) -> Floats:
        """Return what each visit and all that may follow it costs, with the leg to it."""
        left = spare - self.load
        place = (done | self.bits) * (self.most + 1) + np.maximum(0, left)
        rest = self.rest[np.arange(len(left)), place]
        fresh = (left >= 0) & ((self.bits & done) == 0)
        found: Floats = np.where(fresh, legs + self.visits + rest, np.inf)
        return found

    def within(self, limit: float, most: int) -> list[tuple[float, Path]]:
        """Return every day that keeps all rules and costs at most `limit`, the cheapest first.

        Raises TooMany when there are more than `most` paths to look at.
        """
        found: list[tuple[float, Path]] = []
        for paths, costs in self.kept(limit, most):
            rows = zip(costs.tolist(), paths.tolist(), strict=True)
            found += [(cost + self.fixed, tuple(path)) for cost, path in rows]
        return sorted(found)

    def kept(
        self, limit: float, most: int, limits: Limits = ENDLESS
    ) -> Iterator[tuple[Whole, Floats]]:
        """Yield what `within` returns as arrays, all days of a length at a time.

        Raises TooMany also when the limits end it.
        """
        for paths, costs in self._paths(limit - self.fixed, most, limits):
            paths = self.keep[paths]
            kept = days_kept(self.block, paths)
            yield paths[kept], costs[kept]

    def _paths(self, limit: float, most: int, limits: Limits) -> Iterator[tuple[Whole, Floats]]:
        """Yield paths with their costs, all of a length at a time, that cost at most `limit`."""
        left = self.most - self.load
        cost = self.first + self.visits
        rest = self.rest[np.arange(len(cost)), np.maximum(0, left)]
        going = np.flatnonzero((left >= 0) & (cost + rest <= limit))
        paths, spent, spare = going[:, None], cost[going], left[going]
        origins, targets = np.nonzero(np.isfinite(self.between))
        legs = np.searchsorted(origins, np.arange(len(cost) + 1)), targets
        widest, seen = int(np.diff(legs[0]).max(initial=0)), 0
        while len(paths):
            seen += len(paths)
            if seen > most:
                raise TooMany
            total = spent + self.last[paths[:, -1]]
            done = total <= limit
            if done.any():
                yield paths[done], total[done]
            size = max(1, CHUNK // max(1, widest))
            parts = []
            for k in range(0, len(paths), size):
                if limits.over():
                    raise TooMany
                own = (each[k : k + size] for each in (paths, spent, spare))
                parts.append(self._longer(own, legs, limit))
            paths, spent, spare = (np.concatenate(each) for each in zip(*parts, strict=True))

    def _longer(
        self, given: Iterable[Any], legs: tuple[Whole, Whole], limit: float
    ) -> tuple[Whole, Floats, Whole]:
        """Return paths, costs, load left with each visit that may follow and cost no more."""
        paths, spent, spare = given
        starts, targets = legs
        counts = starts[paths[:, -1] + 1] - starts[paths[:, -1]]
        row = np.repeat(np.arange(len(paths)), counts)
        following = targets[ranges(starts[paths[:, -1]], counts)]
        left = spare[row] - self.load[following]
        cost = spent[row] + self.between[paths[row, -1], following] + self.visits[following]
        rest = self.rest[following, np.maximum(0, left)]
        kept = np.flatnonzero((left >= 0) & (cost + rest <= limit))
        request = self.block.visits.request[self.keep]
        again = request[paths[row[kept]]] == request[following[kept]][:, None]
        kept = kept[~again.any(axis=1)]
        longer = np.concatenate([paths[row[kept]], following[kept][:, None]], axis=1)
        return longer, cost[kept], left[kept]


def priced_day(
    block: Block,
    visits: Floats,
    rate: float,
    fixed: float,
    keep: Whole,
    critical: Critical = (),
    *,
    first: Whole | None = None,
    legs: Whole | None = None,
    breaks: bool = False,
) -> PricedDay:
    """Return a day made of the visits in `keep` alone, with the least costs of all completions.

    Where given, `first` are the only ways from home and `legs` the only ones between visits that
    are looked at. No day does a request twice that is in `critical`; with `breaks`, none lacks one.
    """
    load, most = block.load()
    priced = _legs(block.between[np.ix_(keep, keep)] if legs is None else legs, rate)
    visits, load, last = visits[keep], load[keep], _legs(block.last[keep], rate)
    bits = bits_of(block, critical)[keep]
    gains = gains_of(block, keep, len(critical) if breaks else None)
    rest = completions(visits, last, priced, load, most, bits, gains)
    away = _legs((block.first if first is None else first)[keep], rate)
    return PricedDay(block, keep, visits, away, last, priced, fixed, load, most, bits, gains, rest)


def gains_of(block: Block, keep: Whole, shift: int | None) -> Gains:
    """Return the bits of the breaks of each leg, above `shift` others; none for None.

    On a day with pins a break may not be due; that is left to the rules of the day.
    """
    pauses, count = block.pauses, len(keep)
    if pauses is None or block.pinned or shift is None:
        nothing = np.zeros(count, dtype=np.int64)
        return Gains(nothing, nothing, np.zeros((count, count), dtype=np.int64), 0)
    between = pauses.between[np.ix_(keep, keep)] << shift
    first, last = pauses.first[keep] << shift, pauses.last[keep] << shift
    return Gains(first, last, between, pauses.needed << shift)


def bits_of(block: Block, critical: Critical) -> Whole:
    """Return a bit of its own for the visits of each critical request, 0 for all others."""
    request = block.visits.request
    found = np.zeros(len(request), dtype=np.int64)
    for place, number in enumerate(critical):
        found[request == number] = 1 << place
    return found


def repeated(block: Block, path: Path) -> list[int]:
    """Return the requests that a path does more than once."""
    times = Counter(block.visits.request[list(path)].tolist())
    return [request for request, count in times.items() if count > 1]


def _legs(travel: Whole, rate: float) -> Floats:
    return np.where(travel == NO_WAY, np.inf, travel * rate)


def completions(
    visits: Floats,
    last: Floats,
    between: Floats,
    load: Whole,
    most: int,
    bits: Whole,
    gains: Gains,
) -> Floats:
    """Return for each visit, bits had and load left the least cost of what may come after.

    Found backwards. Decremental state space relaxation: only requests with bits are kept from
    being done twice (Righini and Salani 2008).
    """
    count, width = len(visits), most + 1
    every = 1 << max(int(bits.max(initial=0)), gains.needed).bit_length()
    masks = np.arange(every)
    ended = (gains.needed & ~(masks[None, :] | gains.last[:, None])) == 0
    rest = np.repeat(np.where(ended, last[:, None], np.inf)[:, :, None], width, axis=2)
    onward = np.full((count, every, width), np.inf)
    for at in range(count - 1, -1, -1):
        near = at + 1 + np.flatnonzero(between[at, at + 1 :] < np.inf)
        gained = gains.between[at, near]
        for more in np.unique(gained).tolist():
            own = near[gained == more]
            after = onward[own] if more == 0 else onward[own][:, masks | more]
            np.minimum(rest[at], (between[at, own, None, None] + after).min(axis=0), out=rest[at])
        taken = int(load[at])
        if taken <= most:
            free = masks[(masks & bits[at]) == 0]
            onward[at, free, taken:] = visits[at] + rest[at, free | bits[at], : width - taken]
    return rest.reshape(count, -1)
