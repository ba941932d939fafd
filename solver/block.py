"""One day of one interpreter: the visits possible, and which of them can follow one another."""

from __future__ import annotations

from dataclasses import dataclass

from solver.distances import Whole
from solver.legs import Moment
from solver.people import WorkDay
from solver.requests import Way

Costs = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One person on one seat of one variant; `costs` by level, without travel."""

    request: int
    variant: int
    seat: int
    language: str
    way: Way
    place: int
    begin: int
    end: int
    busy_from: int
    busy_to: int
    pinned: bool
    promised: bool
    costs: Costs

    @property
    def minutes(self) -> int:
        """Return the service time."""
        return self.end - self.begin

    def before(self) -> Moment:
        """Return where and when the person has to be there."""
        return Moment(self.place, self.busy_from)

    def after(self) -> Moment:
        """Return from where and when the person may go on."""
        return Moment(self.place, self.busy_to)


@dataclass(frozen=True, slots=True)
class Block:
    """A person's day as a graph without cycles: visits in order of time, legs between them.

    `first`, `last` and `between` hold time units on the way, NO_WAY where a leg is impossible;
    the `pauses` arrays of the same shape hold one bit for each break that fits into the leg.
    """

    person: int
    day: WorkDay
    visits: tuple[Visit, ...]
    first: Whole
    last: Whole
    between: Whole
    first_pauses: Whole
    last_pauses: Whole
    between_pauses: Whole
    all_pauses: int
    most_minutes: int | None
    most_jobs: int | None
    pinned: frozenset[int]
    leg_costs: Costs
    day_costs: Costs
