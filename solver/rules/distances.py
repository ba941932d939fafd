"""How long the way is: the travel of a problem as arrays, by number of profile and place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import asin, ceil, cos, sin, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.problem.travel import Profile, Travel

NO_WAY = -1
NOWHERE = -1
EARTH_RADIUS_KM = 6371.0

Whole = NDArray[np.int64]
Formulas = tuple[tuple[float, float], tuple[float, float]]
"""Two formulas, each fixed and per kilometre; the quicker counts."""

NO_TIME: Formulas = ((0.0, 0.0), (0.0, 0.0))


class Distances:
    """Travel times and straight lines between numbered places."""

    def __init__(self, travel: Travel) -> None:
        self.number = {place.id: index for index, place in enumerate(travel.places)}
        self._profiles = {profile.id: profile for profile in travel.profiles}
        self._matrices = {
            profile.id: _matrix(profile)
            for profile in travel.profiles
            if profile.matrix is not None
        }
        self._formulas = {
            profile.id: _formulas(profile, self._profiles) for profile in travel.profiles
        }
        self._asked: dict[tuple[str, int, int], int] = {}
        north = np.radians([place.latitude or 0.0 for place in travel.places] or [0.0])
        east = np.radians([place.longitude or 0.0 for place in travel.places] or [0.0])
        self._points = list(zip(north.tolist(), east.tolist(), strict=True))
        self._axes = (np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north))

    def place(self, id_: str | None) -> int:
        """Return the number of a place; NOWHERE for None."""
        return NOWHERE if id_ is None else self.number[id_]

    def units(self, profile: str | None, origins: Whole, targets: Whole) -> Whole:
        """Return time units on the way, elementwise; NO_WAY where there is none.

        From or to NOWHERE, and without a profile, it takes no time.
        """
        origins, targets = np.broadcast_arrays(origins, targets)
        if profile is None:
            return np.zeros(origins.shape, dtype=np.int64)
        if profile in self._matrices:
            taken = self._matrices[profile][origins, targets]
        else:
            taken = self._by_formula(self._formulas[profile], origins, targets)
        still = (origins == targets) | (origins == NOWHERE) | (targets == NOWHERE)
        return np.where(still, 0, taken)

    def of_profiles(
        self, profiles: Sequence[str | None], which: Whole, origins: Whole, targets: Whole
    ) -> Whole:
        """Return what `units` does, `which` giving the position of the profile of each way."""
        known = np.array([self._formulas.get(profile or "", NO_TIME) for profile in profiles])
        found = self._by_formula(np.moveaxis(known[which], (-2, -1), (0, 1)), origins, targets)
        for number, profile in enumerate(profiles):
            if profile in self._matrices:
                own = which == number
                found[own] = self._matrices[profile or ""][origins[own], targets[own]]
        still = (origins == targets) | (origins == NOWHERE) | (targets == NOWHERE)
        return np.where(still, 0, found)

    def one(self, profile: str | None, origin: int, target: int) -> int:
        """Return time units on one way, or NO_WAY."""
        if profile is None or origin == target or NOWHERE in (origin, target):
            return 0
        if profile in self._matrices:
            return int(self._matrices[profile][origin, target])
        way = profile, origin, target
        if way not in self._asked:
            far = self.far(origin, target)
            exact = min(fixed + per_km * far for fixed, per_km in self._formulas[profile])
            self._asked[way] = ceil(round(exact, 6))
        return self._asked[way]

    def far(self, origin: int, target: int) -> float:
        """Return the great-circle distance in kilometres between two places (haversine)."""
        south, west = self._points[origin]
        north, east = self._points[target]
        rise, turn = sin((north - south) / 2) ** 2, sin((east - west) / 2) ** 2
        chord = rise + cos(south) * cos(north) * turn
        return EARTH_RADIUS_KM * 2 * asin(sqrt(min(chord, 1.0)))

    def kilometres(self, origins: Whole, targets: Whole) -> NDArray[np.float64]:
        """Return the great-circle distance, elementwise, from the straight line through the earth.

        That is what `far` returns for one, without a sine and a cosine for each pair.
        """
        squares = sum((axis[targets] - axis[origins]) ** 2 for axis in self._axes)
        angle: NDArray[np.float64] = 2 * np.arcsin(np.sqrt(np.minimum(squares / 4, 1.0)))
        return EARTH_RADIUS_KM * angle

    def _by_formula(self, formulas: Any, origins: Whole, targets: Whole) -> Whole:
        """Return the quicker of two ways; their numbers may differ from element to element."""
        (fixed, per_km), (other_fixed, other_per_km) = formulas
        far = self.kilometres(origins, targets)
        exact = np.minimum(fixed + per_km * far, other_fixed + other_per_km * far)
        found: Whole = np.ceil(np.round(exact, 6)).astype(np.int64)
        return found


def _formulas(profile: Profile, known: Mapping[str, Profile]) -> Formulas:
    """Return the profile's formula and that of whoever is quicker, itself where nobody is named."""
    own = profile.fixed, profile.per_km or 0.0
    other = known.get(profile.no_slower_than or "")
    return own, own if other is None else (other.fixed, other.per_km or 0.0)


def _matrix(profile: Profile) -> Whole:
    rows = [[NO_WAY if item is None else item for item in row] for row in profile.matrix or ()]
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(rows))
