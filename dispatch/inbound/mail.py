"""What a mail that came in says: who, to which address of ours, which calendar text, which report.

Headers are read by the older of Python's two policies: the newer one refuses or takes long over
what strangers write. Nothing in a mail is trusted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from dispatch.inbound.reports import Report, read_report

LONGEST_HEADER = 10_000
LONGEST_TEXT = 10_000
MOST_OCTETS_READ = 200_000
MOST_PARTS = 200
ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
CALENDAR_TYPES = frozenset({"text/calendar", "application/ics"})
TAGS = re.compile(r"<style[^<]*</style>|<[^<>]*>", re.DOTALL | re.IGNORECASE)


class UnreadableMail(ValueError):
    """The mail is built in a way nobody can take apart."""


@dataclass(frozen=True)
class CalendarText:
    """A calendar text in a mail, and the method its Content-Type gives ("" for none)."""

    octets: bytes
    method: str


@dataclass(frozen=True)
class ReceivedMail:
    """One mail, taken apart; addresses are in small letters, `text` is what was written.

    Of a very long one it is the beginning, and `is_cut` says so.
    """

    sender: str
    sender_name: str
    addressed: tuple[str, ...]
    subject: str
    written_at: datetime | None
    text: str
    is_cut: bool
    calendars: tuple[CalendarText, ...]
    report: Report | None


def read_mail(octets: bytes) -> ReceivedMail:
    """Take a mail apart.

    Calendar texts are found in any part, attachments too, but never in a mail that was forwarded
    or came back: that one has not been answered. Raises `UnreadableMail`.
    """
    try:
        return _read(message_from_bytes(octets))
    except (MessageError, ValueError, LookupError, TypeError, RecursionError) as damaged:
        raise UnreadableMail(type(damaged).__name__) from damaged


def _read(mail: Message) -> ReceivedMail:
    names = getaddresses([header(mail, "From")])
    name, sender = names[0] if names else ("", "")
    parts = list(_parts(mail))
    text, is_cut = _text(parts)
    return ReceivedMail(
        sender=sender.lower(),
        sender_name=name,
        addressed=tuple(
            address.lower()
            for one in ADDRESSED
            for _name, address in getaddresses([header(mail, one)])
        ),
        subject=header(mail, "Subject"),
        written_at=_date(header(mail, "Date")),
        text=text,
        is_cut=is_cut,
        calendars=tuple(_calendars(parts)),
        report=read_report(mail),
    )


def header(mail: Message, name: str) -> str:
    """Return a header in one line, decoded as far as it can be; every one of its name."""
    found = []
    for value in mail.get_all(name, []):
        line = " ".join(str(value)[:LONGEST_HEADER].split())
        try:
            found.append(str(make_header(decode_header(line))))
        except (MessageError, ValueError, LookupError):
            found.append(line)
    return ", ".join(found).replace("\x00", "")


def _parts(mail: Message) -> Iterator[Message]:
    """Yield the parts that say something themselves, at most so many."""
    waiting, seen = [mail], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        kind = part.get_content_type()
        if kind in {"message/rfc822", "multipart/report"}:
            continue
        if part.is_multipart():
            waiting = [*(one for one in part.get_payload() if isinstance(one, Message)), *waiting]
        else:
            yield part


def _calendars(parts: list[Message]) -> Iterator[CalendarText]:
    for part in parts:
        name = part.get_filename("") or str(part.get_param("name") or "")
        if part.get_content_type() in CALENDAR_TYPES or name.lower().endswith(".ics"):
            yield CalendarText(_octets(part), str(part.get_param("method") or "").upper())


def _octets(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(parts: list[Message]) -> tuple[str, bool]:
    """Return what a person wrote, plain text or else HTML without its tags, and if it is cut."""
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and (octets := _octets(part)):
                return _readable(octets, part.get_content_charset("utf-8"), kind)
    return "", False


def _readable(octets: bytes, charset: str, kind: str) -> tuple[str, bool]:
    read = octets[:MOST_OCTETS_READ]
    try:
        text = read.decode(charset, "replace")
    except LookupError:
        text = read.decode("utf-8", "replace")
    if kind == "text/html":
        text = TAGS.sub(" ", text)
    lines = (" ".join(line.split()) for line in text.replace("\x00", "").splitlines())
    text = "\n".join(line for line in lines if line)
    return text[:LONGEST_TEXT], len(text) > LONGEST_TEXT or len(read) < len(octets)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
