"""Days on which more than times and ways decides what can follow what: all legs, start by start."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from solver.method.model.block import Block
from solver.method.model.columns import Path
from solver.method.model.instance import Instance
from solver.method.primal.slots import is_careful
from solver.rules.distances import NO_WAY, Whole


def careful_days(instance: Instance, base: dict[int, Path]) -> dict[str, Any]:
    """Return what can follow what, start by start, on the days where that has to be known.

    `base` are the pinned days.
    """
    nothing: list[Whole] = [np.zeros(0, np.int16)]
    legs, first, last = nothing.copy(), nothing.copy(), nothing.copy()
    bits, careful, needed = [], [], []
    for number, block in enumerate(instance.blocks):
        own, pauses, ways = is_careful(instance, block), block.pauses, block.between
        careful.append((2 if block.pinned else 1) if own else 0)
        needed.append(_needed(block, base.get(number, ())) if own else 0)
        bits.append(len(block.visits) if own else 0)
        if own:
            legs.append(_bits(ways, pauses.between if pauses else 0 * ways).ravel())
            first.append(_bits(block.first, pauses.first if pauses else 0 * block.first))
            last.append(_bits(block.last, pauses.last if pauses else 0 * block.last))
    return {
        "careful": np.array(careful, dtype=np.int64),
        "needed": np.array(needed, dtype=np.int64),
        "legs": np.concatenate(legs),
        "legs_from": np.cumsum([0, *(count * count for count in bits)]),
        "first_bits": np.concatenate(first),
        "last_bits": np.concatenate(last),
        "bits_from": np.cumsum([0, *bits]),
    }


def _needed(block: Block, path: Path) -> int:
    """Return the bits of the breaks of a day that its pinned jobs leave room for."""
    pauses = block.pauses
    if pauses is None:
        return 0
    if not path:
        return pauses.needed
    found = int(pauses.first[path[0]] | pauses.last[path[-1]])
    for a, b in pairwise(path):
        found |= int(pauses.between[a, b])
    return found & pauses.needed


def _bits(legs: Whole, pauses: Whole) -> Whole:
    return np.where(legs == NO_WAY, -1, pauses).astype(np.int16)
