"""What a client is told: when and where, not why, by whom or with whom."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.clients.models import ClientReminder
from dispatch.clients.rules import TOO_LATE
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice, Person
from dispatch.requests.messages import about_client
from dispatch.settings import active
from dispatch.web.formats import short_date_in, time_in


@dataclass(frozen=True)
class ClientFacts:
    """All that an SMS to a client may say; `place` is an address that tells nothing, or "".

    They `can_stop` by an SMS where somebody reads what comes in.
    """

    short_day: str
    start: str
    place: str
    can_stop: bool


def remind(reminder: ClientReminder, starts_at: datetime, now: datetime) -> None:
    """Have the client told when the transaction ends."""
    wanted = reminder.interpretation_request
    site, zone, locale = wanted.site, wanted.time_zone, reminder.locale
    says_where = site.is_public and "on_site" in wanted.ways
    notices.tell(
        Notice(
            event=Event.CLIENT_REMINDER,
            party=Party.CLIENT,
            person=Person(wanted.reference, locale, "", reminder.number),
            facts=ClientFacts(
                short_day=short_date_in(starts_at, zone, locale),
                start=time_in(starts_at, zone, locale),
                place=f"{site.address}, {site.postcode}".strip(", ") if says_where else "",
                can_stop=active().takes_sms,
            ),
            about=about_client(wanted.id),
            talk=None,
            now=now,
            until=starts_at - TOO_LATE,
        )
    )


def locale_of_city() -> str:
    """Return the language a client is written to in whose own nobody has read the text."""
    return active().city.locales[0]
