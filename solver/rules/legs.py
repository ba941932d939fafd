"""The way from one stop to the next: how long, how much time is to spare, which breaks fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from solver.problem.people import Break
from solver.rules.distances import NO_WAY

Units = Callable[[int, int], int]


class Blocked(NamedTuple):
    """A private busy time; `place` None lets travel only pause. Lists are in order of time."""

    start: int
    end: int
    place: int | None


class Moment(NamedTuple):
    """Being at a place at a time; `buffer` of it lies between a job and this time."""

    place: int
    time: int
    buffer: int = 0


class Leg(NamedTuple):
    """Time units on the way, the least time to spare on any part of it (negative: late), waiting.

    Waiting is what is left on the way before the buffer of the job it leads to.
    """

    travel: int
    spare: int
    waiting: int = 0


def leg(blocked: Sequence[Blocked], units: Units, origin: Moment, target: Moment) -> Leg:
    """Return the leg from origin to target past the busy times between them.

    Who stays at one place needs no buffers between two jobs there: the first one's begins the
    stay and the last one's ends it.
    """
    parts = _parts(blocked, origin, target)
    travels = [units(before.place, after.place) for before, after in parts]
    if NO_WAY in travels:
        return Leg(0, NO_WAY)
    if origin.place == target.place and len(parts) == 1:
        over, begin = origin.time - origin.buffer, target.time + target.buffer
        waiting = free_time(blocked, over, target.time)
        return Leg(0, free_time(blocked, over, begin), max(0, waiting))
    spare = min(
        free_time(blocked, before.time, after.time) - travel
        for (before, after), travel in zip(parts, travels, strict=True)
    )
    return Leg(sum(travels), spare, max(0, spare))


def home_between(
    blocked: Sequence[Blocked],
    units: Units,
    origin: Moment,
    homes: tuple[int, int],
    target: Moment,
) -> int:
    """Return the least time to spare on the ways to one home and on from the other (< 0: late).

    Of the busy times that have a place some may come before being at home and some after.
    """
    parts = _parts(blocked, origin, target)
    direct = [_spare(blocked, units, part, [(part[0].place, part[1].place)]) for part in parts]
    found = []
    for number, part in enumerate(parts):
        ways = [(part[0].place, homes[0]), (homes[1], part[1].place)]
        at_home = _spare(blocked, units, part, ways)
        found.append(min([at_home, *direct[:number], *direct[number + 1 :]]))
    return max(found)


def _spare(
    blocked: Sequence[Blocked],
    units: Units,
    part: tuple[Moment, Moment],
    ways: Sequence[tuple[int, int]],
) -> int:
    travels = [units(origin, target) for origin, target in ways]
    if NO_WAY in travels:
        return NO_WAY
    return free_time(blocked, part[0].time, part[1].time) - sum(travels)


def free_time(blocked: Sequence[Blocked], start: int, end: int) -> int:
    """Return the time in [start, end) outside busy times; negative if end lies before start."""
    taken, reached = 0, start
    for item in blocked:
        upto = min(item.end, end)
        taken += max(0, upto - max(item.start, reached))
        reached = max(reached, upto)
    return end - start - taken


def allows_break(
    pause: Break, blocked: Sequence[Blocked], units: Units, origin: Moment, target: Moment
) -> bool:
    """Say whether the break fits in one piece into the leg, beside the travel."""
    for before, after in _parts(blocked, origin, target):
        travel = units(before.place, after.place)
        if travel == NO_WAY:
            continue
        if free_time(blocked, before.time, after.time) - travel < pause.length:
            continue
        if _longest_piece(pause, blocked, before.time, after.time) >= pause.length:
            return True
    return False


def _longest_piece(pause: Break, blocked: Sequence[Blocked], start: int, end: int) -> int:
    start, end = max(start, pause.earliest), min(end, pause.latest)
    longest = 0
    for item in blocked:
        if item.end > start and item.start < end:
            longest = max(longest, item.start - start)
            start = max(start, item.end)
    return max(longest, end - start)


def _parts(
    blocked: Sequence[Blocked], origin: Moment, target: Moment
) -> Sequence[tuple[Moment, Moment]]:
    """Cut the leg at the busy times that have a place."""
    points: list[tuple[Moment, Moment]] = [(origin, origin)]
    for item in blocked:
        if item.place is not None and origin.time <= item.start and item.end <= target.time:
            points.append((Moment(item.place, item.start), Moment(item.place, item.end)))
    points.append((target, target))
    return [(before[1], after[0]) for before, after in pairwise(points)]
