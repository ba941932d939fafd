"""What a person decides of messages that failed or are in doubt: sent again, or settled."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from dispatch.database import db, get
from dispatch.errors import Conflict, Gone, Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.messaging import batches, otherwise, queries, rules, whose, words
from dispatch.messaging.addresses import usable
from dispatch.messaging.models import Message, MessageSubject
from dispatch.messaging.rules import Channel, MessageState
from dispatch.messaging.states import become, forget_secret
from dispatch.settings import active


class SentAgain(NamedTuple):
    """How many messages were queued once more, and how many not, their link or code being gone."""

    queued: int
    lost: int


def send_again(actor: Actor, message_id: int, *, now: datetime) -> None:
    """Queue once more what failed, was opted out or perhaps sent, because a person decided so.

    It goes where its person is reached by now.

    Raises `Conflict` when it needs no decision or a newer message has overtaken it, `Gone` when
    the time it was for has passed or its link or code is gone, `Refusal` when there is no address
    it could go to.
    """
    message = _waiting_for_a_person(message_id)
    address = _address_now(message)
    _require_still_stands(message, address, now)
    if message.state == MessageState.FAILED and message.channel == Channel.EMAIL:
        message.may_have_left = False  # it came back, so nobody gets it twice
    become(message, MessageState.QUEUED)
    message.recipient = address
    message.receipt, message.receipt_error, message.receipt_at = "", "", None
    message.queued_at, message.attempts = now, 0
    message.most_an_hour, message.sent_with = 0, None
    message.error_code, message.error = "", ""
    ledger.record(
        actor, "message.sent_again", Concerning(message=message.id), now=now, fields=["state"]
    )
    batches.enqueue(message)


def send_again_all(actor: Actor, text: str = "", *, now: datetime) -> SentAgain:
    """Queue once more everything that failed and still stands; return how many there were.

    `text` is what they hold, as in a search (`queries.page`); "" for all.
    Left out is what was perhaps sent, a person decides on each, and what lost its link or code.
    """
    failed = sa.select(Message).where(Message.state == MessageState.FAILED, queries.holds(text))
    failed = failed.order_by(Message.id).with_for_update()
    sent = lost = 0
    for message in db.session.scalars(failed.execution_options(populate_existing=True)).all():
        try:
            send_again(actor, message.id, now=now)
        except Refusal as refusal:
            lost += refusal.code == rules.LOST
            continue
        sent += 1
    return SentAgain(sent, lost)


def settle(actor: Actor, message_id: int, *, now: datetime) -> None:
    """Close what failed or was perhaps sent: the person knows, told another way or by this one.

    Raises `Conflict` when the message needs no decision.
    """
    message = _waiting_for_a_person(message_id)
    become(message, MessageState.SETTLED)
    forget_secret(message)
    ledger.record(
        actor, "message.settled", Concerning(message=message.id), now=now, fields=["state"]
    )


def count(text: str, now: datetime) -> int:
    """Return how many failed, hold the text (`queries.page`), and still stand at an address."""
    query = sa.select(sa.func.count(Message.id)).where(
        Message.state == MessageState.FAILED,
        queries.holds(text),
        Message.taken_back_at.is_(None),
        sa.or_(Message.makes_sense_until.is_(None), Message.makes_sense_until > now),
        Message.error_code.not_in(words.UNUSABLE.values()),
        Message.has_lost_secret.is_(False),
        *_not_overtaken(),
    )
    return db.session.scalar(query) or 0


@cache
def _not_overtaken() -> list[Any]:
    """Return the conditions that nothing newer was written about any of the same things.

    A mail in place of an SMS and one that only changes a calendar say nothing newer.
    Four, of which each is answered by an index: both messages may be about one thing or several.
    """
    newer, mine, theirs = aliased(Message), aliased(MessageSubject), aliased(MessageSubject)
    says_more = sa.and_(
        newer.name != Message.name, newer.name.not_in([otherwise.NAME, rules.CALENDAR_ENTRY])
    )
    says_anew = sa.and_(  # the same to the same person; not to others, nor by the other way
        newer.name == Message.name,
        newer.channel == Message.channel,
        sa.or_(newer.recipient == Message.recipient, newer.account_id == Message.account_id),
    )
    is_newer = (newer.id > Message.id, sa.or_(says_more, says_anew))
    by_theirs = sa.exists().where(theirs.message_id == newer.id, *is_newer)
    by_mine = sa.exists().where(mine.message_id == Message.id)
    return [
        ~sa.exists().where(newer.about == Message.about, *is_newer),
        ~by_theirs.where(theirs.about == Message.about),
        ~by_mine.where(mine.about == newer.about, *is_newer),
        ~by_mine.where(theirs.about == mine.about, theirs.message_id == newer.id, *is_newer),
    ]


def _waiting_for_a_person(message_id: int) -> Message:
    message = get(Message, message_id)
    db.session.refresh(message, with_for_update=True)
    rules.require_waits_for_a_person(message.state)
    return message


def _address_now(message: Message) -> str:
    if message.account_id is None:
        return message.recipient
    return whose.address(message.account_id, Channel(message.channel))


def _require_still_stands(message: Message, address: str, now: datetime) -> None:
    why = rules.why_it_no_longer_stands(message.taken_back_at, message.makes_sense_until, now)
    if why is not None:
        raise Gone("message-no-longer-stands", words.REASONS[why])
    if usable(Channel(message.channel), address, active().city.phone_region) is None:
        raise Refusal(
            words.UNUSABLE[Channel(message.channel)],
            _l(
                "“%(address)s”: %(reason)s Reach the person another way.",
                address=address or message.recipient,
                reason=words.reason(words.UNUSABLE[Channel(message.channel)]),
            ),
        )
    if is_overtaken(message):
        raise Conflict("message-overtaken", words.REASONS["overtaken"])
    rules.require_secret_kept(message.has_lost_secret)


def is_overtaken(message: Message) -> bool:
    """Tell whether something newer was written about the same, so that this would mislead."""
    stands = sa.select(Message.id).where(Message.id == message.id, *_not_overtaken())
    return db.session.scalar(stands) is None
