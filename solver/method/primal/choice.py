"""What choosing among given days ends with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """Days chosen by their numbers, the value of each level, a lower bound of each level reached.

    The bounds hold among the given days.
    """

    days: tuple[int, ...]
    values: tuple[int, ...]
    bounds: tuple[int, ...]


class Infeasible(Exception):
    """No choice among the given days satisfies the commitments."""
