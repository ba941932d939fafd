"""Builds a person's day: keeps the visits that can be reached and finds the legs between them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from solver.method.model.block import Block, Costs, Visits, WaysOnDemand, unneeded
from solver.method.model.pauses import pauses_of
from solver.method.model.tasks import Flags
from solver.problem.people import WorkDay
from solver.rules.distances import NO_WAY, NOWHERE, Whole
from solver.rules.legs import Moment, leg
from solver.rules.person import Person

RICH = 2000


def block_of(
    person: Person,
    number: int,
    day: WorkDay,
    visits: Visits,
    leg_costs: Costs,
    day_costs: Costs,
) -> Block | None:
    """Return the day with those of the visits that can be reached and left; None without any.

    None, too, where nothing can be done because some break fits nowhere beside it.
    """
    visits = visits.only(np.flatnonzero(_within_radius(person, day, visits)))
    rich, early = len(visits) > RICH, _early_is_best(person, day, visits)
    if rich and not early:
        visits = _thinned(visits)
    first, last = _first(person, day, visits), _last(person, day, visits)
    between: Any
    if rich and early:
        between = WaysOnDemand(visits, partial(_units, person))
    else:
        between = _between(person, visits)
        keep = np.flatnonzero(_reachable(first, between) & _reachable(last, between.T))
        visits, first, last = visits.only(keep), first[keep], last[keep]
        between = _narrow(between[np.ix_(keep, keep)])
    if len(visits) == 0:
        return None
    pauses, limits = pauses_of(person, day, visits, between), person.interpreter.limits
    if pauses is not None and not (pauses.all_fit() or visits.pinned.any()):
        return None
    return Block(
        person=number,
        day=day,
        visits=visits,
        first=first,
        last=last,
        between=between,
        pauses=pauses,
        most_minutes=limits.minutes_per_day,
        most_jobs=limits.jobs_per_day,
        pinned=frozenset(visits.request[visits.pinned].tolist()),
        leg_costs=leg_costs,
        day_costs=day_costs,
        alike=_alike(visits, last) if early else None,
        rich=rich,
    )


def _thinned(visits: Visits) -> Visits:
    """Return the visits without some starts of what is done alone: about as many as are searched.

    Of starts that cost the same the first one stays, so that nothing becomes dearer.
    """
    alone = ~visits.tasks.team[visits.numbers] & ~visits.pinned & ~visits.promised
    every = -(-len(visits) // RICH)
    keys = np.stack([visits.request, visits.place, *visits.costs])
    order = np.lexsort((visits.begin, *keys))
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (keys[:, order][:, 1:] != keys[:, order][:, :-1]).any(axis=0)
    heads = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    turn = np.zeros(len(order), dtype=np.int64)
    turn[order] = np.arange(len(order)) - heads
    return visits.only(np.flatnonzero(~alone | (turn % every == 0)))


def _early_is_best(person: Person, day: WorkDay, visits: Visits) -> bool:
    """Say whether nothing but ways follows from when a visit begins.

    Breaks and private times may fit better later; where hours of two days touch, a night has rows
    of its own for each visit.
    """
    spans = sum(len(each.available) for each in person.interpreter.days)
    nights = len(person.intervals[0]) < spans
    return not (day.breaks or person.blocked or nights or visits.pinned.any())


def _alike(visits: Visits, last: Whole) -> Whole:
    """Return one number for all visits that only differ in when they begin."""
    tasks, numbers = visits.tasks, visits.numbers
    team = np.where(tasks.team[numbers], tasks.variant[numbers], -1)
    before, after = visits.begin - visits.busy_from, visits.busy_to - visits.end
    keys = [visits.request, team, tasks.seat[numbers], visits.place, visits.minutes, before, after]
    keys += [last, visits.promised, *visits.costs]
    found: Whole = np.unique(np.stack(keys), axis=1, return_inverse=True)[1].ravel()
    return found


def _narrow(travel: Whole) -> Whole:
    """Return travel in as few bytes as it fits into; a nation has a hundred million legs."""
    return travel.astype(np.int16 if travel.max(initial=0) < 2**15 else np.int32)


def _reachable(direct: Whole, between: Whole) -> Flags:
    """Say which visits can be reached from outside, at unneeded or by way of others."""
    reached: Flags = direct != NO_WAY
    while not reached.all():
        further = reached | ((between != NO_WAY) & reached[:, None]).any(axis=0)
        if (further == reached).all():
            break
        reached = further
    return reached


def _first(person: Person, day: WorkDay, visits: Visits) -> Whole:
    """Return the way to each visit from the start of the day."""
    home = person.distances.place(day.start)
    travel = _units(person, np.full(len(visits), home), visits.place)
    starts, _ = _spans(person, visits)
    fits = (travel != NO_WAY) & (travel <= visits.busy_from - starts)
    result = np.where(fits, travel, NO_WAY)
    for index in _interrupted(person, starts, visits.busy_from):
        origin = Moment(home, int(starts[index]))
        result[index] = _feasible(person, origin, visits.before(index))
    lost = visits.pinned & (result == NO_WAY)
    return np.where(lost, np.maximum(0, travel), result)


def _last(person: Person, day: WorkDay, visits: Visits) -> Whole:
    """Return the way from each visit to the end of the day."""
    home = person.distances.place(day.end)
    travel = _units(person, visits.place, np.full(len(visits), home))
    _, ends = _spans(person, visits)
    fits = (travel != NO_WAY) & (travel <= ends - visits.busy_to)
    result = np.where(fits, travel, NO_WAY)
    for index in _interrupted(person, visits.busy_to, ends):
        target = Moment(home, int(ends[index]))
        result[index] = _feasible(person, visits.after(index), target)
    lost = visits.pinned & (result == NO_WAY)
    return np.where(lost, np.maximum(0, travel), result)


def _spans(person: Person, visits: Visits) -> tuple[Whole, Whole]:
    """Return begin and end of the interval each visit lies in; empty ones for visits in none."""
    begins, ends = person.intervals
    if len(begins) == 0:
        return visits.busy_to, visits.busy_from
    index = np.searchsorted(begins, visits.busy_from, side="right") - 1
    within = (index >= 0) & (visits.busy_to <= ends[index])
    return (
        np.where(within, begins[index], visits.busy_to),
        np.where(within, ends[index], visits.busy_from),
    )


def _interrupted(person: Person, starts: Whole, ends: Whole) -> Iterator[int]:
    """Yield the legs within which a private busy time lies."""
    crossed = np.zeros(len(starts), dtype=np.bool_)
    for item in person.blocked:
        crossed |= (item.start < ends) & (item.end > starts)
    yield from np.flatnonzero(crossed).tolist()


def _feasible(person: Person, origin: Moment, target: Moment) -> int:
    """Return the time on the way of a leg past busy times, NO_WAY if it is too short for it."""
    taken = leg(person.blocked, person.units, origin, target)
    return taken.travel if taken.spare >= 0 else NO_WAY


def _between(person: Person, visits: Visits) -> Whole:
    """Return the way between each two visits that may follow one another."""
    places, at = np.unique(visits.place, return_inverse=True)
    travel = _units(person, places[:, None], places[None, :])[at[:, None], at[None, :]]
    ends, begins, requests = visits.busy_to, visits.busy_from, visits.request
    gaps = begins[None, :] - ends[:, None]
    if (ends > visits.end).any() or (begins < visits.begin).any():
        every = np.arange(len(visits))
        gaps += unneeded(visits, every[:, None], every[None, :])
    other = requests[:, None] != requests[None, :]
    result = np.where(other & (travel != NO_WAY) & (travel <= gaps), travel, NO_WAY)
    for item in person.blocked:
        crossed = other & (ends[:, None] < item.end) & (begins[None, :] > item.start) & (gaps >= 0)
        for before, after in np.argwhere(crossed):
            result[before, after] = _feasible(person, visits.after(before), visits.before(after))
    for before, after in _pinned_pairs(visits):
        if result[before, after] == NO_WAY:
            result[before, after] = max(0, int(travel[before, after]))
    return result


def _pinned_pairs(visits: Visits) -> Iterator[tuple[int, int]]:
    """Yield pairs of pinned visits one after the other; a person decided, ways do not matter."""
    pinned = np.flatnonzero(visits.pinned)
    for before in pinned:
        for after in pinned:
            other = visits.request[before] != visits.request[after]
            if other and visits.end[before] <= visits.begin[after]:
                yield int(before), int(after)


def _within_radius(person: Person, day: WorkDay, visits: Visits) -> Flags:
    limit, home = person.interpreter.radius_km, person.distances.place(day.start)
    if limit is None or home == NOWHERE:
        return np.ones(len(visits), dtype=np.bool_)
    far = person.distances.kilometres(np.full(len(visits), home), visits.place)
    remote = visits.tasks.remote[visits.numbers]
    within: Flags = visits.pinned | remote | (far <= limit)
    return within


def _units(person: Person, origins: Whole, targets: Whole) -> Whole:
    return person.distances.units(person.interpreter.travel_profile, origins, targets)
