"""What comes back from calendars (RFC 5546): answers and proposals, as clients write them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Component

LARGEST_OCTETS = 200_000
"""An answer has one or two kilobytes; what is much longer is none, and would take long to read."""

MAILTO = re.compile(r"^mailto:", re.IGNORECASE)


class Method(StrEnum):
    """What an answer is, as far as we take any (RFC 5546, 1.4)."""

    REPLY = "REPLY"
    COUNTER = "COUNTER"
    """A proposal for another time."""


class Standing(StrEnum):
    """What an attendee answers (PARTSTAT, RFC 5545, 3.2.12)."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class UnreadableReply(ValueError):
    """The calendar text is damaged, too long, or none at all."""


@dataclass(frozen=True)
class Attendee:
    """Somebody who answers: address without mailto (small letters), name, PARTSTAT as written."""

    address: str
    name: str
    standing: str


@dataclass(frozen=True)
class Reply:
    """One calendar text that came in; nothing in it is trusted.

    `method` and `uid` are empty and times None where the text does not have them. `occurrence` is
    the one of a recurring event that is meant; ours have none.
    """

    method: str
    uid: str
    sequence: int
    stamped_at: datetime | None
    attendees: tuple[Attendee, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    occurrence: datetime | None
    comment: str


def read_reply(octets: bytes, method: str = "", zone_name: str = "UTC") -> Reply:
    """Return what a calendar text says.

    `method` is the one of the mail's Content-Type, which counts where the text has none. Times
    without a zone are read as wall times in `zone_name`. Raises `UnreadableReply` for what is
    damaged, too long or about several events.
    """
    from icalendar import Calendar  # loaded with the first answer, not with every start

    if len(octets) > LARGEST_OCTETS:
        raise UnreadableReply("too long")
    try:
        calendar = Calendar.from_ical(octets)
        events = calendar.walk("VEVENT")
        if len(events) != 1:
            raise UnreadableReply(f"{len(events)} events")
        return _reply(calendar, events[0], method, ZoneInfo(zone_name))
    except UnreadableReply:
        raise
    except Exception as damaged:  # the library's own refusals of what is in a text have no one type
        raise UnreadableReply(type(damaged).__name__) from damaged


def _reply(calendar: "Component", event: "Component", method: str, zone: ZoneInfo) -> Reply:
    # A line nobody can read leaves no property behind; whatever it was, a person has to look.
    if any(name is None for name, _fault in event.errors):
        raise UnreadableReply("a damaged line")
    return Reply(
        method=_text(calendar, "METHOD").upper() or method.upper(),
        uid=_text(event, "UID"),
        sequence=_sequence(event),
        stamped_at=_instant(event, "DTSTAMP", zone),
        attendees=tuple(_attendee(one) for one in _all(event, "ATTENDEE")),
        starts_at=_instant(event, "DTSTART", zone),
        ends_at=_instant(event, "DTEND", zone),
        occurrence=_instant(event, "RECURRENCE-ID", zone),
        comment=_comment(event),
    )


def _all(component: "Component", name: str) -> Iterator[Any]:
    found = component.get(name)
    if found is not None:
        yield from found if isinstance(found, list) else [found]


def _text(component: "Component", name: str) -> str:
    return str(next(_all(component, name), "")).strip()


def _sequence(event: "Component") -> int:
    """Return SEQUENCE; Exchange's own number only where that is missing or nothing."""
    numbers = (_text(event, name) for name in ("SEQUENCE", "X-MICROSOFT-CDO-APPT-SEQUENCE"))
    return next((int(one) for one in numbers if one.isdecimal() and int(one)), 0)


def _attendee(value: Any) -> Attendee:
    """Return who answers; where Apple writes a urn, the address stands in EMAIL."""
    address = str(value.params.get("EMAIL", "")) or str(value)
    return Attendee(
        address=MAILTO.sub("", address).strip().lower(),
        name=str(value.params.get("CN", "")).strip(),
        standing=str(value.params.get("PARTSTAT", "")).upper(),
    )


def _instant(event: "Component", name: str, zone: ZoneInfo) -> datetime | None:
    """Return a time as an instant; a day is its first moment in the zone."""
    value = next(_all(event, name), None)
    found = getattr(value, "dt", None)
    if isinstance(found, datetime):
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    if isinstance(found, date):
        return datetime.combine(found, time.min, zone).astimezone(UTC)
    return None


def _comment(event: "Component") -> str:
    """Return what somebody wrote beside the answer: COMMENT, or Google's own parameter."""
    comments = [str(one) for one in _all(event, "COMMENT")]
    notes = [
        str(one.params.get("X-RESPONSE-COMMENT", "")).replace("\\,", ",").replace("\\;", ";")
        for one in _all(event, "ATTENDEE")
    ]
    return _lines(comments + notes)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(one.strip() for one in texts if one.strip())
