"""A choice of days from a relaxation: the sure ones are kept, the others are priced anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.method.limits import Limits
from solver.method.master.relaxation import Relaxed
from solver.method.model.rows import Box
from solver.method.pricing.day_search import Floats
from solver.method.primal.incumbent import Chooser, Incumbent
from solver.method.primal.neighbourhood import Fractional, Neighbourhood

SURE = 0.7
PERHAPS, FEW = 0.2, 20
SETTLED = 0.99
ROUGHLY = 1e-2
FEW_PEOPLE = 40
AGAIN = 1


class Diver:
    """Dives from a relaxation to a choice of whole days."""

    def __init__(self, chooser: Chooser, limits: Limits) -> None:
        self.chooser, self.limits = chooser, limits
        self.lagrange, self.pool = chooser.lagrange, chooser.pool

    def dive(self, relaxed: Relaxed, box: Box) -> Incumbent | None:
        """Keep the days the relaxation is sure of, price anew for the others, and so on.

        A day of a team is kept only when the team is. The last few are chosen exactly.
        """
        box = box.over(self.pool.rows)
        options, days, chosen = relaxed.options, relaxed.days, relaxed.chosen
        kept: list[int] = []
        found: Fractional | None = None
        while found is None or self._people(found) > FEW_PEOPLE:
            sure = self._sure(options, days, chosen)
            if not sure:
                break
            hood = self._beside([*kept, *sure], box)
            taken = {self.pool.columns[k].block for k in [*kept, *sure]}
            left = [k for k in chosen if self.pool.columns[k].block not in taken]
            answer = hood.relaxed(hood.fits(left), AGAIN, self.limits)
            if answer is None:
                break
            kept += sure
            found = answer
            options, days, chosen = answer.options, answer.days, answer.chosen
        return None if found is None else self._finished(kept, box, found)

    def _beside(self, kept: Sequence[int], box: Box) -> Neighbourhood:
        """Return what the days kept leave to everybody else."""
        nothing = np.zeros(len(self.pool.most))
        busy = np.zeros(len(self.lagrange.must), dtype=np.bool_)
        busy[self.pool.blocks(kept)] = True
        return Neighbourhood(
            self.lagrange,
            box,
            used=self.pool.taken(kept, nothing),
            settled=nothing > 0,
            options=nothing,
            free=np.flatnonzero(~busy),
        )

    def _finished(self, kept: Sequence[int], box: Box, found: Fractional) -> Incumbent | None:
        """Choose the rest exactly; where that fails, once more without the teams half sent."""
        whole = self._beside(kept, box).whole(found.chosen, self.limits)
        if whole is None and not self.limits.over():
            complete = self.chooser.without_half_teams(kept)
            freed = set(kept) - set(complete)
            kept, hood = complete, self._beside(complete, box)
            again = hood.relaxed(hood.fits([*freed, *found.chosen]), AGAIN, self.limits)
            if again is not None:
                whole = hood.whole(again.chosen, self.limits)
        if whole is not None:
            return self.chooser.incumbent([*kept, *whole.days], whole.options)
        return self.chooser.sound(self.chooser.without_half_teams(kept), box)

    def _people(self, answer: Fractional) -> int:
        """Return how many people an answer sends to more than one day."""
        split = (answer.days > ROUGHLY) & (answer.days < 1 - ROUGHLY)
        return len({self.pool.columns[answer.chosen[k]].block for k in np.flatnonzero(split)})

    def _sure(self, options: Floats, days: Floats, chosen: Sequence[int]) -> list[int]:
        """Return the days that are as good as chosen, and at least a few of the likeliest."""
        least = 1 + len({self.pool.columns[k].block for k in chosen}) // FEW
        found: list[int] = []
        done: set[int] = set()
        for index in np.argsort(-days, kind="stable").tolist():
            number, amount = chosen[index], days[index]
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
