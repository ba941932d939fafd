"""The first choice of days: everybody in turn takes the cheapest day that is still to be had."""

from __future__ import annotations

from collections import Counter

import numpy as np

from solver.method.limits import Limits
from solver.method.master.lagrange import Bound
from solver.method.model.columns import Path
from solver.method.pricing.batches import NEVER
from solver.method.primal.incumbent import Chooser, Incumbent

SHARES = (1.0, 0.5, 0.0)


class Greedy:
    """Days taken one after the other, the cheapest first, until nobody gains any more.

    First at the prices of a bound, at which nobody takes what others need more; then at half of
    them, at last at none. Teams that are not complete after each are given up.
    """

    def __init__(self, chooser: Chooser, bound: Bound, limits: Limits) -> None:
        self.chooser, self.bound, self.limits = chooser, bound, limits
        self.pool, self.lagrange = chooser.pool, chooser.lagrange
        self.instance = self.pool.rows.instance
        visited = [block.visits.request for block in self.instance.blocks]
        self.requests = np.concatenate([np.zeros(0, dtype=np.int64), *visited])
        self._start([])

    def choice(self) -> Incumbent | None:
        """Return the days taken; None if a row is broken."""
        for share in SHARES:
            self._take_turns(share)
            self._start(self.chooser.without_half_teams(list(self.days.values())))
        return self.chooser.sound(list(self.days.values()), self.pool.rows.box())

    def _start(self, days: list[int]) -> None:
        """Begin with these days taken."""
        self.days: dict[int, int] = {}
        self.seats: Counter[tuple[int, int]] = Counter()
        self.begun: dict[int, int] = {}
        self.done = np.zeros(len(self.instance.asks), dtype=np.bool_)
        for day in days:
            self._take(day)

    def _take_turns(self, share: float) -> None:
        """Price the days that are left and let people take them, as long as somebody does."""
        duals, taken = share * self.bound.duals, -1
        weights, prices = self.lagrange.weights_at(duals), self.pool.visit_prices(duals)
        while taken < len(self.days) and not self.limits.over():
            taken = len(self.days)
            free = np.setdiff1d(self.lagrange.pricing.all, list(self.days))
            left = np.where(self.done[self.requests], -NEVER, prices)
            best = self.lagrange.pricing.best(weights, left, chosen=free)
            for number in free[np.argsort(best.found[free], kind="stable")].tolist():
                if best.found[number] >= 0:
                    break
                self._offer(number, best.path(number))

    def _offer(self, number: int, path: Path) -> None:
        """Let somebody take a day unless others have a part of it already."""
        day = self.pool.add(number, path)
        if any(self.done[asked] for asked in self.pool.requests(day)):
            return
        places = self.pool.team_places(day)
        if all(self.begun.get(asked, variant) == variant for asked, variant in places):
            self._take(day)

    def _take(self, day: int) -> None:
        self.days[self.pool.columns[day].block] = day
        places = self.pool.team_places(day)
        self.seats.update(places)
        self.begun.update(places)
        self.done[list(self.pool.requests(day) - {asked for asked, _ in places})] = True
        for place in places:
            self.done[place[0]] = self.seats[place] >= self.chooser.size(place)
