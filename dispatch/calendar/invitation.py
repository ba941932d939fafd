"""Invitations as calendars understand them (RFC 5545, RFC 5546): REQUEST and CANCEL."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vRecur,
    vText,
)

PRODUCT = "-//Dragoman//Interpreter dispatch//EN"
EUROPEAN_CHANGE_UTC_HOUR = 1


@dataclass(frozen=True)
class CalendarEvent:
    """One assignment in one person's calendar; instants are aware, addresses without mailto."""

    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    summary: str
    location: str
    description: str
    organizer_name: str
    organizer_address: str
    attendee_name: str
    attendee_address: str


def new_uid(domain: str) -> str:
    """Return a UID nobody can guess, of 128 random bits, in our domain (RFC 7986, 5.3)."""
    return f"{secrets.token_hex(16)}@{domain}"


def new_token() -> str:
    """Return what the organizer's plus-address carries, so that answers find their invitation."""
    return secrets.token_hex(16)


def request(event: CalendarEvent) -> str:
    """Return the text of an invitation or its update (METHOD:REQUEST, RFC 5546, 3.2.2)."""
    return _text("REQUEST", event)


def cancel(event: CalendarEvent) -> str:
    """Return the text that takes the event out of the calendar (METHOD:CANCEL, RFC 5546, 3.2.5)."""
    return _text("CANCEL", event)


def _text(method: str, event: CalendarEvent) -> str:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_zone(event.time_zone))
    calendar.add_component(_event(method, event))
    return str(calendar.to_ical().decode())


def _event(method: str, event: CalendarEvent) -> Event:
    place = ZoneInfo(event.time_zone)
    entry = Event()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.stamped_at)
    entry.add("dtstart", event.starts_at.astimezone(place))
    entry.add("dtend", event.ends_at.astimezone(place))
    entry.add("summary", event.summary)
    for name, text in (("location", event.location), ("description", event.description)):
        if text:
            entry.add(name, text)
    entry.add("class", "PRIVATE")
    entry.add("transp", "OPAQUE")
    entry.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    entry.add("organizer", _address(event.organizer_name, event.organizer_address))
    entry.add("attendee", _attendee(event))
    return entry


def _attendee(event: CalendarEvent) -> vCalAddress:
    attendee = _address(event.attendee_name, event.attendee_address)
    attendee.params.update(
        {
            "CUTYPE": vText("INDIVIDUAL"),
            "ROLE": vText("REQ-PARTICIPANT"),
            "PARTSTAT": vText("NEEDS-ACTION"),
            "RSVP": vText("TRUE"),
        }
    )
    return attendee


def _address(name: str, address: str) -> vCalAddress:
    value = vCalAddress(f"mailto:{address}")
    value.params["CN"] = vText(name)
    return value


def _zone(name: str) -> Timezone:
    """Return the zone with the rule of the European Union (Directive 2000/84/EC)."""
    place = ZoneInfo(name)
    zone = Timezone()
    zone.add("tzid", name)
    winter = datetime(1996, 1, 1, tzinfo=place).utcoffset() or timedelta()
    summer = datetime(1996, 7, 1, tzinfo=place).utcoffset() or timedelta()
    for part, month, day, before, after in (
        (TimezoneDaylight(), 3, 31, winter, summer),
        (TimezoneStandard(), 10, 27, summer, winter),
    ):
        first = datetime(1996, month, day, EUROPEAN_CHANGE_UTC_HOUR)  # noqa: DTZ001 - wall time
        part.add("dtstart", first + before)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", datetime(1996, month, 31, 12, tzinfo=place).tzname())
        part.add("rrule", vRecur(freq="YEARLY", bymonth=month, byday="-1SU"))
        zone.add_component(part)
    return zone
