"""Rows that tighten teams: nobody is sent to a team more than the team is sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from solver.method.master.pool import Pool
from solver.method.model.rows import UNLIMITED
from solver.method.pricing.day_search import Floats

Place = tuple[int, int, int]


def add_team_cuts(
    pool: Pool, chosen: Sequence[int], options: Floats, days: Floats, slack: float
) -> int:
    """Add a row for each person who is in a fractional team to a larger part than the team is.

    For person i and team variant t: (days of i with t) <= (t chosen). With the rows that tie the
    size of a team this describes all teams of that size exactly (a scaled hypersimplex). Return
    how many rows were added. What is less than `slack` too much is left.
    """
    rows = pool.rows
    taken: dict[Place, float] = defaultdict(float)
    for column, amount in zip(chosen, days.tolist(), strict=True):
        if amount > slack:
            for place in pool.team_places(column):
                taken[(pool.columns[column].block, *place)] += amount
    new = [
        place
        for place, amount in taken.items()
        if amount > sum(options[k] for k in rows.choices[place[1], place[2]]) + slack
    ]
    for block, request, variant in new:
        visits = rows.instance.blocks[block].visits
        tasks = visits.tasks
        own = (visits.request == request) & (tasks.variant[visits.numbers] == variant)
        row = rows.add(-UNLIMITED, 0)
        rows.add_entries(rows.offsets[block] + np.flatnonzero(own), row, 1)
        for option in rows.choices[request, variant]:
            rows.options[option].entries.append((row, -1))
    if new:
        pool.refresh()
    return len(new)
