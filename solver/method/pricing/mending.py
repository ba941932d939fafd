"""Days that keep every rule instead of those that legs and load alone let seem cheapest."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from solver.method.model.columns import Path, keeps_day_rules
from solver.method.pricing.day_search import PricedDay, TooMany
from solver.method.pricing.leg_tables import NEVER

MOST_PATHS, MOST_STEPS = 20_000, 1_000_000


def shortened(day: PricedDay, path: Path) -> tuple[float, Path]:
    """Return the path without what it does twice, shorter until it keeps every rule; its value."""
    requests = day.block.visits.request[list(path)].tolist()
    places = np.searchsorted(day.keep, path).tolist()
    left = [place for at, place in enumerate(places) if requests[at] not in requests[:at]]
    while left:
        legs = [float(day.between[a, b]) for a, b in pairwise(left)]
        ends = float(day.first[left[0]] + day.last[left[-1]])
        value = ends + sum(legs) + float(day.visits[left].sum()) + day.fixed
        found = tuple(day.keep[left].tolist())
        if np.isfinite(value) and keeps_day_rules(day.block, found):
            return value, found
        left.pop()
    return np.inf, ()


def exactly(day: PricedDay) -> tuple[float, float, Path]:
    """Return bound, value and path of the cheapest day that keeps every rule of the day."""
    nothing = np.inf if day.block.pinned else 0.0
    value, path = day.best() if len(day.keep) else (np.inf, ())
    if not path:
        return nothing, np.inf, ()
    if keeps_day_rules(day.block, path):
        return value, value, path
    bound, reach = value, max(1.0, abs(value) * 0.01)
    most = min(MOST_PATHS, MOST_STEPS // len(day.keep))
    while True:
        try:
            found = day.within(value + reach, most)
        except TooMany:
            return bound, *shortened(day, path)
        if found:
            return found[0][0], found[0][0], found[0][1]
        bound = value + reach
        if bound >= 0 and not day.block.pinned:
            return 0.0, np.inf, ()
        if reach > NEVER / 4:
            return np.inf, np.inf, ()
        reach *= 4
