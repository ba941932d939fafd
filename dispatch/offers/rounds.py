"""The course of a round: begun, gone on with, closed."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch import engine
from dispatch.database import db
from dispatch.holds import service as holds
from dispatch.holds.rules import Cause
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Actor
from dispatch.offers import rules
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import RoundState, Strategy
from dispatch.offers.seats import free_seats
from dispatch.requests import messages as request_messages
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest

CARRY_ON = "carry_on_round"
"""The job of whoever knows who comes next: planning, which stands above this room."""


def begin(
    actor: Actor,
    interpretation_request: InterpretationRequest,
    strategy: Strategy,
    *,
    now: datetime,
) -> OfferRound:
    """Begin a way of asking for a (locked) request."""
    offer_round = OfferRound(
        interpretation_request=interpretation_request,
        strategy=strategy,
        state=RoundState.OPEN,
        opened_at=now,
    )
    db.session.add(offer_round)
    db.session.flush()
    if strategy != Strategy.DIRECT:
        record(actor, "round.begun", offer_round, now)
    return offer_round


def close(offer_round: OfferRound, state: RoundState, now: datetime) -> None:
    """End the round; nobody else is asked by it."""
    offer_round.state, offer_round.closed_at, offer_round.next_at = state, now, None


def after(offer: Offer, state: RoundState, now: datetime) -> None:
    """Have the round go on after a question that ended without a yes, or end it as `state`."""
    offer_round = offer.round
    if offer_round.state != RoundState.OPEN:
        return
    if offer_round.strategy == Strategy.CASCADE and is_wanted(offer.interpretation_request, now):
        offer_round.next_at = now
        engine.enqueue(CARRY_ON, offer_round.id, key=f"carry-on-{offer_round.id}-{offer.id}")
    elif state == RoundState.EXHAUSTED:
        exhaust(offer_round, now)
    else:
        close(offer_round, state, now)


def exhaust(offer_round: OfferRound, now: datetime) -> None:
    """End a round that has nobody left to ask, and tell those who asked while it matters.

    What would help is looked for, so that the office finds it beside the request.
    """
    close(offer_round, RoundState.EXHAUSTED, now)
    interpretation_request = offer_round.interpretation_request
    if not is_wanted(interpretation_request, now):
        return
    if offer_round.strategy != Strategy.DIRECT:
        record(SYSTEM, "round.exhausted", offer_round, now)
        engine.enqueue("look_for_help", interpretation_request.id, key=f"help-{offer_round.id}")
    held = holds.of_request(interpretation_request.id)
    all_come = all(hold.cause == Cause.ASSIGNMENT for hold in held)
    if all_come and not open_ones(interpretation_request.id):
        request_messages.nobody_yet(interpretation_request, len(held), now)


def open_ones(request_id: int) -> Sequence[OfferRound]:
    """Return the rounds in which somebody is asked for a request, or will be."""
    return db.session.scalars(
        sa.select(OfferRound)
        .where(
            OfferRound.interpretation_request_id == request_id, OfferRound.state == RoundState.OPEN
        )
        .order_by(OfferRound.id)
    ).all()


def due(now: datetime) -> Sequence[int]:
    """Return the rounds whose next step is due."""
    return db.session.scalars(
        sa.select(OfferRound.id).where(
            OfferRound.state == RoundState.OPEN, OfferRound.next_at <= now
        )
    ).all()


def wants_next(offer_round: OfferRound, now: datetime) -> bool:
    """Tell whether the (locked) round's next step is due and somebody is still wanted.

    A round that nobody is wanted for any more ends here: the seat was filled otherwise, or the
    request is over.
    """
    if offer_round.state != RoundState.OPEN or not rules.is_due(offer_round.next_at, now):
        return False
    interpretation_request = offer_round.interpretation_request
    if is_wanted(interpretation_request, now) and free_seats(interpretation_request):
        offer_round.next_at = None
        return True
    close(offer_round, RoundState.WITHDRAWN, now)
    return False


def is_wanted(interpretation_request: InterpretationRequest, now: datetime) -> bool:
    """Tell whether somebody could still be asked for the request."""
    return rules.is_wanted(interpretation_request.state, interpretation_request.starts_at, now)


def record(actor: Actor, kind: str, offer_round: OfferRound, now: datetime) -> None:
    """Write down what happened to a round."""
    concerning = requests.concerning(offer_round.interpretation_request)
    ledger.record(actor, kind, concerning, now=now)
