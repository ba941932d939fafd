"""SMS that came in, for the people who read them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from dispatch.answers.incoming import IncomingState
from dispatch.database import db
from dispatch.sms.models import InboundSms
from dispatch.web.paging import BEGINNING, Page, Turn, page


def waiting() -> Sequence[InboundSms]:
    """Return all that wait for a person, newest first: none may be out of sight."""
    open_ones = _with_whose().where(InboundSms.state == IncomingState.OPEN)
    return db.session.scalars(open_ones.order_by(InboundSms.id.desc())).all()


def received(turn: Turn = BEGINNING) -> Page[InboundSms]:
    """Return all that came in, newest first, in pages."""
    return page(_with_whose(), (InboundSms.id,), turn, latest_first=True)


def _with_whose() -> Any:
    return sa.select(InboundSms).options(
        joinedload(InboundSms.account), joinedload(InboundSms.interpretation_request)
    )


def count_of_open() -> sa.Select[int]:
    """Return the statement that counts the SMS that wait for a person."""
    return sa.select(sa.func.count(InboundSms.id)).where(InboundSms.state == IncomingState.OPEN)
