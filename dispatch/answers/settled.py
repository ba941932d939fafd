"""Whether what somebody wrote about is over: then nobody need read it for its sake any more."""

from datetime import datetime

import sqlalchemy as sa

from dispatch.assignments import terms
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import TO_COME
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.offers import queries as offers
from dispatch.offers.rules import OfferState, is_wanted
from dispatch.requests.models import InterpretationRequest


def is_asked(interpreter: Interpreter, now: datetime, *, about: int | None = None) -> bool:
    """Tell whether an answer of somebody is waited for; `about` one request, or any."""
    asked = {
        offer.interpretation_request_id
        for offer in offers.waiting_for(interpreter.account_id, now)
        if offer.state == OfferState.MADE
    }
    asked |= {
        changed.assignment.interpretation_request_id
        for changed in terms.waiting_for(interpreter.id, now)
    }
    return bool(asked) if about is None else about in asked


def comes(interpreter: Interpreter, request_id: int | None, now: datetime) -> bool:
    """Tell whether somebody is to come to a request, and it is not over yet."""
    query = sa.select(Assignment.id).where(
        Assignment.interpreter_id == interpreter.id,
        Assignment.interpretation_request_id == request_id,
        Assignment.state.in_(TO_COME),
        Assignment.ends_at > now,
    )
    return db.session.scalar(query.limit(1)) is not None


def has_agreed_since(interpreter: Interpreter, request_id: int | None, moment: datetime) -> bool:
    """Tell whether somebody has said yes about a request after a moment."""
    query = sa.select(Confirmation.id).join(Confirmation.assignment)
    query = query.where(
        Assignment.interpreter_id == interpreter.id,
        Assignment.interpretation_request_id == request_id,
        Confirmation.answer == "yes",
        Confirmation.answered_at > moment,
    )
    return db.session.scalar(query.limit(1)) is not None


def might_come(interpreter: Interpreter, request_id: int | None, now: datetime) -> bool:
    """Tell whether a request still wants somebody whom nobody has asked again since they said no.

    Then a person has to decide what their change of mind is worth.
    """
    wanted = db.session.get(InterpretationRequest, request_id) if request_id else None
    if wanted is None or not is_wanted(wanted.state, wanted.starts_at, now):
        return False
    is_settled = comes(interpreter, request_id, now) or is_asked(interpreter, now, about=request_id)
    return not is_settled
