"""Who is told that a private calendar cannot be read."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale

from dispatch import settings
from dispatch.busy import words
from dispatch.busy.models import PrivateCalendar
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice
from dispatch.interpreters.queries import as_person
from dispatch.web.formats import date_in


@dataclass(frozen=True)
class BrokenFacts:
    """Which calendar cannot be read, since when, why, and where its owner changes it."""

    name: str
    calendar: str
    since: str
    reason: str
    link: str
    office: str
    phone: str


def broken(calendar: PrivateCalendar, since: datetime, now: datetime) -> None:
    """Tell the owner that what we know of a calendar grows old."""
    here, person = settings.active(), as_person(calendar.interpreter)
    with force_locale(person.locale):
        reason = words.reason(calendar.error_code)
    facts = BrokenFacts(
        name=person.name,
        calendar=calendar.name,
        since=date_in(since, here.time_zone, person.locale),
        reason=reason,
        link=f"{here.base_url}/availability/calendars",
        office=here.city.office.name,
        phone=here.city.office_phone,
    )
    notices.tell(
        Notice(
            event=Event.PRIVATE_CALENDAR_BROKEN,
            party=Party.OWNER,
            person=person,
            facts=facts,
            about=f"private_calendar:{calendar.id}",
            talk=None,
            now=now,
        )
    )
