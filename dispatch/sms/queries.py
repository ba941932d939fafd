"""SMS that came in, for the people who read them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from dispatch.answers.incoming import IncomingState
from dispatch.database import db
from dispatch.sms.models import InboundSms

MOST_SHOWN = 50


def received(*, is_open: bool) -> Sequence[InboundSms]:
    """Return what waits for a person, or the newest of all that came in, newest first."""
    query = sa.select(InboundSms).options(
        joinedload(InboundSms.account), joinedload(InboundSms.interpretation_request)
    )
    if is_open:
        query = query.where(InboundSms.state == IncomingState.OPEN)
    return db.session.scalars(query.order_by(InboundSms.id.desc()).limit(MOST_SHOWN)).all()


def open_count() -> int:
    """Return how many SMS wait for a person."""
    waiting = sa.select(sa.func.count(InboundSms.id)).where(InboundSms.state == IncomingState.OPEN)
    return db.session.scalar(waiting) or 0
