"""What has not left yet goes where its person is reached now, and their answers count from there.

Whoever changes an address says so here, in the same transaction. What was being handed over that
moment, or was written at the same time, is asked once more when it leaves (`delivery.py`).
"""

from datetime import datetime

import sqlalchemy as sa

from dispatch.database import db
from dispatch.messaging import claiming, codes, otherwise, whose, words
from dispatch.messaging.claiming import Found
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.messaging.states import close

GONE, CHANGED = "number-gone", "address-changed"


def follow(account_id: int, former_number: str, *, now: datetime) -> None:
    """Let what waits for somebody go to their addresses of now; `former_number`: "" for none.

    What failed keeps saying where it went, unless it could go nowhere; sent again it goes to the
    new address all the same.
    """
    db.session.flush()
    now_at = {str(channel): whose.address(account_id, channel) for channel in Channel}
    waiting = sa.select(Message).where(
        Message.account_id == account_id,
        Message.state.in_([MessageState.QUEUED, MessageState.FAILED]),
    )
    locked = waiting.order_by(Message.id).with_for_update()
    for message in db.session.scalars(locked.execution_options(populate_existing=True)).all():
        lead(message, now_at[message.channel], now)
    number = now_at[Channel.SMS]
    if former_number and number not in {"", former_number} and not whose.is_had(former_number):
        codes.move(former_number, number)


def led(found: Found, now: datetime) -> Found:
    """Return a (locked) message as it is at its person's address of now, which may settle it."""
    if found.address == found.message.recipient:
        return found
    lead(found.message, found.address, now)
    return claiming.found(found.message.id)


def lead(message: Message, address: str, now: datetime) -> None:
    """Have a (locked) message that waits go to another address; "" settles it, and a mail goes."""
    if address == message.recipient:
        return
    if not address:
        otherwise.tell(message, now, otherwise.GONE)
        close(message, GONE)
        return
    if message.state != MessageState.FAILED:
        message.recipient = address
    elif message.error_code in words.UNUSABLE.values():
        message.recipient, message.error_code, message.error = address, CHANGED, ""
