"""Mails that waited for a person and need none any more: what they are about is settled."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch import database
from dispatch.answers import settled
from dispatch.answers.incoming import IncomingState
from dispatch.database import db
from dispatch.inbound.models import InboundMail
from dispatch.inbound.rules import PROPOSALS, Outcome
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning

SETTLE = "settle_inbound_mail"
MAY_BE_OVER = frozenset({Outcome.UNCLEAR, Outcome.WANTS_OUT, Outcome.CHANGED_MIND}) | PROPOSALS
"""About one person and one request; all else somebody has to read, whatever became of it."""


def to_settle(now: datetime) -> Sequence[int]:
    """Return the mails that wait for a person although nobody has to do anything any more."""
    waiting = sa.select(InboundMail).where(
        InboundMail.state == IncomingState.OPEN, InboundMail.outcome.in_(MAY_BE_OVER)
    )
    return [mail.id for mail in db.session.scalars(waiting) if _needs_nobody(mail, now)]


def settle_by_itself(mail_id: int, *, now: datetime) -> None:
    """Close a mail that needs nobody any more, and say so; nothing happens while it needs one."""
    mail = database.lock(InboundMail, mail_id)
    if mail.state != IncomingState.OPEN or not _needs_nobody(mail, now):
        return
    mail.state, mail.outcome, mail.seen_to_at = IncomingState.SETTLED, Outcome.OVER, now
    ledger.record(
        SYSTEM,
        "mail.settled",
        Concerning(interpreter=mail.interpreter_id),
        now=now,
        fields=["state"],
    )


def _needs_nobody(mail: InboundMail, now: datetime) -> bool:
    """Tell whether nothing is asked of its writer any more, and they do not come either."""
    who, about = mail.interpreter, mail.interpretation_request_id
    if mail.outcome not in MAY_BE_OVER or who is None or about is None:
        return False
    if mail.outcome == Outcome.CHANGED_MIND:
        return not settled.might_come(who, about, now)
    if mail.outcome in PROPOSALS and settled.has_agreed_since(who, about, mail.received_at):
        return True
    if mail.outcome != Outcome.UNCLEAR and settled.comes(who, about, now):
        return False
    return not settled.is_asked(who, now, about=about)
