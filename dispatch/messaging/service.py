"""Queueing a message with the change it reports, taking it back, and deciding what is in doubt."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch.database import db, get
from dispatch.errors import Conflict, Gone, Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.messaging import batches, composing, otherwise, queries, rules, subjects, words
from dispatch.messaging.addresses import usable
from dispatch.messaging.batches import deliver_in_turn, held_back, stranded, take_up
from dispatch.messaging.delivery import deliver
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.messaging.states import become, close, forget_secret
from dispatch.settings import active

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = [
    "CalendarPart",
    "Recipient",
    "deliver",
    "deliver_in_turn",
    "entry_may_exist",
    "has_entry_left",
    "held_back",
    "queue",
    "send_again",
    "send_again_all",
    "settle",
    "stranded",
    "take_back",
    "take_up",
]
STILL_OPEN = rules.ON_THEIR_WAY | rules.NEEDS_A_PERSON


@dataclass(frozen=True)
class Recipient:
    """The one person a message goes to: an e-mail address or a telephone number."""

    address: str
    name: str
    locale: str


class SentAgain(NamedTuple):
    """How many messages were queued once more, and how many not, their link or code being gone."""

    queued: int
    lost: int


@dataclass(frozen=True)
class CalendarPart:
    """What a mail tells the recipient's calendar: an iTIP method and its text (RFC 6047)."""

    method: str
    text: str


def queue(
    name: str,
    *,
    channel: Channel,
    recipient: Recipient,
    facts: "DataclassInstance",
    about: str | Sequence[str],
    now: datetime,
    talks: Collection[int] = (),
    calendar: CalendarPart | None = None,
    sender: str | None = None,
    urgent: bool = False,
    makes_sense_until: datetime | None = None,
    otherwise_to: str | None = None,
    quiet_hours: str = "",
    instead_of_sms: bool = False,
    most_an_hour: int = 0,
) -> Message:
    """Write the message and its delivery into the caller's transaction.

    `about` is the thing it is about, or all of several that one message tells of; `talks` are the
    requests these belong to: it waits for what the same person is told of them before.
    The text is made of `facts` alone; an SMS is shortened to what it may be. From
    `makes_sense_until` on (a deadline, the start of what it is about) it is not sent any more. An
    address nobody can be reached at makes a message that has failed, for the coordinator to see; it
    does not stop the change. A calendar CANCEL settles the REQUESTs about the same thing that still
    wait; when none can have left, there is no entry to take out and the mail says it in words only.
    `otherwise_to` is the e-mail address where the person hears of an SMS that does not arrive.
    `quiet_hours` ("21:00-07:00") are when the recipient of an SMS rests. `instead_of_sms`: there is
    a text for an SMS only, and the mail says it because the person wants mails. `most_an_hour`:
    after so many like it within an hour it may wait to leave together with others, 0 for never.
    Raises `TemplateFault` rather than queue a text with a hole.
    """
    abouts = [about] if isinstance(about, str) else list(about)
    address = usable(channel, recipient.address, active().city.phone_region)
    if (
        calendar is not None
        and calendar.method == "CANCEL"
        and not entry_may_exist(sender or "", now)
    ):
        calendar = None
    message = Message(
        name=name,
        channel=channel,
        recipient=address or recipient.address,
        recipient_name=recipient.name,
        sender="",
        locale=recipient.locale,
        calendar_method=calendar.method if calendar else None,
        calendar_text=calendar.text if calendar else None,
        about=abouts[0],
        urgent=urgent,
        state=MessageState.QUEUED if address else MessageState.FAILED,
        error_code="" if address else words.UNUSABLE[channel],
        queued_at=now,
        makes_sense_until=makes_sense_until,
        otherwise_to=otherwise_to,
        quiet_hours=quiet_hours,
        most_an_hour=most_an_hour,
    )
    composing.keep_facts(message, facts)
    if channel == Channel.EMAIL:
        composing.write_mail(message, facts, sender, instead_of_sms=instead_of_sms)
    else:
        composing.write_sms(message, facts)
    db.session.add(message)
    db.session.flush()
    subjects.note(message, abouts if len(abouts) > 1 else [], talks)
    if address:
        batches.enqueue(message)
    else:
        otherwise.tell(message, now)
    return message


