"""Answers to our calendar mails, in the shapes clients write them in (interop A.4)."""

import base64
import itertools
import quopri
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from dispatch.messaging.models import Message
from tests.factories import NOW

_numbers = itertools.count(1)
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Invited:
    """What a client knows of a calendar mail of ours, and what it answers."""

    organizer: str
    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    name: str
    address: str
    method: str = "REPLY"
    standing: str = "ACCEPTED"
    stamped_at: datetime = NOW + timedelta(minutes=5)
    comment: str = ""
    to: str = ""
    sender: str = ""

    @property
    def head(self) -> str:
        number = next(_numbers)
        return (
            f"From: {self.name} <{self.sender or self.address}>\r\n"
            f"To: <{self.to or self.organizer}>\r\n"
            f"Date: {self.stamped_at:%a, %d %b %Y %H:%M:%S +0000}\r\n"
            f"Message-ID: <{number}@client.example>\r\nMIME-Version: 1.0\r\n"
        )


def invited(message: Message) -> Invited:
    """Read a calendar mail of ours as a client does."""
    assert message.calendar_text
    (event,) = Calendar.from_ical(message.calendar_text).walk("VEVENT")
    return Invited(
        organizer=message.sender,
        uid=str(event["UID"]),
        sequence=int(str(event["SEQUENCE"])),
        starts_at=event["DTSTART"].dt.astimezone(UTC),
        ends_at=event["DTEND"].dt.astimezone(UTC),
        name=str(event["ATTENDEE"].params["CN"]),
        address=str(event["ATTENDEE"]).removeprefix("mailto:"),
    )


def _lines(one: Invited, *lines: str) -> bytes:
    text = ["BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{one.method}", *lines, "END:VCALENDAR"]
    return ("\r\n".join(line for line in text if line) + "\r\n").encode()


