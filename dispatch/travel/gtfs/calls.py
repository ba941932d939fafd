"""Where and when the trips of the day stop: the rows of stop_times."""

from array import array
from dataclasses import dataclass

import numpy as np
from flask_babel import lazy_gettext as _l
from numpy.typing import NDArray

from dispatch.travel.gtfs.archive import Archive, Faults, Row
from dispatch.travel.gtfs.stops import Stops
from dispatch.travel.gtfs.trips import Trips, seconds_of

NAME = "stop_times.txt"
NONE = -1
"""No time is given, or the stop lies too far away."""

NOBODY = "1"
"""The pickup_type or drop_off_type of a stop where nobody gets on, or off."""

NO_BOARDING, NO_ALIGHTING = 1, 2

Column = NDArray[np.int32]


@dataclass(frozen=True)
class Calls:
    """One entry for each stop of each trip, in order; times are seconds since midnight."""

    trip: Column
    stop: Column
    arrives: Column
    departs: Column
    boards: NDArray[np.bool_]
    alights: NDArray[np.bool_]


def calls_of(archive: Archive, trips: Trips, stops: Stops) -> Calls:
    """Return the stops of the trips of the day, with times in between filled in.

    Stops too far away are left out. Raises `Several` naming rows that are wrong.
    """
    columns = [array("i") for _ in range(7)]
    faults = Faults(NAME)
    known: dict[str, int | None] = {"": NONE}
    wanted = ("trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time")
    for number, row in archive.rows(NAME, *wanted):
        if _is_wanted(number, row, trips, stops, faults):
            values = _values(row, trips, stops, known)
            if values is None:
                faults.add(number, _l("a time is none like 08:05:00, or stop_sequence no number"))
                continue
            for column, value in zip(columns, (*values, number), strict=True):
                column.append(value)
    faults.end()
    trip, order, stop, arrives, departs, closed, numbers = (
        np.array(column, dtype=np.int32) for column in columns
    )
    by_trip = np.lexsort((order, trip))
    trip, stop, closed, numbers = (one[by_trip] for one in (trip, stop, closed, numbers))
    arrives, departs = _filled(trip, arrives[by_trip], departs[by_trip], numbers)
    here = stop != NONE
    closed = closed[here]
    return Calls(
        trip[here],
        stop[here],
        arrives[here],
        departs[here],
        (closed & NO_BOARDING) == 0,
        (closed & NO_ALIGHTING) == 0,
    )


def _is_wanted(number: int, row: Row, trips: Trips, stops: Stops, faults: Faults) -> bool:
    """Tell whether the row is of a trip of the day; one of no trip or no stop is a fault."""
    trip, stop = row["trip_id"], row.get("stop_id", "")
    if trip not in trips:
        faults.add(number, _l("there is no trip “%(id)s” in trips.txt", id=trip))
        return False
    if trips[trip] is None:
        return False
    if stop not in stops.numbers:
        faults.add(number, _l("there is no stop “%(id)s” in stops.txt", id=stop))
        return False
    return True


def _values(
    row: Row, trips: Trips, stops: Stops, known: dict[str, int | None]
) -> tuple[int, ...] | None:
    """Return trip, order, stop, arrival, departure and what is closed there; None when wrong."""
    times = []
    for name in ("arrival_time", "departure_time"):
        text = row.get(name, "")
        if text not in known:
            known[text] = seconds_of(text)
        times.append(known[text])
    arrives, departs = times
    order = row.get("stop_sequence", "").strip()
    if arrives is None or departs is None or not order.isdecimal() or len(order) > 9:
        return None
    trip, stop = trips[row["trip_id"]], stops.numbers[row["stop_id"]]
    boarding = row.get("pickup_type", "").strip() == NOBODY
    alighting = row.get("drop_off_type", "").strip() == NOBODY
    return (
        NONE if trip is None else trip,
        int(order),
        NONE if stop is None else stop,
        departs if arrives == NONE else arrives,
        arrives if departs == NONE else departs,
        NO_BOARDING * boarding + NO_ALIGHTING * alighting,
    )


def _filled(
    trip: Column, arrives: Column, departs: Column, numbers: Column
) -> tuple[Column, Column]:
    """Return the times with those in between filled in, evenly from one known stop to the next."""
    faults = Faults(NAME)
    changes = np.append(True, trip[1:] != trip[:-1]) if len(trip) else np.empty(0, dtype=np.bool_)
    ends = changes | np.roll(changes, -1)
    for place in np.flatnonzero(ends & (arrives == NONE)):
        faults.add(int(numbers[place]), _l("the first and the last stop of a trip need a time"))
    faults.end()
    places = np.arange(len(trip))
    known = arrives != NONE
    before = np.maximum.accumulate(np.where(known, places, 0))
    after = np.minimum.accumulate(np.where(known, places, len(trip))[::-1])[::-1]
    steps = np.maximum(1, after - before)
    filled = departs[before] + (arrives[after] - departs[before]) * (places - before) // steps
    arrives = np.where(known, arrives, filled).astype(np.int32)
    departs = np.where(known, departs, filled).astype(np.int32)
    late = np.append(False, arrives[1:] < departs[:-1]) & ~changes if len(trip) else changes
    for place in np.flatnonzero(late | (departs < arrives)):
        faults.add(int(numbers[place]), _l("a time is earlier than the one before it"))
    faults.end()
    return arrives, departs
