"""Ending a question without an answer: taken back by the office, or out of time."""

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch import database, engine
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.database import db
from dispatch.holds import service as holds
from dispatch.holds.rules import Cause
from dispatch.ledger.rules import NO_REASONS, SYSTEM, Actor, Reasons
from dispatch.offers import messages, queries, recording, rounds, rules
from dispatch.offers.locking import lock, lock_round, lock_together
from dispatch.offers.models import Offer
from dispatch.offers.rules import UNDECIDED, OfferState, RoundState, Strategy
from dispatch.offers.seats import free_seats
from dispatch.requests import service as requests

MAKE_WAY = "make_way"


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
    rounds.go_on(offer.round, RoundState.WITHDRAWN, now)
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
    assignments.lock_interpreters({one.interpreter_id for one in questions})
    for offer in questions:
        take_back(actor, offer, messages.withdrawn, now=now)


def due(now: datetime) -> Sequence[int]:
    """Return the open questions whose deadline has passed, and who was not chosen by the start.

    Also the long ways nobody decided on in time.
    """
    return db.session.scalars(
        sa.select(Offer.id).where(Offer.state.in_(UNDECIDED), Offer.answer_by <= now)
    ).all()


def ran_out_between(since: datetime, until: datetime) -> int:
    """Return how many questions came to their deadline between two instants without an answer."""
    silent = Offer.state.in_([OfferState.MADE, OfferState.EXPIRED])
    inside = sa.and_(Offer.answer_by > since, Offer.answer_by <= until)
    return db.session.scalar(sa.select(sa.func.count(Offer.id)).where(silent, inside)) or 0


def expire(offer_id: int, *, now: datetime) -> None:
    """End a question whose deadline has passed; silence is a no, never a yes. A cascade goes on.

    What the person was asked together with it and is due as well ends in the same step, so that
    one message says it. Whoever said that they could come and was not chosen by the start hears
    that they need not. A long way that nobody decided on in time counts as refused.
    """
    state = database.get(Offer, offer_id).state
    if state == OfferState.INTERESTED:
        _end_interest(offer_id, now)
        return
    if state == OfferState.TO_APPROVE:
        _lapse(offer_id, now)
        return
    for each in lock_together(offer_id):
        offer = lock(each.id)
        if offer.state != OfferState.MADE or offer.answer_by > now:
            continue
        let_go(offer)
        offer.state = OfferState.EXPIRED
        recording.record(SYSTEM, "offer.expired", offer, now)
        messages.ran_out(offer, now)
        rounds.go_on(offer.round, RoundState.EXHAUSTED, now)


def _lapse(offer_id: int, now: datetime) -> None:
    offer = lock(offer_id)
    if offer.state == OfferState.TO_APPROVE and offer.answer_by <= now:
        not_approve(SYSTEM, offer, "offer.approval-lapsed", now=now)


def not_approve(
    actor: Actor, offer: Offer, kind: str, *, now: datetime, reasons: Reasons = NO_REASONS
) -> None:
    """End a (locked) question that the office does not let be put; nobody hears it. Rounds go on.

    Only a person asks for this interpreter and request again.
    """
    let_go(offer)
    offer.answered_at = now
    recording.record(actor, kind, offer, now, reasons)
    requests.look_again_at(offer.interpretation_request, now)
    rounds.go_on(offer.round, RoundState.EXHAUSTED, now)


def _end_interest(offer_id: int, now: datetime) -> None:
    offer = lock(offer_id)
    if offer.state == OfferState.INTERESTED and offer.answer_by <= now:
        _lose(offer, now)
        rounds.go_on(offer.round, RoundState.WITHDRAWN, now)


def after_a_yes(actor: Actor, assignment: Assignment, now: datetime) -> None:
    """Settle what a yes has made of questions that hold nothing (the request is locked).

    Whoever was asked at once with others has lost when no seat is free. What the same person is
    asked for elsewhere at this time is taken back: each by a job, because the other request has to
    be locked before the interpreter.
    """
    interpretation_request = assignment.interpretation_request
    loose = [one for one in queries.open_for(interpretation_request.id) if not one.exclusive]
    for own in [one for one in loose if one.interpreter_id == assignment.interpreter_id]:
        take_back(actor, own, say_nothing, now=now)  # they hear that they come
        loose.remove(own)
    held = holds.of_request(interpretation_request.id)
    full = not free_seats(interpretation_request, held)
    all_come = full and all(one.cause != Cause.OFFER for one in held)
    for offer in loose:
        # Whoever could come is needed until each seat has its yes: who was chosen may still say no.
        if all_come if offer.is_interest else full:
            _lose(offer, now)
    for offer_round in rounds.open_ones(interpretation_request.id):
        if offer_round.strategy not in rounds.AT_ONCE | {Strategy.INTEREST}:
            continue
        if not (all_come if offer_round.strategy == Strategy.INTEREST else full):
            rounds.go_on(offer_round, RoundState.EXHAUSTED, now)
        else:
            rounds.close(offer_round, RoundState.FILLED, now)
    for offer_id in queries.in_the_way_of(assignment.interpreter_id):
        engine.enqueue(MAKE_WAY, offer_id, key=f"make-way-{offer_id}-{assignment.id}")


def in_the_way(now: datetime) -> Sequence[int]:
    """Return the questions to people who come somewhere else at the same time by now."""
    return queries.in_the_way_of(None)


def make_way(offer_id: int, *, now: datetime) -> None:
    """Take a question back from who comes somewhere else at the same time; they hear it."""
    offer = lock(offer_id)
    if offer_id not in queries.in_the_way_of(offer.interpreter_id):
        return
    offer.state, offer.made_way_at = rules.ended_as(offer.state, OfferState.WITHDRAWN), now
    recording.record(SYSTEM, "offer.withdrawn", offer, now)
    messages.overtaken(offer, now)
    rounds.go_on(offer.round, RoundState.EXHAUSTED, now)


def say_nothing(offer: Offer, now: datetime) -> None:
    """Tell nobody: whoever was asked hears something else in the same step."""
    messages.take_entry_out(offer, now)


def _lose(offer: Offer, now: datetime) -> None:
    offer.state = rules.ended_as(offer.state, OfferState.LOST)
    recording.record(SYSTEM, "offer.lost", offer, now)
    if offer.is_interest:
        messages.not_chosen(offer, now)
    else:
        messages.lost(offer, now)


def let_go(offer: Offer) -> None:
    """Give seat and time back; the state is written with it, or the CHECK refuses."""
    hold_id, offer.hold_id = offer.hold_id, None
    offer.state = rules.ended_as(offer.state, OfferState.WITHDRAWN)
    if hold_id is not None:
        holds.let_go(hold_id)
