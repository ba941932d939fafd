"""How an interpreter is asked, and how everyone who was asked hears the outcome."""

from dataclasses import dataclass
from datetime import datetime

from dispatch import settings
from dispatch.assignments import messages as assignments
from dispatch.assignments.messages import CalendarEntry
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.assignments.whereabouts import (
    district_or_way,
)
from dispatch.availability.rules import Way
from dispatch.cities.working_time import is_urgent
from dispatch.contacts import notices
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import Notice
from dispatch.interpreters.queries import as_person
from dispatch.invitations import service as invitations
from dispatch.invitations.service import Entry, Issued
from dispatch.languages.rules import name_of
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.messaging import codes
from dispatch.messaging import service as messaging
from dispatch.messaging.codes import NO_CODES, Codes
from dispatch.messaging.rendering import render
from dispatch.messaging.rules import Channel
from dispatch.offers import entries, ways_there
from dispatch.offers.barring import starts_refused
from dispatch.offers.facts import OfferFacts, facts_of
from dispatch.offers.models import Offer
from dispatch.offers.rules import Strategy
from dispatch.web.formats import date_in, short_date_in, time_in


@dataclass(frozen=True)
class ChangedOfferFacts(OfferFacts):
    """A question that has changed before it was answered: what was asked before.

    `asks` one person, several at once, or who could come: only what asks alike is on one page.
    `other_place`: it is another place, also where it lies in the same district.
    """

    old_day: str
    old_short_day: str
    old_start: str
    old_end: str
    old_district: str
    old_language: str
    other_place: bool
    asks: str


def ask(
    offer: Offer,
    token: str,
    now: datetime,
    *,
    before: Offer | None = None,
    released: Assignment | None = None,
) -> None:
    """Put the question by mail and by SMS; both carry the same signed link.

    `before` is a question it takes the place of, of which nothing had arrived; `released` a job
    that the person was released from for it.
    """
    link = f"{settings.active().base_url}/o/{token}"
    entry, locale = entries.ask(offer, now, before), offer.interpreter.account.locale
    again = _takes_place_after_all(offer, now)
    codes_now = _codes(offer, now)
    facts = facts_of(
        offer,
        locale,
        link,
        codes=codes_now,
        released=released,
        again=again,
        declined_start=_declined_start(offer, locale),
    )
    _notify(_asking(offer), offer, facts, now, until=offer.answer_by, entry=entry)


def _takes_place_after_all(offer: Offer, now: datetime) -> bool:
    """Tell whether it is asked because a cancellation is taken back, in this very step."""
    concerning = Concerning(interpretation_request=offer.interpretation_request_id)
    return any(one.at == now for one in ledger.history(concerning, ["request.undone"]))


def _declined_start(offer: Offer, locale: str) -> str:
    """Return the start of the same window that the person said no to last; empty where none."""
    one = offer.interpretation_request
    if not one.has_window:
        return ""
    refused = starts_refused([one.id]).get((one.id, offer.interpreter_id), [])
    others = [at for at in refused if at != offer.starts_at]
    return time_in(others[-1], one.time_zone, locale) if others else ""


def _asking(offer: Offer) -> Event:
    if offer.round.strategy == Strategy.INTEREST:
        return Event.CHOSEN if offer.exclusive else Event.INTEREST_ASKED
    return Event.OFFER_MADE if offer.exclusive else Event.SEVERAL_ASKED


def ask_anew(offer: Offer, before: Offer, token: str, now: datetime) -> None:
    """Put the changed question beside what was asked before, by mail and by SMS."""
    locale, zone = offer.interpreter.account.locale, before.interpretation_request.time_zone
    link = f"{settings.active().base_url}/o/{token}"
    facts = facts_of(offer, locale, link, codes=_codes(offer, now))
    changed = ChangedOfferFacts(
        **vars(facts),
        old_day=date_in(before.starts_at, zone, locale),
        old_short_day=short_date_in(before.starts_at, zone, locale),
        old_start=time_in(before.starts_at, zone, locale),
        old_end=time_in(before.ends_at, zone, locale),
        old_district=district_or_way(before.way, before.site, locale),
        old_language=name_of(before.language, locale),
        other_place=offer.way == Way.ON_SITE and offer.site_id != before.site_id,
        asks="interest" if offer.is_interest else "one" if offer.exclusive else "several",
    )
    entry = entries.ask(offer, now, before)
    _notify(Event.CHANGED, offer, changed, now, until=offer.answer_by, entry=entry)


