"""Taking the answer of somebody who was asked."""

from datetime import datetime

from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Terms, Via, Way
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.ledger.rules import Actor
from dispatch.offers import ending, messages, queries, recording, rounds, rules
from dispatch.offers.locking import lock
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState, RoundState
from dispatch.requests import rules as request_rules


def accept(actor: Actor, offer_id: int, *, via: Via, now: datetime) -> Assignment:
    """Take a yes: state, deadline, overlap and travel are checked again; then it is sure.

    Raises `Conflict` or `Gone` when it is no longer a question, saying what became of it.
    """
    offer = lock(offer_id)
    _require_answerable(offer, now)
    request_rules.require_open(offer.interpretation_request.state)
    hold = db.session.get_one(Hold, offer.hold_id)
    offer.hold_id = None
    _answer(actor, offer, OfferState.ACCEPTED, now, via)
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
    messages.confirmed(assignment, now)
    return assignment


def decline(actor: Actor, offer_id: int, *, via: Via, now: datetime) -> None:
    """Take a no: the seat is open again at once, and this person is not asked again for it.

    A cascade goes on with the next best.
    """
    offer = lock(offer_id)
    _require_answerable(offer, now)
    ending.let_go(offer)
    _answer(actor, offer, OfferState.DECLINED, now, via)
    messages.no_longer_asked(offer, now)
    rounds.after(offer, RoundState.EXHAUSTED, now)


def terms_of(offer: Offer) -> Terms:
    """Return what the interpreter is asked to agree to."""
    return Terms(
        seat=offer.seat,
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


def _answer(actor: Actor, offer: Offer, state: OfferState, now: datetime, via: Via) -> None:
    offer.state = state
    offer.answered_at = now
    offer.answered_via = via
    recording.record(actor, f"offer.{state}", offer, now)
