"""Asking an interpreter, and taking the answer."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import settings
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.database import db
from dispatch.errors import Conflict, NotFound
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Actor, Concerning
from dispatch.offers import messages, rules
from dispatch.offers.deadlines import answer_deadline
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState, Via
from dispatch.requests.models import InterpretationRequest


def make(
    actor: Actor,
    interpretation_request: InterpretationRequest,
    interpreter_id: int,
    *,
    now: datetime,
) -> Offer:
    """Ask an interpreter by mail and SMS; the time is held until the deadline.

    Raises `Conflict` for somebody who declined this request before, or whose time is taken.
    """
    if has_declined(interpretation_request, interpreter_id):
        raise Conflict("declined-before", _l("This interpreter has declined this request before."))
    assignment = assignments.reserve(actor, interpretation_request, interpreter_id, now=now)
    city = settings.active().city
    token = secrets.token_urlsafe(16)
    offer = Offer(
        assignment=assignment,
        interpreter=assignment.interpreter,
        token_hash=_hash(token),
        state=OfferState.MADE,
        made_at=now,
        answer_by=answer_deadline(now=now, starts_at=assignment.starts_at, city=city).answer_by,
    )
    db.session.add(offer)
    db.session.flush()
    _record(actor, "offer.made", offer, now)
    messages.ask(offer, token, now)
    return offer


def accept(actor: Actor, offer: Offer, *, via: Via, now: datetime) -> None:
    """Take a yes: checks state, deadline, overlap and travel again, then confirms."""
    rules.require_answerable(offer.state, offer.answer_by, now)
    _answer(actor, offer, OfferState.ACCEPTED, now, via)
    assignments.confirm(actor, offer.assignment, now=now)


def decline(actor: Actor, offer: Offer, *, via: Via, now: datetime) -> None:
    """Take a no: the seat is open again at once, and this person is not asked again for it."""
    rules.require_answerable(offer.state, offer.answer_by, now)
    _answer(actor, offer, OfferState.DECLINED, now, via)
    assignments.release(actor, offer.assignment, reason="declined", now=now)


def withdraw(actor: Actor, offer: Offer, *, now: datetime) -> None:
    """Take an open question back and tell the person who was asked."""
    if offer.state != OfferState.MADE:
        raise Conflict("already-answered", _l("This offer has been answered meanwhile."))
    offer.state = OfferState.WITHDRAWN
    _record(actor, "offer.withdrawn", offer, now)
    messages.tell_outcome(offer, "offer_withdrawn", now)


def expire_due(now: datetime) -> int:
    """Expire offers whose deadline has passed; silence is a no, never a yes. Return how many."""
    due = db.session.scalars(
        sa.select(Offer).where(Offer.state == OfferState.MADE, Offer.answer_by <= now)
    ).all()
    for offer in due:
        offer.state = OfferState.EXPIRED
        _record(SYSTEM, "offer.expired", offer, now)
        assignments.release(SYSTEM, offer.assignment, reason="no answer in time", now=now)
        messages.tell_outcome(offer, "offer_expired", now)
    return len(due)


def remind_due(now: datetime) -> int:
    """Remind once of offers whose deadline is near; return how many."""
    due = db.session.scalars(
        sa.select(Offer).where(
            Offer.state == OfferState.MADE,
            Offer.reminded_at.is_(None),
            Offer.answer_by > now,
            Offer.answer_by <= now + rules.REMIND_BEFORE_DEADLINE,
            Offer.made_at <= now - rules.REMIND_BEFORE_DEADLINE,
        )
    ).all()
    for offer in due:
        offer.reminded_at = now
        messages.tell_outcome(offer, "offer_reminder", now)
    return len(due)


def by_token(token: str) -> Offer:
    """Return the offer a signed link leads to; 404 for a link nobody made."""
    offer = db.session.scalar(sa.select(Offer).where(Offer.token_hash == _hash(token)))
    if offer is None:
        raise NotFound("not-found", _l("This link is not known; it may be cut off."))
    return offer


def open_question(assignment_id: int) -> Offer | None:
    """Return the offer of an assignment that still waits for an answer."""
    return db.session.scalar(
        sa.select(Offer).where(Offer.assignment_id == assignment_id, Offer.state == OfferState.MADE)
    )


def has_declined(interpretation_request: InterpretationRequest, interpreter_id: int) -> bool:
    """Tell whether the interpreter said no to this request before."""
    request_id = interpretation_request.id
    return (request_id, interpreter_id) in declined([request_id])


def declined(request_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return who said no to which of these requests, as pairs of request and interpreter id."""
    rows = db.session.execute(
        sa.select(Assignment.interpretation_request_id, Offer.interpreter_id)
        .join(Offer.assignment)
        .where(
            Offer.state == OfferState.DECLINED,
            Assignment.interpretation_request_id.in_(request_ids),
        )
    )
    return {(request_id, interpreter_id) for request_id, interpreter_id in rows}


def _answer(actor: Actor, offer: Offer, state: OfferState, now: datetime, via: Via) -> None:
    offer.state = state
    offer.answered_at = now
    offer.answered_via = via
    _record(actor, f"offer.{state}", offer, now)


def _record(actor: Actor, action: str, offer: Offer, now: datetime) -> None:
    ledger.record(
        actor,
        action,
        Concerning(
            organisation=offer.assignment.interpretation_request.organisation_id,
            interpretation_request=offer.assignment.interpretation_request_id,
            offer=offer.id,
            interpreter=offer.interpreter_id,
        ),
        now=now,
        fields=["state"],
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
