"""What the provider reports of an SMS after taking it: in any order, more than once, or never."""

from datetime import datetime

import sqlalchemy as sa

from dispatch.database import db
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.messaging import numbers, otherwise
from dispatch.messaging.models import Message
from dispatch.messaging.rules import RECEIPT_RANKS, Channel, MessageState
from dispatch.messaging.states import become

NOT_ARRIVED = frozenset({"undelivered", "failed"})
OPTED_OUT = "21610"
REASON_OF = {
    OPTED_OUT: "opted-out",
    "30003": "handset-away",
    "30004": "blocked",
    "30005": "number-unknown",
    "30006": "not-mobile",
    "30007": "filtered",
    "EXPIRED": "handset-away",
    "REJECTED": "blocked",
}
"""By Twilio's codes, and by seven's words."""
REFERENCE_LENGTH = 64


def take(message_id: int, reference: str, status: str, error: str, *, now: datetime) -> None:
    """Note what the provider says of the SMS it knows by `reference`.

    Only what goes further than what was reported before changes anything. A report about another
    hand-over than the last, about a message nobody knows, or in unknown words changes nothing.
    """
    row = sa.select(Message).where(Message.id == message_id, Message.channel == Channel.SMS)
    locked = row.with_for_update().execution_options(populate_existing=True)
    message = db.session.scalar(locked)
    if message is None or message.provider_reference not in {None, reference}:
        return
    if RECEIPT_RANKS.get(status, 0) <= RECEIPT_RANKS.get(message.receipt, 0):
        return
    message.provider_reference = reference[:REFERENCE_LENGTH]
    message.receipt, message.receipt_at = status, now
    message.receipt_error = error if error.isalnum() and error.isascii() else ""
    apply(message, now)


def message_of(reference: str) -> int | None:
    """Return the number of the SMS a provider knows by `reference`, None where we know none."""
    known = sa.select(Message.id).where(
        Message.provider_reference == reference, Message.channel == Channel.SMS
    )
    return db.session.scalar(known.order_by(Message.id.desc()).limit(1))


def may_be_early() -> bool:
    """Tell whether a receipt we know no SMS for may be for one that is being handed over."""
    being_sent = sa.select(Message.id).where(
        Message.channel == Channel.SMS, Message.state == MessageState.SENDING
    )
    return db.session.scalar(being_sent.limit(1)) is not None


def apply(message: Message, now: datetime) -> None:
    """Let a (locked) message that was handed over be what its receipt says.

    A receipt takes the doubt whether the provider has it. It may come before our own transaction
    knows that the message was taken, so it is asked again then.
    """
    state = MessageState(message.state)
    if message.receipt in NOT_ARRIVED and state in {MessageState.SENT, MessageState.PERHAPS_SENT}:
        _fail(message, now)
        return
    has_arrived = message.receipt == "delivered" and state == MessageState.FAILED
    if has_arrived or (message.receipt and state == MessageState.PERHAPS_SENT):
        become(message, MessageState.SENT)
        message.sent_at = message.sent_at or now
        message.error_code, message.error = "", ""


def _fail(message: Message, now: datetime) -> None:
    become(message, MessageState.FAILED)
    message.error_code = REASON_OF.get(message.receipt_error, "not-delivered")
    by = "Twilio" if message.receipt_error.isdigit() else "seven"
    message.error = f"{by} {message.receipt_error}" if message.receipt_error else ""
    if message.receipt_error == OPTED_OUT:
        numbers.block(message.recipient, now)
    otherwise.tell(message, now)
    ledger.record(SYSTEM, "message.failed", Concerning(message=message.id), now=now)
