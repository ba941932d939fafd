"""Rows between the days of a person: nobody is at two jobs at once, and all have been at home.

What `day_rules.taken` and `day_rules.overnight` say of two jobs, for all visits of two days.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np

from solver.method.model.block import Block
from solver.method.model.rows import UNLIMITED, Rows
from solver.method.model.tasks import Flags
from solver.rules.distances import NO_WAY, Whole
from solver.rules.legs import home_between
from solver.rules.person import Person


def add_nights(rows: Rows) -> None:
    """Let no two visits of different days be done that leave no time to be at home."""
    of_person: dict[int, list[int]] = defaultdict(list)
    for number, block in enumerate(rows.instance.blocks):
        of_person[block.person].append(number)
    for number, own in of_person.items():
        for pair in combinations(own, 2):
            _keep_apart(rows, rows.instance.people[number], pair)


def _keep_apart(rows: Rows, person: Person, pair: tuple[int, int]) -> None:
    """Add a row for each visit of the one day and each request of the other it rules out."""
    one, two = (rows.instance.blocks[number] for number in pair)
    if not rows.instance.tasks.team.any() and _far_apart(person, one, two):
        return
    against = _close(person, one, two) | _close(person, two, one).T | _shared(rows, one, two)
    against &= ~(one.visits.pinned[:, None] & two.visits.pinned[None, :])
    requests = two.visits.request
    for visit in np.flatnonzero(against.any(axis=1)):
        for request in np.unique(requests[against[visit]]):
            others = np.flatnonzero(against[visit] & (requests == request))
            row = rows.add(-UNLIMITED, 1)
            rows.add_entries(rows.offsets[pair[0]] + np.array([visit]), row, 1)
            rows.add_entries(rows.offsets[pair[1]] + others, row, 1)


def _far_apart(person: Person, one: Block, two: Block) -> bool:
    """Say whether all visits of one day lie before the other day and in other times of it."""
    early, late = sorted((one.visits, two.visits), key=lambda each: int(each.begin.min()))
    begins, _ = person.intervals
    last, first = int(early.busy_from.max()), int(late.busy_from.min())
    times = np.searchsorted(begins, [last, first], side="right")
    return bool(early.busy_to.max() <= first and times[0] < times[1])


def _shared(rows: Rows, one: Block, two: Block) -> Flags:
    """Say which visits are two parts of a job that is handed over; that takes two people."""
    team = np.array([ask.team for ask in rows.instance.asks])
    same: Flags = one.visits.request[:, None] == two.visits.request[None, :]
    found: Flags = same & team[one.visits.request][:, None]
    return found


def _close(person: Person, one: Block, two: Block) -> Flags:
    """Say which visits of one day begin too short a time before which of the other."""
    first, second = one.visits, two.visits
    gap = second.busy_from[None, :] - first.busy_to[:, None]
    before = first.begin[:, None] <= second.begin[None, :]
    together = before & _in_one_time(person, first.busy_from, second.busy_to)
    homes = person.distances.place(one.day.end), person.distances.place(two.day.start)
    there = _units(person, first.place, np.full(len(first), homes[0]))
    on = _units(person, np.full(len(second), homes[1]), second.place)
    lost = (there == NO_WAY)[:, None] | (on == NO_WAY)[None, :]
    late = together & (lost | (there[:, None] + on[None, :] > gap))
    for item in person.blocked:
        crossed = (first.busy_to < item.end)[:, None] & (second.busy_from > item.start)[None, :]
        for here, there_ in np.argwhere(together & crossed & ~late):
            origin, target = first.after(here), second.before(there_)
            spare = home_between(person.blocked, person.units, origin, homes, target)
            late[here, there_] = spare < 0
    found: Flags = late | (before & (gap < 0))
    return found


def _in_one_time(person: Person, busy_from: Whole, busy_to: Whole) -> Flags:
    """Say which pairs of a begin and an end lie in one time of availability."""
    begins, ends = person.intervals
    if len(begins) == 0:
        return np.zeros((len(busy_from), len(busy_to)), dtype=np.bool_)
    index = np.searchsorted(begins, busy_from, side="right") - 1
    until = np.where(index >= 0, ends[index], busy_from)
    found: Flags = busy_to[None, :] <= until[:, None]
    return found


def _units(person: Person, origins: Whole, targets: Whole) -> Whole:
    return person.distances.units(person.interpreter.travel_profile, origins, targets)
