"""Closes the gap between the best plan and the bound, or says how far it got."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

import numpy as np

from solver.method.master.lagrange import Bound
from solver.method.master.linear import Program, solve_integer_exactly
from solver.method.master.relaxation import Relaxation, Relaxed
from solver.method.model.rows import Box
from solver.method.pricing.day_search import Floats, TooMany
from solver.method.pricing.leg_tables import NEVER
from solver.method.pricing.listed import ListedDays
from solver.method.primal.diving import Diver
from solver.method.primal.incumbent import Incumbent

WHOLE = 1e-4
FEW, LISTED = 1_000, 10_000
FEW_NODES = 1_000
PRICED = 400_000
NARROW, LESS = 3e-4, 0.75
DIVE_EVERY = 4
Better = Callable[[Incumbent, float], None]


@dataclass(order=True, slots=True)
class _Node:
    """A part of all plans: those within a box."""

    bound: float
    number: int
    box: Box = field(compare=False)
    relaxed: Relaxed = field(compare=False)


class Prover:
    """Branches on what is covered, and lists all days that could still be better.

    Branching is on whole numbers that the relaxation makes fractional: the weight covered, whether
    a team is sent, whether a request is covered (Land and Doig 1960). Where a relaxation is only
    `gap` below the best plan, a day whose reduced cost exceeds the gap cannot be part of a better
    one (Nemhauser and Wolsey 1988, reduced cost fixing): the few others are listed and chosen from
    exactly. The values of any two plans differ by a multiple of `step`: what is not better by so
    much is not better.
    """

    def __init__(self, relaxation: Relaxation, diver: Diver, better: Better, step: int = 1) -> None:
        self.relaxation, self.diver, self.better = relaxation, diver, better
        self.step = step
        self.pool, self.limits = relaxation.pool, relaxation.limits
        self.numbers = count()
        self.unresolved, self.worked = np.inf, 0
        self.narrow = NARROW * relaxation.scale

    def prove(self, root: Relaxed, best: Incumbent) -> tuple[Incumbent, float]:
        """Return the best plan and a bound of all plans; equal when the proof is complete."""
        self._list_days(root.bound, self._better_than(best) - root.bound.value)
        open_ = [_Node(root.bound.value, next(self.numbers), self.pool.rows.box(), root)]
        while open_ and not self.limits.over():
            node = heappop(open_)
            if node.bound > self._better_than(best):
                break
            best, parts = self._work(node, best)
            for part in parts:
                heappush(open_, part)
            self.better(best, min([best.value, self.unresolved, *(n.bound for n in open_)]))
        still = [n.bound for n in open_ if n.bound <= self._better_than(best)]
        return best, min([best.value, self.unresolved, *still])

    def _better_than(self, best: Incumbent) -> float:
        """Return what the value of a better plan is at most."""
        return best.value - self.step + WHOLE

    def _work(self, node: _Node, best: Incumbent) -> tuple[Incumbent, list[_Node]]:
        """Settle a node by listing its days, or split it; what cannot be settled stays open."""
        if self.worked % DIVE_EVERY == 0:
            found = self.diver.dive(node.relaxed, node.box)
            best = best if found is None or found.value >= best.value else found
        self.worked += 1
        gap = self._better_than(best) - node.bound
        split = self._split(node)
        listed = self.relaxation.lagrange.pricing.listed is not None
        if gap <= self.narrow or split is None or listed:
            settled, best = self._settled(node, gap, best)
            if settled:
                return best, []
            self.narrow = min(self.narrow, LESS * gap)
        if split is None:
            self.unresolved = min(self.unresolved, node.bound)
            return best, []
        return best, list(self._parts(node, split, best))

    def _split(self, node: _Node) -> tuple[Box, Box] | None:
        """Return the two parts of a box on either side of a fractional number, if there is one."""
        box, counts = node.box.over(self.pool.rows), self.relaxation.counts(node.relaxed)
        covered, *single = self.pool.rows.counted
        if _most_fractional(counts[[covered]]) is not None:
            return _either_side(box, covered, counts[covered])
        option = _most_fractional(node.relaxed.options)
        if option is not None:
            below = np.floor(node.relaxed.options[option])
            return (
                box.with_option(option, below + 1, box.most[option]),
                box.with_option(option, box.least[option], below),
            )
        index = _most_fractional(counts[single])
        if index is not None:
            return _either_side(box, single[index], counts[single[index]])
        return self._pair(node)

    def _pair(self, node: _Node) -> tuple[Box, Box] | None:
        """Split on whether somebody is sent to a request, where that is fractional."""
        amounts: dict[tuple[int, int], float] = defaultdict(float)
        for number, amount in zip(node.relaxed.chosen, node.relaxed.days.tolist(), strict=True):
            if amount > WHOLE:
                for request in self.pool.requests(number):
                    amounts[self.pool.columns[number].block, request] += amount
        places = sorted(amounts)
        index = _most_fractional(np.array([amounts[place] for place in places]))
        if index is None:
            return None
        row = self.pool.rows.pair(*places[index])
        self.pool.refresh()
        return _either_side(node.box.over(self.pool.rows), row, amounts[places[index]])

    def _parts(self, node: _Node, split: tuple[Box, Box], best: Incumbent) -> Iterator[_Node]:
        known = self._better_than(best)
        for box in split:
            if box.empty():
                continue
            relaxed = self.relaxation.solve(box, known, cut=True)
            if relaxed is None:
                self.unresolved = min(self.unresolved, node.bound)
                continue
            bound = max(node.bound, relaxed.bound.value)
            if bound <= known:
                yield _Node(bound, next(self.numbers), box, relaxed)

    def _list_days(self, bound: Bound, gap: float) -> None:
        """List the days that can be part of a plan that much above the bound, if few enough."""
        pricing = self.relaxation.lagrange.pricing
        pricing.list_within(*self._priced(bound, gap), PRICED)

    def _settled(self, node: _Node, gap: float, best: Incumbent) -> tuple[bool, Incumbent]:
        """Choose among the days that can be part of a better plan; say if that settles the node.

        From the most promising ones first: a better plan leaves fewer of the others.
        """
        days = self._days_within(node.relaxed.bound, gap)
        if days is None:
            return False, best
        if len(days) > FEW and self.worked % DIVE_EVERY == 1:
            few = self._most_promising(days, node.relaxed.bound)
            better = self._choose(node, few, best, FEW_NODES)[1]
            if better.value < best.value:
                best = better
                gap = self._better_than(best) - node.bound
                days = self._days_within(node.relaxed.bound, gap) or days
        return self._choose(node, days, best) if len(days) <= LISTED else (False, best)

    def _days_within(self, bound: Bound, gap: float) -> ListedDays | None:
        """Return all days that can be part of a plan that much above the bound; None: too many."""
        pricing = self.relaxation.lagrange.pricing
        most = LISTED if pricing.listed is None else len(pricing.listed)
        try:
            return pricing.within(*self._priced(bound, gap), most)
        except TooMany:
            return None

    def _most_promising(self, days: ListedDays, bound: Bound) -> ListedDays:
        """Return the few days that cost least above what each person's day costs at least."""
        weights, prices, limits = self._priced(bound, 0.0)
        reduced = self.relaxation.lagrange.pricing.reduced(days, weights, prices)
        order = np.argsort(reduced - limits[days.block], kind="stable")
        keep = np.zeros(len(days), dtype=np.bool_)
        keep[order[:FEW]] = True
        return days.only(keep)

    def _priced(self, bound: Bound, gap: float) -> tuple[Floats, Floats, Floats]:
        """Return weights, prices of visits, and what a day of each block costs at most."""
        lagrange, own = self.relaxation.lagrange, bound.best.bound
        limits = np.minimum(gap + np.where(lagrange.must, own, np.minimum(0.0, own)), NEVER)
        return lagrange.weights_at(bound.duals), self.pool.visit_prices(bound.duals), limits

    def _choose(
        self, node: _Node, listed: ListedDays, best: Incumbent, nodes: int | None = None
    ) -> tuple[bool, Incumbent]:
        """Choose among these days; say whether the best choice is proven."""
        days = [
            self.pool.add(block, listed.path(k)) for k, block in enumerate(listed.block.tolist())
        ]
        program = self._program(days, node.box)
        most = best.value - self.relaxation.lagrange.constant
        settled, found = solve_integer_exactly(program, self.limits, most, self.step, nodes)
        if found is None:
            return settled, best
        options = len(self.pool.most)
        picked = [days[k] for k in np.flatnonzero(found[options:] > 0.5)]
        new = self.diver.chooser.incumbent(picked, found[:options])
        return settled, new if new.value < best.value else best

    def _program(self, days: list[int], box: Box) -> Program:
        """Return the program of choosing among these days."""
        box = box.over(self.pool.rows)
        return Program(
            costs=self.pool.costs(days) @ self.relaxation.lagrange.weights,
            least=np.concatenate([box.least, np.zeros(len(days))]),
            most=np.concatenate([box.most, np.ones(len(days))]),
            matrix=self.pool.matrix(days),
            lower=box.lower,
            upper=box.upper,
        )


def _either_side(box: Box, row: int, value: float) -> tuple[Box, Box]:
    """Return the parts of a box in which a row is above and below a fractional value."""
    below = float(np.floor(value))
    return (
        box.with_row(row, below + 1, float(box.upper[row])),
        box.with_row(row, float(box.lower[row]), below),
    )


def _most_fractional(amounts: Floats) -> int | None:
    """Return the number that is furthest from whole, None if all are whole."""
    away = np.abs(amounts - np.round(amounts))
    return int(away.argmax()) if len(away) and away.max() > WHOLE else None
