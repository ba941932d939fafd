"""A problem made ready for the method: requests with their variants, people with their days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from solver import terms
from solver.block import Block, Visit
from solver.commitments import Commitment
from solver.days import block_of
from solver.distances import Distances
from solver.people import Interpreter, WorkDay
from solver.person import Job, Person
from solver.problem import Problem
from solver.requests import Request
from solver.rules import PERSON_RULES, availability, busy, day_limit, fits
from solver.variants import Variant, is_team, matches, variants
from solver.weights import Term


@dataclass(frozen=True, slots=True)
class Ask:
    """A request with its variants, its pins and promises by interpreter."""

    request: Request
    variants: tuple[Variant, ...]
    team: bool
    pins: dict[str, Commitment]
    promises: dict[str, Commitment]


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything the method needs, by number of request and of block (a person's day)."""

    problem: Problem
    distances: Distances
    people: tuple[Person, ...]
    asks: tuple[Ask, ...]
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

    def keepable(self) -> set[tuple[str, str]]:
        """Return request and interpreter of the promises that could be kept."""
        return {
            (self.asks[visit.request].request.id, self.people[block.person].id)
            for block in self.blocks
            for visit in block.visits
            if visit.promised
        }


def compile_problem(problem: Problem) -> Instance:
    """Make a problem ready for the method."""
    distances = Distances(problem.travel)
    asks = tuple(_asks(problem))
    people = tuple(Person(interpreter, distances) for interpreter in problem.interpreters)
    bare = Instance(problem, distances, people, asks, ())
    return replace(bare, blocks=tuple(_blocks(bare)))


def _blocks(instance: Instance) -> Iterator[Block]:
    by_language = _by_language(instance.asks)
    for number, person in enumerate(instance.people):
        by_day: dict[int, list[Visit]] = defaultdict(list)
        for day, visit in _visits(instance, person, by_language):
            by_day[day.day].append(visit)
        leg_costs = instance.costs(terms.of_travel(person))
        day_costs = instance.costs(terms.of_day(person))
        for day in person.interpreter.days:
            if by_day[day.day]:
                block = block_of(person, number, day, by_day[day.day], leg_costs, day_costs)
                if block is not None:
                    yield block


def _asks(problem: Problem) -> Iterator[Ask]:
    pins: dict[str, dict[str, Commitment]] = defaultdict(dict)
    promises: dict[str, dict[str, Commitment]] = defaultdict(dict)
    for item in problem.commitments:
        (pins if item.kind == "pinned" else promises)[item.request][item.interpreter] = item
    for request in problem.requests:
        pinned = pins[request.id]
        found = variants(request, tuple(pinned.values()))
        yield Ask(request, found, is_team(request), pinned, promises[request.id])


def _by_language(asks: tuple[Ask, ...]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, ask in enumerate(asks):
        for code in sorted(
            {c for item in ask.request.languages for c in (item.code, item.relay) if c}
        ):
            found[code].append(number)
    return found


def _visits(
    instance: Instance, person: Person, by_language: dict[str, list[int]]
) -> Iterator[tuple[WorkDay, Visit]]:
    numbers = {number for code in person.languages for number in by_language.get(code, ())}
    numbers |= {number for number, ask in enumerate(instance.asks) if person.id in ask.pins}
    for number in sorted(numbers):
        ask = instance.asks[number]
        for position, variant in enumerate(ask.variants):
            for seat in variant.seats:
                job = Job(ask.request, variant, seat)
                day = _day_for(person, ask, job)
                if day is not None:
                    yield day, _visit(instance, person, number, position, job, day)


def _day_for(person: Person, ask: Ask, job: Job) -> WorkDay | None:
    """Return the day on which the person could do the job, ways aside; None if a rule forbids."""
    pin = ask.pins.get(person.id)
    if pin is not None:
        return _pinned_day(person.interpreter, ask.request, job, pin)
    if not fits(person, job, PERSON_RULES):
        return None
    if not fits(person, job, (availability, busy, day_limit)):
        return None
    stay = person.stay(job.busy_from, job.busy_to)
    return None if stay is None else stay.day


def _pinned_day(
    interpreter: Interpreter, request: Request, job: Job, pin: Commitment
) -> WorkDay | None:
    spoken = {item.code for item in interpreter.languages}
    speaks_any = spoken & {c for item in request.languages for c in (item.code, item.relay)}
    if speaks_any and job.seat.language not in spoken:
        return None
    if not matches(job.variant, job.seat, pin):
        return None
    return nearest_day(interpreter, pin.start)


def nearest_day(interpreter: Interpreter, time: int) -> WorkDay | None:
    """Return the day whose available time is nearest to `time`."""
    return min(interpreter.days, key=lambda day: (_distance(day, time), day.day), default=None)


def _distance(day: WorkDay, time: int) -> int:
    return min((max(0, i.start - time, time - i.end) for i in day.available), default=10**9)


def _visit(
    instance: Instance, person: Person, number: int, position: int, job: Job, day: WorkDay
) -> Visit:
    ask = instance.asks[number]
    amounts = terms.of_stop(person, job, instance.problem.units_per_hour)
    if not ask.team:
        amounts |= terms.of_variant(ask.request, job.variant)
    promise = ask.promises.get(person.id)
    if promise is not None and matches(job.variant, job.seat, promise):
        amounts[Term.PROMISES] = -promise.price
    return Visit(
        request=number,
        variant=position,
        seat=job.seat.number,
        language=job.seat.language,
        way=job.variant.way,
        place=person.place_of(job, day),
        begin=job.seat.begin,
        end=job.seat.end,
        busy_from=job.busy_from,
        busy_to=job.busy_to,
        pinned=person.id in ask.pins,
        promised=Term.PROMISES in amounts,
        costs=instance.costs(amounts),
    )
