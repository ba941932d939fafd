"""Messages in the outbox, for tests that do not care what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatch.database import db, transaction
from dispatch.messaging import service
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel
from tests.factories import NOW

OF_THE_ENTRY = "einsatz+00000000000000000000000000000007@dragoman.example"
"""The address that all mails about one calendar entry come from, and no other."""
SECRET = "0123456789abcdefghijkl"


@dataclass(frozen=True)
class Facts:
    """What the templates used here ask for."""

    city: str = "Dortmund"
    office: str = "Dolmetschvermittlung Dortmund"
    phone: str = "030 23125000"
    number: str = "7"
    short_day: str = "Di 02.03."
    start: str = "10:00"
    end: str = "11:00"
    language: str = "Rumänisch"
    district: str = "Hörde"
    relay_with: str = ""
    team: int = 0
    link: str = f"https://dragoman.example/o/{SECRET}"


def write(
    channel: Channel = Channel.EMAIL,
    address: str | None = None,
    *,
    about: str | Sequence[str] = "account:1",
    name: str | None = None,
    urgent: bool = False,
    until: datetime | None = None,
    calendar: str | None = None,
    who: str = "Kim",
    account_id: int | None = None,
    most_an_hour: int = 0,
) -> Message:
    """Queue a message in the caller's transaction."""
    usual_name, usual = {
        Channel.EMAIL: ("sign_in_link", "kim@example.org"),
        Channel.SMS: ("assignment_reminder", "+4915228817386"),
    }[channel]
    return service.queue(
        name or usual_name,
        channel=channel,
        recipient=service.Recipient(address or usual, who, "de", account_id),
        facts=Facts(),
        about=about,
        now=NOW,
        urgent=urgent,
        makes_sense_until=until,
        calendar=service.CalendarPart(calendar, f"METHOD:{calendar}") if calendar else None,
        sender=OF_THE_ENTRY if calendar else None,
        most_an_hour=most_an_hour,
    )


def queued(*arguments: Any, **options: Any) -> int:
    """Queue a message in a transaction of its own and return its number."""
    with transaction():
        message = write(*arguments, **options)
    return message.id


def row(message_id: int) -> Message:
    """Return the message as it stands in the database."""
    return db.session.get_one(Message, message_id, populate_existing=True)