def half_time(offer: Offer, now: datetime) -> None:
    """Remind by SMS that an answer is wanted."""
    _tell(Event.OFFER_HALF_TIME, offer, now, signs=_codes(offer, now))


def about(offer: Offer) -> str:
    """Return how messages and the codes of answers name the question."""
    return f"offer:{offer.id}"


def _codes(offer: Offer, now: datetime) -> Codes:
    interpreter = offer.interpreter
    return codes.of_question(interpreter.phone, about(offer), interpreter.account.locale, now)


def ran_out(offer: Offer, now: datetime) -> None:
    """Say that the time to answer is over and nothing was assigned."""
    out = entries.take_out(offer, no_longer_asked(offer, now), now)
    _tell(Event.OFFER_RAN_OUT, offer, now, until=offer.starts_at, entry=out)


def withdrawn(offer: Offer, now: datetime) -> None:
    """Say that the office takes the question back."""
    if offer.is_interest:
        not_chosen(offer, now)
        return
    tell_taken_back(Event.OFFER_WITHDRAWN, offer, now)


def lost(offer: Offer, now: datetime) -> None:
    """Say that somebody else comes: who was first, or whom the office assigned."""
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
    out = entries.take_out(offer, left, now)
    _tell(event, offer, now, until=offer.starts_at, only=left, reason=reason, entry=out)


def take_entry_out(offer: Offer, now: datetime, via: Via | None = None) -> None:
    """End a question; the mail that says so only takes it out of a calendar where it stands.

    Not where the answer came from the calendar, which shows it (RFC 5546, 3.2.3).
    """
    out = entries.take_out(offer, no_longer_asked(offer, now), now)
    if out is not None and via != Via.CALENDAR:
        _tell(Event.ENTRY_OVER, offer, now, until=offer.ends_at, entry=out)


def not_taken(offer: Offer, reason: str, now: datetime) -> None:
    """Say why an answer from the calendar did not count."""
    _tell(Event.ANSWER_NOT_TAKEN, offer, now, until=offer.ends_at, reason=reason)


def no_longer_asked(offer: Offer, now: datetime) -> frozenset[Channel]:
    """Stop what still waits to ask; return the ways by which a question may have arrived."""
    return messaging.take_back(about(offer), now=now)


def confirmed(assignment: Assignment, now: datetime, offer: Offer | None = None) -> None:
    """Invite the interpreter by calendar and tell those who asked who comes.

    Where the question `offer` stands in the calendar already, its entry becomes that of the yes.
    Both hear when the interpreter is there where the yes came too late to be in time.
    """
    person, entry = as_person(assignment.interpreter), entry_of(assignment)
    agreed = entries.agree(offer, assignment, entry, now) if offer else None
    issued = agreed or invitations.issue(
        assignment.id, assignment.interpreter_id, person, entry, now=now
    )
    late = ways_there.late_arrival(assignment, now)
    calendar = CalendarEntry(issued.part, issued.sender)
    theirs, asking = (
        time_in(late, assignment.interpretation_request.time_zone, account.locale) if late else ""
        for account in (assignment.interpreter.account, assignment.interpretation_request.account)
    )
    assignments.tell(Event.ACCEPTED, assignment, now=now, entry=calendar, arrives=theirs)
    assignments.tell_who_asked(Event.ACCEPTED, assignment, now=now, arrives=asking)


def entry_of(assignment: Assignment, *, with_place: bool = True) -> Entry:
    """Return what stands in the interpreter's calendar; without the place once it is over.

    With whom they share the talk is behind the link: nobody takes a name out of a calendar again.
    """
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
    entry: Issued | None = None,
    signs: Codes = NO_CODES,
) -> None:
    locale = offer.interpreter.account.locale
    facts = facts_of(offer, locale, link or "", reason, signs)
    _notify(event, offer, facts, now, until=until or offer.answer_by, only=only, entry=entry)


def _notify(
    event: Event,
    offer: Offer,
    facts: OfferFacts,
    now: datetime,
    *,
    until: datetime,
    only: frozenset[Channel] | None = None,
    entry: Issued | None = None,
) -> None:
    notices.tell(
        Notice(
            event=event,
            party=Party.ASKED,
            person=as_person(offer.interpreter),
            facts=facts,
            about=about(offer),
            talk=offer.interpretation_request_id,
            now=now,
            until=until,
            urgent=is_urgent(now, offer.starts_at, settings.active().city),
            only=only,
            calendar=entry.part if entry else None,
            sender=entry.sender if entry else None,
        )
    )
