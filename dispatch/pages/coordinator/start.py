"""The coordinator's first page: what needs somebody, and what did not arrive."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import render_template

from dispatch.accounts.models import Account
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.messaging import queries as messaging
from dispatch.messaging.models import Message
from dispatch.messaging.rules import NEEDS_A_PERSON
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.queries import visible_to
from dispatch.requests.rules import RequestState

SOON = timedelta(days=2)


def coordinator_start(account: Account, now: datetime) -> str:
    """Show what needs doing."""
    return render_template(
        "pages/coordinator/start.html",
        figures=coordinator_figures(now),
        next_open=next_open(account, now),
        troubled=[one for one in messaging.transports(now) if not one.is_well],
    )


@dataclass(frozen=True)
class CoordinatorFigures:
    """What waits for the coordinator; open requests are listed by urgency."""

    open_soon: int
    open_later: int
    asked: int
    confirmed: int
    undelivered: int


def coordinator_figures(now: datetime) -> CoordinatorFigures:
    """Count what needs somebody, is asked and confirmed from now on, and what did not arrive."""
    is_open = _needs_somebody()
    starts = InterpretationRequest.starts_at
    return CoordinatorFigures(
        open_soon=_count(InterpretationRequest, is_open, starts > now, starts <= now + SOON),
        open_later=_count(InterpretationRequest, is_open, starts > now + SOON),
        asked=_count(Offer, Offer.state == OfferState.MADE, Offer.starts_at > now),
        confirmed=_count(
            Assignment, Assignment.state == AssignmentState.CONFIRMED, Assignment.starts_at > now
        ),
        undelivered=_count(Message, Message.state.in_(NEEDS_A_PERSON)),
    )


def next_open(account: Account, now: datetime, most: int = 8) -> list[InterpretationRequest]:
    """Return the requests the account may see that need somebody to be asked, soonest first."""
    return list(
        db.session.scalars(
            visible_to(account)
            .where(
                _needs_somebody(),
                InterpretationRequest.starts_at > now,
            )
            .order_by(InterpretationRequest.starts_at)
            .limit(most)
        )
    )


def _needs_somebody() -> sa.ColumnElement[bool]:
    held = sa.select(sa.func.count(Hold.id)).where(
        Hold.interpretation_request_id == InterpretationRequest.id
    )
    return sa.and_(
        InterpretationRequest.state == RequestState.OPEN,
        held.scalar_subquery() < InterpretationRequest.interpreter_count,
    )


def _count(
    model: type[InterpretationRequest | Offer | Assignment | Message],
    *conditions: sa.ColumnElement[bool],
) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0
