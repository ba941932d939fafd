"""Invitations as a recipient's client reads them (RFC 5545, 5546, 6047)."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from dispatch.assignments.messages import AssignmentFacts
from dispatch.calendar import invitation as calendar
from dispatch.database import transaction
from dispatch.messaging import service as messaging
from dispatch.messaging.rules import Channel
from dispatch.settings import active
from tests.approving import differing, parse
from tests.correspondence import (
    accept_and_cancel,
    deliver_all,
    foretell_secrets,
    in_the_sink,
    written,
)
from tests.factories import NOW

KIT = "INTEROP_KIT"
WANTED_SO = {
    "FAIL T02 recipient without RSVP=TRUE: Gmail/Outlook may not ask for or send an answer"
}
"""Who has accepted is not asked: buttons would promise that somebody reads the answers."""
EVENT = calendar.CalendarEvent(
    uid="0123456789abcdef0123456789abcdef@dragoman.example",
    sequence=0,
    stamped_at=NOW,
    starts_at=datetime(2027, 3, 27, 23, 0, tzinfo=UTC),
    ends_at=datetime(2027, 3, 28, 2, 0, tzinfo=UTC),
    time_zone="Europe/Berlin",
    summary="Einsatz 4711",
    location="Bürgerbüro; Straße „Am Hafen“, Aufgang C\\D, Lütgendortmund-Überruhr-Mitte",
    description="https://dragoman.example/assignments/4711",
    organizer_name="Dragoman",
    organizer_address="einsatz+00000000000000000000000000000001@dragoman.example",
    attendee_name="Yılmaz, Leyla: M. A.",
    attendee_address="leyla@beispiel.example",
)
MOVED = replace(
    EVENT,
    sequence=1,
    stamped_at=NOW + timedelta(hours=1),
    starts_at=EVENT.starts_at + timedelta(hours=1),
    ends_at=EVENT.ends_at + timedelta(hours=1),
)
FACTS = AssignmentFacts(
    number="4711",
    name="Leyla Yılmaz",
    day="Sa., 27.03.2027",
    short_day="Sa 27.03.",
    start="00:00",
    end="03:00",
    way="on_site",
    place="Lütgendortmund",
    district="Lütgendortmund",
    language="Türkisch",
    instead_of="",
    reason="",
    owed_minutes=0,
    office="Dolmetschvermittlung",
    phone="+49231000000",
    link="https://dragoman.example/assignments/4711",
    together="",
    team=0,
    arrives="",
    absences="",
    take_back_by="",
    take_back_hours=24,
    relay_with="",
)
OFF = replace(MOVED, sequence=2, stamped_at=NOW + timedelta(hours=2))


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """What the sink holds for the interpreter after ask, accept, cancel at one moment."""
    foretell_secrets(monkeypatch)
    accept_and_cancel("de")
    told = [message for message in written() if message.calendar_method]
    return [parse(in_the_sink(message).read_bytes()) for message in told]


def event_in(text: str | bytes) -> Event:
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event  # type: ignore[return-value, no-any-return]


def calendar_part(mail: EmailMessage) -> EmailMessage:
    (part,) = (part for part in mail.walk() if part.get_content_type() == "text/calendar")
    return part  # type: ignore[return-value]


def octets(part: EmailMessage) -> bytes:
    return part.get_payload(decode=True)  # type: ignore[return-value]


def test_request_update_and_cancel_read_as_approved() -> None:
    texts = {
        "calendar.request.ics": calendar.request(EVENT),
        "calendar.update.ics": calendar.request(MOVED),
        "calendar.cancel.ics": calendar.cancel(OFF),
    }
    assert differing(texts) == []


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Athens", "Europe/London"])
@pytest.mark.parametrize("month", range(1, 13))
def test_the_zone_says_the_same_as_the_worlds_time_zone_table(zone: str, month: int) -> None:
    starts_at = datetime(2027, month, 28, 12, tzinfo=UTC)
    event = replace(EVENT, time_zone=zone, starts_at=starts_at, ends_at=starts_at)
    (rules,) = Calendar.from_ical(calendar.request(event)).walk("VTIMEZONE")
    wall = starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert wall.replace(tzinfo=rules.to_tz(lookup_tzid=False)) == starts_at  # type: ignore[attr-defined]


SECOND_OF_TWO = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)  # 02:30 in Berlin, for the second time


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (SECOND_OF_TWO - timedelta(hours=1), SECOND_OF_TWO + timedelta(hours=3)),
        (SECOND_OF_TWO, SECOND_OF_TWO + timedelta(hours=3)),
        (SECOND_OF_TWO - timedelta(hours=3), SECOND_OF_TWO - timedelta(hours=1)),
        (SECOND_OF_TWO - timedelta(hours=3), SECOND_OF_TWO),
    ],
)
def test_in_the_hour_that_exists_twice_the_instants_are_named(
    start: datetime, end: datetime
) -> None:
    text = calendar.request(replace(EVENT, starts_at=start, ends_at=end))
    assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}\r\n" in text
    assert f"DTEND:{end:%Y%m%dT%H%M%SZ}\r\n" in text
    assert "VTIMEZONE" not in text


def test_who_has_accepted_is_not_asked_again() -> None:
    asked, accepted = (
        event_in(calendar.request(replace(EVENT, accepted=yes)))["ATTENDEE"].params
        for yes in (False, True)
    )
    assert (asked["PARTSTAT"], asked["RSVP"]) == ("NEEDS-ACTION", "TRUE")
    assert (accepted["PARTSTAT"], accepted["RSVP"]) == ("ACCEPTED", "FALSE")


@pytest.mark.parametrize("zone", ["Europe/Istanbul", "America/New_York", "Asia/Kolkata"])
def test_a_zone_without_the_european_rule_is_written_in_utc(zone: str) -> None:
    text = calendar.request(replace(EVENT, time_zone=zone))
    assert "VTIMEZONE" not in text
    assert "DTSTART:20270327T230000Z\r\n" in text
    assert event_in(text)["DTSTART"].dt == EVENT.starts_at


def test_lines_are_short_and_folded_between_characters() -> None:
    lines = calendar.request(EVENT).encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line for line in lines)
    assert all(line.decode() is not None for line in lines)


def test_texts_come_back_as_they_went_in() -> None:
    event = event_in(calendar.request(EVENT))
    assert str(event["LOCATION"]) == EVENT.location
    assert event["ATTENDEE"].params["CN"] == EVENT.attendee_name


def test_the_next_stamp_is_newer_even_within_the_same_second() -> None:
    assert calendar.next_stamp(NOW, NOW) == NOW + timedelta(seconds=1)
    assert calendar.next_stamp(NOW, NOW + timedelta(minutes=1)) == NOW + timedelta(minutes=1)


def test_nobody_can_guess_a_uid_or_a_token() -> None:
    uids = {calendar.new_uid("dragoman.example") for _ in range(100)}
    tokens = {calendar.new_token() for _ in range(100)}
    assert len(uids | tokens) == 200
    assert all(re.fullmatch(r"[0-9a-f]{32}@dragoman\.example", uid) for uid in uids)
    assert all(re.fullmatch(r"[0-9a-f]{32}", token) for token in tokens)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("frozen_clock", "session")
class TestTheMail:
    def test_holds_text_html_and_calendar_and_the_same_calendar_attached(
        self, mails: list[EmailMessage]
    ) -> None:
        for mail, method in zip(mails, ("REQUEST", "CANCEL"), strict=True):
            assert [part.get_content_type() for part in mail.walk()] == [
                "multipart/mixed",
                "multipart/alternative",
                "text/plain",
                "text/html",
                "text/calendar",
                "application/ics",
            ]
            part = calendar_part(mail)
            assert part["Content-Type"].params == {"charset": "utf-8", "method": method}
            assert part["Content-Transfer-Encoding"] == "base64"
            assert part.get_content_disposition() is None
            (attached,) = mail.iter_attachments()
            assert attached.get_content_disposition() == "attachment"
            assert octets(attached) == octets(part)  # type: ignore[arg-type]
            assert str(Calendar.from_ical(octets(part))["METHOD"]) == method

    def test_ends_every_line_of_the_calendar_with_crlf(self, mails: list[EmailMessage]) -> None:
        for mail in mails:
            assert re.findall(rb"(?<!\r)\n", octets(calendar_part(mail))) == []

    def test_comes_from_the_organizer_whose_address_carries_the_token(
        self, mails: list[EmailMessage]
    ) -> None:
        for mail in mails:
            (sender,) = mail["From"].addresses
            assert re.fullmatch(r"einsatz\+[0-9a-f]{32}", sender.username)
            organizer = event_in(octets(calendar_part(mail)))["ORGANIZER"]
            assert organizer == f"mailto:{sender.addr_spec}"
            assert organizer.params["CN"] == sender.display_name == active().city.office.name
            assert mail["Reply-To"] is mail["Auto-Submitted"] is None

    def test_asks_exactly_its_recipient(self, mails: list[EmailMessage]) -> None:
        for mail in mails:
            attendee = event_in(octets(calendar_part(mail)))["ATTENDEE"]
            assert attendee == f"mailto:{mail['To'].addresses[0].addr_spec}"
            assert attendee.params["PARTSTAT"] == "ACCEPTED"
            assert attendee.params["RSVP"] == "FALSE"

    def test_is_private_and_names_neither_topic_nor_a_place_that_is_not_public(
        self, mails: list[EmailMessage]
    ) -> None:
        for mail in mails:
            event = event_in(octets(calendar_part(mail)))
            assert event["CLASS"] == "PRIVATE"
            assert event["SUMMARY"] == "Einsatz 1"
            assert event.get("LOCATION", "Innenstadt-West") == "Innenstadt-West"
            assert re.fullmatch(r"http://127\.0\.0\.1:8000/assignments/1", event["DESCRIPTION"])  # type: ignore[arg-type]
            assert not event.walk("VALARM")

    def test_cancels_the_same_event_with_the_next_sequence(self, mails: list[EmailMessage]) -> None:
        asked, cancelled = (event_in(octets(calendar_part(mail))) for mail in mails)
        same = ("UID", "ORGANIZER", "ATTENDEE", "SUMMARY", "DTSTART", "DTEND")
        assert [asked[name] for name in same] == [cancelled[name] for name in same]
        assert (asked["SEQUENCE"], cancelled["SEQUENCE"]) == (0, 1)
        assert (asked["STATUS"], cancelled["STATUS"]) == ("CONFIRMED", "CANCELLED")
        assert cancelled["DTSTAMP"].dt > asked["DTSTAMP"].dt
        assert mails[0]["Message-ID"] != mails[1]["Message-ID"]


def reads_back(mails: list[Path]) -> None:
    """Judge with the parser of the project itself: one event, growing in SEQUENCE and DTSTAMP."""
    events = [event_in(octets(calendar_part(parse(mail.read_bytes())))) for mail in mails]
    assert len({event["UID"] for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == list(range(len(events)))
    stamps = [event["DTSTAMP"].dt for event in events]
    assert stamps == sorted(set(stamps))


def judge_of_the_kit(mails: list[Path]) -> None:
    """Judge with parsers nobody here wrote, where INTEROP_KIT names the folder they lie in."""
    judge = Path(os.environ[KIT]) / "judge_invite.py"
    python = os.environ.get("INTEROP_PY", sys.executable)
    said = subprocess.run(
        [python, judge, "--quiet", "--sequence", *mails], capture_output=True, text=True
    )
    failures = {line.strip() for line in said.stdout.splitlines() if " FAIL " in line}
    assert failures <= WANTED_SO, said.stdout + said.stderr
    assert "checks" in said.stdout, said.stderr


JUDGES = [reads_back, judge_of_the_kit] if KIT in os.environ else [reads_back]


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("frozen_clock", "session")
class TestJudges:
    def test_pass_what_is_sent_on_acceptance_and_cancellation(
        self, judge: Callable[[list[Path]], None]
    ) -> None:
        accept_and_cancel("de")
        judge([in_the_sink(message) for message in written() if message.calendar_method])

    def test_pass_an_update_in_between(self, judge: Callable[[list[Path]], None]) -> None:
        for method, text in (
            ("REQUEST", calendar.request(EVENT)),
            ("REQUEST", calendar.request(MOVED)),
            ("CANCEL", calendar.cancel(OFF)),
        ):
            with transaction():
                messaging.queue(
                    "assignment_confirmed",
                    channel=Channel.EMAIL,
                    recipient=messaging.Recipient(
                        EVENT.attendee_address, EVENT.attendee_name, "de"
                    ),
                    facts=FACTS,
                    about="assignment:4711",
                    now=NOW,
                    calendar=messaging.CalendarPart(method, text),
                    sender=EVENT.organizer_address,
                )
            deliver_all()
        judge([in_the_sink(message) for message in written()])
