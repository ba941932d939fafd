"""The calendar entry of a question: asked there as well where answers from calendars are read.

It holds nothing that answers by itself: calendars are shared with colleagues and families, so the
link in it leads to a page one signs in to.
"""

from dataclasses import replace
from datetime import datetime

from dispatch import settings
from dispatch.assignments.models import Assignment
from dispatch.interpreters.queries import as_person
from dispatch.invitations import service as invitations
from dispatch.invitations.service import Entry, Issued
from dispatch.messaging.rendering import render
from dispatch.messaging.rules import Channel
from dispatch.offers.facts import OfferFacts, facts_of
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState


def ask(offer: Offer, now: datetime, before: Offer | None = None) -> Issued | None:
    """Ask in the calendar, in the entry of the question `before` where that changed.

    None where no answer would be read, and where nobody is asked for a sure one.
    """
    if settings.active().imap_url is None or offer.is_interest:
        return None
    entry = _entry_of(offer)
    moved = invitations.ask_anew(before.id, offer.id, entry, now=now) if before else None
    person = as_person(offer.interpreter)
    return moved or invitations.ask(offer.id, offer.interpreter_id, person, entry, now=now)


def agree(offer: Offer, assignment: Assignment, entry: Entry, now: datetime) -> Issued | None:
    """Make the entry of a question that of the assignment; None where there is none."""
    return invitations.agree(offer.id, assignment.id, entry, now=now)


def take_out(offer: Offer, left: frozenset[Channel], now: datetime) -> Issued | None:
    """End the entry of a question; None where it cannot have got into the calendar."""
    entry = replace(_entry_of(offer), location="")  # of what is over only when and which language
    answer = "no" if offer.state == OfferState.DECLINED else None
    issued = invitations.end_question(offer.id, entry, answer=answer, now=now)
    return issued if Channel.EMAIL in left else None


def _entry_of(offer: Offer) -> Entry:
    locale = offer.interpreter.account.locale
    facts: OfferFacts = facts_of(offer, locale)
    return Entry(
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        time_zone=offer.interpretation_request.time_zone,
        summary=render("offer", "summary", locale, facts),
        location=facts.district,
        description=facts.all_offers,
    )
