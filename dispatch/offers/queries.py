"""An interpreter's offers."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch.database import db
from dispatch.errors import NotFound
from dispatch.interpreters.models import Interpreter
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState


def find(account_id: int, offer_id: int) -> Offer:
    """Return the offer if it was made to this account's interpreter."""
    offer = db.session.scalar(_of(account_id).where(Offer.id == offer_id))
    if offer is None:
        raise NotFound("not-found", _l("There is nothing here, or it is not yours to see."))
    return offer


def waiting_for(account_id: int, now: datetime) -> Sequence[Offer]:
    """Return the questions that wait for an answer, the most pressing first."""
    return db.session.scalars(
        _of(account_id)
        .where(Offer.state == OfferState.MADE, Offer.answer_by > now)
        .order_by(Offer.answer_by)
    ).all()


def ended_for(account_id: int, most: int = 20) -> Sequence[Offer]:
    """Return how earlier offers ended, latest first."""
    return db.session.scalars(
        _of(account_id)
        .where(Offer.state != OfferState.MADE)
        .order_by(Offer.made_at.desc())
        .limit(most)
    ).all()


def _of(account_id: int) -> sa.Select[Offer]:
    return sa.select(Offer).join(Offer.interpreter).where(Interpreter.account_id == account_id)
