"""The people of some languages and what they have to do, as arrays for many questions at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.evaluation.spans import ANY, Spans, whole
from solver.evaluation.work import days_of, work_of
from solver.problem.people import Qualification
from solver.rules.distances import Whole
from solver.rules.person import Person
from solver.rules.schedule import Schedule


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
