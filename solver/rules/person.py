"""An interpreter and a job made ready for questions: who, when, where, by number of place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import numpy as np

from solver.problem.people import Interpreter, WorkDay
from solver.problem.requests import Request, Way
from solver.problem.value import Interval
from solver.rules.distances import Distances, Whole
from solver.rules.legs import Blocked
from solver.rules.variants import Seat, Variant


class Job(NamedTuple):
    """A seat of a variant of a request: what one person would do."""

    request: Request
    variant: Variant
    seat: Seat

    @property
    def busy_from(self) -> int:
        """Return when the person has to be there."""
        return self.seat.begin - self.request.buffer_before

    @property
    def busy_to(self) -> int:
        """Return when the person may leave."""
        return self.seat.end + self.request.buffer_after


class Stay(NamedTuple):
    """The day a job belongs to, and the time of availability in which it would lie."""

    day: WorkDay
    interval: Interval


class Person:
    """An interpreter with what is looked up often."""

    def __init__(self, interpreter: Interpreter, distances: Distances) -> None:
        self.interpreter = interpreter
        self.id = interpreter.id
        self.distances = distances
        self.languages = {item.code: item.level for item in interpreter.languages}
        self.blocked = tuple(
            Blocked(item.start, item.end, distances.place(item.place) if item.place else None)
            for item in sorted(interpreter.busy, key=lambda item: (item.start, item.end))
        )
        self._stays = sorted(
            (Stay(day, interval) for day in interpreter.days for interval in day.available),
            key=lambda stay: stay.interval.start,
        )
        self.times = touching(stay.interval for stay in self._stays)

    @cached_property
    def intervals(self) -> tuple[Whole, Whole]:
        """Return begin and end of each time of availability, in order of time."""
        spans = [(time.start, time.end) for time in self.times]
        begins, ends = np.array(spans, dtype=np.int64).reshape(-1, 2).T
        return begins, ends

    @cached_property
    def turns(self) -> tuple[Whole, Whole]:
        """Return when each available interval begins, and of which day it is, in order of time."""
        found = [(stay.interval.start, stay.day.day) for stay in self._stays]
        begins, days = np.array(found, dtype=np.int64).reshape(-1, 2).T
        return begins, days

    @cached_property
    def _starts(self) -> list[int]:
        return [time.start for time in self.times]

    @cached_property
    def _begins(self) -> list[int]:
        return [stay.interval.start for stay in self._stays]

    def units(self, origin: int, target: int) -> int:
        """Return this person's time units on the way, or NO_WAY."""
        return self.distances.one(self.interpreter.travel_profile, origin, target)

    def available(self, start: int, end: int) -> Interval | None:
        """Return the time of availability that holds all of [start, end), if any."""
        index = bisect_right(self._starts, start) - 1
        if index >= 0 and self.times[index].holds(start, end):
            return self.times[index]
        return None

    def stay(self, job: Job) -> Stay | None:
        """Return where a job would lie, buffers included; its day is the one it begins on."""
        time = self.available(job.busy_from, job.busy_to)
        if time is None:
            return None
        return Stay(self._stays[bisect_right(self._begins, job.seat.begin) - 1].day, time)

    def place_of(self, job: Job, day: WorkDay) -> int:
        """Return where this person does the job: on site, or at the remote place of the day."""
        if job.variant.way is Way.ON_SITE:
            return self.distances.place(job.request.place)
        return self.distances.place(day.remote if day.remote is not None else day.start)


def touching(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return intervals in order of time with those that touch joined into one."""
    found: list[Interval] = []
    for item in intervals:
        if found and found[-1].end == item.start:
            found[-1] = Interval(start=found[-1].start, end=item.end)
        else:
            found.append(item)
    return tuple(found)


def nearest_day(interpreter: Interpreter, time: int) -> WorkDay | None:
    """Return the day whose available time is nearest to `time`."""
    return min(interpreter.days, key=lambda day: (_distance(day, time), day.day), default=None)


def _distance(day: WorkDay, time: int) -> int:
    spans = ((item.start - time, time - item.end + 1) for item in day.available)
    return min((max(0, *span) for span in spans), default=10**9)
