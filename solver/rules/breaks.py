"""Where the breaks of a day fit between its jobs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from solver.problem.value import LARGEST_TIME
from solver.rules.legs import Moment, allows_break
from solver.rules.person import Person
from solver.rules.schedule import Held


def has_break(person: Person, day: list[Held], number: int) -> bool:
    """Say whether a break of the day fits somewhere between its jobs."""
    return any(break_fits(person, day, number))


def break_fits(person: Person, day: list[Held], number: int) -> list[bool]:
    """Say for each gap, before each job and after the last, whether a break of the day fits."""
    item = day[0].day.breaks[number]
    return [
        allows_break(item, person.blocked, person.units, origin, target)
        for origin, target in _gaps(person, day, item.earliest, item.latest)
    ]


def _gaps(
    person: Person, day: list[Held], earliest: int, latest: int
) -> Iterator[tuple[Moment, Moment]]:
    """Yield the gaps of a day; who is not available and not pinned has a day without limits."""
    first, last = day[0], day[-1]
    time = person.available(first.job.busy_from, first.job.busy_to)
    leaves = first.job.busy_from if first.pinned else -LARGEST_TIME
    leaves = leaves if time is None else time.start
    yield Moment(person.distances.place(first.day.start), min(leaves, earliest)), first.before()
    for before, after in pairwise(day):
        yield before.after(), after.before()
    time = person.available(last.job.busy_from, last.job.busy_to)
    returns = last.job.busy_to if last.pinned else LARGEST_TIME
    returns = returns if time is None else time.end
    yield last.after(), Moment(person.distances.place(last.day.end), max(returns, latest))
