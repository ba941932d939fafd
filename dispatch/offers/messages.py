"""How an interpreter is asked, and how everyone who was asked hears the outcome."""

from dataclasses import dataclass
from datetime import datetime

from dispatch import settings
from dispatch.assignments import messages as assignments
from dispatch.assignments.messages import CalendarEntry
from dispatch.assignments.models import Assignment
from dispatch.assignments.whereabouts import (
    district_or_way,
    home_of,
    place_by,
)
from dispatch.availability.rules import Way
from dispatch.cities.working_time import is_urgent
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice
from dispatch.interpreters.queries import as_person
from dispatch.invitations import service as invitations
from dispatch.invitations.service import Entry
from dispatch.languages.rules import name_of
from dispatch.messaging import service as messaging
from dispatch.messaging.rendering import render
from dispatch.messaging.rules import Channel
from dispatch.offers.models import Offer
from dispatch.offers.rules import Strategy
from dispatch.travel.estimate import Mode
from dispatch.travel.queries import travel_time
from dispatch.travel.times import TravelTime
from dispatch.web.formats import date_in, short_date_in, time_in


@dataclass(frozen=True)
class OfferFacts:
    """What an offer may say before anybody has said yes: when, district, language, deadline.

    An SMS has room for `short_day`, `district` and `short_answer_by` only. By video or telephone
    `district` says that. The minutes are those of the way from home; their source is one of
    `travel.times.Source`. `all_offers` is where all questions to the person are answered.
    """

    name: str
    day: str
    short_day: str
    start: str
    end: str
    way: str
    district: str
    way_minutes: int
    way_source: str
    language: str
    answer_by: str
    short_answer_by: str
    reason: str
    office: str
    phone: str
    link: str
    all_offers: str


@dataclass(frozen=True)
class ChangedOfferFacts(OfferFacts):
    """A question that has changed before it was answered: what was asked before."""

    old_day: str
    old_short_day: str
    old_start: str
    old_end: str
    old_district: str
    old_language: str


def ask(offer: Offer, token: str, now: datetime) -> None:
    """Put the question by mail and by SMS; both carry the same signed link."""
    _tell(_asking(offer), offer, now, link=f"{settings.active().base_url}/o/{token}")


def _asking(offer: Offer) -> Event:
    if offer.round.strategy == Strategy.INTEREST:
        return Event.CHOSEN if offer.exclusive else Event.INTEREST_ASKED
    return Event.OFFER_MADE if offer.exclusive else Event.SEVERAL_ASKED


def ask_anew(offer: Offer, before: Offer, token: str, now: datetime) -> None:
    """Put the changed question beside what was asked before, by mail and by SMS."""
    locale, zone = offer.interpreter.account.locale, before.interpretation_request.time_zone
    facts = _facts(offer, locale, f"{settings.active().base_url}/o/{token}", "")
    changed = ChangedOfferFacts(
        **vars(facts),
        old_day=date_in(before.starts_at, zone, locale),
        old_short_day=short_date_in(before.starts_at, zone, locale),
        old_start=time_in(before.starts_at, zone, locale),
        old_end=time_in(before.ends_at, zone, locale),
        old_district=district_or_way(before.way, before.site, locale),
        old_language=name_of(before.language, locale),
    )
    _notify(Event.CHANGED, offer, changed, now, until=offer.answer_by)


def half_time(offer: Offer, now: datetime) -> None:
    """Remind by SMS that an answer is wanted."""
    _tell(Event.OFFER_HALF_TIME, offer, now)


def ran_out(offer: Offer, now: datetime) -> None:
    """Say that the time to answer is over and nothing was assigned."""
    no_longer_asked(offer, now)
    _tell(Event.OFFER_RAN_OUT, offer, now, until=offer.starts_at)


def withdrawn(offer: Offer, now: datetime) -> None:
    """Say that the office takes the question back."""
    if offer.is_interest:
        not_chosen(offer, now)
        return
    tell_taken_back(Event.OFFER_WITHDRAWN, offer, now)


def lost(offer: Offer, now: datetime) -> None:
    """Say that somebody else was first."""
    tell_taken_back(Event.ACCEPTED, offer, now)


def not_chosen(offer: Offer, now: datetime) -> None:
    """Say to who could have come, or had not answered yet, that they are not needed."""
    answered = offer.answered_at is not None
    left = no_longer_asked(offer, now)
    _tell(Event.NOT_CHOSEN, offer, now, until=offer.ends_at, only=None if answered else left)


