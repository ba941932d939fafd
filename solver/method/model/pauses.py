"""Which breaks of a day fit into which legs, as bits."""

from __future__ import annotations

import numpy as np

from solver.method.model.block import Pauses, Visits
from solver.method.model.tasks import Flags
from solver.problem.people import WorkDay
from solver.rules.distances import NO_WAY, Whole
from solver.rules.legs import Moment, allows_break
from solver.rules.person import Person


def pauses_of(person: Person, day: WorkDay, visits: Visits, between: Whole) -> Pauses | None:
    """Return the breaks that fit into each leg; None on a day without breaks."""
    if not day.breaks:
        return None
    finder = _Finder(person, day, visits)
    return Pauses(
        finder.first(), finder.last(), finder.between(between), (1 << len(day.breaks)) - 1
    )


class _Finder:
    """The breaks of a day of a person, asked leg by leg; a pinned visit may lie in no interval."""

    def __init__(self, person: Person, day: WorkDay, visits: Visits) -> None:
        self.person, self.day, self.visits = person, day, visits

    def first(self) -> Whole:
        """Return the breaks that fit before each visit as the first of the day."""
        home = self.person.distances.place(self.day.start)
        bits = np.zeros(len(self.visits), dtype=np.int64)
        for index in range(len(self.visits)):
            target = self.visits.before(index)
            time = self.person.available(target.time, self.visits.after(index).time)
            begins = time.start if time else target.time
            for number, pause in enumerate(self.day.breaks):
                origin = Moment(home, min(begins, pause.earliest))
                bits[index] |= self._bit(number, origin, target)
        return bits

    def last(self) -> Whole:
        """Return the breaks that fit after each visit as the last of the day."""
        home = self.person.distances.place(self.day.end)
        bits = np.zeros(len(self.visits), dtype=np.int64)
        for index in range(len(self.visits)):
            origin = self.visits.after(index)
            time = self.person.available(self.visits.before(index).time, origin.time)
            ends = time.end if time else origin.time
            for number, pause in enumerate(self.day.breaks):
                target = Moment(home, max(ends, pause.latest))
                bits[index] |= self._bit(number, origin, target)
        return bits

    def between(self, legs: Whole) -> Whole:
        """Return the breaks that fit between each two visits."""
        over, begin = self.visits.busy_to[:, None], self.visits.busy_from[None, :]
        bits = np.zeros(legs.shape, dtype=np.int64)
        for number, pause in enumerate(self.day.breaks):
            piece = np.minimum(begin, pause.latest) - np.maximum(over, pause.earliest)
            fits = (begin - over - legs >= pause.length) & (piece >= pause.length)
            bits |= np.where(fits & (legs != NO_WAY), 1 << number, 0)
        for before, after in np.argwhere(self._crossed(over, begin) & (legs != NO_WAY)):
            origin, target = self.visits.after(before), self.visits.before(after)
            each = (self._bit(number, origin, target) for number in range(len(self.day.breaks)))
            bits[before, after] = sum(each)
        return bits

    def _crossed(self, over: Whole, begin: Whole) -> Flags:
        """Say between which visits a private time lies; what fits there is asked leg by leg."""
        crossed = np.zeros(np.broadcast_shapes(over.shape, begin.shape), dtype=np.bool_)
        for item in self.person.blocked:
            crossed |= (over < item.end) & (begin > item.start)
        return crossed

    def _bit(self, number: int, origin: Moment, target: Moment) -> int:
        person, pause = self.person, self.day.breaks[number]
        fits = allows_break(pause, person.blocked, person.units, origin, target)
        return (1 << number) if fits else 0