def _utc(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%SZ")


def _wall(at: datetime) -> str:
    return at.astimezone(BERLIN).strftime("%Y%m%dT%H%M%S")


def google(one: Invited) -> bytes:
    note = f';X-RESPONSE-COMMENT="{one.comment}"' if one.comment else ""
    text = _lines(
        one, "PRODID:-//Google Inc//Google Calendar 70.9054//EN", "BEGIN:VEVENT",
        f"DTSTART:{_utc(one.starts_at)}", f"DTEND:{_utc(one.ends_at)}",
        f"DTSTAMP:{_utc(one.stamped_at)}", f"ORGANIZER;CN=Dragoman:mailto:{one.organizer}",
        f"UID:{one.uid}",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT={one.standing};CN={one.name};X-NUM-GUESTS=0{note}"
        f":mailto:{one.address}",
        f"SEQUENCE:{one.sequence}", "STATUS:CONFIRMED", "SUMMARY:Einsatz", "END:VEVENT",
    )  # fmt: skip
    return (
        one.head
        + "Sender: Google Calendar <calendar-notification@google.com>\r\n"
        + "Auto-Submitted: auto-generated\r\nSubject: Accepted: Einsatz\r\n"
        + 'Content-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\n'
        + 'Content-Type: multipart/alternative; boundary="a"\r\n\r\n--a\r\n'
        + "Content-Type: text/plain; charset=UTF-8\r\n\r\nhas answered this invitation.\r\n--a\r\n"
        + f'Content-Type: text/calendar; charset="UTF-8"; method={one.method}\r\n\r\n'
    ).encode() + text + (
        b"\r\n--a--\r\n--m\r\nContent-Type: application/ics; name=invite.ics\r\n"
        b"Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(text) + b"--m--\r\n"
    )  # fmt: skip


def exchange(one: Invited) -> bytes:
    text = _lines(
        one, "PRODID:Microsoft Exchange Server 2010", "BEGIN:VTIMEZONE",
        "TZID:W. Europe Standard Time", "BEGIN:STANDARD", "DTSTART:16010101T030000",
        "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "END:STANDARD", "BEGIN:DAYLIGHT",
        "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE",
        "BEGIN:VEVENT",
        f"ATTENDEE;PARTSTAT={one.standing};CN={one.name}:mailto:{one.address}",
        f"COMMENT;LANGUAGE=de-DE:{one.comment}\\n", f"UID:{one.uid}",
        "SUMMARY;LANGUAGE=de-DE:Zugesagt: Einsatz",
        f"DTSTART;TZID=W. Europe Standard Time:{_wall(one.starts_at)}",
        f"DTEND;TZID=W. Europe Standard Time:{_wall(one.ends_at)}",
        f"DTSTAMP:{_utc(one.stamped_at)}", f"SEQUENCE:{one.sequence}",
        f"X-MICROSOFT-CDO-APPT-SEQUENCE:{one.sequence}", "END:VEVENT",
    )  # fmt: skip
    return (
        (
            one.head + "Subject: =?utf-8?q?Zugesagt=3A_Einsatz?=\r\n"
            'Content-Type: multipart/alternative; boundary="e"\r\n\r\n--e\r\n'
            "Content-Type: text/plain\r\n\r\n\r\n--e\r\n"
            f'Content-Type: text/calendar; charset="utf-8"; method={one.method}\r\n'
            "Content-Transfer-Encoding: base64\r\n\r\n"
        ).encode()
        + base64.encodebytes(text)
        + b"--e--\r\n"
    )


def apple(one: Invited) -> bytes:
    """The method stands in the calendar text alone, and that is an attachment."""
    return _apple(one, f"mailto:{one.address}", "text/calendar; name=iCal.ics")


def ios(one: Invited) -> bytes:
    """Who answers is a urn; the address stands in EMAIL."""
    who = "urn:uuid:00000000-0000-0000-0000-000000000001"
    return _apple(one, who, f"text/calendar; name=meeting.ics; method={one.method}")


def _apple(one: Invited, who: str, kind: str) -> bytes:
    text = _lines(
        one, "PRODID:-//Apple Inc.//macOS 14.0//EN", "BEGIN:VEVENT",
        f"DTEND;TZID=Europe/Berlin:{_wall(one.ends_at)}", f"UID:{one.uid}",
        f"DTSTAMP:{_utc(one.stamped_at)}", f"SEQUENCE:{one.sequence}", "SUMMARY:Einsatz",
        f"DTSTART;TZID=Europe/Berlin:{_wall(one.starts_at)}",
        f"COMMENT:{one.comment}" if one.comment else "",
        f'ATTENDEE;CN={one.name};EMAIL="{one.address}";PARTSTAT={one.standing}:{who}',
        "END:VEVENT",
    )  # fmt: skip
    disposition = "Content-Disposition: attachment\r\n" if "method" not in kind else ""
    return (
        (
            one.head + "Subject: Event accepted: Einsatz\r\n"
            'Content-Type: multipart/alternative; boundary="p"\r\n\r\n--p\r\n'
            "Content-Type: text/plain\r\n\r\nhas accepted your invitation.\r\n--p\r\n"
            f"{disposition}Content-Type: {kind}\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        ).encode()
        + quopri.encodestring(text)
        + b"\r\n--p--\r\n"
    )


def thunderbird(one: Invited) -> bytes:
    text = _lines(
        one, "PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN", "BEGIN:VEVENT",
        f"DTSTAMP:{_utc(one.stamped_at)}", f"UID:{one.uid}", "SUMMARY:Einsatz",
        f"ORGANIZER;CN=Dragoman:mailto:{one.organizer}",
        f"ATTENDEE;CN={one.name};PARTSTAT={one.standing};ROLE=REQ-PARTICIPANT:mailto:{one.address}",
        f"COMMENT:{one.comment}" if one.comment else "",
        f"DTSTART;TZID=Europe/Berlin:{_wall(one.starts_at)}",
        f"DTEND;TZID=Europe/Berlin:{_wall(one.ends_at)}", f"SEQUENCE:{one.sequence}", "END:VEVENT",
    )  # fmt: skip
    return (
        one.head + "Subject: Accepted: Einsatz\r\n"
        f"Content-type: text/calendar; method={one.method}; charset=UTF-8\r\n\r\n"
    ).encode() + text


CLIENTS: tuple[Callable[[Invited], bytes], ...] = (google, exchange, apple, ios, thunderbird)


def bounce(message: Message, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    """Report about a mail of ours, as mail servers do (RFC 3464)."""
    return (
        f"From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: <{message.sender}>\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <bounce@mx.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n"
        "\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {message.recipient}\r\n"
        f"Action: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} no such user here\r\n\r\n--b\r\n"
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{message.mail_id}>\r\n\r\n--b--\r\n"
    ).encode()


def letter(to: str, text: str = "Kann ich später kommen?", sender: str = "x@y.example") -> bytes:
    """Write by hand."""
    number = next(_numbers)
    return (
        f"From: Somebody <{sender}>\r\nTo: {to}\r\nSubject: Frage {number}\r\n"
        f"Message-ID: <{number}@client.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"{text}\r\n"
    ).encode()


def otherwise(one: Invited, **differently: object) -> Invited:
    """Return the same with something else in it."""
    return replace(one, **differently)  # type: ignore[arg-type]
