"""Travel as the problem states it: places, and for each profile a matrix or a formula."""

from typing import Annotated

from pydantic import Field

from solver.problem.value import Identifier, Length, Value


class Place(Value):
    """A point on earth in degrees; coordinates are needed for formulas and radii only."""

    id: Identifier
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None


class Profile(Value):
    """How long somebody is on the way, in time units; from a place to itself it is 0.

    Either `matrix`, with rows (from) and columns (to) in the order of the places and None where
    there is no way; or ceil(fixed + per_km * kilometres), the kilometres along the great circle.
    `no_slower_than` names the formula of another profile, for who may walk instead: the quicker
    of the two counts.
    """

    id: Identifier
    matrix: tuple[tuple[Length | None, ...], ...] | None = None
    fixed: Annotated[float, Field(ge=0, le=10**6)] = 0.0
    per_km: Annotated[float, Field(ge=0, le=10**6)] | None = None
    no_slower_than: Identifier | None = None


class Travel(Value):
    """All places and travel profiles. Without profiles nobody needs time on the way."""

    places: tuple[Place, ...] = ()
    profiles: tuple[Profile, ...] = ()
