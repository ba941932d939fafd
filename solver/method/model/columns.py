"""Columns: whole days of one interpreter that keep every rule."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from solver.method.model.block import Block, Costs, Pauses
from solver.method.model.tasks import Flags
from solver.rules.distances import Whole

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One day of one interpreter: the block's number, its visits in order, the cost by level."""

    block: int
    path: Path
    costs: Costs


def column_of(number: int, block: Block, path: Path) -> Column:
    """Return the column of a path with its costs."""
    travel = travel_of(block, path)
    visits = block.visits.costs[:, list(path)].sum(axis=1).tolist()
    costs = tuple(
        own + day + travel * rate
        for own, day, rate in zip(visits, block.day_costs, block.leg_costs, strict=True)
    )
    return Column(number, path, costs)


def travel_of(block: Block, path: Path) -> int:
    """Return the time units on the way in a day."""
    legs = sum(int(block.between[path[k], path[k + 1]]) for k in range(len(path) - 1))
    return int(block.first[path[0]]) + legs + int(block.last[path[-1]])


def keeps_day_rules(block: Block, path: Path) -> bool:
    """Say whether a path of possible legs is a day that keeps every rule."""
    return bool(days_kept(block, np.array([path]))[0])


def days_kept(block: Block, paths: Whole) -> Flags:
    """Say which of these paths of possible legs, all of one length, keep every rule of the day."""
    requests = np.sort(block.visits.request[paths], axis=1)
    kept: Flags = (requests[:, 1:] != requests[:, :-1]).all(axis=1)
    for pinned in block.pinned:
        kept &= (requests == pinned).any(axis=1)
    kept &= _within_limits(block, paths) & _apart(block, paths)
    return kept & _has_its_breaks(block, paths)


def _apart(block: Block, paths: Whole) -> Flags:
    """Require that nothing lies within a buffer of a pinned visit further back than the last."""
    kept: Flags = np.ones(len(paths), dtype=np.bool_)
    if block.pinned:
        visits = block.visits
        pinned, stays = visits.pinned[paths], visits.place[paths]
        here: Flags = stays[:, 1:] == stays[:, :-1]
        since, until = visits.busy_from[paths], visits.busy_to[paths]
        since[:, 1:] = np.where(here, visits.begin[paths][:, 1:], since[:, 1:])
        until[:, :-1] = np.where(here, visits.end[paths][:, :-1], until[:, :-1])
        for one, two in combinations(range(paths.shape[1]), 2):
            kept &= (pinned[:, one] & pinned[:, two]) | (until[:, one] <= since[:, two])
    return kept


def _within_limits(block: Block, paths: Whole) -> Flags:
    """Require the limits of the day, or no more than what is pinned anyway."""
    pinned = block.visits.pinned[paths]
    minutes = block.visits.minutes[paths]
    kept: Flags = np.ones(len(paths), dtype=np.bool_)
    if block.most_minutes is not None:
        most = np.maximum(block.most_minutes, (minutes * pinned).sum(axis=1))
        kept &= minutes.sum(axis=1) <= most
    if block.most_jobs is not None:
        kept &= paths.shape[1] <= np.maximum(block.most_jobs, pinned.sum(axis=1))
    return kept


def _has_its_breaks(block: Block, paths: Whole) -> Flags:
    """Require every break, those aside for which the pinned visits alone leave no room."""
    pauses = block.pauses
    if pauses is None:
        return np.ones(len(paths), dtype=np.bool_)
    fitting = _fitting(pauses, paths)
    needed = np.full(len(paths), pauses.needed)
    if block.pinned:
        for index, path in enumerate(paths):
            pinned = path[block.visits.pinned[path]]
            if len(pinned):
                needed[index] = _fitting(pauses, pinned[None, :])[0]
    kept: Flags = (needed & ~fitting) == 0
    return kept


def _fitting(pauses: Pauses, paths: Whole) -> Whole:
    """Return the bits of the breaks that fit somewhere into each path."""
    bits = pauses.first[paths[:, 0]] | pauses.last[paths[:, -1]]
    for k in range(paths.shape[1] - 1):
        bits = bits | pauses.between[paths[:, k], paths[:, k + 1]]
    return bits
