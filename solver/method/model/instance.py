"""A problem made ready for the method: what there is to do, people with their days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from solver.evaluation import terms
from solver.evaluation.situation import could_keep
from solver.method.limits import Limits, Over
from solver.method.model.asks import Ask, asks_of
from solver.method.model.block import Block, Visits
from solver.method.model.days import block_of
from solver.method.model.eligibility import Eligible, eligible
from solver.method.model.tasks import Flags, Tasks, tasks_of
from solver.problem.people import Interpreter, WorkDay
from solver.problem.problem import Problem
from solver.problem.weights import Term
from solver.rules.distances import Distances, Whole
from solver.rules.person import Job, Person, nearest_day
from solver.rules.variants import Variant, matches


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything the method needs, by number of request and of block (a person's day)."""

    problem: Problem
    distances: Distances
    people: tuple[Person, ...]
    asks: tuple[Ask, ...]
    tasks: Tasks
    blocks: tuple[Block, ...]

    @property
    def levels(self) -> int:
        """Return the number of levels."""
        return len(self.problem.weights.levels)

    def costs(self, amounts: terms.Amounts) -> tuple[int, ...]:
        """Return the value of amounts in each level."""
        return terms.by_level(self.problem.weights, amounts)

    def variant_costs(self, ask: Ask, variant: Variant) -> tuple[int, ...]:
        """Return the value in each level of covering a request this way."""
        return self.costs(terms.of_variant(ask.request, variant))

    def job(self, task: int) -> Job:
        """Return what a task is."""
        return job_of(self.asks, self.tasks, task)

    def keepable(self) -> set[tuple[str, str]]:
        """Return request and interpreter of the promises that could be kept."""
        people = {person.id: person for person in self.people}
        return {
            (ask.request.id, id_)
            for ask in self.asks
            for id_, promise in ask.promises.items()
            if could_keep(people[id_], promise, _jobs_at(ask, promise.start))
        }


def compile_problem(problem: Problem, limits: Limits | None = None) -> Instance:
    """Make a problem ready for the method. Raises Over when the limits end it first."""
    distances = Distances(problem.travel)
    asks = tuple(asks_of(problem))
    tasks = tasks_of(asks, distances)
    people = tuple(Person(interpreter, distances) for interpreter in problem.interpreters)
    compiler = _Compiler(problem, asks, tasks)
    blocks: list[Block] = []
    for number, person in enumerate(people):
        for block in compiler.blocks(number, person):
            if limits is not None and limits.over():
                raise Over
            blocks.append(block)
    return Instance(problem, distances, people, asks, tasks, tuple(blocks))


def job_of(asks: Sequence[Ask], tasks: Tasks, task: int) -> Job:
    """Return what a task is."""
    ask = asks[tasks.request[task]]
    variant = ask.variants[tasks.variant[task]]
    return Job(ask.request, variant, variant.seats[tasks.seat[task]])


def _jobs_at(ask: Ask, start: int) -> Iterator[Job]:
    for variant in ask.variants:
        if variant.start == start:
            yield from (Job(ask.request, variant, seat) for seat in variant.seats)


