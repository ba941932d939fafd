"""What those who asked are told about their request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatch import settings
from dispatch.cities.working_time import is_urgent
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice, Person
from dispatch.languages.rules import NOT_LISTED
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.wording import language_in_messages
from dispatch.web.formats import date_in, short_date_in, time_in


def about_client(request_id: int) -> str:
    """Return what a reminder of the client is about: nothing else is taken back with it."""
    return f"client:{request_id}"


@dataclass(frozen=True)
class RequestFacts:
    """What a message to those who asked may say; their own case reference is not among it.

    `latest` is the latest start of a window; empty where the time is sure. `is_shared`: two people
    share the talk, also where one was asked for.
    """

    reference: str
    name: str
    language: str
    day: str
    short_day: str
    start: str
    latest: str
    end: str
    wanted: int
    is_shared: bool
    office: str
    phone: str
    link: str


@dataclass(frozen=True)
class ReceiptFacts(RequestFacts):
    """A request came in: by when those who asked hear of it again, whatever happens.

    `asked_by` is the colleague who asked in their name; empty where they did so themselves.
    `to_settle`: which language it is has to be found out first. What they call it is not said, for
    it may be anything. `to_review`: the office looks at it before anybody is asked. `urgent`: it
    came later than the city wants; then several are `asked_at_once`, or the office begins.
    """

    hear_by: str
    asked_by: str
    to_settle: bool
    to_review: bool
    urgent: bool
    asked_at_once: bool


@dataclass(frozen=True)
class ApprovedFacts(RequestFacts):
    """The office has approved it: by when those who asked hear of it again."""

    hear_by: str


@dataclass(frozen=True)
class OutcomeFacts(RequestFacts):
    """How a request stands or ended: how many came, and what was told as the reason.

    `in_review`: the office has not looked at it yet, so nobody was asked. `to_settle`: nobody was
    asked, for the office does not know yet which language it is. `client_reminded`: the client has
    been reminded, and hears from those who asked only that it is off.
    """

    came: int
    reason: str
    in_review: bool = False
    to_settle: bool = False
    client_reminded: bool = False


@dataclass(frozen=True)
class AgencyFacts(RequestFacts):
    """The partner agency that sends as many as `seats`, or does not after all."""

    agency: str
    seats: int


@dataclass(frozen=True)
class QuestionFacts(RequestFacts):
    """What else might do: `kind` start, moment, way, language or condition, and the value of it.

    A start of the same day is answered with one press, everything else by telephone.
    """

    kind: str
    value: str


def received(
    interpretation_request: InterpretationRequest,
    now: datetime,
    asked_by: str = "",
    besides: int = 0,
) -> None:
    """Confirm that a request came in, with its number and by when they hear.

    `besides`: so many more came in with it, of which the receipt tells the number only.
    """
    facts = ReceiptFacts(
        **facts_of(interpretation_request),
        hear_by=_hear_by(interpretation_request),
        asked_by=asked_by,
        to_settle=interpretation_request.language == NOT_LISTED,
        to_review=interpretation_request.needs_review,
        urgent=interpretation_request.is_urgent,
        asked_at_once=settings.active().city.policies.urgent_strategy is not None,
    )
    to_review = interpretation_request.needs_review
    event = Event.REQUEST_TO_REVIEW if to_review else Event.REQUEST_SENT_IN
    tell(event, interpretation_request, facts, now, besides=besides)


def approved(interpretation_request: InterpretationRequest, now: datetime) -> None:
    """Say that the office has looked at it and somebody is looked for, and by when they hear."""
    facts = ApprovedFacts(
        **facts_of(interpretation_request), hear_by=_hear_by(interpretation_request)
    )
    starts_at = interpretation_request.starts_at
    tell(Event.APPROVED, interpretation_request, facts, now, starts_at)


def refused(interpretation_request: InterpretationRequest, told: str, now: datetime) -> None:
    """Say that the office refuses it, with the reason meant for those who asked."""
    facts = OutcomeFacts(**facts_of(interpretation_request), came=0, reason=told)
    tell(Event.REFUSED, interpretation_request, facts, now)


def _hear_by(interpretation_request: InterpretationRequest) -> str:
    """Return by when those who asked hear of it next, whatever happens."""
    locale, zone = interpretation_request.account.locale, interpretation_request.time_zone
    by = interpretation_request.next_word_at or interpretation_request.starts_at
    return f"{date_in(by, zone, locale)}, {time_in(by, zone, locale)}"


def still_open(interpretation_request: InterpretationRequest, found: int, now: datetime) -> None:
    """Say that not everybody is found yet, and whom to call."""
    facts = _waiting_facts(interpretation_request, found)
    tell(Event.STILL_OPEN, interpretation_request, facts, now, interpretation_request.starts_at)


def not_filled(interpretation_request: InterpretationRequest, came: int, now: datetime) -> None:
    """Say that the time has come and nobody, or too few, were found."""
    facts = _waiting_facts(interpretation_request, came)
    tell(Event.NOT_FILLED, interpretation_request, facts, now)


def _waiting_facts(interpretation_request: InterpretationRequest, came: int) -> OutcomeFacts:
    return OutcomeFacts(
        **facts_of(interpretation_request),
        came=came,
        reason="",
        in_review=interpretation_request.needs_review,
        to_settle=interpretation_request.language == NOT_LISTED,
    )


def nobody_yet(interpretation_request: InterpretationRequest, found: int, now: datetime) -> None:
    """Say that whoever was asked cannot come, who is found so far, and that we go on looking."""
    facts = OutcomeFacts(**facts_of(interpretation_request), came=found, reason="")
    tell(Event.ROUND_RAN_OUT, interpretation_request, facts, now, interpretation_request.starts_at)


def question(
    interpretation_request: InterpretationRequest, kind: str, value: str, now: datetime
) -> None:
    """Ask those who asked whether something else would do, since then somebody could come."""
    facts = QuestionFacts(**facts_of(interpretation_request), kind=kind, value=value)
    starts_at = interpretation_request.starts_at
    tell(Event.QUESTION_TO_WHO_ASKED, interpretation_request, facts, now, starts_at)


def by_agency(
    event: Event,
    interpretation_request: InterpretationRequest,
    agency: str,
    seats: int,
    now: datetime,
) -> None:
    """Say that a partner agency sends so many as were missing, or does not after all."""
    facts = AgencyFacts(**facts_of(interpretation_request), agency=agency, seats=seats)
    tell(event, interpretation_request, facts, now, interpretation_request.ends_at)


def cancelled(
    event: Event,
    interpretation_request: InterpretationRequest,
    told: str,
    now: datetime,
    *,
    client_reminded: bool,
) -> None:
    """Say that somebody else cancelled the request, with the reason meant for those who asked."""
    facts = OutcomeFacts(
        **facts_of(interpretation_request),
        came=0,
        reason=told,
        client_reminded=client_reminded,
    )
    tell(event, interpretation_request, facts, now)


def tell(
    event: Event,
    interpretation_request: InterpretationRequest,
    facts: RequestFacts,
    now: datetime,
    until: datetime | None = None,
    about: str | None = None,
    besides: int = 0,
    at_last: Callable[[Notice], Notice | None] | None = None,
) -> None:
    """Tell who asked of an event, in their language; after `until` it would be no news.

    `about` is what it is about, if not the request as a whole; the rest is as in `Notice`.
    """
    notices.tell(
        Notice(
            event=event,
            party=Party.WHO_ASKED,
            person=who_asked(interpretation_request),
            facts=facts,
            about=about or about_all(interpretation_request.id),
            talk=interpretation_request.id,
            now=now,
            until=until,
            besides=besides,
            at_last=at_last,
            urgent=is_urgent(now, interpretation_request.starts_at, settings.active().city),
        )
    )


def about_all(request_id: int) -> str:
    """Return how messages to those who asked name the request as a whole."""
    return f"request:{request_id}"


def who_asked(interpretation_request: InterpretationRequest) -> Person:
    """Return the person who asked, as somebody who can be told."""
    account = interpretation_request.account
    return Person(account.name, account.locale, account.email, account.phone, account.id)


def facts_of(interpretation_request: InterpretationRequest) -> dict[str, Any]:
    """Return what every message to those who asked says of the request."""
    account = interpretation_request.account
    zone = interpretation_request.time_zone
    city = settings.active().city
    return {
        "reference": interpretation_request.reference,
        "name": account.name,
        "language": language_in_messages(interpretation_request, account.locale),
        "day": date_in(interpretation_request.starts_at, zone, account.locale),
        "short_day": short_date_in(interpretation_request.starts_at, zone, account.locale),
        "start": time_in(interpretation_request.starts_at, zone, account.locale),
        "latest": time_in(interpretation_request.latest_start_at, zone, account.locale)
        if interpretation_request.has_window
        else "",
        "end": time_in(interpretation_request.ends_at, zone, account.locale),
        "wanted": interpretation_request.interpreter_count,
        "is_shared": interpretation_request.sharing is not None,
        "office": city.office.name,
        "phone": city.office_phone,
        "link": f"{settings.active().base_url}/requests/{interpretation_request.id}",
    }