def take_back(
    about: str | Collection[str], *, names: Collection[str] | None = None, now: datetime
) -> frozenset[Channel]:
    """Take back what waits to be said about a thing, or several, because it no longer holds.

    In the caller's transaction, before anything new is queued about it. `names` limits it to
    messages of these names. What waits, failed or is in doubt is settled at once; what is being
    sent this moment is not tried again. Returns the channels on which something of it has left or
    may have left: by these the person still has to be told.
    """
    abouts = {about} if isinstance(about, str) else set(about)
    messages = _locked_about(abouts, names)
    told: set[Channel] = set()
    left = subjects.left_standing(messages, abouts, now) if messages else set()
    for message in messages:
        if message.id in left:
            told.add(Channel(message.channel))  # it will be sent for the others' sake
            continue
        _take_back(message, now)
        if _may_have_left(message):
            told.add(Channel(message.channel))
    return frozenset(told)


def send_again(actor: Actor, message_id: int, *, now: datetime) -> None:
    """Queue once more what failed, was opted out or perhaps sent, because a person decided so.

    Raises `Conflict` when it needs no decision or a newer message has overtaken it, `Gone` when
    the time it was for has passed or its link or code is gone, `Refusal` when there is no address
    it could go to.
    """
    message = _waiting_for_a_person(message_id)
    _require_still_stands(message, now)
    become(message, MessageState.QUEUED)
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


def _locked_about(abouts: Collection[str], names: Collection[str] | None = None) -> list[Message]:
    query = sa.select(Message).where(subjects.concerns(abouts)).order_by(Message.id)
    if names is not None:
        query = query.where(Message.name.in_(names))
    locked = query.with_for_update().execution_options(populate_existing=True)
    return list(db.session.scalars(locked))


def _take_back(message: Message, now: datetime) -> None:
    if message.state not in STILL_OPEN:
        return
    message.taken_back_at = now
    if message.state == MessageState.QUEUED:
        close(message, "taken-back")
    elif message.state != MessageState.SENDING:  # why it failed says something about the address
        close(message, message.error_code)


def has_entry_left(sender: str) -> bool:
    """Tell whether the calendar entry that is sent by this address may have got anywhere."""
    return any(_may_have_left(one) for one in _invitations(sender))


def entry_may_exist(sender: str, now: datetime) -> bool:
    """Take back the invitations that wait; tell whether one has left or may have left.

    So a CANCEL never overtakes a REQUEST, and no REQUEST in trouble holds it up. All mails about
    one entry come from one address, which no other has.
    """
    invitations = _invitations(sender)
    for invitation in invitations:
        _take_back(invitation, now)
    return any(_may_have_left(invitation) for invitation in invitations)


def _invitations(sender: str) -> list[Message]:
    by_address = sa.select(Message).where(
        Message.sender == sender, Message.calendar_method == "REQUEST"
    )
    locked = by_address.order_by(Message.id).with_for_update()
    return list(db.session.scalars(locked.execution_options(populate_existing=True)))


def _may_have_left(message: Message) -> bool:
    return message.may_have_left or message.state == MessageState.SENDING


def _waiting_for_a_person(message_id: int) -> Message:
    message = get(Message, message_id)
    db.session.refresh(message, with_for_update=True)
    rules.require_waits_for_a_person(message.state)
    return message


def _require_still_stands(message: Message, now: datetime) -> None:
    why = rules.why_it_no_longer_stands(message.taken_back_at, message.makes_sense_until, now)
    if why is not None:
        raise Gone("message-no-longer-stands", words.REASONS[why])
    if usable(Channel(message.channel), message.recipient, active().city.phone_region) is None:
        raise Refusal(
            words.UNUSABLE[Channel(message.channel)],
            _l(
                "“%(address)s”: %(reason)s Reach the person another way.",
                address=message.recipient,
                reason=words.reason(words.UNUSABLE[Channel(message.channel)]),
            ),
        )
    if _is_overtaken(message):
        raise Conflict(
            "message-overtaken",
            _l("A newer message about the same thing has been written; this one would mislead."),
        )
    rules.require_secret_kept(message.has_lost_secret)


def _is_overtaken(message: Message) -> bool:
    says_no_more = [message.name, otherwise.NAME, rules.CALENDAR_ENTRY]
    after, about = Message.id > message.id, subjects.concerns(subjects.of(message))
    newer = sa.select(Message.id).where(about, Message.name.not_in(says_no_more), after)
    return db.session.scalar(newer.limit(1)) is not None
