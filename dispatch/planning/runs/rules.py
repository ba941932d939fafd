"""Where a run stands, and how weights left open are read as requests filled."""

from collections.abc import Sequence
from enum import StrEnum

MOST_DISTURBED = 3
"""At most so many confirmed people may be asked to move by one plan."""


class RunState(StrEnum):
    """Where a planning run stands."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class Failure(StrEnum):
    """Why a planning run led to no proposal."""

    CRASHED = "crashed"
    TOO_LONG = "too_long"
    LOST = "lost"
    CONTRADICTION = "contradiction"


def most_filled(weights: Sequence[int], uncovered_at_least: int) -> int:
    """Return the most requests a plan can fill when it must leave that much weight uncovered.

    Fewest requests are left open when they are the heaviest, so those are counted.
    """
    left_open, uncovered = 0, 0
    for weight in sorted(weights, reverse=True):
        if uncovered >= uncovered_at_least:
            break
        uncovered += weight
        left_open += 1
    return len(weights) - left_open


def least_filled(weights: Sequence[int], uncovered: int) -> int:
    """Return how many requests a plan fills at least that leaves just that much weight uncovered.

    Most requests are left open when they are the lightest, so those are counted.
    """
    left_open = 0
    for weight in sorted(weights):
        uncovered -= weight
        if uncovered < 0:
            break
        left_open += 1
    return len(weights) - left_open
