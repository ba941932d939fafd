"""At which starts each job of a day could begin at the same price, and what lies between two."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from solver.evaluation import terms
from solver.evaluation.situation import Situation
from solver.rules.distances import Whole
from solver.rules.legs import Leg, Moment, allows_break, leg
from solver.rules.person import Job, Person
from solver.rules.person_rules import violations
from solver.rules.schedule import Held

NEVER = 2**60


class Between(NamedTuple):
    """For each start of one job and each of the next: what is waited, which breaks fit as bits.

    Waiting is NEVER where the way is too long, or another one than now.
    """

    waiting: Whole
    breaks: Whole


def moved(held: Held, begin: int) -> Held:
    """Return a job with its service beginning at another time."""
    job, later = held.job, begin - held.job.seat.begin
    seat = job.seat._replace(begin=begin, end=job.seat.end + later)
    variant = job.variant._replace(start=job.variant.start + later, seats=(seat,))
    return held._replace(job=Job(job.request, variant, seat))


def begins_of(where: Situation, person: Person, held: Held, starts: range | None = None) -> Whole:
    """Return when a job could begin as far as person, hours and price decide; now is among them.

    `starts` are those of the request to look at (None: all).
    """
    now, request = held.job.seat.begin, held.job.request
    starts = request.starts() if starts is None else starts
    begins = np.array(starts, dtype=np.int64) + (now - held.job.variant.start)
    busy_from = begins - request.buffer_before
    busy_to = begins + held.minutes + request.buffer_after
    fits = np.zeros(len(begins), dtype=np.bool_)
    for time in person.times:
        fits |= (time.start <= busy_from) & (busy_to <= time.end)
    for item in person.blocked:
        fits &= (item.end <= busy_from) | (busy_to <= item.start)
    kept = begins[fits & (_day_numbers(person, begins) == held.day.day)].tolist()
    if _depends_on_time(where, person, held.job):
        kept = [begin for begin in kept if _alike(where, person, held, moved(held, begin))]
    return np.array(sorted({now, *kept}), dtype=np.int64)


def _day_numbers(person: Person, begins: Whole) -> Whole:
    starts, days = person.turns
    if len(starts) == 0:
        return np.full(len(begins), NEVER)
    return days[np.maximum(0, np.searchsorted(starts, begins, side="right") - 1)]


def _depends_on_time(where: Situation, person: Person, job: Job) -> bool:
    """Say whether more than hours and ways hangs on when a job is done."""
    timed = any(item.depends_on_time for item in job.request.conditions)
    return timed or bool(person.interpreter.paid_idle)


def _alike(where: Situation, person: Person, held: Held, other: Held) -> bool:
    units = where.problem.units_per_hour
    same = terms.of_stop(person, held.job, units) == terms.of_stop(person, other.job, units)
    return same and not violations(person, other.job)


def between(person: Person, one: Held, ends: Whole, two: Held, begins: Whole) -> Between:
    """Return what lies between two jobs one after the other at each pair of their begins."""
    now = leg(person.blocked, person.units, one.after(), two.before())
    over, begin = ends[:, None] + one.minutes, begins[None, :]
    arrive = begin - two.job.request.buffer_before
    leave = over + one.job.request.buffer_after
    spare = waiting = arrive - leave - now.travel
    if one.place == two.place:
        spare, waiting = begin - over, arrive - over
    right = (spare >= 0) & (max(0, person.units(one.place, two.place)) == now.travel)
    right |= one.pinned and two.pinned
    found = np.where(right, np.maximum(0, waiting), NEVER)
    breaks = np.zeros(found.shape, dtype=np.int64)
    for number, pause in enumerate(one.day.breaks):
        piece = np.minimum(arrive, pause.latest) - np.maximum(leave, pause.earliest)
        fits = (arrive - leave - now.travel >= pause.length) & (piece >= pause.length)
        breaks |= fits * (1 << number)
    result = Between(found, breaks)
    _past_busy_times(person, (one, ends), (two, begins), result)
    return result


def _past_busy_times(
    person: Person, one: tuple[Held, Whole], two: tuple[Held, Whole], into: Between
) -> None:
    """Ask the way itself where a busy time lies between two jobs."""
    now = leg(person.blocked, person.units, one[0].after(), two[0].before())
    crossed = np.zeros(into.waiting.shape, dtype=np.bool_)
    for item in person.blocked:
        crossed |= (one[1] + one[0].minutes < item.end)[:, None] & (two[1] > item.start)[None, :]
    for here, there in np.argwhere(crossed).tolist():
        origin = moved(one[0], int(one[1][here])).after()
        target = moved(two[0], int(two[1][there])).before()
        way = leg(person.blocked, person.units, origin, target)
        right = (way.spare >= 0 and way.travel == now.travel) or (one[0].pinned and two[0].pinned)
        into.waiting[here, there] = way.waiting if right else NEVER
        into.breaks[here, there] = break_bits(person, one[0], origin, target)


def from_home(person: Person, first: Held, begins: Whole) -> Between:
    """Return for each begin of the first job of a day whether the way there is the same as now."""
    return _at_the_edge(_coming, person, first, begins)


def to_home(person: Person, last: Held, begins: Whole) -> Between:
    """Return for each begin of the last job of a day whether the way home is the same as now."""
    return _at_the_edge(_going, person, last, begins)


def _at_the_edge(
    way: Callable[[Person, Held], tuple[Leg, int]], person: Person, held: Held, begins: Whole
) -> Between:
    now, _ = way(person, held)
    ways = [way(person, moved(held, begin)) for begin in begins.tolist()]
    fits = np.array([each.spare >= 0 and each.travel == now.travel for each, _ in ways])
    kept = fits | (begins == held.job.seat.begin)
    return Between(np.where(kept, 0, NEVER), np.array([bits for _, bits in ways]))


def _coming(person: Person, first: Held) -> tuple[Leg, int]:
    target, home = first.before(), person.distances.place(first.day.start)
    time = person.available(first.job.busy_from, first.job.busy_to)
    leaves = target.time if time is None else time.start
    bits = sum(
        1 << number
        for number, pause in enumerate(first.day.breaks)
        if allows_break(
            pause,
            person.blocked,
            person.units,
            Moment(home, min(leaves, pause.earliest)),
            target,
        )
    )
    return leg(person.blocked, person.units, Moment(home, leaves), target), bits


def _going(person: Person, last: Held) -> tuple[Leg, int]:
    origin, home = last.after(), person.distances.place(last.day.end)
    time = person.available(last.job.busy_from, last.job.busy_to)
    returns = origin.time if time is None else time.end
    bits = sum(
        1 << number
        for number, pause in enumerate(last.day.breaks)
        if allows_break(
            pause,
            person.blocked,
            person.units,
            origin,
            Moment(home, max(returns, pause.latest)),
        )
    )
    return leg(person.blocked, person.units, origin, Moment(home, returns)), bits


def break_bits(person: Person, held: Held, origin: Moment, target: Moment) -> int:
    """Return the breaks of the day that fit between two moments as bits."""
    return sum(
        1 << number
        for number, pause in enumerate(held.day.breaks)
        if allows_break(pause, person.blocked, person.units, origin, target)
    )
