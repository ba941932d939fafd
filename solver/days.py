"""Builds a person's day: keeps the visits that can be reached and finds the legs between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from solver.block import Block, Costs, Visit
from solver.distances import NO_WAY, NOWHERE, Whole
from solver.legs import Moment, leg
from solver.pauses import Pauses
from solver.people import WorkDay
from solver.person import Person
from solver.requests import Way


def block_of(
    person: Person,
    number: int,
    day: WorkDay,
    visits: Sequence[Visit],
    leg_costs: Costs,
    day_costs: Costs,
) -> Block | None:
    """Return the day with those of the visits that can be reached and left; None without any."""
    ordered = sorted(visits, key=lambda v: (v.begin, v.end, v.request, v.variant, v.seat))
    first, last = _first(person, day, ordered), _last(person, day, ordered)
    near = _within_radius(person, day, ordered)
    between = _between(person, ordered)
    keep = np.flatnonzero(near & _reachable(first, between) & _reachable(last, between.T))
    if len(keep) == 0:
        return None
    kept = tuple(ordered[index] for index in keep)
    between = between[np.ix_(keep, keep)]
    pauses = Pauses(person, day, kept, between)
    limits = person.interpreter.limits
    return Block(
        person=number,
        day=day,
        visits=kept,
        first=first[keep],
        last=last[keep],
        between=between,
        first_pauses=pauses.first(),
        last_pauses=pauses.last(),
        between_pauses=pauses.between(),
        all_pauses=(1 << len(day.breaks)) - 1,
        most_minutes=limits.minutes_per_day,
        most_jobs=limits.jobs_per_day,
        pinned=frozenset(visit.request for visit in kept if visit.pinned),
        leg_costs=leg_costs,
        day_costs=day_costs,
    )


def _reachable(direct: Whole, between: Whole) -> NDArray[np.bool_]:
    """Say which visits can be reached from outside, at once or by way of others."""
    reached: NDArray[np.bool_] = direct != NO_WAY
    while True:
        further = reached | ((between != NO_WAY) & reached[:, None]).any(axis=0)
        if (further == reached).all():
            return reached
        reached = further


def _first(person: Person, day: WorkDay, visits: Sequence[Visit]) -> Whole:
    """Return the way to each visit from the start of the day."""
    home = person.distances.place(day.start)
    travel = _units(person, np.full(len(visits), home), _places(visits))
    for index, visit in enumerate(visits):
        stay = person.stay(visit.busy_from, visit.busy_to)
        if stay is not None:
            origin = Moment(home, stay.interval.start)
            travel[index] = _feasible(person, origin, visit.before(), int(travel[index]))
        if visit.pinned and travel[index] == NO_WAY:
            travel[index] = max(0, person.units(home, visit.place))
    return travel


def _last(person: Person, day: WorkDay, visits: Sequence[Visit]) -> Whole:
    """Return the way from each visit to the end of the day."""
    home = person.distances.place(day.end)
    travel = _units(person, _places(visits), np.full(len(visits), home))
    for index, visit in enumerate(visits):
        stay = person.stay(visit.busy_from, visit.busy_to)
        if stay is not None:
            target = Moment(home, stay.interval.end)
            travel[index] = _feasible(person, visit.after(), target, int(travel[index]))
        if visit.pinned and travel[index] == NO_WAY:
            travel[index] = max(0, person.units(visit.place, home))
    return travel


def _feasible(person: Person, origin: Moment, target: Moment, direct: int) -> int:
    """Return the time on the way of a leg, NO_WAY if it is too short for it."""
    gap = target.time - origin.time
    if any(item.start < target.time and item.end > origin.time for item in person.blocked):
        taken = leg(person.blocked, person.units, origin, target)
        return taken.travel if taken.spare >= 0 else NO_WAY
    return direct if direct != NO_WAY and direct <= gap else NO_WAY


def _between(person: Person, visits: Sequence[Visit]) -> Whole:
    """Return the way between each two visits that may follow one another."""
    places = _places(visits)
    travel = _units(person, places[:, None], places[None, :])
    ends = np.array([visit.busy_to for visit in visits])
    begins = np.array([visit.busy_from for visit in visits])
    requests = np.array([visit.request for visit in visits])
    gaps = begins[None, :] - ends[:, None]
    other = requests[:, None] != requests[None, :]
    allowed = other & (travel != NO_WAY) & (travel <= gaps)
    result = np.where(allowed, travel, NO_WAY)
    for item in person.blocked:
        crossed = other & (ends[:, None] < item.end) & (begins[None, :] > item.start) & (gaps >= 0)
        for before, after in np.argwhere(crossed):
            origin, target = visits[before].after(), visits[after].before()
            result[before, after] = _feasible(person, origin, target, NO_WAY)
    for before, after in _pinned_pairs(visits):
        if result[before, after] == NO_WAY:
            result[before, after] = max(0, int(travel[before, after]))
    return result


def _pinned_pairs(visits: Sequence[Visit]) -> Iterator[tuple[int, int]]:
    """Yield pairs of pinned visits one after the other; a person decided, ways do not matter."""
    pinned = [index for index, visit in enumerate(visits) if visit.pinned]
    for before in pinned:
        for after in pinned:
            other = visits[before].request != visits[after].request
            if other and visits[before].end <= visits[after].begin:
                yield before, after


def _within_radius(person: Person, day: WorkDay, visits: Sequence[Visit]) -> NDArray[np.bool_]:
    limit, home = person.interpreter.radius_km, person.distances.place(day.start)
    pinned = np.array([visit.pinned for visit in visits], dtype=bool)
    if limit is None or home == NOWHERE:
        return np.ones(len(visits), dtype=bool)
    remote = np.array([visit.way is not Way.ON_SITE for visit in visits], dtype=bool)
    far = person.distances.kilometres(np.full(len(visits), home), _places(visits))
    within: NDArray[np.bool_] = pinned | remote | (far <= limit)
    return within


def _places(visits: Sequence[Visit]) -> Whole:
    return np.array([visit.place for visit in visits], dtype=np.int64)


def _units(person: Person, origins: Whole, targets: Whole) -> Whole:
    return person.distances.units(person.interpreter.travel_profile, origins, targets)