def overtaken(offer: Offer, now: datetime) -> None:
    """Say that the question is over because they come somewhere else at the same time."""
    tell_taken_back(Event.OFFER_OVERTAKEN, offer, now)


def tell_taken_back(event: Event, offer: Offer, now: datetime, reason: str = "") -> None:
    """Tell whoever may have read the question that it is none any more, and the told reason."""
    left = no_longer_asked(offer, now)
    _tell(event, offer, now, until=offer.starts_at, only=left, reason=reason)


def no_longer_asked(offer: Offer, now: datetime) -> frozenset[Channel]:
    """Stop what still waits to ask; return the ways by which a question may have arrived."""
    return messaging.take_back(f"offer:{offer.id}", now=now)


def confirmed(assignment: Assignment, now: datetime) -> None:
    """Invite the interpreter by calendar and tell those who asked who comes."""
    person = as_person(assignment.interpreter)
    issued = invitations.issue(
        assignment.id, assignment.interpreter_id, person, entry_of(assignment), now=now
    )
    assignments.tell(
        Event.ACCEPTED, assignment, now=now, entry=CalendarEntry(issued.part, issued.sender)
    )
    assignments.tell_who_asked(Event.ACCEPTED, assignment, now=now)


def entry_of(assignment: Assignment, *, with_place: bool = True) -> Entry:
    """Return what stands in the interpreter's calendar; without the place once it is over."""
    facts = assignments.facts_of(assignment, assignment.interpreter.account.locale)
    locale = assignment.interpreter.account.locale
    return Entry(
        starts_at=assignment.starts_at,
        ends_at=assignment.ends_at,
        time_zone=assignment.interpretation_request.time_zone,
        summary=render("assignment_confirmed", "summary", locale, facts),
        location=facts.place if with_place else "",
        description=facts.link,
        url=assignment.interpretation_request.video_link
        if with_place and assignment.way == Way.VIDEO
        else "",
    )


def _tell(
    event: Event,
    offer: Offer,
    now: datetime,
    *,
    link: str | None = None,
    until: datetime | None = None,
    only: frozenset[Channel] | None = None,
    reason: str = "",
) -> None:
    locale = offer.interpreter.account.locale
    facts = _facts(offer, locale, link or f"{settings.active().base_url}/offers", reason)
    _notify(event, offer, facts, now, until=until or offer.answer_by, only=only)


def _notify(
    event: Event,
    offer: Offer,
    facts: OfferFacts,
    now: datetime,
    *,
    until: datetime,
    only: frozenset[Channel] | None = None,
) -> None:
    notices.tell(
        Notice(
            event=event,
            party=Party.ASKED,
            person=as_person(offer.interpreter),
            facts=facts,
            about=f"offer:{offer.id}",
            now=now,
            until=until,
            urgent=is_urgent(now, offer.starts_at, settings.active().city),
            only=only,
        )
    )


def _facts(offer: Offer, locale: str, link: str, reason: str) -> OfferFacts:
    zone = offer.interpretation_request.time_zone
    city = settings.active().city
    due_at = time_in(offer.answer_by, zone, locale)
    way = _way(offer)
    return OfferFacts(
        name=offer.interpreter.name,
        day=date_in(offer.starts_at, zone, locale),
        short_day=short_date_in(offer.starts_at, zone, locale),
        start=time_in(offer.starts_at, zone, locale),
        end=time_in(offer.ends_at, zone, locale),
        way=offer.way,
        district=district_or_way(offer.way, offer.site, locale),
        way_minutes=way.minutes,
        way_source=way.source,
        language=name_of(offer.language, locale),
        answer_by=f"{date_in(offer.answer_by, zone, locale)}, {due_at}",
        short_answer_by=f"{short_date_in(offer.answer_by, zone, locale)} {due_at}",
        reason=reason,
        office=city.office.name,
        phone=city.office.phone,
        link=link,
        all_offers=f"{settings.active().base_url}/offers",
    )


def _way(offer: Offer) -> TravelTime:
    """Return the way from home to the place; what the plan counts with."""
    interpreter = offer.interpreter
    return travel_time(
        home_of(interpreter),
        place_by(offer.way, offer.site, interpreter),
        Mode(interpreter.travel_mode),
    )
