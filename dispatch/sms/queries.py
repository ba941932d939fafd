"""SMS that came in, for the people who read them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from dispatch.answers.incoming import IncomingState
from dispatch.database import db
from dispatch.sms.models import InboundSms

MOST_SHOWN = 50


def received(*, is_open: bool) -> Sequence[InboundSms]:
    """Return all that waits for a person, or the newest of all that came in, newest first."""
    query = sa.select(InboundSms).options(
        joinedload(InboundSms.account), joinedload(InboundSms.interpretation_request)
    )
    newest_first = query.order_by(InboundSms.id.desc())
    if is_open:  # whatever waits for a person stands there: none may be out of sight
        newest_first = newest_first.where(InboundSms.state == IncomingState.OPEN)
    else:
        newest_first = newest_first.limit(MOST_SHOWN)
    return db.session.scalars(newest_first).all()


def open_count() -> int:
    """Return how many SMS wait for a person."""
    waiting = sa.select(sa.func.count(InboundSms.id)).where(InboundSms.state == IncomingState.OPEN)
    return db.session.scalar(waiting) or 0