class _Compiler:
    """Finds the days of one person after the other."""

    def __init__(self, problem: Problem, asks: tuple[Ask, ...], tasks: Tasks) -> None:
        self.problem, self.asks, self.tasks = problem, asks, tasks
        self.weights = problem.weights
        self.shared_costs = self._shared_costs()
        self.pinned: dict[str, list[int]] = {}
        self.promised: dict[str, list[int]] = {}
        for number, ask in enumerate(asks):
            for id_ in ask.pins:
                self.pinned.setdefault(id_, []).append(number)
            for id_ in ask.promises:
                self.promised.setdefault(id_, []).append(number)

    def blocks(self, number: int, person: Person) -> Iterator[Block]:
        """Yield the days of a person on which something is possible."""
        found = eligible(person, self.tasks, self.problem.units_per_hour)
        found = self._with_pins(person, found)
        leg_costs = terms.by_level(self.weights, terms.of_travel(person))
        day_costs = terms.by_level(self.weights, terms.of_day(person))
        for day in person.interpreter.days:
            chosen = np.flatnonzero(found.days == day.day)
            if len(chosen):
                visits = self._visits(person, day, found, chosen)
                block = block_of(person, number, day, visits, leg_costs, day_costs)
                if block is not None:
                    yield block

    def _shared_costs(self) -> Whole:
        """Return for each task by level what covering its request so adds; 0 for teams."""
        found = np.zeros((len(self.weights.levels), len(self.tasks.request)), dtype=np.int64)
        places = zip(self.tasks.request.tolist(), self.tasks.variant.tolist(), strict=True)
        known: dict[tuple[int, ...], tuple[int, ...]] = {}
        for index, (request, number) in enumerate(places):
            ask = self.asks[request]
            if not ask.team:
                variant = ask.variants[number]
                alike = (request, variant.variety, variant.way_cost, variant.handover)
                if alike not in known:
                    amounts = terms.of_variant(ask.request, variant)
                    known[alike] = terms.by_level(self.weights, amounts)
                found[:, index] = known[alike]
        return found

    def _visits(self, person: Person, day: WorkDay, found: Eligible, chosen: Whole) -> Visits:
        numbers = found.numbers[chosen]
        costs = self.shared_costs[:, numbers]
        for row, level in enumerate(self.weights.levels):
            for item in level.terms:
                if item.term in found.amounts:
                    costs[row] += item.factor * found.amounts[item.term][chosen]
        promised = self._add_promises(person, numbers, costs)
        remote = person.distances.place(day.remote if day.remote is not None else day.start)
        place = np.where(self.tasks.remote[numbers], remote, self.tasks.place[numbers])
        pinned = np.isin(self.tasks.request[numbers], self.pinned.get(person.id, []))
        return Visits(self.tasks, numbers, place, costs, pinned, promised)

    def _add_promises(self, person: Person, numbers: Whole, costs: Whole) -> Flags:
        """Take the price of a promise off the visits that keep it, and say which do."""
        promised = np.zeros(len(numbers), dtype=np.bool_)
        for request in self.promised.get(person.id, ()):
            promise = self.asks[request].promises[person.id]
            kept = terms.by_level(self.weights, {Term.PROMISES: -promise.price})
            for index in np.flatnonzero(self.tasks.request[numbers] == request):
                job = self._job(int(numbers[index]))
                if matches(job.variant, job.seat, promise):
                    promised[index] = True
                    costs[:, index] += kept
        return promised

    def _job(self, task: int) -> Job:
        return job_of(self.asks, self.tasks, task)

    def _with_pins(self, person: Person, found: Eligible) -> Eligible:
        """Return what is eligible with the pinned requests decided by their pins alone."""
        requests = self.pinned.get(person.id)
        if requests is None:
            return found
        others = ~np.isin(self.tasks.request[found.numbers], requests)
        pinned = [
            (int(task), day.day)
            for task in np.flatnonzero(np.isin(self.tasks.request, requests))
            if (day := self._pinned_day(person.interpreter, int(task))) is not None
        ]
        numbers = np.array([task for task, _ in pinned], dtype=np.int64)
        added = [
            terms.of_stop(person, self._job(task), self.problem.units_per_hour)
            for task, _ in pinned
        ]
        joined = np.concatenate([found.numbers[others], numbers])
        days = np.concatenate(
            [found.days[others], np.array([d for _, d in pinned], dtype=np.int64)]
        )
        order = np.argsort(joined)
        return Eligible(
            joined[order],
            days[order],
            {
                term: np.concatenate(
                    [amounts[others], np.array([each[term] for each in added], dtype=np.int64)]
                )[order]
                for term, amounts in found.amounts.items()
            },
        )

    def _pinned_day(self, interpreter: Interpreter, task: int) -> WorkDay | None:
        """Return the day a pinned task lies on; None if it is not what was pinned."""
        job = self._job(task)
        pin = self.asks[self.tasks.request[task]].pins[interpreter.id]
        spoken = {item.code for item in interpreter.languages}
        asked = {c for item in job.request.languages for c in (item.code, item.relay)}
        if pin.language is None and spoken & asked and job.seat.language not in spoken:
            return None
        if not matches(job.variant, job.seat, pin):
            return None
        return nearest_day(interpreter, pin.start)
