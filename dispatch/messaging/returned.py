"""What mail servers say of a mail after they took it: it came back, or it is late."""

from datetime import datetime

import sqlalchemy as sa

from dispatch.database import db
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.messaging import together
from dispatch.messaging.models import Message
from dispatch.messaging.rules import LATE, MessageState
from dispatch.messaging.states import become

LEFT = (MessageState.SENT, MessageState.PERHAPS_SENT)


def find(sender: str, mail_id: str) -> Message | None:
    """Return the mail a report means: by its Message-ID, else the last one from this address.

    Both are random and known to nobody but us and the recipient's servers. Several mails about one
    calendar entry come from one address. "" stands for what the report does not say.
    """
    by_id = sa.select(Message).where(Message.mail_id == mail_id)
    found = db.session.scalar(by_id) if mail_id else None
    if found is not None and sender not in {"", found.sender}:
        return None
    if found is None and sender:
        last = sa.select(Message).where(Message.sender == sender).order_by(Message.id.desc())
        found = db.session.scalar(last.limit(1))
    return found


def came_back(message_id: int, *, is_dead: bool, words: str, now: datetime) -> None:
    """Mark a mail that left as not delivered, for the coordinator to see.

    `is_dead`: the address reaches nobody, whatever is sent there; `words` are the server's own.
    """
    message = _lock(message_id)
    if message.state not in LEFT:
        return
    become(message, MessageState.FAILED)
    message.error_code = "recipient-refused" if is_dead else "came-back"
    message.error = words
    ledger.record(
        SYSTEM, "message.failed", Concerning(message=message.id), now=now, fields=["state"]
    )
    together.follow(message, now)


def is_late(message_id: int, *, words: str) -> None:
    """Mark a mail that left as late: a server on the way goes on trying."""
    message = _lock(message_id)
    if message.state == MessageState.SENT:
        message.error_code, message.error = LATE, words


def _lock(message_id: int) -> Message:
    row = sa.select(Message).where(Message.id == message_id).with_for_update()
    return db.session.scalars(row.execution_options(populate_existing=True)).one()
