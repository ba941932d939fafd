"""How long a way takes, estimated from the straight line and the way of travelling.

What is not known otherwise is taken from here by plan, check and page alike (`queries`): another
radius or rounding somewhere else would refuse on adoption what a tight plan promised.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import asin, ceil, cos, radians, sin, sqrt
from typing import NamedTuple, Protocol

EARTH_RADIUS_KM = 6371.0
"""The sphere of the solver."""

ROUNDED_TO = 6
"""Decimals of a minute that count before it is rounded up, so that 12.0000000001 stays 12."""


class Mode(StrEnum):
    """How somebody travels."""

    CAR = "car"
    BICYCLE = "bicycle"
    ON_FOOT = "on_foot"
    PUBLIC_TRANSPORT = "public_transport"


class Point(NamedTuple):
    """A place on earth in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Coefficients:
    """Minutes = fixed + per_km * straight-line kilometres."""

    fixed: float
    per_km: float


class Stop(Protocol):
    """What stands before or after a way in somebody's day; the buffers are minutes."""

    @property
    def point(self) -> Point: ...  # noqa: D102
    @property
    def buffer_before_minutes(self) -> int: ...  # noqa: D102
    @property
    def buffer_after_minutes(self) -> int: ...  # noqa: D102


PARKING_MINUTES = 6.0
WAITING_MINUTES = 5.0
_COEFFICIENTS = {
    Mode.CAR: Coefficients(2.2 + PARKING_MINUTES, 2.29),
    Mode.BICYCLE: Coefficients(1.9, 4.55),
    Mode.ON_FOOT: Coefficients(3.2, 13.57),
    Mode.PUBLIC_TRANSPORT: Coefficients(7.4 + WAITING_MINUTES, 3.4),
}


def coefficients(mode: Mode) -> Coefficients:
    """Return the estimate's formula for a mode, for whoever computes many ways at once.

    Where the formula of `ON_FOOT` is quicker, that one counts. The numbers and their sources
    stand in decision 0019.
    """
    return _COEFFICIENTS[mode]


def kilometres(start: Point, end: Point) -> float:
    """Return the great-circle distance in kilometres (haversine)."""
    latitude_start, latitude_end = radians(start.latitude), radians(end.latitude)
    half_latitude = (latitude_end - latitude_start) / 2
    half_longitude = radians(end.longitude - start.longitude) / 2
    haversine = (
        sin(half_latitude) ** 2 + cos(latitude_start) * cos(latitude_end) * sin(half_longitude) ** 2
    )
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, haversine)))


def minutes(start: Point, end: Point, mode: Mode) -> int:
    """Return the estimated whole minutes from door to door, rounded up; 0 for the same point.

    Nobody waits for a bus that is slower than walking.
    """
    if start == end:
        return 0
    far = kilometres(start, end)
    ways = (coefficients(mode), coefficients(Mode.ON_FOOT))
    return ceil(round(min(way.fixed + way.per_km * far for way in ways), ROUNDED_TO))


def gap_needed(first: Stop, then: Stop, way: int) -> int:
    """Return the minutes that must lie between the end of one stop and the start of the next.

    `way` is how many minutes it takes from the one to the other. Who stays at one place needs
    none: the buffer before comes once, when one arrives, and the one after once, when one leaves.
    """
    if first.point == then.point:
        return 0
    return first.buffer_after_minutes + way + then.buffer_before_minutes
