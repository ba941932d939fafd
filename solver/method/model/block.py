"""One day of one interpreter: the visits possible, and which of them can follow one another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from solver.method.model.tasks import Flags, Tasks
from solver.problem.people import WorkDay
from solver.rules.distances import NO_WAY, Whole
from solver.rules.legs import Moment

Costs = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Visits:
    """What one person could do on one day, in order of time: tasks, where, at what cost by level.

    `costs` has a row for each level and leaves travel out.
    """

    tasks: Tasks
    numbers: Whole
    place: Whole
    costs: Whole
    pinned: Flags
    promised: Flags

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, keep: Whole) -> Visits:
        """Return these visits alone."""
        return Visits(
            self.tasks,
            self.numbers[keep],
            self.place[keep],
            self.costs[:, keep],
            self.pinned[keep],
            self.promised[keep],
        )

    @property
    def request(self) -> Whole:
        """Return the number of each visit's request."""
        return self.tasks.request[self.numbers]

    @property
    def minutes(self) -> Whole:
        """Return the service time of each visit."""
        return self.tasks.end[self.numbers] - self.tasks.begin[self.numbers]

    @property
    def begin(self) -> Whole:
        """Return when the service begins."""
        return self.tasks.begin[self.numbers]

    @property
    def end(self) -> Whole:
        """Return when the service ends."""
        return self.tasks.end[self.numbers]

    @property
    def busy_from(self) -> Whole:
        """Return when the person has to be there."""
        return self.tasks.busy_from[self.numbers]

    @property
    def busy_to(self) -> Whole:
        """Return when the person may leave."""
        return self.tasks.busy_to[self.numbers]

    def before(self, index: int) -> Moment:
        """Return where and when the person has to be there."""
        number = self.numbers[index]
        time = int(self.tasks.busy_from[number])
        return Moment(int(self.place[index]), time, int(self.tasks.begin[number]) - time)

    def after(self, index: int) -> Moment:
        """Return from where and when the person may go on."""
        number = self.numbers[index]
        time = int(self.tasks.busy_to[number])
        return Moment(int(self.place[index]), time, time - int(self.tasks.end[number]))


def unneeded(visits: Visits, one: Whole, two: Whole) -> Whole:
    """Return how much of the buffers between visits is not needed: all of it at one place."""
    # of these visits alone: whole arrays of a day with many cost more than all the rest
    tasks, first, second = visits.tasks, visits.numbers[one], visits.numbers[two]
    after = tasks.busy_to[first] - tasks.end[first]
    before = tasks.begin[second] - tasks.busy_from[second]
    return np.where(visits.place[one] == visits.place[two], after + before, 0)


@dataclass(frozen=True, slots=True)
class Pauses:
    """For each leg one bit for each break of the day that fits into it; `needed` has all bits."""

    first: Whole
    last: Whole
    between: Whole
    needed: int

    def all_fit(self) -> bool:
        """Say whether each break fits into some leg."""
        fitting = (self.first, self.last, self.between)
        bits = [int(np.bitwise_or.reduce(each, axis=None)) for each in fitting]
        return self.needed & ~(bits[0] | bits[1] | bits[2]) == 0


class WaysOnDemand:
    """The legs of a day with too many visits for a square of them, found one at a time.

    For days on which nothing but times and ways decides what can follow what.
    """

    def __init__(self, visits: Visits, units: Callable[[Whole, Whole], Whole]) -> None:
        self.visits, self.units = visits, units
        places = np.unique(visits.place)
        self._longest = int(units(places[:, None], places[None, :]).max(initial=0))

    def __getitem__(self, leg: tuple[int, int]) -> int:
        one, two = (np.array(visit) for visit in leg)
        visits, tasks = self.visits, self.visits.tasks
        gap = tasks.busy_from[visits.numbers[two]] - tasks.busy_to[visits.numbers[one]]
        gap += unneeded(visits, one, two)
        way = self.units(visits.place[one], visits.place[two])
        return int(way) if way <= gap else NO_WAY

    def max(self, initial: int = 0) -> int:
        """Return the longest way there may be."""
        return max(initial, self._longest)


@dataclass(frozen=True, slots=True)
class Block:
    """A person's day as a graph without cycles: visits in order of time, legs between them.

    `first`, `last` and `between` hold time units on the way, NO_WAY where a leg is impossible.
    `pauses` is None on a day without breaks. `pinned` are the requests that may not be left out.
    `alike` has one number for all visits that only differ in when they begin; None where beginning
    late may be better than beginning early. A `rich` day has more visits than are searched: its
    legs are found on demand, or some of the starts are left out.
    """

    person: int
    day: WorkDay
    visits: Visits
    first: Whole
    last: Whole
    between: Any
    pauses: Pauses | None
    most_minutes: int | None
    most_jobs: int | None
    pinned: frozenset[int]
    leg_costs: Costs
    day_costs: Costs
    alike: Whole | None = None
    rich: bool = False

    @property
    def searchable(self) -> bool:
        """Say whether all legs are known, so that the cheapest day can be searched for."""
        return not isinstance(self.between, WaysOnDemand)

    def load(self) -> tuple[Whole, int]:
        """Return what each visit uses of the day's limit, and how much of it there is.

        Counted in the largest unit that divides all service times; without a limit nothing is
        used. Pinned visits are there anyway: they use nothing, and the rest is what they leave.
        """
        minutes, pinned = self.visits.minutes, self.visits.pinned
        if self.most_minutes is not None:
            left = max(0, self.most_minutes - self._least_pinned(minutes))
            unit = max(1, int(np.gcd.reduce(minutes)))
            return np.where(pinned, 0, minutes // unit), left // unit
        if self.most_jobs is not None:
            left = max(0, self.most_jobs - len(self.pinned))
            return np.where(pinned, 0, 1).astype(np.int64), left
        return np.zeros(len(minutes), dtype=np.int64), 0

    def _least_pinned(self, minutes: Whole) -> int:
        request = self.visits.request
        return sum(int(minutes[request == pinned].min()) for pinned in self.pinned)


def lean_legs(block: Block) -> Whole:
    """Return the legs without those to a visit that could as well begin earlier.

    Of the days that do the same in the same order the one that begins early can go on like all
    others, so the cheapest of all days is left.
    """
    if not block.searchable:
        return np.zeros((0, 0), dtype=np.int16)
    if block.alike is None:
        known: Whole = block.between
        return known
    order = np.lexsort((block.visits.begin, block.alike))
    legs = block.between[:, order]
    again = np.zeros(legs.shape, dtype=np.bool_)
    same = block.alike[order][1:] == block.alike[order][:-1]
    again[:, 1:] = same & (legs[:, :-1] != NO_WAY)
    found: Whole = np.empty_like(legs)
    found[:, order] = np.where(again, NO_WAY, legs)
    return found


def lean_first(block: Block) -> Whole:
    """Return the ways from home without those to a visit that could as well begin earlier."""
    if block.alike is None:
        return block.first
    order = np.lexsort((block.visits.begin, block.first == NO_WAY, block.alike))
    again = np.zeros(len(order), dtype=np.bool_)
    again[order[1:]] = block.alike[order][1:] == block.alike[order][:-1]
    return np.where(again, NO_WAY, block.first)
