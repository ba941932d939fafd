"""Which rules stop which people at which times: the rules of `rules` and `day_rules` as arrays.

`Sieve.bits` says what `reasons.stops_person` says for each pair, a hundred times faster; where a
busy time lies on the way to a place or around a break it asks the rules themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from solver.evaluation.beside import Spot, beside, extra_travel
from solver.evaluation.roster import Roster
from solver.evaluation.spans import ANY, NONE, Flags, at
from solver.evaluation.work import Work
from solver.plan import RuleCode, Violation
from solver.problem.requests import (
    ContinuityCondition,
    ExcludedCondition,
    GenderCondition,
    LevelCondition,
    PreferredCondition,
    QualificationCondition,
    Way,
)
from solver.rules.day_rules import Insertion, insertion_violations
from solver.rules.day_rules import extra_travel as travel_added
from solver.rules.distances import NOWHERE, Whole
from solver.rules.person import Job
from solver.rules.person_rules import required
from solver.rules.schedule import Held

RULES = tuple(RuleCode)[1:-2]
BIT = {rule: 1 << number for number, rule in enumerate(RULES)}
BESIDE = sum(BIT[rule] for rule in RULES[RULES.index(RuleCode.TAKEN) :])
WAYS = (RuleCode.WAY_THERE, RuleCode.WAY_HOME, RuleCode.WAY_BETWEEN)
UNSURE = BIT[RuleCode.BREAK] | sum(BIT[rule] for rule in WAYS)


class Pairs(NamedTuple):
    """People (by number in a roster) and the begins at which each would do a job."""

    person: Whole
    begin: Whole


def _person_bits(roster: Roster, job: Job) -> Whole:
    """Return the bits of the rules that look at neither time nor other jobs."""
    bits = np.zeros(len(roster.people), dtype=np.int64)
    needed = max((item.level for item in required(job, LevelCondition)), default=0)
    if needed:
        bits |= BIT[RuleCode.LEVEL] * (roster.levels(job.seat.language) < needed)
    for gender in required(job, GenderCondition):
        other = [person.interpreter.gender != gender.gender for person in roster.people]
        bits |= BIT[RuleCode.GENDER] * np.array(other)
    for excluded in required(job, ExcludedCondition):
        if excluded.times or (excluded.ways and job.variant.way not in excluded.ways):
            continue
        bits |= BIT[RuleCode.EXCLUDED] * _among(roster, excluded.interpreters)
    for preferred in required(job, PreferredCondition):
        bits |= BIT[RuleCode.PREFERRED] * ~_among(roster, preferred.interpreters)
    for continuity in required(job, ContinuityCondition):
        bits |= BIT[RuleCode.CONTINUITY] * ~_among(roster, continuity.interpreters)
    return bits


def _among(roster: Roster, ids: Sequence[str]) -> Flags:
    wanted = frozenset(ids)
    return np.array([id_ in wanted for id_ in roster.ids], dtype=bool)


class Sieve:
    """A job beside the work of people, looked at for all pairs at once.

    It is done at `begin` of the pair instead of its own time; all speak its language.
    """

    def __init__(self, roster: Roster, work: Work, job: Job, pairs: Pairs) -> None:
        self.roster, self.work, self.job = roster, work, job
        self.person, self.begin = pairs.person, pairs.begin
        self.minutes = job.seat.end - job.seat.begin
        self.busy_from = self.begin - job.request.buffer_before
        self.busy_to = self.begin + self.minutes + job.request.buffer_after
        stay = roster.stays.last(self.person, self.busy_from)
        self.available = (stay != NONE) & (at(roster.stays.end, stay) >= self.busy_to)
        self.stay = stay
        self.slot = self._slot()
        on_site = job.variant.way is Way.ON_SITE
        remote = at(roster.days.remote, self.slot)
        distances = roster.people[0].distances
        self.place = np.full_like(remote, distances.place(job.request.place)) if on_site else remote
        self.spot = self._spot()
        self.legs = beside(roster, work, self.spot)

    def extra_travel(self, wanted: Flags) -> Whole:
        """Return the time units on the way that the job adds to the day, for the pairs `wanted`."""
        found = extra_travel(self.legs)
        there, on = self.legs.there, self.legs.on
        unsure = self.close | self.roster.visited.overlap(self.person, there.begin, on.end)
        for pair in np.flatnonzero(wanted & unsure).tolist():
            found[pair] = travel_added(self._insertion(pair))
        return found

    def first_of_day(self) -> Flags:
        """Say whether the person has no other job that day."""
        found: Flags = at(self.work.jobs_by_day, self.slot) == 0
        return found

    def _spot(self) -> Spot:
        return Spot(
            person=self.person,
            slot=self.slot,
            stay=self.stay,
            available=self.available,
            place=self.place,
            busy_from=self.busy_from,
            busy_to=self.busy_to,
            before=self.work.before(self.slot, self.busy_from),
            after=self.work.after(self.slot, self.busy_to),
        )

    def _slot(self) -> Whole:
        """Return the day of the job, or the day nearest to it; NONE without any."""
        roster, begin = self.roster, self.begin
        last = roster.turns.last(self.person, begin)
        following = roster.turns.next(self.person, begin)
        since = np.maximum(0, begin - at(roster.turns.end, last) + 1)
        until = at(roster.turns.start, following) - begin
        since, until = np.where(last == NONE, ANY, since), np.where(following == NONE, ANY, until)
        numbers = roster.days.number
        one, two = at(roster.turn_slot, last), at(roster.turn_slot, following)
        nearer = (since < until) | ((since == until) & (at(numbers, one) <= at(numbers, two)))
        neither = (last == NONE) & (following == NONE)
        return np.where(neither, roster.days.first[self.person], np.where(nearer, one, two))

    def bits(self, all_rules: bool = True) -> Whole:
        """Return for each pair the bits of all rules that stop the person beside the work.

        Without `all_rules` at least one bit is set where a rule stops the person.
        """
        found: Whole = _person_bits(self.roster, self.job)[self.person]
        known = self.slot != NONE
        taken = self.work.spans.overlap(self.person, self.busy_from, self.busy_to)
        found = found | self._time_bits() | (self._day_bits() * known) | BIT[RuleCode.TAKEN] * taken
        twisted = known & (self.legs.twisted | (taken & self.legs.resting))
        close = known & self.close
        if not all_rules:
            twisted &= found & ~UNSURE == 0
            close &= found & ~BESIDE == 0
        for pair in np.flatnonzero(twisted | close).tolist():
            unsure = BESIDE if close[pair] else UNSURE
            found[pair] = (found[pair] & ~unsure) | (self._asked(pair) & unsure)
        return found

    @cached_property
    def close(self) -> Flags:
        """Say where a buffer may not be needed, or another day touches this one."""
        work, person = self.work, self.person
        owner = work.located(person, self.place)
        buffered = work.at_place.overlap(owner, self.busy_from, self.busy_to)
        buffered |= work.of_joined.overlap(person, self.busy_from, self.busy_to)
        if work.joined.any():
            for neighbour in (self.legs.there.neighbour, self.legs.on.neighbour):
                buffered |= (neighbour != NONE) & work.joined[np.maximum(0, neighbour)]
        of_night = self.available & self.roster.night[person]
        if of_night.any():
            stays = self.roster.stays
            begin = np.minimum(at(stays.start, self.stay), self.busy_from)
            end = np.maximum(at(stays.end, self.stay), self.busy_to)
            buffered |= of_night & work.spans.overlap(person, begin, end)
        return buffered

    def _time_bits(self) -> Whole:
        roster, limits = self.roster, self.roster.limits
        blocked = roster.blocked.overlap(self.person, self.busy_from, self.busy_to)
        bits: Whole = BIT[RuleCode.AVAILABILITY] * ~self.available | BIT[RuleCode.BUSY] * blocked
        bits |= BIT[RuleCode.DAY_MINUTES] * (limits["minutes_per_day"][self.person] < self.minutes)
        bits |= BIT[RuleCode.DAY_JOBS] * (limits["jobs_per_day"][self.person] < 1)
        bits |= BIT[RuleCode.EXCLUDED] * self._excluded_then()
        for item in required(self.job, QualificationCondition):
            bits |= _proof_bits(roster, item.name, self.person, self.begin, self.minutes)
        return bits

    def _excluded_then(self) -> Flags:
        """Say whether the person is excluded from what they would do then, at other times not."""
        found = np.zeros(len(self.person), dtype=bool)
        for item in required(self.job, ExcludedCondition):
            if item.ways and self.job.variant.way not in item.ways:
                continue
            among = _among(self.roster, item.interpreters)[self.person]
            for time in item.times:
                then = (time.start < self.begin + self.minutes) & (self.begin < time.end)
                found |= among & then
        return found

    def _day_bits(self) -> Whole:
        bits = BIT[RuleCode.RADIUS] * self._too_far()
        for leg in (self.legs.there, self.legs.on):
            between = leg.late & (leg.neighbour != NONE)
            bits |= BIT[RuleCode.WAY_BETWEEN] * between | BIT[leg.rule] * (leg.late & ~between)
        bits |= self._limit_bits()
        bits |= BIT[RuleCode.BREAK] * ~self.legs.rested
        return bits

    def _too_far(self) -> Flags:
        limit = self.roster.radius[self.person]
        if self.job.variant.way is not Way.ON_SITE or not np.isfinite(limit).any():
            return np.zeros(len(limit), dtype=bool)
        home = at(self.roster.days.start, self.slot)
        unique, back = np.unique(home, return_inverse=True)
        far = self.roster.people[0].distances.kilometres(
            unique, np.full_like(unique, self.place[0])
        )
        found: Flags = (home != NOWHERE) & (far[back] > limit)
        return found

    def _limit_bits(self) -> Whole:
        roster, work, days = self.roster, self.work, self.roster.days
        slot, week = self.slot, at(days.week, self.slot)
        gone_minutes, gone_jobs = work.during(slot, self.busy_from, self.busy_to)
        minutes, jobs = self.minutes - gone_minutes, 1 - gone_jobs
        weekly = np.bincount(days.week, work.minutes_by_day).astype(np.int64)
        often = np.bincount(days.week, work.jobs_by_day).astype(np.int64)
        over = {
            RuleCode.DAY_MINUTES: at(work.minutes_by_day, slot) + minutes
            > roster.limits["minutes_per_day"][self.person],
            RuleCode.DAY_JOBS: at(work.jobs_by_day, slot) + jobs
            > roster.limits["jobs_per_day"][self.person],
            RuleCode.WEEK_MINUTES: at(weekly, week) + at(roster.worked_minutes, slot) + minutes
            > roster.limits["minutes_per_week"][self.person],
            RuleCode.WEEK_JOBS: at(often, week) + at(roster.worked_jobs, slot) + jobs
            > roster.limits["jobs_per_week"][self.person],
        }
        bits = np.zeros(len(slot), dtype=np.int64)
        for rule, broken in over.items():
            bits |= BIT[rule] * broken
        return bits

    def _asked(self, pair: int) -> int:
        """Return the bits of one pair from the rules themselves."""
        return bits_of(insertion_violations(self._insertion(pair)))

    def _insertion(self, pair: int) -> Insertion:
        person, begin = self.roster.people[self.person[pair]], int(self.begin[pair])
        seat = self.job.seat._replace(begin=begin, end=begin + self.minutes)
        day = self.roster.days.days[self.slot[pair]]
        new = Held(self.job._replace(seat=seat), day, int(self.place[pair]))
        others = tuple(
            self.work.helds[n]
            for n in np.flatnonzero(self.work.person == self.person[pair]).tolist()
        )
        return Insertion(person, new, others)


def _proof_bits(roster: Roster, name: str, person: Whole, begin: Whole, minutes: int) -> Whole:
    """Return the bits of one qualification required."""
    holds = np.zeros(len(roster.people), dtype=bool)
    valid = np.zeros(len(person), dtype=bool)
    for number, proof in roster.proofs(name):
        holds[number] = True
        since = -ANY if proof.valid_from is None else proof.valid_from
        until = ANY if proof.valid_until is None else proof.valid_until
        valid |= (person == number) & (since <= begin) & (begin + minutes <= until)
    expired = BIT[RuleCode.QUALIFICATION_EXPIRED] * (holds[person] & ~valid)
    return np.where(holds[person], expired, BIT[RuleCode.QUALIFICATION])


def bits_of(violations: Sequence[Violation]) -> int:
    """Return the rules of violations as bits."""
    found = 0
    for item in violations:
        found |= BIT[item.rule]
    return found
