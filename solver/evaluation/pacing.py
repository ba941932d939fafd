"""The begins of a day's jobs, in the order they have, with the least waiting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from solver.evaluation.options import NEVER, Between, between, from_home, to_home
from solver.rules.breaks import has_break
from solver.rules.distances import Whole
from solver.rules.person import Person
from solver.rules.schedule import Held

Value = tuple[int, int]


class _Reached(NamedTuple):
    """For each begin of a job the least value so far; which breaks and begin it came from."""

    value: Whole
    breaks: Whole
    begin: Whole


def least_waiting(
    person: Person, jobs: Sequence[Held], begins: Sequence[Whole]
) -> tuple[Value, list[int]] | None:
    """Return waiting, sum of begins, and the begins with the least waiting, then the earliest.

    A shortest path through the possible begins of one job after the other; it keeps the ways the
    day has now, and the breaks that fit into it now. None if there is no such day.
    """
    if any(len(own) == 0 for own in begins):
        return None
    legs = [
        between(person, jobs[k], begins[k], jobs[k + 1], begins[k + 1])
        for k in range(len(jobs) - 1)
    ]
    first, last = from_home(person, jobs[0], begins[0]), to_home(person, jobs[-1], begins[-1])
    breaks = range(len(jobs[0].day.breaks))
    needed = sum(1 << number for number in breaks if has_break(person, list(jobs), number))
    scale = 1 + sum(int(own[-1] - own[0]) for own in begins)
    layers = [_layer_of(first, begins[0], needed)]
    for way, own in zip(legs, begins[1:], strict=True):
        layers.append(_next_layer(layers[-1], way, own, scale, needed))
    return _traced(layers, last, begins, scale, needed)


def _layer_of(first: Between, begins: Whole, needed: int) -> dict[int, _Reached]:
    nowhere, own = np.zeros(len(begins), dtype=np.int64), begins - begins[0]
    bits, open_ = first.breaks & needed, first.waiting == 0
    return {
        mask: _Reached(np.where(open_ & (bits == mask), own, NEVER), nowhere, nowhere)
        for mask in np.unique(bits).tolist()
    }


def _next_layer(
    before: dict[int, _Reached], way: Between, begins: Whole, scale: int, needed: int
) -> dict[int, _Reached]:
    found: dict[int, _Reached] = {}
    bits, possible = way.breaks & needed, way.waiting < NEVER
    waited = np.where(possible, way.waiting, 0) * scale
    for mask, reached in before.items():
        for more in np.unique(bits).tolist():
            total = np.where(possible & (bits == more), reached.value[:, None] + waited, NEVER)
            index = total.argmin(axis=0)
            value = np.minimum(NEVER, total[index, np.arange(len(begins))] + begins - begins[0])
            new = _Reached(value, np.full(len(begins), mask), index)
            known = found.get(mask | more)
            found[mask | more] = new if known is None else _better(known, new)
    return found


def _better(one: _Reached, two: _Reached) -> _Reached:
    first = one.value <= two.value
    return _Reached(*(np.where(first, a, b) for a, b in zip(one, two, strict=True)))


def _traced(
    layers: Sequence[dict[int, _Reached]],
    last: Between,
    begins: Sequence[Whole],
    scale: int,
    needed: int,
) -> tuple[Value, list[int]] | None:
    """Return the best end with the way to it."""
    best: tuple[int, int, int] = (NEVER, 0, 0)
    for mask, reached in layers[-1].items():
        whole = ((last.breaks | mask) & needed == needed) & (last.waiting == 0)
        values = np.where(whole, reached.value, NEVER)
        at = int(values.argmin())
        best = min(best, (int(values[at]), mask, at))
    value, mask, index = best
    if value >= NEVER:
        return None
    path = []
    for layer, own in zip(reversed(layers), reversed(begins), strict=True):
        path.append(int(own[index]))
        mask, index = int(layer[mask].breaks[index]), int(layer[mask].begin[index])
    return (value // scale, sum(path)), path[::-1]
