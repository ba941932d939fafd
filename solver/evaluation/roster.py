"""The people of some languages and what they have to do, as arrays for many questions at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solver.evaluation.rests import Rests
from solver.problem.people import Qualification, WorkDay
from solver.rules.distances import Whole
from solver.rules.person import Person
from solver.rules.schedule import Held, Schedule

SPAN = 2**30
ZERO = 2**28
NONE = -1
ANY = 2**40
Flags = NDArray[np.bool_]


def whole(items: Iterable[int]) -> Whole:
    """Return whole numbers as an array."""
    return np.fromiter(items, dtype=np.int64)


def at(values: Whole, index: Whole) -> Whole:
    """Return the values at an index; anything where the index is NONE."""
    found: Whole = values[np.maximum(index, 0)] if len(values) else np.zeros_like(index)
    return found


class Spans:
    """Intervals of several owners, in order of owner and start."""

    def __init__(self, owner: Whole, start: Whole, end: Whole) -> None:
        self.order = np.lexsort((start, owner))
        self.owner, self.start, self.end = owner[self.order], start[self.order], end[self.order]
        self._begins = self.owner * SPAN + self.start + ZERO
        self._ends = np.maximum.accumulate(self.owner * SPAN + self.end + ZERO)

    def before(self, owner: Whole, time: Whole) -> Whole:
        """Return how many intervals of earlier owners, or of this one, start before `time`."""
        found: Whole = np.searchsorted(self._begins, owner * SPAN + time + ZERO)
        return found

    def last(self, owner: Whole, time: Whole) -> Whole:
        """Return the owner's last interval that starts at `time` or before; NONE without."""
        found = np.searchsorted(self._begins, owner * SPAN + time + ZERO, side="right") - 1
        return self._of(owner, found)

    def next(self, owner: Whole, time: Whole) -> Whole:
        """Return the owner's first interval that starts after `time`; NONE without."""
        found = np.searchsorted(self._begins, owner * SPAN + time + ZERO, side="right")
        return self._of(owner, found)

    def _of(self, owner: Whole, found: Whole) -> Whole:
        if len(self.owner) == 0:
            return np.full(np.shape(owner), NONE)
        inside = (found >= 0) & (found < len(self.owner))
        return np.where(inside & (self.owner[found * inside] == owner), found, NONE)

    def overlap(self, owner: Whole, start: Whole, end: Whole) -> Flags:
        """Say where an interval of the owner shares time with [start, end)."""
        if len(self.owner) == 0:
            return np.zeros(len(owner), dtype=bool)
        before = np.searchsorted(self._begins, owner * SPAN + end + ZERO) - 1
        reached = self._ends[np.maximum(before, 0)]
        found: Flags = (before >= 0) & (reached > owner * SPAN + start + ZERO)
        return found

    @cached_property
    def _covered(self) -> Whole:
        """Return the time covered by the intervals up to and including each one."""
        from_ = self.owner * SPAN + self.start + ZERO
        reached = np.concatenate(([0], self._ends[:-1]))
        new = np.maximum(0, self._ends - np.maximum(from_, reached))
        total: Whole = np.cumsum(new)
        return total

    def covered(self, owner: Whole, start: Whole, end: Whole) -> Whole:
        """Return how much of [start, end) the owner's intervals cover (0 if end < start)."""
        if len(self.owner) == 0:
            return np.zeros(len(owner), dtype=np.int64)
        found: Whole = np.maximum(0, self._until(owner, end) - self._until(owner, start))
        return found

    def _until(self, owner: Whole, time: Whole) -> Whole:
        moment = owner * SPAN + time + ZERO
        before = np.searchsorted(self._begins, moment) - 1
        begun = np.maximum(before, 0)
        total: Whole = self._covered[begun] - np.maximum(0, self._ends[begun] - moment)
        return np.where(before >= 0, total, 0)


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


