"""What has not left yet goes where and how its person is reached now; answers count from there.

Whoever changes an address, or switches a way off, says so here, in the same transaction. What was
being handed over that moment, or was written at the same time, is asked once more when it leaves
(`delivery.py`).
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from dispatch.database import db
from dispatch.messaging import claiming, codes, otherwise, whose, words
from dispatch.messaging.claiming import Found
from dispatch.messaging.models import Message
from dispatch.messaging.rules import ON_THEIR_WAY, Channel, MessageState
from dispatch.messaging.states import close

GONE, CHANGED, SWITCHED_OFF = "number-gone", "address-changed", "switched-off"


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
    if number in {"", former_number}:
        return
    _unsay_unknown(number)
    if former_number and not whose.is_had(former_number):
        codes.move(former_number, number)


def _unsay_unknown(number: str) -> None:
    """Settle answers that wait to say that a number is nobody's here; it is somebody's by now."""
    waiting = sa.select(Message).where(
        Message.recipient == number,
        Message.account_id.is_(None),
        Message.about.startswith("sms:"),
        Message.state == MessageState.QUEUED,
    )
    locked = waiting.order_by(Message.id).with_for_update()
    for message in db.session.scalars(locked.execution_options(populate_existing=True)).all():
        close(message, "taken-back")


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


def leave_off(
    account_id: int, channel: Channel, names: Collection[str], *, by_mail: bool, now: datetime
) -> None:
    """Let what waits for somebody not go by a way they have switched off for these messages.

    `by_mail`: a mail goes instead where none says the same anyway. What is urgent goes all the
    same; what is being handed over this moment is not tried again.
    """
    waiting = sa.select(Message).where(
        Message.account_id == account_id,
        Message.channel == channel,
        Message.name.in_(names),
        Message.urgent.is_(False),
        Message.taken_back_at.is_(None),
        Message.state.in_(ON_THEIR_WAY),
    )
    locked = waiting.order_by(Message.id).with_for_update()
    for message in db.session.scalars(locked.execution_options(populate_existing=True)).all():
        if by_mail:
            otherwise.tell(message, now, otherwise.CHOSEN)
        if message.state == MessageState.QUEUED:
            close(message, SWITCHED_OFF)
        else:
            message.taken_back_at = now
