"""How long it takes by public transport, after the timetable."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from dispatch.cities import named
from dispatch.errors import Refusal, Several
from dispatch.travel import gtfs, scan
from dispatch.travel.estimate import Mode, Point, minutes
from dispatch.travel.times import UNKNOWN
from tests.dispatch.travel.feeds import STOPS, WHOLE_WEEK, hourly, written

HALL, EAST, SOUTH = Point(51.5113, 7.4652), Point(51.5113, 7.5352), Point(51.4613, 7.5352)
OUTSIDE = Point(51.6, 7.4)
MONDAY = date(2027, 3, 1)
DORTMUND = named("dortmund")
TIMES = "trip_id,arrival_time,departure_time,stop_id,stop_sequence"
TRIPS = "route_id,service_id,trip_id"


def feed(path: Path, **files: list[str] | None) -> gtfs.Feed:
    """The timetable of such files, read on a Monday of 2027."""
    return read(written(path / "feed.zip", **files))


def read(path: Path, today: date = MONDAY, near: Point = HALL) -> gtfs.Feed:
    """The timetable of a file."""
    return gtfs.read(path, [near], DORTMUND, today, lambda _name: None)


def way(path: Path, start: Point, end: Point, **files: list[str] | None) -> int:
    """Minutes from one place to another by such a timetable."""
    network = feed(path, **files).network
    return int(scan.table(network, [start], [end], lambda _done: None)[0, 0])


def line(trip: str, *stops: str, every: int, ride: int, first: int = 6) -> dict[str, list[str]]:
    """The files of a timetable with this one line only."""
    trips, times = hourly(trip, list(stops), every=every, ride=ride, first=first)
    return {"trips": [TRIPS, *trips], "stop_times": [TIMES, *times]}


def refusal(path: Path, **files: list[str] | None) -> str:
    """What is said of such a timetable."""
    with pytest.raises(Refusal) as refused:
        feed(path, **files)
    return str(refused.value)


def test_four_of_five_departures_wait_no_longer(tmp_path: Path) -> None:
    # To the stop and from it 3.2 minutes each, 10 on the way. It comes every 20 minutes, so the
    # departures take 18, 19 ... 37 minutes, as many of each: sixteen of twenty at most 33.
    assert way(tmp_path, HALL, EAST) == 33


def test_a_change_takes_its_time(tmp_path: Path) -> None:
    trips, times = hourly("a", ["hall", "east"], every=20, ride=10)
    onward, later = hourly("c", ["east", "south"], every=20, ride=10)
    files = {"trips": [TRIPS, *trips, *onward], "stop_times": [TIMES, *times, *later]}
    # Arriving at :10 and leaving at :20, the change of two minutes is made.
    changing = way(tmp_path, HALL, SOUTH, **files)
    assert changing == 33 + 10 + 10
    slow = ["from_stop_id,to_stop_id,transfer_type,min_transfer_time", "east,east,2,660"]
    assert way(tmp_path, HALL, SOUTH, transfers=slow, **files) == changing + 20
    never = ["from_stop_id,to_stop_id,transfer_type", "east,east,3"]
    on_foot = minutes(HALL, SOUTH, Mode.ON_FOOT)
    assert way(tmp_path, HALL, SOUTH, transfers=never, **files) == on_foot


def test_who_stays_on_board_does_not_change(tmp_path: Path) -> None:
    assert way(tmp_path, HALL, SOUTH) == 33 + 10


def test_one_walks_between_stops_across_the_street(tmp_path: Path) -> None:
    stops = [*STOPS, "across,51.5122,7.5352"]
    trips, times = hourly("a", ["hall", "east"], every=20, ride=10)
    onward, later = hourly("c", ["across", "south"], every=20, ride=10)
    files = {"trips": [TRIPS, *trips, *onward], "stop_times": [TIMES, *times, *later]}
    files["stops"] = ["stop_id,stop_lat,stop_lon", *stops]
    assert way(tmp_path, HALL, SOUTH, **files) == 33 + 10 + 10


def test_a_line_given_by_its_frequency_runs_so_often(tmp_path: Path) -> None:
    files = {
        "trips": [TRIPS, "line,S,t"],
        "stop_times": [TIMES, "t,00:00:00,00:00:00,hall,0", "t,00:10:00,00:10:00,east,1"],
        "frequencies": ["trip_id,start_time,end_time,headway_secs", "t,06:00:00,22:00:00,1200"],
    }
    assert way(tmp_path, HALL, EAST, **files) == 33


def test_times_go_on_after_midnight_and_are_filled_in_between(tmp_path: Path) -> None:
    rows = [
        "n,23:50:00,23:50:00,hall,0",
        "n,,,east,1",
        "n,24:30:00,24:30:00,south,2",
    ]
    network = feed(tmp_path, trips=[TRIPS, "line,S,n"], stop_times=[TIMES, *rows]).network
    assert network.departs.tolist() == [23 * 3600 + 50 * 60, 24 * 3600 + 10 * 60]
    assert network.arrives.tolist() == [24 * 3600 + 10 * 60, 24 * 3600 + 30 * 60]


def test_nobody_gets_on_where_one_only_gets_off(tmp_path: Path) -> None:
    files = line("t", "hall", "east", every=20, ride=10)
    closed = [f"{row},{'1' if ',hall,' in row else ''}" for row in files["stop_times"][1:]]
    files["stop_times"] = [f"{TIMES},pickup_type", *closed]
    assert way(tmp_path, HALL, EAST, **files) == minutes(HALL, EAST, Mode.ON_FOOT)


def test_without_a_stop_near_nothing_is_known(tmp_path: Path) -> None:
    table = scan.table(feed(tmp_path).network, [HALL, OUTSIDE], [OUTSIDE, HALL], lambda _done: None)
    assert table.tolist() == [[UNKNOWN, 0], [0, UNKNOWN]]


def test_more_origins_than_fit_at_once_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = feed(tmp_path).network
    points, done = [HALL, EAST, SOUTH], list[float]()
    whole = scan.table(network, points, points, done.append)
    monkeypatch.setattr(scan, "MOST_BYTES", 1)
    assert np.array_equal(whole, scan.table(network, points, points, done.append))
    assert done[-1] == 1.0


def test_a_working_day_is_taken_that_is_like_most(tmp_path: Path) -> None:
    exceptions = [
        "service_id,date,exception_type",
        "S,20270301,2",  # on this Monday nothing runs
        "extra,20270302,1",
    ]
    trips, times = hourly("t", ["hall", "east"], every=20, ride=10)
    more, extra = hourly("x", ["hall", "east"], every=20, ride=10)
    found = feed(
        tmp_path,
        calendar_dates=exceptions,
        trips=[TRIPS, *trips, *(row.replace(",S,", ",extra,") for row in more)],
        stop_times=[TIMES, *times, *extra],
    )
    assert found.day == date(2027, 3, 3)


def test_good_friday_is_no_working_day(tmp_path: Path) -> None:
    week = WHOLE_WEEK.replace("20270101,20271231", "20270326,20270330")
    found = feed(tmp_path, calendar=[_CALENDAR, week])
    assert found.day == date(2027, 3, 30)  # the Tuesday after Easter Monday


def test_a_timetable_says_whose_it_is_and_how_long_it_counts(tmp_path: Path) -> None:
    found = feed(tmp_path)
    assert (found.publisher, found.version) == ("Verkehrsverbund Beispiel", "2027-1")
    assert (found.valid_from, found.valid_until) == (date(2027, 1, 1), date(2027, 12, 31))
    assert feed(tmp_path, feed_info=None).publisher == "Stadtwerke"


_CALENDAR = (
    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date"
)


def test_what_is_wrong_is_said_with_file_and_row(tmp_path: Path) -> None:
    times = [TIMES, "t0,25:61:00,06:00:00,hall,0", "t0,06:10:00,06:10:00,nowhere,1"]
    with pytest.raises(Several) as refused:
        feed(tmp_path, stop_times=[*times, "x,06:10:00,06:10:00,east,1"])
    assert [str(each) for each in refused.value.refusals] == [
        "stop_times.txt, row 2: a time is none like 08:05:00, or stop_sequence no number",
        "stop_times.txt, row 3: there is no stop “nowhere” in stops.txt",
        "stop_times.txt, row 4: there is no trip “x” in trips.txt",
    ]
    backwards = [TIMES, "t0,06:10:00,06:10:00,hall,0", "t0,06:00:00,06:00:00,east,1"]
    assert "stop_times.txt, row 3: a time is earlier" in refusal(tmp_path, stop_times=backwards)
    open_end = [TIMES, "t0,06:10:00,06:10:00,hall,0", "t0,,,east,1"]
    assert "stop_times.txt, row 3: the first and the last" in refusal(tmp_path, stop_times=open_end)
    assert "stops.txt, row 2: stop_lat" in refusal(
        tmp_path, stops=["stop_id,stop_lat,stop_lon", "hall,north,7.4"]
    )
    assert "calendar.txt, row 2" in refusal(
        tmp_path, calendar=[_CALENDAR, "S,1,1,1,1,1,1,1,20270101,20260101"]
    )
    assert "frequencies.txt, row 2" in refusal(
        tmp_path, frequencies=["trip_id,start_time,end_time,headway_secs", "t0,6,7,0"]
    )
    assert "transfers.txt, row 2" in refusal(
        tmp_path, transfers=["from_stop_id,to_stop_id", "hall,nowhere"]
    )


def test_what_is_no_timetable_is_refused_in_a_sentence(tmp_path: Path) -> None:
    assert "There is no trips.txt" in refusal(tmp_path, trips=None)
    assert "no calendar.txt / calendar_dates.txt" in refusal(tmp_path, calendar=None)
    assert "no column stop_lat" in refusal(tmp_path, stops=["stop_id,stop_lon", "hall,7"])
    with pytest.raises(Refusal, match="ended on 2027-12-31"):
        read(written(tmp_path / "feed.zip"), today=date(2028, 1, 3))
    with pytest.raises(Refusal, match="lies near your sites"):
        read(written(tmp_path / "feed.zip"), near=Point(48.1, 11.6))
    text = tmp_path / "feed.txt"
    text.write_text("not a zip")
    with pytest.raises(Refusal, match="is no zip file"):
        read(text)


def test_a_file_made_to_fill_the_memory_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    assert "too large when unpacked" in refusal(tmp_path, stop_times=[TIMES, "x" * 80_000_000])
    assert "a line that does not end" in refusal(tmp_path, stop_times=[TIMES, "x" * 9_000_000])
