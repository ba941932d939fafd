"""Mail that came in, for the people who read it, and how the mailbox stands."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from dispatch.answers.incoming import IncomingState
from dispatch.database import db
from dispatch.inbound import words
from dispatch.inbound.mailbox import name_of
from dispatch.inbound.models import InboundMail, MailboxState
from dispatch.interpreters.models import Interpreter
from dispatch.web.paging import BEGINNING, Page, Turn, page


@dataclass(frozen=True)
class Reading:
    """How a mailbox stands: when it was read last, since when and why it cannot be."""

    mailbox: str
    read_at: datetime | None
    failing_since: datetime | None
    reason: str


def received(*, is_open: bool, turn: Turn = BEGINNING) -> Page[InboundMail]:
    """Return what waits for a person, or all that came in, newest first."""
    query = sa.select(InboundMail).options(
        joinedload(InboundMail.interpreter).joinedload(Interpreter.account),
        joinedload(InboundMail.interpretation_request),
    )
    if is_open:
        query = query.where(InboundMail.state == IncomingState.OPEN)
    return page(query, (InboundMail.id,), turn, latest_first=True)


def open_count() -> int:
    """Return how many mails wait for a person."""
    waiting = sa.select(sa.func.count(InboundMail.id)).where(
        InboundMail.state == IncomingState.OPEN
    )
    return db.session.scalar(waiting) or 0


def reading(url: str) -> Reading:
    """Return how the mailbox at an address stands."""
    name = name_of(url)
    state = db.session.get(MailboxState, name)
    if state is None:
        return Reading(name, None, None, "")
    why = words.reason(state.error_code, state.error) if state.failing_since else ""
    return Reading(name, state.read_at, state.failing_since, why)
