"""Which levels can be minimised together without one outweighing another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np

from solver.method.model.block import Block
from solver.method.model.rows import Floats, Rows

LARGEST_FACTOR = 10**8
LARGEST_SUM = 2.0**50


@dataclass(frozen=True, slots=True)
class Stage:
    """Levels [first, first + len(factors)), and the factor of each.

    A factor is larger than all that the levels after it in the stage can add up to, so a plan
    that is best by the sum is best level after level. The sums of any two plans differ by a
    multiple of `step`.
    """

    first: int
    factors: tuple[int, ...]
    ranges: tuple[int, ...]
    step: int = 1

    def weights(self, levels: int) -> Floats:
        """Return the factor of every level, 0 outside the stage."""
        found = np.zeros(levels)
        found[self.first : self.first + len(self.factors)] = self.factors
        return found

    def bounds(self, values: Sequence[int], bound: float) -> list[int]:
        """Return a lower bound of each level of the stage, given a bound of the weighted sum.

        `values` are those of all levels. Each bound holds given that the levels before it have
        their values. No term is ever negative, so no bound is.
        """
        own = values[self.first : self.first + len(self.factors)]
        left = bound
        whole = sum(f * value for f, value in zip(self.factors, own, strict=True))
        if left > whole - self.step + 0.5:
            return list(own)
        found = []
        for index, (factor, value) in enumerate(zip(self.factors, own, strict=True)):
            highest = sum(
                f * (v + r)
                for f, v, r in list(zip(self.factors, own, self.ranges, strict=True))[index + 1 :]
            )
            least = int(np.ceil((left - highest) / factor - 1e-6))
            found.append(min(value, max(0, least)))
            left -= factor * value
        return found


def stages_of(rows: Rows) -> list[Stage]:
    """Return the levels in stages, as few as the size of the factors allows.

    Factors are multiples of the steps below them, so that the weighted sum keeps that step.
    """
    ranges, steps = ranges_of(rows), steps_of(rows)
    found: list[Stage] = []
    last = len(ranges)
    while last:
        first, factors, step = last - 1, [1], steps[last - 1]
        while first and factors[0] * (ranges[first] + 1) <= LARGEST_FACTOR:
            above = 1 + sum(
                factor * own for factor, own in zip(factors, ranges[first:last], strict=True)
            )
            factors.insert(0, above + -above % max(1, step))
            first -= 1
            step = gcd(step, factors[0] * steps[first])
        found.insert(0, Stage(first, tuple(factors), tuple(ranges[first:last]), max(1, step)))
        last = first
    return found


def all_weights(rows: Rows) -> Floats:
    """Return a factor for every level that lets it outweigh all later ones, as far as that goes.

    Beyond 2^53 whole numbers would be lost in floating point, so early levels may outweigh less
    than they should: good enough to look for plans, not to judge them.
    """
    ranges = ranges_of(rows)
    factors = [1.0]
    for level in range(len(ranges) - 1, 0, -1):
        factors.insert(0, 1.0 + sum(f * r for f, r in zip(factors, ranges[level:], strict=True)))
    most = LARGEST_SUM / max(1, ranges[0])
    found: Floats = np.minimum(np.array(factors), max(1.0, most))
    return found


def steps_of(rows: Rows) -> list[int]:
    """Return for each level what all its costs are multiples of; 0 where it has none.

    The values of any two plans differ by a multiple of it, too.
    """
    every = [np.zeros(rows.instance.levels, dtype=np.int64)]
    every += [np.array(option.costs, dtype=np.int64) for option in rows.options]
    for block in rows.instance.blocks:
        every += [np.gcd.reduce(block.visits.costs, axis=1), np.array(block.leg_costs)]
        every.append(np.array(block.day_costs))
    return [int(step) for step in np.gcd.reduce(np.stack(every), axis=0)]


def ranges_of(rows: Rows) -> list[int]:
    """Return for each level how far apart any two plans can be at most."""
    instance = rows.instance
    total = np.zeros(instance.levels, dtype=np.int64)
    widest = np.zeros((instance.levels, len(instance.asks)), dtype=np.int64)
    for block in instance.blocks:
        total += _of_ways(block)
        for level, costs in enumerate(np.abs(block.visits.costs)):
            np.maximum.at(widest[level], block.visits.request, costs)
    people = [max(variant.size for variant in ask.variants) for ask in instance.asks]
    total += 2 * widest @ np.array(people, dtype=np.int64)
    for option in rows.options:
        total += np.abs(np.array(option.costs, dtype=np.int64)) * option.most
    return [int(each) for each in total]


def _of_ways(block: Block) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the most that the ways of a day and the day itself can cost in each level."""
    legs = np.array(block.leg_costs, dtype=np.int64)
    longest = max(int(block.first.max()), int(block.last.max()), int(block.between.max()), 0)
    span = sum(interval.end - interval.start for interval in block.day.available)
    shortest = max(1, int(block.visits.minutes.min()))
    jobs = min(len(np.unique(block.visits.request)), span // shortest + len(block.pinned))
    return legs * longest * (jobs + 1) + np.array(block.day_costs, dtype=np.int64)
