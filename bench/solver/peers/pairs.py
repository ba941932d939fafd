"""What the peers need beforehand: who may do what, seats, and matrices of travel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.solver.day import ROAD_FACTOR, Ask, Day, Person
from bench.solver.scoring import EARTH_RADIUS_KM, may, near


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's part in a request. A request for two is two seats of half the weight.

    Whoever cannot keep the two together is given its earliest start only.
    """

    ask: Ask
    latest: int
    able: tuple[int, ...]

    @property
    def weight(self) -> float:
        """Return the seat's share of the weight."""
        return self.ask.weight / self.ask.n_interpreters


def seats_of(day: Day) -> list[Seat]:
    """Return the seats somebody could take."""
    return [
        Seat(ask, ask.latest if ask.n_interpreters == 1 else ask.earliest, able)
        for ask, able in zip(day.asks, eligible(day), strict=True)
        for _ in range(ask.n_interpreters)
        if able
    ]


def eligible(day: Day, *, spans: bool = False) -> list[tuple[int, ...]]:
    """Return for each request the numbers of those who may do it, the rest of their day aside.

    Of people with several spans of availability only those who may at every start, unless the
    method knows `spans`.
    """
    speakers: dict[str, list[int]] = defaultdict(list)
    for number, person in enumerate(day.people):
        for code in person.languages:
            speakers[code].append(number)
    return [
        tuple(number for number in speakers[ask.lang] if _may(day.people[number], ask, spans))
        for ask in day.asks
    ]


def _may(person: Person, ask: Ask, spans: bool) -> bool:
    if not near(person, ask):
        return False
    enough = any if spans or len(person.availability) == 1 else all
    return enough(may(person, ask, start) for start in ask.starts())


def kilometres(places: Sequence[Person | Ask]) -> NDArray[np.float64]:
    """Return the matrix of great-circle distances between all places."""
    latitude = np.radians([place.lat for place in places])
    longitude = np.radians([place.lon for place in places])
    rise = np.sin((latitude[:, None] - latitude) / 2) ** 2
    turn = np.sin((longitude[:, None] - longitude) / 2) ** 2
    chord = rise + np.cos(latitude[:, None]) * np.cos(latitude) * turn
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(chord, 1))))


def minutes(km: NDArray[np.float64], speed_kmh: int) -> NDArray[np.int64]:
    """Return the whole minutes on the way, rounded up as the scorer does."""
    return np.ceil(np.round(km * ROAD_FACTOR / speed_kmh * 60, 6)).astype(np.int64)
