"""Taking the answer of somebody who was asked."""

from datetime import datetime

from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Terms, Via, Way
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.holds.rules import Cause
from dispatch.ledger.rules import Actor
from dispatch.offers import (
    ending,
    grown_ways,
    messages,
    partners,
    queries,
    recording,
    rounds,
    rules,
    seats,
)
from dispatch.offers.locking import lock
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState, RoundState, Strategy
from dispatch.requests import rules as request_rules


def accept(actor: Actor, offer_id: int, *, via: Via, now: datetime) -> Assignment:
    """Take a yes: state, deadline, overlap and travel are checked again; then it is sure.

    Where several were asked at once, seat and time are taken only now: the first yes comes, and
    everybody else hears that they were not the first. There a way that has become long since is
    the office's to decide on first.

    Raises `Conflict` or `Gone` when it is no longer a question, saying what became of it.
    """
    offer = lock(offer_id)
    _require_answerable(offer, now)
    rules.require_sure(is_interest=offer.is_interest)
    request_rules.require_open(offer.interpretation_request.state)
    hold = _hold_of(offer)
    if not offer.exclusive:
        grown_ways.require_not_grown(offer, now)
    offer.hold_id = None
    _answer(actor, offer, OfferState.ACCEPTED, now, via)
    if offer.exclusive and offer.round.strategy != Strategy.INTEREST:
        rounds.close(offer.round, RoundState.FILLED, now)
    db.session.flush()
    assignment = assignments.begin(
        actor,
        offer.interpretation_request,
        offer.interpreter,
        terms_of(offer),
        hold,
        asked_at=offer.made_at,
        via=via,
        now=now,
    )
    messages.no_longer_asked(offer, now)
    messages.confirmed(assignment, now, offer)
    partners.tell_other(assignment, comes=True, now=now)
    ending.after_a_yes(actor, assignment, now)
    return assignment


def decline(actor: Actor, offer_id: int, *, via: Via, now: datetime) -> None:
    """Take a no: the seat is open again at once, and this person is not asked again for it.

    A cascade goes on with the next best. Whoever said only that they could come may say no until
    the start.
    """
    offer = lock(offer_id)
    if offer.state != OfferState.INTERESTED:
        _require_answerable(offer, now)
    ending.let_go(offer)
    _answer(actor, offer, OfferState.DECLINED, now, via)
    messages.take_entry_out(offer, now, via)
    rounds.go_on(offer.round, RoundState.EXHAUSTED, now)


def terms_of(offer: Offer) -> Terms:
    """Return what the interpreter is asked to agree to; without a seat yet the first stands in."""
    return Terms(
        seat=offer.seat or 1,
        site_id=offer.site_id,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        language=offer.language,
        way=Way(offer.way),
    )


def _require_answerable(offer: Offer, now: datetime) -> None:
    if queries.asked_anew(offer):
        raise rules.overtaken()
    rules.require_answerable(offer.state, offer.answer_by, now)


def _hold_of(offer: Offer) -> Hold:
    """Return the hold of an exclusive offer; for any other take seat and time, if they are free."""
    if offer.hold_id is not None:
        return db.session.get_one(Hold, offer.hold_id)
    offer.seat = seats.seat_for(offer.interpretation_request, terms_of(offer))
    return seats.take(offer.interpretation_request, offer.interpreter, terms_of(offer), Cause.OFFER)


def _answer(actor: Actor, offer: Offer, state: OfferState, now: datetime, via: Via) -> None:
    offer.state = state
    offer.answered_at = now
    offer.answered_via = via
    recording.record(actor, f"offer.{state}", offer, now)
