"""Who could come: said without a promise, and the office chooses whom it asks for a sure yes."""

from dataclasses import replace
from datetime import datetime

from dispatch import engine
from dispatch.assignments import fitting
from dispatch.assignments.rules import Via
from dispatch.database import db
from dispatch.holds.rules import Cause
from dispatch.ledger.rules import Actor
from dispatch.offers import messages, queries, recording, rules
from dispatch.offers.answering import terms_of
from dispatch.offers.asking import ask_one
from dispatch.offers.locking import lock
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.offers.seats import seat_for, take
from dispatch.requests import rules as request_rules


def could_come(actor: Actor, offer_id: int, *, comment: str = "", via: Via, now: datetime) -> None:
    """Note that somebody could come, and what they add; nothing is promised by either side.

    Raises `Conflict` or `Gone` when it is no longer a question or a sure answer is wanted,
    `Refusal` for a comment that is too long.
    """
    offer = lock(offer_id)
    if queries.asked_anew(offer):
        raise rules.overtaken()
    rules.require_answerable(offer.state, offer.answer_by, now)
    rules.require_interest(is_interest=offer.is_interest)
    offer.comment = rules.comment(comment)
    offer.state, offer.answered_at, offer.answered_via = OfferState.INTERESTED, now, via
    offer.answer_by = offer.starts_at  # until then it is the office that answers
    recording.record(actor, "offer.interested", offer, now)
    messages.no_longer_asked(offer, now)
    # Whoever is not chosen by then hears it; the sweep finds what a lost job leaves.
    engine.fall_due("expire_offer", offer.id, offer.starts_at)


def choose(actor: Actor, offer_id: int, *, now: datetime) -> Offer:
    """Ask whoever said that they could come for a sure yes; seat and time are held meanwhile.

    Interest is no acceptance: it says neither that the time is still free nor that they come. The
    others stay interested until the yes is there. Raises `Conflict` when the person is not
    interested any more or is not what is required by now, seat or time is taken or the way cannot
    be made.
    """
    before = lock(offer_id)
    rules.require_interested(before.state)
    interpretation_request = before.interpretation_request
    request_rules.require_open(interpretation_request.state)
    request_rules.require_not_begun(before.starts_at, now)
    terms = terms_of(before)
    terms = replace(terms, seat=seat_for(interpretation_request, terms))
    fitting.require_fit(before.interpreter, interpretation_request, terms, now)
    hold = take(interpretation_request, before.interpreter, terms, Cause.OFFER)
    before.state = OfferState.WITHDRAWN
    recording.record(actor, "offer.chosen", before, now)
    db.session.flush()
    return ask_one(actor, before.round, before.interpreter_id, terms, hold, now)
