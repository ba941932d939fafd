"""What turns up on the planned day: a late cancellation, and a change that waits for an answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa

from dispatch import clock, settings
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of, foresee
from dispatch.amendments.rules import Fate
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.cancellations import deciding
from dispatch.cancellations import service as cancellations
from dispatch.database import db
from dispatch.demo import sources
from dispatch.ledger.rules import Reasons
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState

LONGER_MINUTES = 30


def cancel_one(day: date, *, now: datetime) -> InterpretationRequest | None:
    """Have those who asked cancel one request of the day, whose interpreter is still paid."""
    because = Reasons(told=sources.words().cancelled_late)
    for one in _filled(day):
        if any(each.owed.minutes for each in deciding.foresee(one, now)):
            cancellations.cancel_request(one.account.actor, one.id, reasons=because, now=now)
            return one
    return None


def lengthen_one(day: date, *, now: datetime) -> InterpretationRequest | None:
    """Have those who asked need more time for one request, so that who comes has to agree again."""
    for one in _filled(day):
        details = details_of(one)
        longer = replace(details, duration_minutes=details.duration_minutes + LONGER_MINUTES)
        if foresee(one, longer, now=now).coming_of(Fate.ASKED_AGAIN):
            amendments.amend(one.account.actor, one.id, longer, now=now)
            return one
    return None


def _filled(day: date) -> Sequence[InterpretationRequest]:
    """Return the filled requests of a day, by id."""
    first, after = clock.day_bounds(day, settings.active().city.zone_name)
    comes = sa.exists().where(
        Assignment.interpretation_request_id == InterpretationRequest.id,
        Assignment.state == AssignmentState.CONFIRMED,
    )
    return db.session.scalars(
        sa.select(InterpretationRequest)
        .where(
            InterpretationRequest.state == RequestState.FILLED,
            InterpretationRequest.starts_at >= first,
            InterpretationRequest.starts_at < after,
            comes,
        )
        .order_by(InterpretationRequest.id)
    ).all()
