"""Invitations as calendars understand them (RFC 5545, RFC 5546): REQUEST and CANCEL."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

SMALLEST_STEP = timedelta(seconds=1)  # of a DTSTAMP


@dataclass(frozen=True)
class CalendarEvent:
    """One assignment in one person's calendar; instants are aware, addresses without mailto.

    `url` is where a talk by video takes place (RFC 5545, 3.8.4.6).

    `accepted`: the person has said yes already, so the calendar shows it so and asks nothing.
    `declined`: they have said no. `tentative`: they have not said yes to what it shows. `asks`:
    answers from the calendar are read; where nobody reads them, buttons would promise what does not
    happen.
    """

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
    url: str = ""
    accepted: bool = False
    declined: bool = False
    tentative: bool = False
    asks: bool = True


def new_uid(domain: str) -> str:
    """Return a UID nobody can guess, of 128 random bits, in our domain (RFC 7986, 5.3)."""
    return f"{secrets.token_hex(16)}@{domain}"


def new_token() -> str:
    """Return what the organizer's plus-address carries, so that answers find their invitation."""
    return secrets.token_hex(16)


def next_stamp(previous: datetime, now: datetime) -> datetime:
    """Return the DTSTAMP of the next message about an event: now, but newer than the last one.

    Clients take a message that is not newer for one they have seen (RFC 5546, 2.1.5).
    """
    return max(now, previous + SMALLEST_STEP)


def request(event: CalendarEvent) -> str:
    """Return the text of an invitation or its update (METHOD:REQUEST, RFC 5546, 3.2.2)."""
    return _text("REQUEST", event)


def cancel(event: CalendarEvent) -> str:
    """Return the text that takes the event out of the calendar (METHOD:CANCEL, RFC 5546, 3.2.5)."""
    return _text("CANCEL", event)


def _text(method: str, event: CalendarEvent) -> str:
    from dispatch.calendar import writing  # the library is loaded with the first, not at the start

    return writing.text(method, event)
