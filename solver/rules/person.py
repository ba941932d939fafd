"""An interpreter and a job made ready for questions: who, when, where, by number of place."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

import numpy as np

from solver.problem.people import Interpreter, WorkDay
from solver.problem.requests import Request, Way
from solver.problem.value import Interval
from solver.rules.distances import Distances, Whole
from solver.rules.legs import Blocked, Moment
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
    """The day and the available interval in which a job would lie."""

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

    @cached_property
    def intervals(self) -> tuple[Whole, Whole, Whole]:
        """Return begin, end and day of each available interval, in order of time."""
        spans = [(s.interval.start, s.interval.end, s.day.day) for s in self._stays]
        begins, ends, days = np.array(spans, dtype=np.int64).reshape(-1, 3).T
        return begins, ends, days

    @cached_property
    def _begins(self) -> list[int]:
        return [stay.interval.start for stay in self._stays]

    def units(self, origin: int, target: int) -> int:
        """Return this person's time units on the way, or NO_WAY."""
        return self.distances.one(self.interpreter.travel_profile, origin, target)

    def stay(self, start: int, end: int) -> Stay | None:
        """Return the day and interval available throughout [start, end), if any."""
        index = bisect_right(self._begins, start) - 1
        if index >= 0 and self._stays[index].interval.holds(start, end):
            return self._stays[index]
        return None

    def place_of(self, job: Job, day: WorkDay) -> int:
        """Return where this person does the job: on site, or at the remote place of the day."""
        if job.variant.way is Way.ON_SITE:
            return self.distances.place(job.request.place)
        return self.distances.place(day.remote if day.remote is not None else day.start)

    def leaving(self, stay: Stay) -> Moment:
        """Return where and from when the day may begin."""
        return Moment(self.distances.place(stay.day.start), stay.interval.start)

    def back(self, stay: Stay) -> Moment:
        """Return where and by when the day must end."""
        return Moment(self.distances.place(stay.day.end), stay.interval.end)


def nearest_day(interpreter: Interpreter, time: int) -> WorkDay | None:
    """Return the day whose available time is nearest to `time`."""
    return min(interpreter.days, key=lambda day: (_distance(day, time), day.day), default=None)


def _distance(day: WorkDay, time: int) -> int:
    return min((max(0, i.start - time, time - i.end) for i in day.available), default=10**9)
