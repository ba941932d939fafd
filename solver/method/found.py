"""What a search ended with: days, values and bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solver.method.limits import Limits
from solver.method.master.pool import Pool
from solver.method.model.columns import Column
from solver.plan import StoppedBy


@dataclass(frozen=True, slots=True)
class Found:
    """What a search ended with: days, values and proven lower bounds by level."""

    columns: tuple[Column, ...]
    values: tuple[int, ...]
    bounds: tuple[int | None, ...]
    stopped_by: StoppedBy


def found_nothing(pool: Pool, limits: Limits) -> Found:
    """Return that nothing was found before the limits ended the search."""
    stopped_by = StoppedBy.ASKED if limits.stop() else StoppedBy.TIME
    return Found((), pool.rows.constant, (None,) * pool.rows.instance.levels, stopped_by)


def columns_of(pool: Pool, days: Sequence[int]) -> tuple[Column, ...]:
    """Return the days of these numbers."""
    return tuple(pool.columns[number] for number in days)
