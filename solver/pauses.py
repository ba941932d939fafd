"""Which breaks of a day fit into which legs, as bits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.block import Visit
from solver.distances import NO_WAY, Whole
from solver.legs import Moment, allows_break
from solver.people import WorkDay
from solver.person import Person


class Pauses:
    """The breaks of a day of a person, asked leg by leg; a pinned visit may lie in no interval."""

    def __init__(
        self, person: Person, day: WorkDay, visits: Sequence[Visit], between: Whole
    ) -> None:
        self.person, self.day, self.visits, self.legs = person, day, visits, between

    def first(self) -> Whole:
        """Return the breaks that fit before each visit as the first of the day."""
        home = self.person.distances.place(self.day.start)
        bits = np.zeros(len(self.visits), dtype=np.int64)
        for index, visit in enumerate(self.visits):
            stay = self.person.stay(visit.busy_from, visit.busy_to)
            begins = stay.interval.start if stay else visit.busy_from
            for number, pause in enumerate(self.day.breaks):
                origin = Moment(home, min(begins, pause.earliest))
                bits[index] |= self._bit(number, origin, visit.before())
        return bits

    def last(self) -> Whole:
        """Return the breaks that fit after each visit as the last of the day."""
        home = self.person.distances.place(self.day.end)
        bits = np.zeros(len(self.visits), dtype=np.int64)
        for index, visit in enumerate(self.visits):
            stay = self.person.stay(visit.busy_from, visit.busy_to)
            ends = stay.interval.end if stay else visit.busy_to
            for number, pause in enumerate(self.day.breaks):
                target = Moment(home, max(ends, pause.latest))
                bits[index] |= self._bit(number, visit.after(), target)
        return bits

    def between(self) -> Whole:
        """Return the breaks that fit between each two visits."""
        bits = np.zeros(self.legs.shape, dtype=np.int64)
        if self.day.breaks:
            for before, after in np.argwhere(self.legs != NO_WAY):
                origin, target = self.visits[before].after(), self.visits[after].before()
                for number in range(len(self.day.breaks)):
                    bits[before, after] |= self._bit(number, origin, target)
        return bits

    def _bit(self, number: int, origin: Moment, target: Moment) -> int:
        person, pause = self.person, self.day.breaks[number]
        fits = allows_break(pause, person.blocked, person.units, origin, target)
        return (1 << number) if fits else 0
