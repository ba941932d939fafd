"""Faults of size: levels whose values could leave the whole numbers that are computed exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from solver.problem.errors import Fault
from solver.problem.value import LARGEST_TIME
from solver.problem.weights import Term

if TYPE_CHECKING:
    from solver.problem.problem import Problem
    from solver.problem.requests import Request

LARGEST_VALUE = 2**52


def size_faults(problem: Problem) -> Iterator[Fault]:
    """Yield levels that could become larger than what floating point keeps exact."""
    most = _most(problem)
    for index, level in enumerate(problem.weights.levels):
        value = sum(item.factor * most[item.term] for item in level.terms)
        if value > LARGEST_VALUE:
            yield Fault(
                f"weights.levels[{index}]",
                repr(level.name),
                f"its value may reach {value:.1e}, exact only up to {LARGEST_VALUE:.1e}",
                "choose smaller factors, prices or weights",
            )


def _most(problem: Problem) -> Mapping[Term, int]:
    """Return more than what each term can amount to."""
    requests, people = problem.requests, problem.interpreters
    seats = sum(map(_seats, requests))
    service = sum(_seats(request) * request.duration for request in requests)
    farthest = max((person.cost_per_travel_unit for person in people), default=0)
    penalties = sum(
        _seats(request) * (condition.penalty or 0)
        for request in requests
        for condition in request.conditions
    )
    travel = _travel(problem)
    return {
        Term.COVERAGE: sum(request.weight for request in requests),
        Term.PROMISES: sum(item.price for item in problem.commitments),
        Term.WISHES: penalties,
        Term.CONTINUITY: penalties,
        Term.VARIETY: sum(max((c.cost for c in r.languages), default=0) for r in requests),
        Term.WAY: sum(max((c.cost for c in r.ways), default=0) for r in requests),
        Term.HANDOVER: sum(
            r.handover.cost + r.handover.uneven * r.duration
            for r in requests
            if r.handover is not None
        ),
        Term.FAIRNESS: service,
        Term.TIER: seats * max((person.tier for person in people), default=0),
        Term.FEE: _fees(problem, seats, service),
        Term.TRAVEL_FEE: farthest * travel,
        Term.DAY_FEE: sum(person.cost_per_day * len(person.days) for person in people),
        Term.TRAVEL: travel,
        Term.WAITING: 0,
    }


def _fees(problem: Problem, seats: int, service: int) -> int:
    """Return what nobody is paid more than, were every seat theirs.

    Tariffs are looked at once each: many people have the same.
    """
    people, asked = problem.interpreters, problem.requests
    dearest = max((person.cost_per_hour for person in people if person.tariff is None), default=0)
    found = [dearest * service // problem.units_per_hour + seats]
    for tariff in {person.tariff for person in people if person.tariff is not None}:
        blocks = sum(_seats(each) * (each.duration // tariff.block + 1) for each in asked)
        least = max(tariff.minimum, tariff.first_cents)
        found.append(least * seats + tariff.block_cents * blocks)
    return max(found)


def _seats(request: Request) -> int:
    return max(request.interpreters, 2)


def _travel(problem: Problem) -> int:
    """Return more than all ways together: ways lie within days, those of pinned stops aside."""
    days = sum(
        max(item.end for item in day.available) - min(item.start for item in day.available)
        for person in problem.interpreters
        for day in person.days
        if day.available
    )
    pins = sum(item.kind == "pinned" for item in problem.commitments)
    return days + pins * 2 * LARGEST_TIME
