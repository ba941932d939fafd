"""Busy time in calendars: recurrence, zones, whole days, what is free; and what would never end."""

import json
import os
import signal
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatch.busy import spans
from dispatch.busy.rules import Unreadable
from dispatch.busy.spans import busy_minutes

FIRST, AFTER = datetime(2027, 3, 1, tzinfo=UTC), datetime(2028, 4, 1, tzinfo=UTC)
LUNCH = "DTSTART:20270302T100000Z\nDTEND:20270302T110000Z"
KIT = Path(os.environ.get("INTEROP_KIT", "/nowhere"))


def calendar(*events: str, head: str = "") -> bytes:
    text = "".join(f"BEGIN:VEVENT\nUID:{n}\n{one}\nEND:VEVENT\n" for n, one in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{head}{text}END:VCALENDAR\n".encode()


def busy(octets: bytes, *, first: datetime = FIRST, after: datetime = AFTER) -> list[str]:
    """Return from when to when somebody is busy, in UTC."""
    found = busy_minutes(octets, "Europe/Berlin", first, after, "dragoman.example")
    return [f"{_shown(start)} - {_shown(end)}" for start, end in found]


def _shown(minute: int) -> str:
    return datetime.fromtimestamp(minute * 60, UTC).strftime("%d.%m. %H:%M")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART:20270302T100000Z\nDTEND:20270302T110000Z", ["02.03. 10:00 - 02.03. 11:00"]),
        ("DTSTART:20270302T100000\nDTEND:20270302T110000", ["02.03. 09:00 - 02.03. 10:00"]),
        (
            "DTSTART;TZID=Asia/Tokyo:20270302T100000\nDURATION:PT90M",
            ["02.03. 01:00 - 02.03. 02:30"],
        ),
        ("DTSTART;VALUE=DATE:20270302", ["01.03. 23:00 - 02.03. 23:00"]),
        ("DTSTART;VALUE=DATE:20270328", ["27.03. 23:00 - 28.03. 22:00"]),
        ("DTSTART:20270302T100000Z", []),
        ("DTSTART:20270302T100000Z\nDTEND:20270302T110000Z\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20270302T100000Z\nDTEND:20270302T110000Z\nSTATUS:CANCELLED", []),
        ("DTSTART:20270302T100000Z\nDTEND:20270302T110000Z\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        (
            "DTSTART:20270302T100000Z\nDTEND:20270302T110000Z\nSTATUS:TENTATIVE",
            ["02.03. 10:00 - 02.03. 11:00"],
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20270325T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2",
            ["25.03. 09:00 - 25.03. 10:00", "01.04. 08:00 - 01.04. 09:00"],
        ),
        (
            "DTSTART:20270302T100000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2;BYDAY=TU, WE",
            ["02.03. 10:00 - 02.03. 11:00", "03.03. 10:00 - 03.03. 11:00"],
        ),
        (
            "DTSTART:20270302T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n"
            "EXDATE:20270303T100000Z",
            ["02.03. 10:00 - 02.03. 11:00", "04.03. 10:00 - 04.03. 11:00"],
        ),
        ("DTSTART:20200101T000000Z\nDTEND:20200101T010000Z", []),
        (
            "DTSTART:20270302T100000Z\nDTEND:20270302T110000Z\n"
            "BEGIN:VALARM\nTRIGGER:nonsense\nACTION:DISPLAY\nEND:VALARM",
            ["02.03. 10:00 - 02.03. 11:00"],
        ),
        ("DTSTART:20270302T100000Z\nDTEND:20270302T110000Z\nUID:a@dragoman.example", []),
    ],
)  # fmt: skip
def test_when_somebody_is_busy(event: str, expected: list[str]) -> None:
    octets = calendar(event)
    if "UID:a" in event:
        octets = octets.replace(b"UID:0\n", b"")
    assert busy(octets) == expected


def test_one_of_a_row_that_was_moved_is_busy_where_it_is_now() -> None:
    row = "DTSTART:20270302T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2"
    moved = "RECURRENCE-ID:20270303T100000Z\nDTSTART:20270303T150000Z\nDURATION:PT1H"
    octets = calendar(row, moved).replace(b"UID:1", b"UID:0")
    assert busy(octets) == ["02.03. 10:00 - 02.03. 11:00", "03.03. 15:00 - 03.03. 16:00"]


