"""Whoever has not answered is reminded once, when half of the time is gone."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch.database import db
from dispatch.offers import messages
from dispatch.offers.locking import lock_together
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState


def to_remind(now: datetime) -> Sequence[int]:
    """Return the open questions half of whose time is gone."""
    return db.session.scalars(
        sa.select(Offer.id).where(
            Offer.state == OfferState.MADE, Offer.remind_at <= now, Offer.answer_by > now
        )
    ).all()


def remind(offer_id: int, *, now: datetime) -> None:
    """Remind whoever has not answered; once, of all that was asked together and is due as well."""
    together = lock_together(offer_id)
    due = {one.id: one.remind_at for one in together}.get(offer_id)
    if due is None:
        return
    for offer in together:
        if offer.remind_at is None or offer.remind_at > due or offer.answer_by <= now:
            continue
        offer.remind_at = None
        messages.half_time(offer, now)
