"""The stops of a timetable and how one changes between them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from flask_babel import lazy_gettext as _l
from numpy.typing import NDArray

from dispatch.travel.estimate import EARTH_RADIUS_KM, Mode, Point, coefficients
from dispatch.travel.gtfs.archive import Archive, Faults, Row

TRANSFER_SECONDS = 120
"""What a transfer takes where the timetable says nothing; an assumption."""

WALK_KM = 0.3
"""Between stops so near people walk although the timetable does not say so."""

AROUND_DEGREES = 0.15
"""Stops farther from all places in latitude or longitude are not needed."""

IMPOSSIBLE, MINIMUM, SIMPLE = "3", "2", {"", "0", "1"}


@dataclass(frozen=True)
class Stops:
    """The stops by number; `numbers` tells that of an id, None where it lies too far away."""

    numbers: Mapping[str, int | None]
    latitudes: NDArray[np.float64]
    longitudes: NDArray[np.float64]
    members: Mapping[str, Sequence[int]]
    """The stops of a station, and of a stop itself."""


def stops_of(archive: Archive, points: Sequence[Point]) -> Stops:
    """Return the stops around the points. Raises `Several` naming rows that are wrong."""
    faults = Faults("stops.txt")
    numbers: dict[str, int | None] = {}
    members: dict[str, list[int]] = defaultdict(list)
    found: list[Point] = []
    for number, row in archive.rows("stops.txt", "stop_id", "stop_lat", "stop_lon"):
        id_, kind = row["stop_id"], row.get("location_type", "").strip()
        if id_ in numbers:
            faults.add(number, _l("the stop “%(id)s” stands in the file twice", id=id_))
        numbers[id_] = None
        if kind not in {"", "0"}:
            continue  # a station, an entrance: no vehicle stops there
        point = _point(row)
        if point is None:
            faults.add(number, _l("stop_lat and stop_lon are no degrees"))
        elif _is_around(point, points):
            numbers[id_] = len(found)
            for name in {id_, row.get("parent_station", "")} - {""}:
                members[name].append(len(found))
            found.append(point)
    faults.end()
    return Stops(
        numbers,
        np.array([point.latitude for point in found], dtype=np.float64),
        np.array([point.longitude for point in found], dtype=np.float64),
        members,
    )


def walks_of(archive: Archive, stops: Stops) -> list[tuple[int, int, int]]:
    """Return (from, to, seconds) for every transfer: what the timetable says, else what is near."""
    walks = dict(_near(stops))
    faults = Faults("transfers.txt")
    for number, row in archive.rows("transfers.txt", "from_stop_id", "to_stop_id"):
        if any(row.get(name, "").strip() for name in _FOR_SOME_VEHICLES):
            continue
        start, end = row["from_stop_id"], row["to_stop_id"]
        unknown = [
            each for each in (start, end) if each not in stops.numbers and each not in stops.members
        ]
        if unknown:
            faults.add(number, _l("there is no stop “%(id)s” in stops.txt", id=unknown[0]))
            continue
        _apply(walks, row, stops.members.get(start, ()), stops.members.get(end, ()))
    faults.end()
    return [(start, end, seconds) for (start, end), seconds in walks.items()]


_FOR_SOME_VEHICLES = ("from_route_id", "to_route_id", "from_trip_id", "to_trip_id")


def _apply(
    walks: dict[tuple[int, int], int], row: Row, starts: Sequence[int], ends: Sequence[int]
) -> None:
    kind, least = row.get("transfer_type", "").strip(), row.get("min_transfer_time", "").strip()
    for way in ((start, end) for start in starts for end in ends):
        if kind == IMPOSSIBLE:
            walks.pop(way, None)
        elif kind == MINIMUM and least.isdigit():
            walks[way] = int(least)
        elif kind in SIMPLE:
            walks.setdefault(way, TRANSFER_SECONDS)


def _near(stops: Stops) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield how long it takes on foot between stops near each other, and to change at one."""
    on_foot = coefficients(Mode.ON_FOOT)
    east = stops.longitudes * np.cos(np.radians(stops.latitudes))
    km = np.radians(EARTH_RADIUS_KM)
    order = np.argsort(stops.latitudes, kind="stable")
    north = stops.latitudes[order]
    for start in range(len(north)):
        one = int(order[start])
        until = np.searchsorted(north, north[start] + WALK_KM / km, side="right")
        others = order[start:until]
        far = km * np.hypot(
            stops.latitudes[others] - stops.latitudes[one], east[others] - east[one]
        )
        for other, distance in zip(others.tolist(), far.tolist(), strict=True):
            if distance <= WALK_KM:
                seconds = max(TRANSFER_SECONDS, ceil(60 * on_foot.per_km * distance))
                yield (one, other), seconds
                yield (other, one), seconds


def _point(row: Row) -> Point | None:
    try:
        point = Point(float(row["stop_lat"]), float(row["stop_lon"]))
    except (ValueError, KeyError):
        return None
    return point if abs(point.latitude) <= 90 and abs(point.longitude) <= 180 else None


def _is_around(point: Point, points: Sequence[Point]) -> bool:
    return any(
        abs(point.latitude - one.latitude) <= AROUND_DEGREES
        and abs(point.longitude - one.longitude) <= AROUND_DEGREES
        for one in points
    )