def test_what_overlaps_is_one_and_free_busy_answers_count() -> None:
    octets = calendar(
        "DTSTART:20270302T100000Z\nDTEND:20270302T110000Z",
        "DTSTART:20270302T103000Z\nDTEND:20270302T120000Z",
    )
    assert busy(octets) == ["02.03. 10:00 - 02.03. 12:00"]
    answer = (
        b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VFREEBUSY\n"
        b"FREEBUSY:20270302T100000Z/PT1H,20270303T100000Z/20270303T113000Z\n"
        b"FREEBUSY;FBTYPE=FREE:20270304T100000Z/PT1H\nEND:VFREEBUSY\nEND:VCALENDAR\n"
    )
    assert busy(answer) == ["02.03. 10:00 - 02.03. 11:00", "03.03. 10:00 - 03.03. 11:30"]


def test_the_zone_a_calendar_names_counts_for_times_without_one() -> None:
    octets = calendar(
        "DTSTART:20270302T100000Z\nDTEND:20270302T110000Z", head="X-WR-TIMEZONE:America/New_York\n"
    )
    assert len(busy(octets)) == 1


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "no-calendar"),
        (b"<html>Sign in</html>", "no-calendar"),
        (b"\xff\xfe\x00", "no-calendar"),
        (calendar("DTSTART:20270302T100000Z\nRRULE:FREQ=SECONDLY;COUNT=1000000000"), "too-much"),
        (calendar("DTSTART:20270302T100000Z\nRRULE:FREQ=MINUTELY"), "too-much"),
    ],
)  # fmt: skip
def test_what_is_no_calendar_or_would_never_end_is_refused(octets: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as why:
        busy(octets)
    assert why.value.code == code


def test_more_than_anybody_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "MOST_SPANS", 3)
    with pytest.raises(Unreadable):
        busy(calendar("DTSTART:20270302T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=5"))


needs_kit = pytest.mark.skipif(not KIT.exists(), reason="needs the kit of other implementations")


@needs_kit
def test_where_other_programs_agree_ours_finds_the_same() -> None:
    """What is free or cancelled they list with the rest; of such files ours finds no more."""
    cases = json.loads((KIT / "corpus/expected_occurrences.json").read_text())
    compared, wrong = Counter[str](), []
    for case in cases:
        if "expected" not in case and any(case["counts"].values()):
            compared["number only"] += 1
            continue
        octets = (KIT / "corpus" / case["file"]).read_bytes()
        first, after = (datetime.fromisoformat(one) for one in case["window"])
        found = busy_minutes(octets, "Europe/Berlin", first, after, "dragoman.example")
        expected = _minutes(case.get("expected") or [], first, after)
        free = any(one in octets.upper() for one in (b"TRANSPARENT", b"CANCELLED", b"STATUS:FREE"))
        compared["free" if free else "same"] += 1
        is_right = _lies_in(found, expected) if free else found == expected
        wrong += [] if is_right else [case["file"]]
    assert wrong == []
    assert compared == {"same": 191, "free": 36, "number only": 3}


@needs_kit
def test_every_calendar_of_others_is_read_or_refused_within_two_seconds() -> None:
    def too_long(*_about: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, too_long)
    try:
        for file in sorted((KIT / "corpus/ics").iterdir()):
            signal.setitimer(signal.ITIMER_PROF, 2.0)
            with suppress(Unreadable):
                busy_minutes(file.read_bytes(), "Europe/Berlin", FIRST, AFTER, "dragoman.example")
            signal.setitimer(signal.ITIMER_PROF, 0)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _lies_in(found: list[list[int]], expected: list[list[int]]) -> bool:
    return all(any(a <= start and end <= b for a, b in expected) for start, end in found)


def _minutes(expected: list[list[str]], first: datetime, after: datetime) -> list[list[int]]:
    found = []
    for one in expected:
        start, end = (_instant(at) for at in one)
        start, end = max(start, first), min(end, after)
        if start < end:
            found.append((int(start.timestamp() // 60), -int(-end.timestamp() // 60)))
    return spans._merged(found)


def _instant(at: str) -> datetime:
    """Return an instant; a date is where it begins in the city."""
    if "T" in at:
        return datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Europe/Berlin"))
