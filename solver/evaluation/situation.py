"""A problem with a plan for it, made ready for questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from solver.evaluation.roster import Roster
from solver.plan import Plan, Violation
from solver.problem.commitments import Commitment
from solver.problem.problem import Problem
from solver.problem.requests import Request
from solver.rules.day_rules import Insertion, insertion_violations
from solver.rules.distances import Distances
from solver.rules.person import Job, Person, nearest_day
from solver.rules.person_rules import violations
from solver.rules.schedule import Held, Schedule, schedule_of
from solver.rules.variants import matches, variants


@dataclass(frozen=True, slots=True)
class Situation:
    """A problem with a plan for it, ready for questions; `rosters` are made when first needed."""

    problem: Problem
    people: Mapping[str, Person]
    requests: Mapping[str, Request]
    schedule: Schedule
    speakers: Mapping[str, tuple[Person, ...]]
    pins: Mapping[str, tuple[Commitment, ...]]
    sent: Mapping[str, frozenset[str]]
    rosters: dict[str, Roster] = field(default_factory=dict)

    def roster(self, language: str) -> Roster | None:
        """Return those who work in a language with all their jobs, None if nobody does."""
        if language not in self.rosters and language in self.speakers:
            self.rosters[language] = Roster(self.speakers[language], self.schedule)
        return self.rosters.get(language)

    def with_work(self, id_: str, own: tuple[Held, ...]) -> Situation:
        """Return the situation in which one person has this work instead."""
        return replace(self, schedule={**self.schedule, id_: own}, rosters={})

    def holders(self, request_id: str) -> frozenset[str]:
        """Return who is sent to a request."""
        return self.sent.get(request_id, frozenset())


def situation(problem: Problem, plan: Plan, like: Situation | None = None) -> Situation:
    """Make a problem and its plan ready for questions.

    People and ways that are the same in a situation `like` this one are taken from there.
    """
    people = _people(problem, like)
    requests = {request.id: request for request in problem.requests}
    speakers: dict[str, list[Person]] = defaultdict(list)
    for person in people.values():
        for language in person.languages:
            speakers[language].append(person)
    pins: dict[str, list[Commitment]] = defaultdict(list)
    for item in problem.commitments:
        if item.kind == "pinned":
            pins[item.request].append(item)
    schedule = schedule_of(people, requests, plan)
    sent: dict[str, set[str]] = defaultdict(set)
    for id_, own in schedule.items():
        for held in own:
            sent[held.job.request.id].add(id_)
    return Situation(
        problem=problem,
        people=people,
        requests=requests,
        schedule=schedule,
        speakers={code: tuple(own) for code, own in speakers.items()},
        pins={id_: tuple(own) for id_, own in pins.items()},
        sent={id_: frozenset(own) for id_, own in sent.items()},
    )


def _people(problem: Problem, like: Situation | None) -> dict[str, Person]:
    """Return everybody, those who are the same in the other situation from there."""
    known: Mapping[str, Person] = {}
    if like is not None and like.problem.travel is problem.travel:
        known = like.people
    distances = next((who.distances for who in known.values()), None) or Distances(problem.travel)
    people: dict[str, Person] = {}
    for who in problem.interpreters:
        person = known.get(who.id)
        if person is None or person.interpreter is not who:
            person = Person(who, distances)
        people[who.id] = person
    return people


def without(where: Situation, request_id: str) -> Situation:
    """Return the situation in which nobody is sent to one request."""
    schedule = {**where.schedule}
    for id_ in where.holders(request_id):
        schedule[id_] = tuple(h for h in schedule[id_] if h.job.request.id != request_id)
    sent = {**where.sent, request_id: frozenset[str]()}
    return replace(where, schedule=schedule, sent=sent, rosters={})


def jobs_of(where: Situation, request: Request, start: int | None = None) -> tuple[Job, ...]:
    """Return every seat of every variant (with that start) that agrees with the request's pins."""
    return tuple(
        Job(request, variant, seat)
        for variant in variants(request, where.pins.get(request.id, ()))
        if start in (None, variant.start)
        for seat in variant.seats
    )


def languages_of(request: Request) -> tuple[str, ...]:
    """Return every language somebody may be needed for."""
    named = [code for item in request.languages for code in (item.code, item.relay) if code]
    return tuple(dict.fromkeys(named))


def of_language(where: Situation, request: Request) -> list[Person]:
    """Return the people who work in any of the request's languages."""
    found = [who for code in languages_of(request) for who in where.speakers.get(code, ())]
    return list(dict.fromkeys(found))


def stops_person(where: Situation, person: Person, job: Job) -> tuple[Violation, ...]:
    """Return every rule that stops this person from this job beside the plan.

    Somebody not available is judged as if the day nearest to the job were long enough for it.
    """
    return stopped_by(person, job, insertion_of(where, person, job))


def insertion_of(
    where: Situation, person: Person, job: Job, own: tuple[Held, ...] | None = None
) -> Insertion | None:
    """Return the job beside a person's work in the plan (or `own`); None without a day for it."""
    return beside(person, job, where.schedule.get(person.id, ()) if own is None else own)


def beside(person: Person, job: Job, own: tuple[Held, ...]) -> Insertion | None:
    """Return the job beside other work of a person; None without a day for it."""
    stay = person.stay(job)
    day = nearest_day(person.interpreter, job.seat.begin) if stay is None else stay.day
    if day is None:
        return None
    return Insertion(person, Held(job, day, person.place_of(job, day)), own)


def could_keep(person: Person, promise: Commitment, jobs: Iterable[Job]) -> bool:
    """Say whether a person with nothing else to do could keep a promise by one of these jobs.

    A promise nobody could keep is impossible: it does not count among those broken.
    """
    return any(
        matches(job.variant, job.seat, promise)
        and not stopped_by(person, job, beside(person, job, ()))
        for job in jobs
    )


def stopped_by(person: Person, job: Job, insertion: Insertion | None) -> tuple[Violation, ...]:
    """Return every rule that stops this person from a job as it would be inserted."""
    found = violations(person, job)
    if insertion is not None:
        found += insertion_violations(insertion)
    return tuple({(item.rule, item.request): item for item in reversed(found)}.values())[::-1]
