"""A GTFS file as a whole: whose it is, which days it speaks of, and the network of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask_babel import lazy_gettext as _l

from dispatch.cities import City
from dispatch.errors import Refusal
from dispatch.travel.estimate import Point
from dispatch.travel.gtfs import services, stops, trips
from dispatch.travel.gtfs.archive import Archive, Watch
from dispatch.travel.gtfs.calls import calls_of
from dispatch.travel.gtfs.connections import network_of
from dispatch.travel.network import Network


@dataclass(frozen=True)
class Feed:
    """Who publishes it under which version, from when to when it is valid, the day and its network.

    Publisher and version are empty where the file does not say.
    """

    publisher: str
    version: str
    valid_from: date
    valid_until: date
    day: date
    network: Network


def read(path: Path, points: Sequence[Point], city: City, today: date, watch: Watch) -> Feed:
    """Return the network of a working day around the points.

    `watch` is told which file is being read. Raises `Refusal` or `Several` naming file and row.
    """
    with Archive(path, watch) as archive:
        for name in ("stops.txt", "trips.txt", "stop_times.txt"):
            archive.require(name)
        archive.require("calendar.txt", "calendar_dates.txt")
        days = services.days_of(archive)
        day = services.working_day(days, trips.trips_by_service(archive), city, today)
        publisher, version = _source(archive)
        every = [each for known in days.values() for each in known]
        running = {service for service, known in days.items() if day in known}
        network = _network(archive, points, running)
    return Feed(publisher, version, min(every), max(every), day, network)


def _network(archive: Archive, points: Sequence[Point], running: set[str]) -> Network:
    known = stops.stops_of(archive, points)
    if not len(known.latitudes):
        raise Refusal(
            "no-stop-near",
            _l("No stop of this timetable lies near your sites; is it that of your city?"),
            field="file",
        )
    on_the_day = trips.trips_of(archive, running)
    return network_of(
        calls_of(archive, on_the_day, known),
        trips.repeated_of(archive, on_the_day),
        known,
        stops.walks_of(archive, known),
    )


def _source(archive: Archive) -> tuple[str, str]:
    for _number, row in archive.rows("feed_info.txt", "feed_publisher_name"):
        return row["feed_publisher_name"].strip(), row.get("feed_version", "").strip()
    for _number, row in archive.rows("agency.txt", "agency_name"):
        return row["agency_name"].strip(), ""
    return "", ""
