"""A choice of days made better: some people at a time are sent anew, the others keep theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from random import Random

import numpy as np

from solver.method.limits import Limits
from solver.method.master.lagrange import Bound
from solver.method.model.tasks import Flags
from solver.method.pricing.day_search import Floats
from solver.method.primal.incumbent import Chooser, Incumbent
from solver.method.primal.neighbourhood import Neighbourhood

AROUND = 2
OPEN, DEAR = 0.5, 0.85
PEOPLE, FEWEST = 40, 8
FEW_STEPS, MANY_STEPS = 700, 2500
MORE, FEWER = 1.05, 0.4
MOST_OF_ONE = 60


@dataclass(frozen=True, slots=True)
class Held:
    """What a choice holds: each person's day, who is sent to a request, what its rows add up to.

    `settled` are the options that its teams decide, `still_open` the requests nobody is sent to.
    `regret` adds up, person by person, how much dearer than the cheapest their days are at the
    bound's prices: most of the gap between the choice and the bound.
    """

    days: dict[int, int]
    holders: dict[int, list[int]]
    taken: Floats
    settled: Flags
    still_open: list[int]
    regret: Floats


@dataclass(frozen=True, slots=True)
class Change:
    """Days taken off and days put on instead, with the change of the amounts of the options."""

    off: frozenset[int]
    on: tuple[int, ...]
    options: Floats


class Improver:
    """Sends some people anew around a request, as long as that helps (Shaw 1998).

    So many workers, threads, do so at a time, each beside the best choice when it began.
    """

    def __init__(
        self, chooser: Chooser, bound: Bound, limits: Limits, random: Random, step: int = 1
    ) -> None:
        self.chooser, self.limits, self.random, self.step = chooser, limits, random, step
        self.lagrange, self.pool = chooser.lagrange, chooser.pool
        self.bound, self.prices = bound, self.pool.visit_prices(bound.duals)
        self.weights = self.lagrange.weights_at(bound.duals)
        self.box = self.pool.rows.box()
        rows = self.pool.rows
        self.people_of: dict[int, set[int]] = defaultdict(set)
        for number, block in enumerate(self.lagrange.pricing.blocks):
            for asked in np.unique(block.visits.request).tolist():
                self.people_of[asked].add(number)
        self.all_requests = sorted(self.people_of)
        self.options_of: dict[int, list[int]] = defaultdict(list)
        for (asked, _), own in rows.choices.items():
            self.options_of[asked] += own
        first = dict(zip(*(each.tolist() for each in self.pool.of_rows()), strict=True))
        self.share_of = {
            rows.instance.blocks[first[row]].person: option
            for option, row in rows.excess.items()
            if row in first
        }
        self.people: float = PEOPLE
        self._held: tuple[Incumbent, Held] | None = None

    def better(self, best: Incumbent) -> Generator[Incumbent]:
        """Yield the best choice so far after each attempt, without end."""
        with ThreadPoolExecutor(self.limits.workers) as threads:
            pending: set[Future[Change | None]] = set()
            while True:
                while len(pending) < self.limits.workers:
                    held = self._holds(best)
                    free = self._neighbours(held)
                    pending.add(threads.submit(self._sent_anew, best, held, free))
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for attempt in done:
                    change = attempt.result()
                    best = best if change is None else self._changed(best, change)
                    yield best

    def _changed(self, best: Incumbent, change: Change) -> Incumbent:
        """Return the choice with a change, unless another change stands in its way."""
        if not change.off.issubset(best.days):
            return best
        days = {*best.days, *change.on} - change.off
        found = self.chooser.incumbent(sorted(days), best.options + change.options)
        return found if found.value < best.value and self.chooser.keeps(found, self.box) else best

    def _sent_anew(self, best: Incumbent, held: Held, free: set[int]) -> Change | None:
        """Choose anew for some people while all others keep their days; None if nothing is won."""
        own = [held.days[block] for block in sorted(free) if block in held.days]
        settled = self._settled_beside(free, own, held)
        loose = best.options * ~settled
        hood = Neighbourhood(
            self.lagrange,
            self.box,
            used=held.taken - self.pool.taken(own, loose),
            settled=settled,
            options=best.options,
            free=np.array(sorted(free), dtype=np.int64),
        )
        found = hood.relaxed([*own, *hood.fits(self._known(free, own))], AROUND, self.limits)
        most = self.pool.value(own, loose, self.lagrange.weights)
        if found is None or found.value > most - self.step + 0.5:
            return None
        near = sorted({*own, *hood.near(found, most)})
        whole = hood.whole(near, self.limits, set(own))
        self._adapt(2 * MANY_STEPS if whole is None else whole.steps)
        if whole is None:
            return None
        days, options = set(whole.days), whole.options - best.options
        return Change(frozenset(own) - days, tuple(sorted(days - set(own))), options)

    def _adapt(self, steps: int) -> None:
        """Send more or fewer people anew at a time, so that choosing among their days is quick."""
        if steps >= MANY_STEPS:
            self.people = max(FEWEST, self.people * max(FEWER, MANY_STEPS / steps))
        elif steps < FEW_STEPS:
            self.people = min(PEOPLE, self.people * MORE)

    def _holds(self, best: Incumbent) -> Held:
        if self._held is None or self._held[0] is not best:
            holders: dict[int, list[int]] = defaultdict(list)
            settled = np.zeros(len(self.pool.most), dtype=np.bool_)
            for k in best.days:
                for asked in self.pool.requests(k):
                    holders[asked].append(self.pool.columns[k].block)
                for asked, _ in self.pool.team_places(k):
                    settled[self.options_of[asked]] = True
            days = {self.pool.columns[k].block: k for k in best.days}
            taken = self.pool.taken(best.days, best.options)
            still_open = [asked for asked in self.all_requests if asked not in holders]
            regret = np.cumsum(self._regret(best))
            self._held = best, Held(days, holders, taken, settled, still_open, regret)
        return self._held[1]

    def _regret(self, best: Incumbent) -> Floats:
        """Return how much dearer each day is than the cheapest of its person at the bound."""
        reduced = self.pool.reduced(best.days, self.weights, self.prices)
        cheapest = self.bound.best.bound[self.pool.blocks(best.days)]
        return np.maximum(0.0, reduced - np.minimum(0.0, cheapest))

    def _settled_beside(self, free: Iterable[int], own: Iterable[int], held: Held) -> Flags:
        """Say which options those who keep their days decide."""
        settled = held.settled.copy()
        for k in own:
            for asked, _ in self.pool.team_places(k):
                settled[self.options_of[asked]] = False
        settled[list(self.share_of.values())] = True
        people = {self.pool.rows.instance.blocks[block].person for block in free}
        settled[[self.share_of[p] for p in people if p in self.share_of]] = False
        return settled

    def _known(self, free: Iterable[int], own: Iterable[int]) -> list[int]:
        """Return the days known of these people beside their own, the cheapest of each."""
        found: list[int] = []
        for number in sorted(free):
            days = list(self.pool.of_block[number])
            if len(days) > MOST_OF_ONE:
                order = np.argsort(self.pool.reduced(days, self.weights, self.prices))
                days = [days[k] for k in order[:MOST_OF_ONE].tolist()]
            found += days
        return sorted(set(found) - set(own))

    def _neighbours(self, held: Held) -> set[int]:
        """Return people around a request, breadth first.

        Who is in a team with one of them is one of them.
        """
        front = [self._first(held)]
        free: set[int] = set()
        seen = set(front)
        while front and len(free) < self.people:
            asked = front.pop(0)
            people = sorted(self.people_of[asked] - free)
            self.random.shuffle(people)
            new = set(held.holders.get(asked, ())) | set(people[: max(1, int(self.people) // 3)])
            free |= new
            for block in sorted(new):
                more = [r for r in self._requests(held, block) if r not in seen]
                seen |= set(more)
                front += more
        return self._with_teams(free, held)

    def _first(self, held: Held) -> int:
        """Return an open request, one of somebody whose day is dear, or any."""
        chance = self.random.random()
        if held.still_open and chance < OPEN:
            return self.random.choice(held.still_open)
        if len(held.regret) and chance < DEAR and held.regret[-1] > 0:
            at = np.searchsorted(held.regret, self.random.random() * held.regret[-1])
            day = list(held.days.values())[int(at)]
            return self.random.choice(sorted(self.pool.requests(day)))
        return self.random.choice(self.all_requests)

    def _with_teams(self, free: set[int], held: Held) -> set[int]:
        front = sorted(free)
        while front:
            block = front.pop()
            for asked in sorted(self._requests(held, block)):
                more = [b for b in held.holders[asked] if b not in free]
                free |= set(more)
                front += more
        return free

    def _requests(self, held: Held, block: int) -> frozenset[int]:
        return self.pool.requests(held.days[block]) if block in held.days else frozenset()
