"""The orders in which requests are put into days."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.method.model.rows import Floats
from solver.problem.requests import Request
from solver.rules.distances import Whole
from solver.rules.variants import is_team


def in_order(asked: Sequence[Request]) -> Whole:
    """Return the numbers of the requests by when they may begin."""
    return np.argsort([request.earliest for request in asked], kind="stable")


def ranks(asked: Sequence[Request], candidates: Sequence[int]) -> Floats:
    """Return five orders of the requests: by weight, candidates, teams, length, worth.

    One after the other, each with a rank below 1 for every request.
    """
    weight = np.array([request.weight for request in asked], dtype=np.float64)
    length = np.array([request.duration for request in asked], dtype=np.float64)
    team = np.array([is_team(request) for request in asked], dtype=np.float64)
    keys = (
        -weight,
        np.array(candidates, dtype=np.float64),
        -team * (weight.max(initial=0) + 1) - weight,
        -length,
        -weight / length,
    )
    count = max(1, len(asked))
    found = [np.argsort(np.argsort(key, kind="stable"), kind="stable") / count for key in keys]
    return np.concatenate(found)
