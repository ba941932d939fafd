"""Faults of places, profiles and the references to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from solver.problem.errors import Fault

if TYPE_CHECKING:
    from solver.problem.problem import Problem
    from solver.problem.travel import Profile, Travel


def travel_faults(problem: Problem) -> Iterator[Fault]:
    """Yield what is wrong with travel and with the places and profiles named elsewhere."""
    places = [place.id for place in problem.travel.places]
    profiles = [profile.id for profile in problem.travel.profiles]
    for path, ids in (("travel.places", places), ("travel.profiles", profiles)):
        for id_, times in Counter(ids).items():
            if times > 1:
                yield Fault(path, repr(id_), f"it appears {times} times", "give each its own id")
    for index, profile in enumerate(problem.travel.profiles):
        yield from _profile_faults(f"travel.profiles[{index}]", profile, problem.travel)
    yield from _quicker_faults(problem.travel)
    known = set(places)
    for path, named in _named_places(problem):
        if named is not None and named not in known:
            yield Fault(path, repr(named), "no place has this id", "add it to travel.places")
    yield from _assigned_profiles(problem, set(profiles))
    yield from _radius_faults(problem)


def _profile_faults(path: str, profile: Profile, travel: Travel) -> Iterator[Fault]:
    if (profile.matrix is None) == (profile.per_km is None):
        yield Fault(
            path,
            repr(profile.id),
            "a profile is either a matrix or a formula",
            "give exactly one of matrix and per_km",
        )
    if profile.matrix is not None and profile.fixed:
        yield Fault(
            f"{path}.fixed",
            repr(profile.fixed),
            "it belongs to the formula and this profile has a matrix",
            "add it to the entries of the matrix and drop it",
        )
    if profile.matrix is not None:
        yield from _matrix_faults(f"{path}.matrix", profile.matrix, len(travel.places))
    if profile.per_km is not None:
        for index, place in enumerate(travel.places):
            if place.latitude is None or place.longitude is None:
                yield Fault(
                    f"travel.places[{index}]",
                    repr(place.id),
                    f"the formula of profile {profile.id!r} needs its coordinates",
                    "give latitude and longitude",
                )


def _quicker_faults(travel: Travel) -> Iterator[Fault]:
    formulas = {profile.id for profile in travel.profiles if profile.per_km is not None}
    for index, profile in enumerate(travel.profiles):
        named = profile.no_slower_than
        if named is not None and not {named, profile.id} <= formulas:
            yield Fault(
                f"travel.profiles[{index}].no_slower_than",
                repr(named),
                "only of two formulas the quicker can be taken",
                "name a profile with per_km, in a profile with per_km",
            )


def _matrix_faults(
    path: str, matrix: tuple[tuple[int | None, ...], ...], size: int
) -> Iterator[Fault]:
    if len(matrix) != size:
        yield Fault(path, f"{len(matrix)} rows", f"there are {size} places", "one row per place")
    for index, row in enumerate(matrix):
        if len(row) != size:
            yield Fault(
                f"{path}[{index}]",
                f"{len(row)} entries",
                f"there are {size} places",
                "give one entry per place",
            )
        elif index < size and row[index] != 0:
            yield Fault(
                f"{path}[{index}][{index}]",
                repr(row[index]),
                "from a place to itself it takes no time",
                "put 0 there",
            )


def _named_places(problem: Problem) -> Iterator[tuple[str, str | None]]:
    for index, person in enumerate(problem.interpreters):
        for number, day in enumerate(person.days):
            path = f"interpreters[{index}].days[{number}]"
            yield f"{path}.start", day.start
            yield f"{path}.end", day.end
            yield f"{path}.remote", day.remote
        for number, busy in enumerate(person.busy):
            yield f"interpreters[{index}].busy[{number}].place", busy.place
    for index, request in enumerate(problem.requests):
        yield f"requests[{index}].place", request.place


def _assigned_profiles(problem: Problem, known: set[str]) -> Iterator[Fault]:
    for index, person in enumerate(problem.interpreters):
        if person.travel_profile is not None and person.travel_profile not in known:
            yield Fault(
                f"interpreters[{index}].travel_profile",
                repr(person.travel_profile),
                "no travel profile has this id",
                "add it to travel.profiles",
            )


def _radius_faults(problem: Problem) -> Iterator[Fault]:
    if all(person.radius_km is None for person in problem.interpreters):
        return
    for index, place in enumerate(problem.travel.places):
        if place.latitude is None or place.longitude is None:
            yield Fault(
                f"travel.places[{index}]",
                repr(place.id),
                "a radius is asked for and this place has no coordinates",
                "give latitude and longitude",
            )
