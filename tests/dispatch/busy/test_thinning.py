"""A calendar is cut down to when somebody is busy, whatever it is written in, before it is read."""

from time import process_time

import pytest

from dispatch.busy.thinning import thinned
from tests.dispatch.busy.test_spans import AFTER, FIRST, LUNCH, busy, calendar

AT_LUNCH = ["02.03. 10:00 - 02.03. 11:00"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_calendar_may_be_written_in_what_programs_write(encoding: str) -> None:
    written = calendar(f"SUMMARY:Prüfung für Müller\n{LUNCH}").decode().encode(encoding)
    assert busy(written) == AT_LUNCH


def test_a_big_endian_calendar_with_its_mark_is_read_too() -> None:
    assert busy("\ufeff".encode("utf-16-be") + calendar(LUNCH).decode().encode("utf-16-be")) == (
        AT_LUNCH
    )


def test_titles_people_and_alarms_are_gone_before_anything_is_read() -> None:
    alarm = "BEGIN:VALARM\nTRIGGER:nonsense\nDESCRIPTION:SECRET\nEND:VALARM"
    said = f"SUMMARY:SECRET\nDESCRIPTION:SEC\n RET\nATTENDEE:mailto:secret@x.example\n{alarm}"
    whole = calendar(f"{LUNCH}\n{said}")
    assert b"secret" not in thinned(whole, FIRST, AFTER).lower()
    assert busy(whole) == AT_LUNCH


def test_what_happened_once_and_long_ago_is_left_out_and_what_repeats_is_not() -> None:
    long_ago = "DTSTART:20070302T100000Z\nDTEND:20070302T110000Z"
    weekly = "DTSTART:20070306T120000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;UNTIL=20270302T235959Z"
    whole = calendar(long_ago, weekly, LUNCH)
    assert thinned(whole, FIRST, AFTER).count(b"BEGIN:VEVENT") == 2
    assert busy(whole) == [*AT_LUNCH, "02.03. 12:00 - 02.03. 13:00"]


def test_an_event_that_was_put_back_to_long_ago_takes_no_time_now() -> None:
    before = f"UID:moved\nSEQUENCE:0\n{LUNCH}"
    since = "UID:moved\nSEQUENCE:1\nDTSTART:20070302T100000Z\nDTEND:20070302T110000Z"
    events = "".join(f"BEGIN:VEVENT\n{one}\nEND:VEVENT\n" for one in (before, since))
    assert busy(f"BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n".encode()) == []


def test_a_long_absence_that_began_before_counts() -> None:
    away = "DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20270303"
    assert busy(calendar(away)) == ["01.03. 00:00 - 02.03. 23:00"]


def test_five_megabytes_are_read_in_the_time_there_is() -> None:
    event = (
        "DTSTART;TZID=Europe/Berlin:{0}0302T100000\nDTEND;TZID=Europe/Berlin:{0}0302T110000\n"
        + "DESCRIPTION:{1}\nLOCATION:Ort"
    )
    events = [event.format(2010 + number % 17, "x" * 200) for number in range(14_000)]
    whole = calendar(*events, LUNCH)
    assert 4_500_000 < len(whole) < 5 * 1024 * 1024
    began = process_time()
    assert busy(whole) == AT_LUNCH
    assert process_time() - began < 2
