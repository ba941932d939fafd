"""A part of a problem: complete in itself, small enough to be sent elsewhere as JSON."""

from __future__ import annotations

from collections.abc import Collection

from solver.problem.people import Interpreter
from solver.problem.problem import Problem
from solver.problem.requests import Request
from solver.problem.travel import Profile, Travel
from solver.problem.value import Value
from solver.problem.weights import Level, Term, Weights

APART = frozenset(Term) - {Term.TRAVEL, Term.TRAVEL_FEE, Term.DAY_FEE, Term.FAIRNESS}


class Part(Value):
    """A problem of its own; `exact` parts share nothing with the others of their split."""

    number: int
    exact: bool
    problem: Problem


def part_of_units(
    problem: Problem,
    number: int,
    requests: Collection[str],
    units: Collection[tuple[str, int]],
    *,
    exact: bool,
) -> Part:
    """Return the part with these requests and these days (interpreter, number) of people."""
    chosen = {id_ for id_, _ in units}
    people = tuple(
        person.model_copy(
            update={"days": tuple(day for day in person.days if (person.id, day.day) in units)}
        )
        for person in problem.interpreters
        if person.id in chosen
    )
    commitments = tuple(
        item
        for item in problem.commitments
        if item.request in requests and item.interpreter in chosen
    )
    asked = tuple(_among(item, chosen) for item in problem.requests if item.id in requests)
    update = {"interpreters": people, "requests": asked, "commitments": commitments}
    part = problem.model_copy(update=update)
    return Part(number=number, exact=exact, problem=_with_its_places(part))


def _among(request: Request, people: Collection[str]) -> Request:
    """Return the request with conditions that name nobody outside the part."""
    conditions = tuple(
        item.model_copy(
            update={"interpreters": tuple(id_ for id_ in item.interpreters if id_ in people)}
        )
        if hasattr(item, "interpreters")
        else item
        for item in request.conditions
    )
    return request.model_copy(update={"conditions": conditions})


def _with_its_places(problem: Problem) -> Problem:
    """Return the problem without the places nobody goes to."""
    used = {request.place for request in problem.requests}
    for person in problem.interpreters:
        used |= {place for day in person.days for place in (day.start, day.end, day.remote)}
        used |= {busy.place for busy in person.busy}
    kept = [n for n, place in enumerate(problem.travel.places) if place.id in used]
    travel = Travel(
        places=tuple(problem.travel.places[n] for n in kept),
        profiles=tuple(_of_places(profile, kept) for profile in problem.travel.profiles),
    )
    return problem.model_copy(update={"travel": travel})


def _of_places(profile: Profile, kept: list[int]) -> Profile:
    if profile.matrix is None:
        return profile
    matrix = tuple(tuple(profile.matrix[a][b] for b in kept) for a in kept)
    return profile.model_copy(update={"matrix": matrix})


def loosened(problem: Problem, part: Part) -> Problem:
    """Return a problem whose best value of the first level, summed over parts, bounds the whole.

    Everybody of the whole may work for every part at once, ways take no time, and of the
    objective only terms count that can be told request by request; the others are never negative.
    """
    ids = {request.id for request in part.problem.requests}
    first = problem.weights.levels[0]
    terms = tuple(item for item in first.terms if item.term in APART)
    return problem.model_copy(
        update={
            "interpreters": tuple(_still_free(person) for person in problem.interpreters),
            "requests": tuple(item for item in problem.requests if item.id in ids),
            "commitments": tuple(item for item in problem.commitments if item.request in ids),
            "disturb_at_most": None,
            "weights": Weights(levels=(Level(name=first.name, terms=terms),)),
        }
    )


def _still_free(person: Interpreter) -> Interpreter:
    """Return the person without ways and without limits that count other parts."""
    return person.model_copy(update={"travel_profile": None})
