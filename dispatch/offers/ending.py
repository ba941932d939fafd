"""Ending a question without an answer: taken back by the office, or out of time."""

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch.assignments import service as assignments
from dispatch.database import db
from dispatch.holds import service as holds
from dispatch.ledger.rules import NO_REASONS, SYSTEM, Actor, Reasons
from dispatch.offers import messages, queries, recording, rounds, rules
from dispatch.offers.locking import lock, lock_round
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState, RoundState


def withdraw(actor: Actor, offer_id: int, *, now: datetime, reasons: Reasons = NO_REASONS) -> None:
    """Take an open question back; whoever may have read it is told. A cascade goes on.

    Raises `Conflict` when it was answered meanwhile.
    """
    offer = lock(offer_id)
    rules.require_open_question(offer.state)
    take_back(actor, offer, messages.withdrawn, now=now, reasons=reasons)


def take_back(
    actor: Actor,
    offer: Offer,
    tell: Callable[[Offer, datetime], None],
    *,
    now: datetime,
    reasons: Reasons = NO_REASONS,
) -> None:
    """End a (locked) open question for a reason of ours; `tell` says it to who was asked."""
    let_go(offer)
    recording.record(actor, "offer.withdrawn", offer, now, reasons)
    rounds.after(offer, RoundState.WITHDRAWN, now)
    tell(offer, now)


def stop(actor: Actor, round_id: int, *, now: datetime) -> None:
    """Have a round ask nobody else; who is being asked hears that it is not needed any more.

    Raises `Conflict` when the round has ended meanwhile.
    """
    offer_round = lock_round(round_id)
    rules.require_open_round(offer_round.state)
    rounds.close(offer_round, RoundState.WITHDRAWN, now)
    rounds.record(actor, "round.stopped", offer_round, now)
    questions = [
        one
        for one in queries.open_for(offer_round.interpretation_request_id)
        if one.round_id == round_id
    ]
    # In the order of ids, as everybody locks several: nobody waits in a ring.
    for interpreter_id in sorted({one.interpreter_id for one in questions}):
        assignments.lock_interpreter(interpreter_id)
    for offer in questions:
        take_back(actor, offer, messages.withdrawn, now=now)


def due(now: datetime) -> Sequence[int]:
    """Return the open questions whose deadline has passed."""
    return db.session.scalars(
        sa.select(Offer.id).where(Offer.state == OfferState.MADE, Offer.answer_by <= now)
    ).all()


def expire(offer_id: int, *, now: datetime) -> None:
    """End a question whose deadline has passed; silence is a no, never a yes. A cascade goes on."""
    offer = lock(offer_id)
    if offer.state != OfferState.MADE or offer.answer_by > now:
        return
    let_go(offer)
    offer.state = OfferState.EXPIRED
    recording.record(SYSTEM, "offer.expired", offer, now)
    messages.ran_out(offer, now)
    rounds.after(offer, RoundState.EXHAUSTED, now)


def let_go(offer: Offer) -> None:
    """Give seat and time back; the state is written with it, or the CHECK refuses."""
    hold_id, offer.hold_id = offer.hold_id, None
    offer.state = OfferState.WITHDRAWN
    if hold_id is not None:
        holds.let_go(hold_id)
