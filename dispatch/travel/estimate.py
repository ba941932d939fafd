"""How long a way takes, estimated from the straight line and the way of travelling."""

from dataclasses import dataclass
from enum import StrEnum
from math import asin, ceil, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""


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
    """Minutes = ceil(fixed + per_km * straight-line kilometres)."""

    fixed: float
    per_km: float


@dataclass(frozen=True)
class Travel:
    """Minutes on the way and whether somebody measured them or a formula guessed."""

    minutes: int
    is_estimate: bool


PARKING_MINUTES = 6.0
WAITING_MINUTES = 5.0
_COEFFICIENTS = {
    Mode.CAR: Coefficients(2.2 + PARKING_MINUTES, 2.29),
    Mode.BICYCLE: Coefficients(1.9, 4.55),
    Mode.ON_FOOT: Coefficients(3.2, 13.57),
    Mode.PUBLIC_TRANSPORT: Coefficients(7.4 + WAITING_MINUTES, 8.85),
}


def coefficients(mode: Mode) -> Coefficients:
    """Return the estimate's formula for a mode, for whoever computes many ways at once.

    Fitted to door-to-door times between public transport stops in Heidelberg: car by OSRM,
    bicycle and on foot by Valhalla, public transport by connection scan over a cut timetable (on
    the pessimistic side). Looking for a parking space and waiting at the stop are assumptions.
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
    """Return the estimated whole minutes from door to door, rounded up; 0 for the same point."""
    if start == end:
        return 0
    formula = coefficients(mode)
    return ceil(formula.fixed + formula.per_km * kilometres(start, end))


def estimate(start: Point, end: Point, mode: Mode) -> Travel:
    """Return the minutes marked as what they are."""
    return Travel(minutes(start, end, mode), is_estimate=True)
