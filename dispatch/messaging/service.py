"""Queueing a message with the change it reports, and taking it back; the verbs of the outbox."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dispatch.database import db
from dispatch.messaging import batches, composing, otherwise, rules, several, subjects, words
from dispatch.messaging.addresses import usable
from dispatch.messaging.again import send_again, send_again_all, settle
from dispatch.messaging.batches import deliver_in_turn, held_back, stranded, take_up
from dispatch.messaging.delivery import deliver
from dispatch.messaging.following import follow
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.messaging.several import Part
from dispatch.messaging.states import close
from dispatch.settings import active

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = [
    "CalendarPart",
    "Recipient",
    "deliver",
    "deliver_in_turn",
    "entry_may_exist",
    "follow",
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
    """The one person a message goes to: an e-mail address or a telephone number.

    With an `account_id` it follows the person, when their address changes before it leaves.
    """

    address: str
    name: str
    locale: str
    account_id: int | None = None


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
    parts: Sequence[Part] = (),
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
    `parts`: the several things it tells of, each of which may be taken back alone until it leaves.
    Raises `TemplateFault` rather than queue a text with a hole.
    """
    abouts = [about] if isinstance(about, str) else list(about)
    address = usable(channel, recipient.address, active().city.phone_region)
    takes_out = calendar is not None and calendar.method == "CANCEL"
    if takes_out and not entry_may_exist(sender or "", now):
        calendar = None
    message = Message(
        name=name,
        channel=channel,
        recipient=address or recipient.address,
        recipient_name=recipient.name,
        account_id=recipient.account_id,
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
        composing.write_mail(message, facts, sender, otherwise.CHOSEN if instead_of_sms else "")
    else:
        composing.write_sms(message, facts)
    if parts:
        several.keep(message, name, parts, instead=otherwise.CHOSEN if instead_of_sms else "")
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
    messages of these names. What waits, failed or is in doubt is settled at once, or says only the
    rest from then on; what is being sent this moment is not tried again. Returns the channels on
    which something of it has left or may have left: by these the person still has to be told.
    """
    abouts = {about} if isinstance(about, str) else set(about)
    messages = _locked_about(abouts, names)
    told: set[Channel] = set()
    left = subjects.left_standing(messages, abouts, now) if messages else set()
    for message in messages:
        if message.id in left:
            if message.parts is None or _may_have_left(message):
                told.add(Channel(message.channel))  # it is sent for the others' sake, or was
            if message.state != MessageState.SENDING:
                several.say_what_stands(message, now)
            continue
        _take_back(message, now)
        if _may_have_left(message):
            told.add(Channel(message.channel))
    return frozenset(told)


def hold_still(abouts: Collection[str]) -> None:
    """Lock what is said about things, so that none of it leaves while it is decided on."""
    _locked_about(abouts)


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