class Work:
    """The jobs people have, in order of day and time.

    `spans` are those of the people, with buffers.
    """

    def __init__(
        self, people: Sequence[Person], days: Days, helds: Sequence[Held], slot: Whole
    ) -> None:
        self.people, self.days, self.helds, self.slot = people, days, helds, slot
        self.person = days.person[slot]
        self.begin = whole(held.job.seat.begin for held in helds)
        self.minutes = whole(held.minutes for held in helds)
        self.busy_from = whole(held.job.busy_from for held in helds)
        self.busy_to = whole(held.job.busy_to for held in helds)
        self.place = whole(held.place for held in helds)
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

    def without(self, request_id: str) -> Work:
        """Return the jobs but those of one request."""
        keep = [n for n, held in enumerate(self.helds) if held.job.request.id != request_id]
        if len(keep) == len(self.helds):
            return self
        return Work(self.people, self.days, [self.helds[n] for n in keep], self.slot[keep])


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
    return Work(people, days, [held for _, held in owned], whole(slot for slot, _ in owned))


class Roster:
    """People with their days, availability, busy times, limits and jobs, by number."""

    def __init__(self, people: Sequence[Person], schedule: Schedule) -> None:
        self.people = tuple(people)
        self.ids = [person.id for person in people]
        self.days = days_of(people)
        self.work = work_of(people, self.days, schedule)
        self.blocked = self._blocked(False)
        self.visited = self._blocked(True)
        times = [(number, time) for number, who in enumerate(people) for time in who.times]
        starts, ends = whole(i.start for _, i in times), whole(i.end for _, i in times)
        self.stays = Spans(whole(number for number, _ in times), starts, ends)
        turns = [
            (slot, interval)
            for slot, day in enumerate(self.days.days)
            for interval in day.available
        ]
        slots = whole(slot for slot, _ in turns)
        starts, ends = whole(i.start for _, i in turns), whole(i.end for _, i in turns)
        self.turns = Spans(self.days.person[slots], starts, ends)
        self.turn_slot = slots[self.turns.order]
        hours = whole(sum(len(day.available) for day in who.interpreter.days) for who in people)
        self.night = hours > whole(len(who.times) for who in people)
        self.radius = np.array(
            [np.inf if p.interpreter.radius_km is None else p.interpreter.radius_km for p in people]
        )
        profiles = [person.interpreter.travel_profile for person in people]
        self.profiles = list(dict.fromkeys(profiles))
        self.profile = whole(self.profiles.index(profile) for profile in profiles)
        self.limits = {
            name: whole(_most(getattr(person.interpreter.limits, name)) for person in people)
            for name in ("minutes_per_day", "jobs_per_day", "minutes_per_week", "jobs_per_week")
        }
        self.worked_minutes, self.worked_jobs = self._worked()
        self._levels: dict[str, Whole] = {}
        self._proofs: dict[str, list[tuple[int, Qualification]]] = {}

    def levels(self, language: str) -> Whole:
        """Return the level of each person in a language, 0 without it."""
        if language not in self._levels:
            self._levels[language] = whole(who.languages.get(language, 0) for who in self.people)
        return self._levels[language]

    def proofs(self, name: str) -> list[tuple[int, Qualification]]:
        """Return the number of a person and the proof, for each proof of a qualification."""
        if name not in self._proofs:
            self._proofs[name] = [
                (number, proof)
                for number, who in enumerate(self.people)
                for proof in who.interpreter.qualifications
                if proof.name == name
            ]
        return self._proofs[name]

    def _blocked(self, placed: bool) -> Spans:
        """Return the busy times; only those at a place if `placed`."""
        found = [
            (number, item)
            for number, person in enumerate(self.people)
            for item in person.blocked
            if item.place is not None or not placed
        ]
        owner = whole(number for number, _ in found)
        return Spans(owner, whole(i.start for _, i in found), whole(i.end for _, i in found))

    def _worked(self) -> tuple[Whole, Whole]:
        """Return the service time and the jobs outside the problem for the week of each day."""
        minutes, jobs = np.zeros_like(self.days.week), np.zeros_like(self.days.week)
        for slot, (number, day) in enumerate(zip(self.days.person, self.days.days, strict=True)):
            for item in self.people[number].interpreter.worked:
                if item.week == day.week:
                    minutes[slot] += item.minutes
                    jobs[slot] += item.jobs
        return minutes, jobs


def _most(limit: int | None) -> int:
    return ANY if limit is None else limit
