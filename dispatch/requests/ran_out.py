"""Requests for which a round that asks one after another, or several, came to its end."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from dispatch.ledger.models import Change
from dispatch.requests.models import InterpretationRequest

RAN_OUT = "round.exhausted"
SINCE = (
    *("offer.made", "offer.to-approve"),
    *("assignment.released", "assignment.withdrawn", "assignment.cannot-come"),
    *("assignment.terms_declined", "assignment.terms_expired"),
)
"""What shows that it went on after a round had ended; then something else is to be said of it."""


def ran_out() -> sa.ColumnElement[bool]:
    """Return the condition that a round has ended with a seat left and nobody was asked since."""
    since = aliased(Change)
    went_on = sa.exists().where(
        since.interpretation_request_id == InterpretationRequest.id,
        since.id > Change.id,
        since.kind.in_(SINCE),
    )
    return sa.exists().where(
        Change.interpretation_request_id == InterpretationRequest.id,
        Change.kind == RAN_OUT,
        sa.not_(went_on),
    )
