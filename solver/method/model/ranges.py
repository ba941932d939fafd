"""Runs of numbers in one array."""

from __future__ import annotations

import numpy as np

from solver.rules.distances import Whole


def ranges(starts: Whole, lengths: Whole) -> Whole:
    """Return start, start + 1, ... for each start, one after the other."""
    ends = np.cumsum(lengths)
    shift: Whole = np.repeat(starts - (ends - lengths), lengths)
    found: Whole = np.arange(int(lengths.sum())) + shift
    return found
