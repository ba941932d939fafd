"""Which breaks fit between the jobs people have already, by day and by job."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from solver.rules.breaks import break_fits, has_break
from solver.rules.person import Person

if TYPE_CHECKING:
    from solver.evaluation.work import Days
    from solver.rules.schedule import Held


class Rests:
    """The breaks of all days; each array has a row for the first, second, ... break of a day.

    By day: when it may be taken, its `length`, whether it is `due`, how many gaps between jobs
    are `fitting` and whether the `last` is. By job: whether the gap `before` it is.
    """

    def __init__(
        self, people: Sequence[Person], days: Days, helds: Sequence[Held], slots: Sequence[int]
    ) -> None:
        self.most = max((len(day.breaks) for day in days.days), default=0)
        shape = (self.most, len(days.days))
        self.earliest, self.latest = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self.length, self.due = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self.fitting, self.last = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self.before = np.zeros((self.most, len(helds)), np.int64)
        for slot, day in enumerate(days.days):
            for number, pause in enumerate(day.breaks):
                self.earliest[number, slot], self.latest[number, slot] = (
                    pause.earliest,
                    pause.latest,
                )
                self.length[number, slot], self.due[number, slot] = pause.length, 1
        if self.most:
            for slot, group in groupby(range(len(helds)), key=lambda n: slots[n]):
                jobs = list(group)
                self._fill(people[days.person[slot]], slot, jobs, [helds[n] for n in jobs])

    def _fill(self, person: Person, slot: int, jobs: list[int], held: list[Held]) -> None:
        pinned = [item for item in held if item.pinned]
        for number in range(len(held[0].day.breaks)):
            fits = break_fits(person, held, number)
            self.due[number, slot] = not pinned or has_break(person, pinned, number)
            self.before[number, jobs] = fits[:-1]
            self.last[number, slot], self.fitting[number, slot] = fits[-1], sum(fits)
