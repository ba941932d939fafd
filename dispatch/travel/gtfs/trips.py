"""The trips of one day, and those that are given by their frequency."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from dispatch.travel.gtfs.archive import Archive, Faults

Trips = Mapping[str, int | None]
"""The number of each trip by its id; None for one that does not run on the day.

What began the day before, with times beyond 24:00, has come to its end by 7 o'clock.
"""


@dataclass(frozen=True)
class Repeated:
    """A trip that sets out from `first` to before `last` every `headway`, all in seconds."""

    first: int
    last: int
    headway: int


def trips_by_service(archive: Archive) -> Counter[str]:
    """Return how many trips there are of each service."""
    found = archive.rows("trips.txt", "service_id", "trip_id")
    return Counter(row["service_id"] for _number, row in found)


def trips_of(archive: Archive, running: set[str]) -> Trips:
    """Return all trips, those of the running services with a number."""
    numbers: dict[str, int | None] = {}
    faults = Faults("trips.txt")
    count = 0
    for number, row in archive.rows("trips.txt", "service_id", "trip_id"):
        id_ = row["trip_id"]
        if id_ in numbers:
            faults.add(number, _l("the trip “%(id)s” stands in the file twice", id=id_))
        runs = row["service_id"] in running
        numbers[id_] = count if runs else None
        count += runs
    faults.end()
    return numbers


def repeated_of(archive: Archive, trips: Trips) -> dict[int, list[Repeated]]:
    """Return how often trips repeat that are given by their frequency."""
    found: dict[int, list[Repeated]] = defaultdict(list)
    faults = Faults("frequencies.txt")
    columns = ("trip_id", "start_time", "end_time", "headway_secs")
    for number, row in archive.rows("frequencies.txt", *columns):
        if row["trip_id"] not in trips:
            faults.add(number, _l("there is no trip “%(id)s” in trips.txt", id=row["trip_id"]))
            continue
        first, last = seconds_of(row["start_time"]), seconds_of(row["end_time"])
        headway = row["headway_secs"].strip()
        if first is None or last is None or not headway.isdecimal() or int(headway) < 1:
            faults.add(number, _l("start_time, end_time or headway_secs is no time"))
        elif (trip := trips[row["trip_id"]]) is not None:
            found[trip].append(Repeated(first, last, int(headway)))
    faults.end()
    return found


def seconds_of(text: str) -> int | None:
    """Return the seconds since midnight of a time like 8:05:00 or 25:10:00; None for no time."""
    parts = text.strip().split(":")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 3 for part in parts):
        return None
    hours, minutes, seconds = map(int, parts)
    return hours * 3600 + minutes * 60 + seconds if minutes < 60 and seconds < 60 else None
