"""The best choice of days so far: found by diving, made better part by part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from solver.method.day_search import Floats, TooMany
from solver.method.lagrange import Bound, Lagrange
from solver.method.limits import Limits
from solver.method.linear import Program, solve_integer, solve_linear
from solver.method.pool import Pool
from solver.method.relaxation import Relaxed
from solver.method.rows import Box

SURE = 0.7
PERHAPS, FEW = 0.2, 20
SETTLED = 0.99
SMALL = 1500
PEOPLE = 40
NEAR = 60
MOST_PATHS = 4000
SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Incumbent:
    """Days chosen by their numbers in the pool, whole amounts of the options, and the value."""

    value: float
    days: tuple[int, ...]
    options: Floats


class Chooser:
    """Chooses whole days for some people while everybody else keeps theirs."""

    def __init__(self, pool: Pool, lagrange: Lagrange, limits: Limits) -> None:
        self.pool, self.lagrange, self.limits = pool, lagrange, limits
        self.weights = lagrange.weights
        self.near: dict[int, list[int]] = {}
        self.people_of: dict[int, set[int]] = defaultdict(set)
        for number, block in enumerate(lagrange.pricing.blocks):
            for request in set(block.visits.request.tolist()):
                self.people_of[request].add(number)

    def choose(
        self,
        kept: Sequence[int],
        free: Sequence[int],
        start: Incumbent | None = None,
        box: Box | None = None,
    ) -> Incumbent | None:
        """Return the best choice among the `free` days beside those `kept`; None without any."""
        hint = None
        if start is not None:
            chosen = set(start.days)
            days = np.array([number in chosen for number in free], dtype=np.float64)
            hint = np.concatenate([start.options, days])
        limits = self.limits.shorter(SECONDS)
        found = solve_integer(self.program(kept, free, box), limits, hint)
        if found is None:
            return None
        count = len(self.pool.most)
        picked = [free[int(k)] for k in np.flatnonzero(found[1][count:] > 0.5)]
        return self.incumbent([*kept, *picked], found[1][:count])

    def incumbent(self, days: Sequence[int], options: Floats) -> Incumbent:
        """Return these days and options with their value; no option takes more than it must."""
        options = options.copy()
        if self.pool.rows.excess:
            paths = [(self.pool.columns[k].block, self.pool.columns[k].path) for k in days]
            activity = self.pool.activity(paths, 0 * options)
            for option, row in self.pool.rows.excess.items():
                options[option] = max(0.0, activity[row] - self.pool.rows.upper[row])
        costs = self.pool.costs(days) @ self.weights
        count = len(options)
        value = float(costs[count:].sum() + costs[:count] @ options)
        return Incumbent(self.lagrange.constant + value, tuple(sorted(days)), options)

    def program(self, kept: Sequence[int], free: Sequence[int], box: Box | None = None) -> Program:
        """Return the rows that the days kept leave to the free ones."""
        options = len(self.pool.most)
        box = self.pool.rows.box() if box is None else box.over(self.pool.rows)
        taken = self.pool.matrix(kept)
        own = taken.columns >= options
        used = np.bincount(taken.rows[own], weights=taken.amounts[own], minlength=len(box.lower))
        return Program(
            costs=self.pool.costs(free) @ self.weights,
            least=np.concatenate([box.least, np.zeros(len(free))]),
            most=np.concatenate([box.most, np.ones(len(free))]),
            matrix=self.pool.matrix(free),
            lower=box.lower - used,
            upper=box.upper - used,
        )

    def greedy(self, bound: Bound, known: Iterable[int]) -> Incumbent | None:
        """Return the cheapest days at the bound's duals that get along; None if a row is broken."""
        days = list(known)
        costs = self.pool.costs(days) @ self.lagrange.weights_at(bound.duals)
        prices = self.pool.visit_prices(bound.duals)
        reduced = costs[len(self.pool.most) :] - [self._worth(k, prices) for k in days]
        return self._in_order([days[int(k)] for k in np.argsort(reduced)])

    def _in_order(self, days: Iterable[int]) -> Incumbent | None:
        """Take one day after the other that gets along with those before.

        Teams are left to later steps.
        """
        chosen: dict[int, int] = {}
        done: set[int] = set()
        for number in days:
            block, requests = self.pool.columns[number].block, self.pool.requests(number)
            free = block not in chosen and not requests & done
            if free and not self.pool.team_places(number):
                chosen[block] = number
                done |= requests
        return self._sound(tuple(chosen.values()))

    def _worth(self, number: int, prices: Floats) -> float:
        day = self.pool.columns[number]
        return float(prices[self.pool.rows.offsets[day.block] + np.array(day.path)].sum())

    def _sound(self, days: tuple[int, ...]) -> Incumbent | None:
        """Return a choice without teams if it keeps every row."""
        found = self.incumbent(days, np.zeros(len(self.pool.most)))
        box, matrix = self.pool.rows.box(), self.pool.matrix(days)
        amounts = np.concatenate([found.options, np.ones(len(days))])[matrix.columns]
        total = np.bincount(matrix.rows, weights=amounts * matrix.amounts, minlength=len(box.lower))
        return found if ((box.lower <= total) & (total <= box.upper)).all() else None

    def dive(self, relaxed: Relaxed, box: Box | None = None) -> Incumbent | None:
        """Fix the days the relaxation is sure of, solve it again, and so on; then choose the rest.

        A day of a team is fixed only when the team is.
        """
        options, days, chosen = relaxed.options, relaxed.days, relaxed.chosen
        likeliest = [chosen[int(k)] for k in np.argsort(-days, kind="stable")]
        kept: list[int] = []
        while True:
            sure = self._sure(options, days, chosen)
            kept += sure
            taken = {self.pool.columns[number].block for number in kept}
            chosen = tuple(k for k in chosen if self.pool.columns[k].block not in taken)
            if len(chosen) <= SMALL or not sure:
                break
            answer = solve_linear(self.program(kept, chosen, box), self.limits)
            if answer is None:
                kept = kept[: -len(sure)]
                break
            options, days = answer.amounts[: len(options)], answer.amounts[len(options) :]
        found = self.choose(kept, chosen, box=box)
        return self._in_order([*kept, *likeliest]) if found is None and box is None else found

    def _sure(self, options: Floats, days: Floats, chosen: Sequence[int]) -> list[int]:
        """Return the days that are as good as chosen, and at least a few of the likeliest."""
        least = 1 + len({self.pool.columns[k].block for k in chosen}) // FEW
        found: list[int] = []
        done: set[int] = set()
        for index in np.argsort(-days, kind="stable"):
            number, amount = chosen[int(index)], days[index]
            if amount < PERHAPS or (amount < SURE and len(found) >= least):
                break
            requests = self.pool.requests(number)
            block = -1 - self.pool.columns[number].block
            if not done & {block, *requests} and self._settled(number, options):
                found.append(number)
                done |= {block, *requests}
        return found

    def _settled(self, number: int, options: Floats) -> bool:
        places = self.pool.team_places(number)
        choices = self.pool.rows.choices
        return all(sum(options[k] for k in choices[place]) >= SETTLED for place in places)

    def improve(self, best: Incumbent, bound: Bound, random: Random) -> Incumbent:
        """Choose anew for some people who stand in each other's way; return the better choice."""
        free = self._neighbours(best, random)
        kept = [k for k in best.days if self.pool.columns[k].block not in free]
        own = [k for k in best.days if self.pool.columns[k].block in free]
        days = dict.fromkeys([*own, *(k for b in sorted(free) for k in self._near(b, bound))])
        found = self.choose(kept, tuple(days), best)
        return best if found is None or found.value >= best.value else found

    def _neighbours(self, best: Incumbent, random: Random) -> set[int]:
        """Return people around a request, an open one half of the time, breadth first."""
        held = {self.pool.columns[k].block: self.pool.requests(k) for k in best.days}
        done = {request for requests in held.values() for request in requests}
        all_ = sorted(self.people_of)
        still_open = [request for request in all_ if request not in done]
        front = [random.choice(still_open if still_open and random.random() < 0.5 else all_)]
        free: set[int] = set()
        seen = set(front)
        while front and len(free) < PEOPLE:
            request = front.pop(0)
            people = sorted(self.people_of[request] - free)
            random.shuffle(people)
            free |= set(self._holders(request, best))
            free |= set(people[: max(1, PEOPLE // 3)])
            for number in sorted(free):
                new = [r for r in held.get(number, ()) if r not in seen]
                seen |= set(new)
                front += new
        return free

    def _holders(self, request: int, best: Incumbent) -> Iterable[int]:
        for k in best.days:
            if request in self.pool.requests(k):
                yield self.pool.columns[k].block

    def _near(self, number: int, bound: Bound) -> list[int]:
        """Return the cheapest days of a person at the bound's duals, looked for once."""
        if number not in self.near:
            self.near[number] = [self.pool.add(number, path) for path in self._days(number, bound)]
        return self.near[number]

    def _days(self, number: int, bound: Bound) -> Iterable[tuple[int, ...]]:
        weights = self.lagrange.weights_at(bound.duals)
        prices = self.pool.visit_prices(bound.duals)
        least = min(0.0, float(bound.best.bound[number]))
        width, found = 1e-3 * abs(self.lagrange.constant), []
        for _ in range(12):
            try:
                found = self.lagrange.pricing.days_within(
                    number, weights, prices, least + width, MOST_PATHS
                )
            except TooMany:
                width /= 4
                continue
            if len(found) >= NEAR:
                break
            width *= 3
        return [path for _, path in found[:NEAR]]
