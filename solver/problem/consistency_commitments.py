"""Faults of commitments: unknown ids and pins that contradict each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from solver.problem.errors import Fault

if TYPE_CHECKING:
    from solver.problem.commitments import Commitment
    from solver.problem.people import Interpreter
    from solver.problem.problem import Problem
    from solver.problem.requests import Request

Pin = tuple[str, "Commitment"]


def commitment_faults(problem: Problem) -> Iterator[Fault]:
    """Yield what is wrong with the commitments."""
    people = {person.id: person for person in problem.interpreters}
    requests = {request.id: request for request in problem.requests}
    pins: list[Pin] = []
    seen: set[tuple[str, str]] = set()
    for index, item in enumerate(problem.commitments):
        path = f"commitments[{index}]"
        if item.interpreter not in people:
            yield _unknown(f"{path}.interpreter", item.interpreter, "interpreter")
        if item.request not in requests:
            yield _unknown(f"{path}.request", item.request, "request")
        if (item.request, item.interpreter) in seen:
            yield Fault(
                path,
                repr((item.request, item.interpreter)),
                "this person is committed to this request twice",
                "keep one of the two",
            )
        seen.add((item.request, item.interpreter))
        if item.kind == "pinned" and item.request in requests:
            pins.append((path, item))
            yield from _choice_faults(path, item, requests[item.request])
            yield from _day_faults(path, people.get(item.interpreter))
    yield from _contradictions(pins, requests)


def _unknown(path: str, id_: str, kind: str) -> Fault:
    return Fault(path, repr(id_), f"no {kind} has this id", "name one of the problem or drop it")


def _choice_faults(path: str, item: Commitment, request: Request) -> Iterator[Fault]:
    if item.way is not None and item.way not in {choice.way for choice in request.ways}:
        yield Fault(
            f"{path}.way", repr(item.way.value), "the request does not allow it", "add it there"
        )
    codes = {code for choice in request.languages for code in (choice.code, choice.relay)}
    if item.language is not None and item.language not in codes:
        yield Fault(
            f"{path}.language", repr(item.language), "the request does not name it", "add it there"
        )


def _day_faults(path: str, person: Interpreter | None) -> Iterator[Fault]:
    if person is not None and not person.days:
        yield Fault(
            f"{path}.interpreter",
            repr(person.id),
            "somebody without a single day is pinned",
            "give this interpreter a day or unpin",
        )


def _contradictions(pins: list[Pin], requests: dict[str, Request]) -> Iterator[Fault]:
    by_person: dict[str, list[tuple[int, int, Pin]]] = defaultdict(list)
    by_request: dict[str, list[Pin]] = defaultdict(list)
    for path, pin in pins:
        request = requests[pin.request]
        by_request[pin.request].append((path, pin))
        if request.handover is None:
            span = (pin.start, pin.start + request.duration, (path, pin))
            by_person[pin.interpreter].append(span)
    for spans in by_person.values():
        spans.sort(key=lambda span: span[:2])
        for (_, end, (_, first)), (start, _, (path, second)) in pairwise(spans):
            if start < end:
                yield Fault(
                    path,
                    f"{second.request!r} at {second.start}",
                    f"{second.interpreter!r} is pinned to {first.request!r} until {end}",
                    "unpin one of the two",
                )
    for id_, team in by_request.items():
        yield from _team_contradictions(team, requests[id_])


def _team_contradictions(team: list[Pin], request: Request) -> Iterator[Fault]:
    path, first = team[0]
    most = max(map(len, _seats(request)), default=0)
    if len(team) > most:
        yield Fault(
            path,
            f"{len(team)} people",
            f"request {request.id!r} has room for {most}",
            "unpin some of them",
        )
    elif not any(_room(team, seats) for seats in _seats(request)):
        yield Fault(
            path,
            repr([pin.language for _, pin in team]),
            f"no choice of languages of request {request.id!r} has a seat for all these pins",
            "pin other languages or leave them open",
        )
    for other, pin in team[1:]:
        same_way = None in (pin.way, first.way) or pin.way == first.way
        if pin.start != first.start or not same_way:
            yield Fault(
                other,
                f"start {pin.start}",
                f"another pin of request {request.id!r} says {first.start} or another way",
                "pin the whole team alike",
            )


def _seats(request: Request) -> Iterator[list[str]]:
    """Yield the languages of the seats for each choice; who hands over needs a seat as well."""
    single = max(request.interpreters, 1 if request.handover is None else 2)
    for choice in request.languages:
        yield [choice.code] * single if choice.relay is None else [choice.code, choice.relay]


def _room(team: list[Pin], seats: list[str]) -> bool:
    asked = Counter(pin.language for _, pin in team if pin.language is not None)
    return len(team) <= len(seats) and asked <= Counter(seats)
