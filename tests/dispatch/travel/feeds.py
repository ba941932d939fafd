"""Small timetables that tests make themselves."""

import zipfile
from pathlib import Path

WHOLE_WEEK = "S,1,1,1,1,1,0,0,20270101,20271231"
STOPS = [
    "hall,51.5113,7.4652",  # by the city hall
    "east,51.5113,7.5352",
    "south,51.4613,7.5352",
]


def hourly(trip: str, stops: list[str], *, every: int, ride: int, first: int = 6, last: int = 22):
    """Rows of trips.txt and stop_times.txt: a line that runs all day, times in minutes."""
    trips, times = [], []
    for number, start in enumerate(range(first * 60, last * 60, every)):
        trips.append(f"line,S,{trip}{number}")
        for order, stop in enumerate(stops):
            at = start + order * ride
            clock = f"{at // 60:02}:{at % 60:02}:00"
            times.append(f"{trip}{number},{clock},{clock},{stop},{order}")
    return trips, times


def written(path: Path, **files: list[str] | None) -> Path:
    """A GTFS file with one line from hall over east to south and back, every 20 minutes.

    What is named replaces a file of that name, rows with a heading; None leaves it out.
    """
    there, back = (
        hourly(name, stops, every=20, ride=10)
        for name, stops in (("t", ["hall", "east", "south"]), ("b", ["south", "east", "hall"]))
    )
    contents: dict[str, list[str] | None] = {
        "agency": ["agency_name,agency_url,agency_timezone", "Stadtwerke,https://x,Europe/Berlin"],
        "feed_info": [
            "feed_publisher_name,feed_publisher_url,feed_lang,feed_version",
            "Verkehrsverbund Beispiel,https://beispiel.example,de,2027-1",
        ],
        "stops": ["stop_id,stop_lat,stop_lon", *STOPS],
        "routes": ["route_id,route_type", "line,3"],
        "trips": ["route_id,service_id,trip_id", *there[0], *back[0]],
        "stop_times": [
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence",
            *there[1],
            *back[1],
        ],
        "calendar": [
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
            "start_date,end_date",
            WHOLE_WEEK,
        ],
    } | files
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, rows in contents.items():
            if rows is not None:
                packed.writestr(f"{name}.txt", "\n".join(rows) + "\n")
    return path
