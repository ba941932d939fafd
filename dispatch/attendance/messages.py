"""Who hears what of the day: who waits, who came, and the contact on site."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dispatch import settings
from dispatch.assignments import announced
from dispatch.assignments import messages as assignments
from dispatch.assignments.messages import AssignmentFacts, WhoComesFacts
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice, Person, names_of
from dispatch.interpreters.queries import as_person
from dispatch.messaging import service as messaging
from dispatch.messaging.addresses import mobile_in
from dispatch.requests import messages as requests
from dispatch.web.formats import time_in

OVER = {
    AssignmentState.COMPLETED: Event.FINISHED,
    AssignmentState.NO_SHOW_CLIENT: Event.NO_SHOW_OF_CLIENT,
    AssignmentState.NO_SHOW_INTERPRETER: Event.NO_SHOW_OF_INTERPRETER,
}
HOW_IT_WENT = frozenset[str]().union(
    *(
        names_of(event, party)
        for event in OVER.values()
        for party in (Party.WHO_ASKED, Party.COMING)
    )
)


@dataclass(frozen=True)
class LateFacts(WhoComesFacts):
    """Somebody comes late: so many minutes, and when they are expected."""

    minutes: int
    expected: str


@dataclass(frozen=True)
class WhoCameFacts(WhoComesFacts):
    """How it went, for those who asked; the times are empty where nobody said them."""

    began: str
    ended: str


@dataclass(frozen=True)
class CameFacts(AssignmentFacts):
    """How it went, for who was to come."""

    began: str
    ended: str


def ask_day_before(assignment: Assignment, token: str, now: datetime) -> None:
    """Ask the interpreter by SMS whether they still come; the link needs one tap."""
    interpreter = assignment.interpreter
    facts = replace(
        assignments.facts_of(assignment, interpreter.account.locale),
        link=f"{settings.active().base_url}/d/{token}",
    )
    notices.tell(
        Notice(
            event=Event.DAY_BEFORE,
            party=Party.COMING,
            person=as_person(interpreter),
            facts=facts,
            about=f"assignment:{assignment.id}",
            talk=assignment.interpretation_request_id,
            now=now,
            until=assignment.starts_at,
        )
    )


def late(assignment: Assignment, expected_at: datetime, now: datetime) -> None:
    """Tell those who asked, and the contact on site if a number is given, how late it gets."""
    interpretation_request = assignment.interpretation_request
    locale = interpretation_request.account.locale
    facts = LateFacts(
        **assignments.who_comes(assignment),
        minutes=(expected_at - assignment.starts_at) // timedelta(minutes=1),
        expected=time_in(expected_at, interpretation_request.time_zone, locale),
    )
    until = max(expected_at, assignment.ends_at)
    requests.tell(Event.LATE, interpretation_request, facts, now, until)
    region = settings.active().city.phone_region
    number = mobile_in(interpretation_request.contact, region)
    if number is not None and number != requests.who_asked(interpretation_request).phone:
        notices.tell(
            Notice(
                event=Event.LATE,
                party=Party.CONTACT_ON_SITE,
                person=Person(interpretation_request.contact, locale, email="", phone=number),
                facts=facts,
                about=f"assignment:{assignment.id}",
                talk=assignment.interpretation_request_id,
                now=now,
                until=until,
                urgent=True,
            )
        )


def over(assignment: Assignment, now: datetime) -> None:
    """Tell both sides how it went, so that each can say if it was otherwise.

    What was to say that it went otherwise, and has not left, is not sent.
    """
    about, about_coming = f"assignment:{assignment.id}", announced.about_coming(assignment.id)
    messaging.take_back({about, about_coming}, names=HOW_IT_WENT, now=now)
    event = OVER[AssignmentState(assignment.state)]
    interpretation_request = assignment.interpretation_request
    locale = interpretation_request.account.locale
    facts = WhoCameFacts(**assignments.who_comes(assignment), **_times(assignment, locale))
    requests.tell(event, interpretation_request, facts, now, about=about_coming)
    interpreter = assignment.interpreter
    said = assignments.facts_of(assignment, interpreter.account.locale)
    notices.tell(
        Notice(
            event=event,
            party=Party.COMING,
            person=as_person(interpreter),
            facts=CameFacts(**asdict(said), **_times(assignment, interpreter.account.locale)),
            about=about,
            talk=assignment.interpretation_request_id,
            now=now,
        )
    )


def _times(assignment: Assignment, locale: str) -> dict[str, Any]:
    zone = assignment.interpretation_request.time_zone
    return {
        name: time_in(at, zone, locale) if at is not None else ""
        for name, at in (("began", assignment.began_at), ("ended", assignment.ended_at))
    }
