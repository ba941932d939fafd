"""What a client is told: when and where, not why, by whom or with whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.clients.models import ClientReminder
from dispatch.clients.rules import TOO_LATE
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice, Person
from dispatch.requests.messages import RequestFacts, about_client, facts_of, tell
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active
from dispatch.web.formats import short_date_in, time_in

ANSWERED_FOR = timedelta(hours=12)
"""How long after an SMS an answer to it is of any use."""
ANSWER = "client_answer"
REMINDER = "client_reminder"


@dataclass(frozen=True)
class ClientFacts:
    """All that an SMS to a client may say; `place` is an address that tells nothing, or "".

    They `can_stop` by an SMS where somebody reads what comes in. `has_moved`: they were reminded of
    another time before.
    """

    short_day: str
    start: str
    place: str
    can_stop: bool
    has_moved: bool


@dataclass(frozen=True)
class AnswerFacts:
    """Whom to call; `is_kept`: the number is kept here and gets a reminder."""

    phone: str
    is_kept: bool


@dataclass(frozen=True)
class StoppedFacts(RequestFacts):
    """A client wants no SMS any more; `client_reminded`: they have had the one of this request."""

    client_reminded: bool


def answer(number: str, reminder: ClientReminder | None, about: str, now: datetime) -> None:
    """Have somebody told who wrote HELP or START: what they get here, or that it is nothing.

    `reminder` is what their number was given for, None where nobody here has the number.
    """
    wanted = reminder.interpretation_request if reminder else None
    notices.tell(
        Notice(
            event=Event.SMS_OF_CLIENT,
            party=Party.WHO_WROTE,
            person=Person(
                wanted.reference if wanted else f"…{number[-2:]}",  # else it would stay with us
                reminder.locale if reminder else locale_of_city(),
                "",
                number,
            ),
            facts=AnswerFacts(active().city.office_phone, is_kept=reminder is not None),
            about=about_client(wanted.id) if wanted else about,
            talk=None,
            now=now,
            until=now + ANSWERED_FOR,
            urgent=True,  # somebody holds the telephone in their hand and waits
        )
    )


def remind(
    reminder: ClientReminder, starts_at: datetime, now: datetime, *, has_moved: bool
) -> None:
    """Have the client told when the transaction ends; that it `has_moved`, where they know else."""
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
                has_moved=has_moved,
            ),
            about=about_client(wanted.id),
            talk=None,
            now=now,
            until=starts_at - TOO_LATE,
        )
    )


def stopped(
    interpretation_request: InterpretationRequest, now: datetime, *, client_reminded: bool
) -> None:
    """Say to who asked that the client wants no SMS any more, and has to hear another way."""
    facts = StoppedFacts(**facts_of(interpretation_request), client_reminded=client_reminded)
    until = interpretation_request.ends_at
    tell(Event.CLIENT_STOPS, interpretation_request, facts, now, until)


def locale_of_city() -> str:
    """Return the language a client is written to in whose own nobody has read the text."""
    return active().city.locales[0]
