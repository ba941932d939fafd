"""Columns: whole days of one interpreter that keep every rule, and how to list them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.block import Block, Costs
from solver.distances import NO_WAY

Path = tuple[int, ...]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Column:
    """One day of one interpreter: the block's number, its visits in order, the cost by level."""

    block: int
    path: Path
    costs: Costs
    minutes: int


def column_of(number: int, block: Block, path: Path) -> Column:
    """Return the column of a path with its costs."""
    travel = travel_of(block, path)
    totals = [
        day + travel * rate + sum(block.visits[item].costs[level] for item in path)
        for level, (day, rate) in enumerate(zip(block.day_costs, block.leg_costs, strict=True))
    ]
    minutes = sum(block.visits[item].minutes for item in path)
    return Column(number, path, tuple(totals), minutes)


def travel_of(block: Block, path: Path) -> int:
    """Return the time units on the way in a day."""
    legs = sum(int(block.between[path[k], path[k + 1]]) for k in range(len(path) - 1))
    return int(block.first[path[0]]) + legs + int(block.last[path[-1]])


def keeps_day_rules(block: Block, path: Path) -> bool:
    """Say whether a path of possible legs is a day that keeps every rule."""
    requests = [block.visits[item].request for item in path]
    return (
        len(set(requests)) == len(requests)
        and block.pinned <= set(requests)
        and _within_limits(block, path)
        and has_its_breaks(block, path)
    )


def _within_limits(block: Block, path: Path) -> bool:
    """Require the limits of the day, or no more than what is pinned anyway."""
    pinned = [item for item in path if block.visits[item].pinned]
    minutes = [sum(block.visits[item].minutes for item in part) for part in (path, pinned)]
    if block.most_minutes is not None and minutes[0] > max(block.most_minutes, minutes[1]):
        return False
    return block.most_jobs is None or len(path) <= max(block.most_jobs, len(pinned))


def has_its_breaks(block: Block, path: Path) -> bool:
    """Require every break, those aside for which the pinned visits alone leave no room."""
    if block.all_pauses == 0:
        return True
    pinned = tuple(item for item in path if block.visits[item].pinned)
    needed = _pauses(block, pinned) if pinned else block.all_pauses
    return needed & ~_pauses(block, path) == 0


def _pauses(block: Block, path: Path) -> int:
    bits = int(block.first_pauses[path[0]]) | int(block.last_pauses[path[-1]])
    for k in range(len(path) - 1):
        bits |= int(block.between_pauses[path[k], path[k + 1]])
    return bits


@dataclass(frozen=True, slots=True)
class Prices:
    """What a day costs at given prices: by visit, and by leg (`inf` where impossible)."""

    visits: Values
    first: Values
    last: Values
    between: Values

    def completions(self) -> Values:
        """Return for each visit the least cost of what may come after it, the way home included."""
        least = self.last.copy()
        for visit in range(len(least) - 2, -1, -1):
            after = self.between[visit, visit + 1 :] + self.visits[visit + 1 :] + least[visit + 1 :]
            least[visit] = min(least[visit], float(after.min()))
        return least


def free_prices(block: Block) -> Prices:
    """Return prices at which every possible leg and visit costs nothing."""
    return Prices(
        visits=np.zeros(len(block.visits)),
        first=np.where(block.first == NO_WAY, np.inf, 0.0),
        last=np.where(block.last == NO_WAY, np.inf, 0.0),
        between=np.where(block.between == NO_WAY, np.inf, 0.0),
    )


def days_within(block: Block, prices: Prices, limit: float) -> Iterator[Path]:
    """Yield every day that keeps the rules and costs at most `limit` at these prices."""
    rest = prices.completions()
    cost = prices.first + prices.visits
    starts = np.flatnonzero(cost + rest <= limit).tolist()
    stack: list[tuple[Path, float]] = [((visit,), float(cost[visit])) for visit in starts]
    while stack:
        path, spent = stack.pop()
        at = path[-1]
        if spent + prices.last[at] <= limit and keeps_day_rules(block, path):
            yield path
        if not _may_go_on(block, path):
            continue
        step = spent + prices.between[at] + prices.visits
        for following in np.flatnonzero(step + rest <= limit).tolist():
            stack.append(((*path, following), float(step[following])))


def _may_go_on(block: Block, path: Path) -> bool:
    """Say whether a longer day may still keep the limits and repeats no request."""
    requests = [block.visits[item].request for item in path]
    if len(set(requests)) < len(requests):
        return False
    open_pins = block.pinned - set(requests)
    return bool(open_pins) or _within_limits(block, path)
