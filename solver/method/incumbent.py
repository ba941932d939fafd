"""The best choice of days so far: found by diving, made better part by part."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from solver.method.day_search import Floats
from solver.method.lagrange import Bound, Lagrange
from solver.method.limits import Limits
from solver.method.linear import Program
from solver.method.neighbourhood import Neighbourhood
from solver.method.neighbourhood import Relaxed as Answer
from solver.method.pool import Pool
from solver.method.relaxation import Relaxed
from solver.method.rows import Box
from solver.method.tasks import Flags

SURE = 0.7
PERHAPS, FEW = 0.2, 20
SETTLED = 0.99
ROUGHLY = 1e-2
FEW_PEOPLE = 40
AGAIN = 1
AROUND = 2
PEOPLE = 40
MOST_OF_ONE = 60
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
        self.people_of: dict[int, set[int]] = defaultdict(set)
        for number, block in enumerate(lagrange.pricing.blocks):
            for request in set(block.visits.request.tolist()):
                self.people_of[request].add(number)
        self.all_requests = sorted(self.people_of)
        self.options_of: dict[int, list[int]] = defaultdict(list)
        for (request, _), own in pool.rows.choices.items():
            self.options_of[request] += own

    def incumbent(self, days: Sequence[int], options: Floats) -> Incumbent:
        """Return these days and options with their value; no option takes more than it must."""
        options = options.copy()
        if self.pool.rows.excess:
            activity = self.pool.activity(self.pool.visits_of(days)[0], 0 * options)
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
        return self._sound(tuple(chosen.values()), self.pool.rows.box())

    def _worth(self, number: int, prices: Floats) -> float:
        day = self.pool.columns[number]
        return float(prices[self.pool.rows.offsets[day.block] + np.array(day.path)].sum())

    def _sound(self, days: Sequence[int], box: Box) -> Incumbent | None:
        """Return a choice whose teams are complete if it keeps every row."""
        options = np.zeros(len(self.pool.most))
        options[[self.pool.rows.choices[place][0] for place in self._places(days)]] = 1.0
        found = self.incumbent(days, options)
        matrix = self.pool.matrix(days)
        amounts = np.concatenate([found.options, np.ones(len(days))])[matrix.columns]
        total = np.bincount(matrix.rows, weights=amounts * matrix.amounts, minlength=len(box.lower))
        keeps = ((box.lower <= total) & (total <= box.upper)).all()
        return found if keeps and (box.least <= found.options).all() else None

    def _places(self, days: Iterable[int]) -> list[tuple[int, int]]:
        """Return the teams, request and variant, that these days take part in."""
        return sorted({place for k in days for place in self.pool.team_places(k)})

    def dive(self, relaxed: Relaxed, box: Box | None = None) -> Incumbent | None:
        """Keep the days the relaxation is sure of, price anew for the others, and so on.

        A day of a team is kept only when the team is. The last few are chosen exactly.
        """
        box = self.pool.rows.box() if box is None else box.over(self.pool.rows)
        loose = np.zeros(len(self.pool.most), dtype=np.bool_)
        options, days, chosen = relaxed.options, relaxed.days, relaxed.chosen
        hood = Neighbourhood(self.lagrange, (), loose, options, box)
        found: Answer | None = None
        while found is None or self._people(found) > FEW_PEOPLE:
            sure = self._sure(options, days, chosen)
            if not sure:
                break
            further = Neighbourhood(self.lagrange, [*hood.kept, *sure], loose, options, box)
            taken = {self.pool.columns[number].block for number in further.kept}
            left = [k for k in chosen if self.pool.columns[k].block not in taken]
            answer = further.relaxed(further.fits(left), AGAIN, self.limits)
            if answer is None:
                break
            hood, found = further, answer
            options, days, chosen = answer.options, answer.days, answer.chosen
        return None if found is None else self._finished(hood, found)

    def _finished(self, hood: Neighbourhood, found: Answer) -> Incumbent | None:
        """Choose the rest exactly; where that fails, once more without the teams half sent."""
        whole = hood.whole(found, np.inf, self.limits.shorter(SECONDS))
        if whole is None and not self.limits.over():
            kept = self._without_half_teams(hood.kept)
            freed = set(hood.kept) - set(kept)
            hood = Neighbourhood(self.lagrange, kept, hood.settled, hood.options, hood.box)
            again = hood.relaxed(hood.fits([*freed, *found.chosen]), AGAIN, self.limits)
            if again is not None:
                whole = hood.whole(again, np.inf, self.limits.shorter(SECONDS))
        if whole is not None:
            return self.incumbent([*hood.kept, *whole[0]], whole[1])
        return self._sound(self._without_half_teams(hood.kept), hood.box)

    def _without_half_teams(self, days: Sequence[int]) -> list[int]:
        """Return the days whose teams are all complete among them."""
        left = list(days)
        while True:
            seats = Counter(place for k in left for place in self.pool.team_places(k))
            full = {place for place, filled in seats.items() if filled == self._size(place)}
            complete = [k for k in left if full.issuperset(self.pool.team_places(k))]
            if len(complete) == len(left):
                return complete
            left = complete

    def _size(self, place: tuple[int, int]) -> int:
        request, variant = place
        return self.pool.rows.instance.asks[request].variants[variant].size

    def _people(self, answer: Answer) -> int:
        """Return how many people an answer sends to more than one day."""
        split = (answer.days > ROUGHLY) & (answer.days < 1 - ROUGHLY)
        return len({self.pool.columns[answer.chosen[k]].block for k in np.flatnonzero(split)})

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
        holders = self._holders(best)
        free = self._neighbours(best, holders, random)
        own = [k for k in best.days if self.pool.columns[k].block in free]
        kept = [k for k in best.days if self.pool.columns[k].block not in free]
        settled = self._settled_by(kept)
        box = self.pool.rows.box()
        hood = Neighbourhood(self.lagrange, kept, settled, best.options, box).limited_to(free)
        days = dict.fromkeys([*own, *hood.fits(self._known(free, bound))])
        found = hood.relaxed(days, AROUND, self.limits)
        if found is None:
            return best
        most = self._value(own, best.options * ~settled)
        if found.value > most - 0.5:
            return best
        whole = hood.whole(found, most, self.limits.shorter(SECONDS), set(own))
        if whole is None:
            return best
        better = self.incumbent([*kept, *whole[0]], whole[1])
        return better if better.value < best.value else best

    def _value(self, days: Sequence[int], options: Floats) -> float:
        costs = self.pool.costs(days) @ self.weights
        return float(costs[len(options) :].sum() + costs[: len(options)] @ options)

    def _known(self, free: Iterable[int], bound: Bound) -> list[int]:
        """Return the days known of these people, the cheapest at the bound's duals."""
        weights = self.lagrange.weights_at(bound.duals)
        prices = self.pool.visit_prices(bound.duals)
        found: list[int] = []
        for number in sorted(free):
            days = self.pool.of_block[number]
            if len(days) > MOST_OF_ONE:
                costs = self.pool.costs(days)[len(self.pool.most) :] @ weights
                reduced = costs - [self._worth(k, prices) for k in days]
                days = [days[int(k)] for k in np.argsort(reduced)[:MOST_OF_ONE]]
            found += days
        return found

    def _settled_by(self, kept: Sequence[int]) -> Flags:
        """Say which options the days kept decide: those of their teams and of their people."""
        settled = np.zeros(len(self.pool.most), dtype=np.bool_)
        for number in kept:
            for request, _ in self.pool.team_places(number):
                settled[self.options_of[request]] = True
        return settled

    def _holders(self, best: Incumbent) -> dict[int, list[int]]:
        """Return who is sent to which request."""
        holders: dict[int, list[int]] = defaultdict(list)
        for k in best.days:
            for request in self.pool.requests(k):
                holders[request].append(self.pool.columns[k].block)
        return holders

    def _neighbours(
        self, best: Incumbent, holders: dict[int, list[int]], random: Random
    ) -> set[int]:
        """Return people around a request, an open one half of the time, breadth first.

        Who is in a team with one of them is one of them.
        """
        held = {self.pool.columns[k].block: self.pool.requests(k) for k in best.days}
        still_open = [request for request in self.all_requests if request not in holders]
        choice = still_open if still_open and random.random() < 0.5 else self.all_requests
        front = [random.choice(choice)]
        free: set[int] = set()
        seen = set(front)
        while front and len(free) < PEOPLE:
            request = front.pop(0)
            people = sorted(self.people_of[request] - free)
            random.shuffle(people)
            new = set(holders.get(request, ())) | set(people[: max(1, PEOPLE // 3)])
            free |= new
            for number in sorted(new):
                more = [r for r in held.get(number, ()) if r not in seen]
                seen |= set(more)
                front += more
        return self._with_teams(free, held, holders)

    def _with_teams(
        self,
        free: set[int],
        held: dict[int, frozenset[int]],
        holders: dict[int, list[int]],
    ) -> set[int]:
        front = sorted(free)
        while front:
            number = front.pop()
            for request in sorted(held.get(number, ())):
                more = [b for b in holders[request] if b not in free]
                free |= set(more)
                front += more
        return free
