"""The days of people and the jobs they have, as arrays for many questions at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from solver.evaluation.rests import Rests
from solver.evaluation.spans import NONE, Flags, Spans, at, whole
from solver.problem.people import WorkDay
from solver.rules.distances import Whole
from solver.rules.person import Person
from solver.rules.schedule import Held, Schedule


@dataclass(frozen=True, slots=True)
class Days:
    """All days of all people, in order of person; `first` is the first of each person."""

    person: Whole
    days: tuple[WorkDay, ...]
    number: Whole
    week: Whole
    start: Whole
    end: Whole
    remote: Whole
    first: Whole


def days_of(people: Sequence[Person]) -> Days:
    """Return the days of the people, at least one; `week` numbers the weeks of all people."""
    owners = [(number, day) for number, who in enumerate(people) for day in who.interpreter.days]
    weeks: dict[tuple[int, int], int] = {}
    first = np.full(len(people), NONE)
    for slot, (number, day) in enumerate(owners):
        weeks.setdefault((number, day.week), len(weeks))
        if first[number] == NONE or day.day < owners[first[number]][1].day:
            first[number] = slot
    place = people[0].distances.place
    return Days(
        person=whole(number for number, _ in owners),
        days=tuple(day for _, day in owners),
        number=whole(day.day for _, day in owners),
        week=whole(weeks[number, day.week] for number, day in owners),
        start=whole(place(day.start) for _, day in owners),
        end=whole(place(day.end) for _, day in owners),
        remote=whole(place(day.remote or day.start) for _, day in owners),
        first=first,
    )


class Jobs(NamedTuple):
    """Jobs as arrays: the day each belongs to, service time, when and where the person is taken."""

    slot: Whole
    minutes: Whole
    busy_from: Whole
    busy_to: Whole
    place: Whole


class Work:
    """The jobs people have, in order of day and time.

    `spans` are those of the people, with buffers.
    """

    def __init__(
        self, people: Sequence[Person], days: Days, helds: Sequence[Held], jobs: Jobs
    ) -> None:
        self.people, self.days, self.helds, self.jobs = people, days, helds, jobs
        self.slot, self.minutes, self.busy_from, self.busy_to, self.place = jobs
        slot = self.slot
        self.person = days.person[slot]
        self.spans = Spans(self.person, self.busy_from, self.busy_to)
        self.at_place = Spans(self.located(self.person, self.place), self.busy_from, self.busy_to)
        self.joined = self._joined()
        self.of_joined = Spans(
            self.person[self.joined], self.busy_from[self.joined], self.busy_to[self.joined]
        )
        self._begun = Spans(slot, self.busy_from, self.busy_to)
        self._over = Spans(slot, self.busy_to, self.busy_to)
        slots = len(days.days)
        self.minutes_by_day = np.bincount(slot, self.minutes, slots).astype(np.int64)
        self.jobs_by_day = np.bincount(slot, minlength=slots)

    def _joined(self) -> Flags:
        """Say which jobs share their buffers with the one before or after, or overlap with them."""
        found = np.zeros(len(self.helds), dtype=bool)
        close = (self.slot[1:] == self.slot[:-1]) & (self.busy_to[:-1] > self.busy_from[1:])
        found[1:] |= close
        found[:-1] |= close
        return found

    def located(self, person: Whole, place: Whole) -> Whole:
        """Return one number for each person at each place."""
        return person * (len(self.people[0].distances.number) + 1) + place + 1

    def before(self, slot: Whole, time: Whole) -> Whole:
        """Return the last job of a day that is over by `time`; NONE without."""
        found = self._over.last(slot, time)
        return np.where(found == NONE, NONE, at(self._over.order, found))

    def after(self, slot: Whole, time: Whole) -> Whole:
        """Return the first job of a day that begins at `time` or after; NONE without."""
        found = self._begun.next(slot, time - 1)
        return np.where(found == NONE, NONE, at(self._begun.order, found))

    def during(self, slot: Whole, start: Whole, end: Whole) -> tuple[Whole, Whole]:
        """Return service time and number of the jobs of a day sharing time with [start, end)."""
        begun, over = self._begun.before(slot, end), self._over.before(slot, start + 1)
        minutes = np.concatenate(([0], np.cumsum(self.minutes[self._begun.order])))
        finished = np.concatenate(([0], np.cumsum(self.minutes[self._over.order])))
        return minutes[begun] - finished[over], begun - over

    @cached_property
    def rests(self) -> Rests:
        """Return which breaks fit between the jobs."""
        return Rests(self.people, self.days, self.helds, self.slot.tolist())

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Return which jobs are part of each request."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, held in enumerate(self.helds):
            found[held.job.request.id].append(number)
        return found

    def without(self, request_id: str) -> Work:
        """Return the jobs but those of one request."""
        gone = self._places.get(request_id)
        if gone is None:
            return self
        keep = np.ones(len(self.helds), dtype=np.bool_)
        keep[gone] = False
        helds = [held for held, kept in zip(self.helds, keep.tolist(), strict=True) if kept]
        found = Work(self.people, self.days, helds, Jobs(*(own[keep] for own in self.jobs)))
        if not self.rests.most:  # without breaks there is nothing that could change
            found.rests = self.rests
        return found


def work_of(people: Sequence[Person], days: Days, schedule: Schedule) -> Work:
    """Return the jobs people have in a schedule."""
    slots = {
        (int(number), day.day): slot
        for slot, (number, day) in enumerate(zip(days.person, days.days, strict=True))
    }
    owned = [
        (slots[number, held.day.day], held)
        for number, who in enumerate(people)
        for held in schedule.get(who.id, ())
    ]
    owned.sort(key=lambda item: (item[0], item[1].job.seat.begin))
    helds = [held for _, held in owned]
    jobs = Jobs(
        slot=whole(slot for slot, _ in owned),
        minutes=whole(held.minutes for held in helds),
        busy_from=whole(held.job.busy_from for held in helds),
        busy_to=whole(held.job.busy_to for held in helds),
        place=whole(held.place for held in helds),
    )
    return Work(people, days, helds, jobs)
