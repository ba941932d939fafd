"""Ways that have become long since somebody was asked together with others: the office decides."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from dispatch.availability.rules import Way
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.holds.models import Hold
from dispatch.offers import queries
from dispatch.offers.long_ways import ONE_DAY, long_ways
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import OfferState, Strategy

WAY_GROWN = "way_grown"
WHY = _l(
    "By now you are asked for something else that day, or come to it, and the way between the two "
    "is long. The office decides first, and asks you anew if you are to come to both."
)


def grown(now: datetime) -> Sequence[int]:
    """Return the questions a yes may not answer before the office has decided on the way."""
    return _grown(now, None)


def has_grown(offer: Offer, now: datetime) -> bool:
    """Tell whether the way has become so long since that the office decides on it first.

    An exclusive question was looked at with all that takes the person's time. One of several put
    at once takes none, so nobody has looked at it beside what came after it.
    """
    return offer.id in _grown(now, offer.interpreter_id)


def require_not_grown(offer: Offer, now: datetime) -> None:
    """Refuse a yes where the office decides on the way first."""
    if has_grown(offer, now):
        raise Conflict("way-grown", WHY)


def _grown(now: datetime, interpreter_id: int | None) -> Sequence[int]:
    there = aliased(Hold)
    elsewhere = sa.exists().where(
        there.interpreter_id == Offer.interpreter_id,
        there.way == Way.ON_SITE,
        there.ends_at > now - ONE_DAY,
    )
    query = (
        sa.select(Offer)
        .join(Offer.round)
        .where(
            Offer.state == OfferState.MADE,
            sa.not_(Offer.exclusive),
            OfferRound.strategy != Strategy.INTEREST,
            Offer.way == Way.ON_SITE,
            Offer.starts_at > now,
            elsewhere,
        )
        .order_by(Offer.id)
    )
    if interpreter_id is not None:
        query = query.where(Offer.interpreter_id == interpreter_id)
    found = db.session.scalars(query).all()
    return [one.id for one in long_ways(found) if not _was_approved(one)]


def _was_approved(one: Offer) -> bool:
    return queries.was_approved(one.interpretation_request_id, one.interpreter_id, one.site_id)
