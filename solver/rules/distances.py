"""How long the way is: the travel of a problem as arrays, by number of profile and place."""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, ceil, cos, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from solver.problem.travel import Profile, Travel

NO_WAY = -1
NOWHERE = -1
EARTH_RADIUS_KM = 6371.0

Whole = NDArray[np.int64]


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
            taken = self._formula(self._profiles[profile], origins, targets)
        still = (origins == targets) | (origins == NOWHERE) | (targets == NOWHERE)
        return np.where(still, 0, taken)

    def of_profiles(
        self, profiles: Sequence[str | None], which: Whole, origins: Whole, targets: Whole
    ) -> Whole:
        """Return what `units` does, `which` giving the position of the profile of each way."""
        known = [self._profiles.get(profile or "") for profile in profiles]
        fixed = np.array([0.0 if item is None else item.fixed for item in known])
        per_km = np.array([0.0 if item is None else item.per_km or 0.0 for item in known])
        exact = fixed[which] + per_km[which] * self.kilometres(origins, targets)
        found = np.ceil(np.round(exact, 6)).astype(np.int64)
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
            formula = self._profiles[profile]
            exact = formula.fixed + (formula.per_km or 0.0) * self.far(origin, target)
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

    def _formula(self, profile: Profile, origins: Whole, targets: Whole) -> Whole:
        exact = profile.fixed + (profile.per_km or 0.0) * self.kilometres(origins, targets)
        return np.ceil(np.round(exact, 6)).astype(np.int64)


def _matrix(profile: Profile) -> Whole:
    rows = [[NO_WAY if item is None else item for item in row] for row in profile.matrix or ()]
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(rows))
