"""Faults that lie between the parts of a problem: unknown ids, windows, contradictions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from solver.problem.consistency_commitments import commitment_faults
from solver.problem.consistency_size import size_faults
from solver.problem.consistency_travel import travel_faults
from solver.problem.errors import Fault
from solver.problem.requests import Way
from solver.problem.weights import Term

if TYPE_CHECKING:
    from solver.problem.people import Break, Interpreter
    from solver.problem.problem import Problem
    from solver.problem.requests import Handover, Request

MOST_STARTS = 2000
OWN_ID = "give each its own id"


def faults_of(problem: Problem) -> tuple[Fault, ...]:
    """Return everything wrong between the parts, in the order of the problem."""
    return tuple(_faults(problem))


def _faults(problem: Problem) -> Iterator[Fault]:
    yield from _repeated("interpreters", (p.id for p in problem.interpreters), OWN_ID)
    yield from _repeated("requests", (r.id for r in problem.requests), OWN_ID)
    yield from _level_faults(problem)
    for index, person in enumerate(problem.interpreters):
        yield from _interpreter_faults(f"interpreters[{index}]", person)
    known = {person.id for person in problem.interpreters}
    for index, request in enumerate(problem.requests):
        yield from _request_faults(f"requests[{index}]", request, known)
    yield from travel_faults(problem)
    yield from commitment_faults(problem)
    yield from size_faults(problem)


def _repeated(path: str, ids: Iterable[object], remedy: str = "name it once") -> Iterator[Fault]:
    for id_, times in Counter(ids).items():
        if times > 1:
            yield Fault(path, repr(id_), f"it appears {times} times", remedy)


def _level_faults(problem: Problem) -> Iterator[Fault]:
    levels = problem.weights.levels
    if not levels:
        yield Fault("weights.levels", "empty", "no level is named", "name one or leave them out")
    yield from _repeated("weights.levels", (level.name for level in levels))
    terms = [item.term.value for level in levels for item in level.terms]
    yield from _repeated("weights.levels", terms)
    for index, level in enumerate(levels):
        if any(item.term is Term.WAITING for item in level.terms):
            yield Fault(
                f"weights.levels[{index}]",
                "'waiting'",
                "waiting decides among plans equal in all levels and cannot be weighed",
                "leave it out",
            )


def _empty(path: str, spans: Iterable[tuple[int, int]], first: int = 0) -> Iterator[Fault]:
    for index, (start, end) in enumerate(spans, first):
        if end <= start:
            yield Fault(
                f"{path}[{index}]",
                f"[{start}, {end})",
                "it does not end after it begins",
                "swap its times or drop it",
            )


def _interpreter_faults(path: str, person: Interpreter) -> Iterator[Fault]:
    yield from _repeated(f"{path}.languages", (item.code for item in person.languages))
    yield from _repeated(f"{path}.days", (day.day for day in person.days))
    yield from _repeated(f"{path}.worked", (item.week for item in person.worked))
    yield from _empty(f"{path}.busy", ((item.start, item.end) for item in person.busy))
    yield from _empty(f"{path}.paid_idle", ((item.start, item.end) for item in person.paid_idle))
    yield from _tariff_faults(path, person)
    yield from _overlapping(f"{path}.paid_idle", [(i.start, i.end) for i in person.paid_idle])
    for number, proof in enumerate(person.qualifications):
        if proof.valid_from is not None and proof.valid_until is not None:
            validity = [(proof.valid_from, proof.valid_until)]
            yield from _empty(f"{path}.qualifications", validity, number)
    spans = []
    for number, day in enumerate(person.days):
        available = [(item.start, item.end) for item in day.available]
        yield from _empty(f"{path}.days[{number}].available", available)
        yield from _break_faults(f"{path}.days[{number}].breaks", day.breaks)
        spans += available
    yield from _overlapping(f"{path}.days", spans)


def _tariff_faults(path: str, person: Interpreter) -> Iterator[Fault]:
    tariff = person.tariff
    if tariff is None:
        return
    if person.cost_per_hour:
        yield Fault(
            f"{path}.cost_per_hour",
            str(person.cost_per_hour),
            "service time is paid by the tariff",
            "leave one of the two out",
        )
    if tariff.first == 0 and tariff.first_cents:
        yield Fault(
            f"{path}.tariff.first_cents",
            str(tariff.first_cents),
            "the first block has no length",
            "say in `first` how long it is, or drop its price",
        )


def _break_faults(path: str, breaks: Iterable[Break]) -> Iterator[Fault]:
    for index, item in enumerate(breaks):
        if item.length == 0:
            yield Fault(
                f"{path}[{index}].length", "0", "it has no length", "give it one or drop it"
            )
        if item.latest - item.earliest < item.length:
            yield Fault(
                f"{path}[{index}]",
                f"{item.length}",
                "the break is longer than the time it may be taken in",
                "shorten it or widen the time",
            )


def _overlapping(path: str, spans: list[tuple[int, int]]) -> Iterator[Fault]:
    ordered = sorted(spans)
    for (start, end), (following, _) in pairwise(ordered):
        if following < end:
            yield Fault(
                path,
                f"[{start}, {end})",
                f"it overlaps the interval that starts at {following}",
                "join or cut them",
            )


def _request_faults(path: str, request: Request, known: set[str]) -> Iterator[Fault]:
    if not request.ways:
        yield Fault(f"{path}.ways", "empty", "no way is named", "name at least one")
    if request.place is None and any(choice.way is Way.ON_SITE for choice in request.ways):
        yield Fault(f"{path}.place", "None", "a job on site needs a place", "name the place")
    yield from _repeated(f"{path}.ways", (choice.way.value for choice in request.ways))
    yield from _language_faults(path, request)
    yield from _window_faults(path, request)
    yield from _team_faults(path, request)
    for index, condition in enumerate(request.conditions):
        for id_ in getattr(condition, "interpreters", ()):
            if id_ not in known:
                yield Fault(
                    f"{path}.conditions[{index}].interpreters",
                    repr(id_),
                    "no interpreter has this id",
                    "name one of the problem's interpreters or drop it",
                )


def _language_faults(path: str, request: Request) -> Iterator[Fault]:
    if not request.languages:
        yield Fault(f"{path}.languages", "empty", "no language is named", "name at least one")
    for index, choice in enumerate(request.languages):
        if choice.relay == choice.code:
            yield Fault(
                f"{path}.languages[{index}].relay",
                repr(choice.relay),
                "it is the language itself",
                "name the other language of the two people or drop it",
            )
    yield from _repeated(f"{path}.languages", ((c.code, c.relay) for c in request.languages))


def _window_faults(path: str, request: Request) -> Iterator[Fault]:
    starts = request.starts()
    if len(starts) == 0:
        yield Fault(
            f"{path}.latest",
            str(request.latest),
            f"it lies before the earliest start {request.earliest}",
            "swap them",
        )
    if len(starts) > MOST_STARTS:
        yield Fault(
            f"{path}.step",
            str(request.step),
            f"the window has {len(starts)} possible starts, more than {MOST_STARTS}",
            "choose a longer step or a shorter window",
        )


def _team_faults(path: str, request: Request) -> Iterator[Fault]:
    relay = any(choice.relay is not None for choice in request.languages)
    if request.interpreters > 1 and (relay or request.handover is not None):
        yield Fault(
            f"{path}.interpreters",
            str(request.interpreters),
            "relay and hand-over are for requests for one interpreter",
            "ask for one, or drop relay and hand-over",
        )
    if request.handover is not None:
        yield from _handover_faults(f"{path}.handover", request.handover, request.duration)


def _handover_faults(path: str, handover: Handover, duration: int) -> Iterator[Fault]:
    if handover.at is not None and handover.at >= duration:
        yield Fault(
            f"{path}.at",
            str(handover.at),
            f"the job is over then, it lasts {duration}",
            "name an earlier time or drop the hand-over",
        )
    if duration < 2 * handover.least:
        yield Fault(
            f"{path}.least",
            str(handover.least),
            f"two such parts do not fit into a duration of {duration}",
            "shorten the parts or drop the hand-over",
        )
    if handover.overlap >= duration:
        yield Fault(
            f"{path}.overlap",
            str(handover.overlap),
            f"both would be there for all of a duration of {duration}",
            "shorten it, or ask for two interpreters",
        )
