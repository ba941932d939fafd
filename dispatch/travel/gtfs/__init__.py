"""Reading a timetable in GTFS (gtfs.org, Schedule Reference) as the network of one working day."""

from dispatch.travel.gtfs.feed import Feed, read

__all__ = ["Feed", "read"]
