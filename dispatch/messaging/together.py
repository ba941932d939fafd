"""What is only good to know leaves in one mail where an hour brings one person much of it.

So many as `Message.most_an_hour` says leave by themselves; what comes then waits until an hour has
passed since the first of those (decision 0051). The oldest that waits takes the others along: one
mail, but each stays a row of its own, that can be taken back until the mail leaves and shares what
becomes of it. What is too much for one mail leaves with the next.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from dispatch import engine
from dispatch.database import db
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.messaging import rules, several, subjects
from dispatch.messaging.imprint import with_imprint
from dispatch.messaging.models import Message
from dispatch.messaging.rendering import render
from dispatch.messaging.rules import MessageState
from dispatch.messaging.states import become, begin, close, forget_secret
from dispatch.settings import active

AN_HOUR = timedelta(hours=1)
WAIT_FOR_OTHERS_SECONDS = 5.0
WAITS = "waits-for-others"
OWN_CHOICE = "/account/messages"
FEET = ("to_interpreter", "to_who_asked", "to_office")
MOST_IN_A_MAIL = 25
"""More is no mail anybody reads; and who takes them along holds up all that want to leave too."""
LONGEST_GREETING = 25
"""So many letters around a name a greeting has at most; a longer first line says something."""


@dataclass(frozen=True)
class Entry:
    """One of the messages in a mail, without greeting and foot."""

    subject: str
    text: str


@dataclass(frozen=True)
class TogetherFacts:
    """What a mail says that holds several messages; `page` is where one chooses otherwise."""

    name: str
    number: int
    each: tuple[Entry, ...]
    page: str
    office: str
    phone: str


def seconds_until_left(message: Message, now: datetime) -> float:
    """Return how long a message waits for the one it goes with; 0 when that is over, or for none.

    Whoever hands that one over writes down what became of both.
    """
    if message.sent_with is None:
        return 0.0
    first = db.session.get_one(Message, message.sent_with, populate_existing=True)
    if first.state in rules.ON_THEIR_WAY:
        return _seconds_until(first.next_try_at or now, now)
    message.sent_with = None
    return 0.0


def seconds_to_wait(message: Message, now: datetime) -> float:
    """Return 0 when a mail may leave now, else the seconds until it leaves with others.

    What has been tried waits no more, and nothing waits beyond the time it is for.
    """
    if not message.most_an_hour or message.attempts or message.state != MessageState.QUEUED:
        return 0.0
    until = _oldest_leaves_at(message) or _hour_is_over_at(message, now)
    ends = message.makes_sense_until
    if until is None or (ends is not None and ends <= until):
        return 0.0
    message.error_code = WAITS
    return _seconds_until(until, now)


def taken_along(message: Message, now: datetime) -> list[Message]:
    """Begin to send what waits with a message that leaves, oldest first; close what is over.

    Where a worker died, these are what was in the mail then and still stands. What stands behind
    something else about the same waits for that.
    """
    group: list[Message] = []
    for one in _candidates(message):
        one.may_have_left |= one.state == MessageState.SENDING
        several.say_what_stands(one, now)
        why = rules.why_it_no_longer_stands(one.taken_back_at, one.makes_sense_until, now)
        if why is not None:
            close(one, why)
        elif not _stands_behind(one, {message.id, *(other.id for other in group)}):
            begin(one, now)
            one.sent_with = message.id
            group.append(one)
    return group


def as_one(message: Message, others: Sequence[Message]) -> Message:
    """Return the one mail (never kept) that says what these messages say, in their order."""
    here, locale = active(), message.locale
    entries = tuple(Entry(one.subject, _without_frame(one)) for one in (message, *others))
    facts = TogetherFacts(
        name=message.recipient_name,
        number=len(entries),
        each=entries,
        page=f"{here.base_url}{OWN_CHOICE}",
        office=here.city.office.name,
        phone=here.city.office_phone,
    )
    return Message(
        id=message.id,
        name="together",
        channel=message.channel,
        recipient=message.recipient,
        recipient_name=message.recipient_name,
        sender=message.sender,
        mail_id=message.mail_id,
        locale=locale,
        subject=render("shared", "together_subject", locale, facts),
        body=with_imprint(render("shared", "together", locale, facts), locale),
        queued_at=message.queued_at,
        handed_over_at=message.handed_over_at,
        attempts=message.attempts,
    )


def follow(message: Message, now: datetime) -> None:
    """Write down of all that went with a message what became of it."""
    query = sa.select(Message).where(
        Message.sent_with == message.id,
        Message.recipient == message.recipient,
        Message.state.in_([MessageState.SENDING, MessageState.SENT, MessageState.PERHAPS_SENT]),
    )
    locked = query.order_by(Message.id).with_for_update()
    for one in db.session.scalars(locked.execution_options(populate_existing=True)).all():
        become(one, MessageState(message.state))
        one.may_have_left |= message.may_have_left
        one.error_code, one.error = message.error_code, message.error
        one.sent_at, one.provider_reference = message.sent_at, message.provider_reference
        one.next_try_at = message.next_try_at
        if one.state == MessageState.SENT:
            forget_secret(one)
        if one.state in rules.NEEDS_A_PERSON:
            ledger.record(SYSTEM, f"message.{one.state}", Concerning(message=one.id), now=now)


def let_go(message_ids: Collection[int]) -> None:
    """Have messages leave that wait for others, because one that cannot wait stands behind them."""
    waiting = sa.select(Message).where(Message.id.in_(message_ids), Message.error_code == WAITS)
    for one in db.session.scalars(waiting.with_for_update(skip_locked=True)).all():
        one.most_an_hour, one.error_code = 0, ""
        job = rules.delivery_job(one.channel, urgent=True)
        engine.enqueue(job, one.id, priority=engine.URGENT, key=f"message:{one.id}:let-go")


def _seconds_until(until: datetime, now: datetime) -> float:
    return max(WAIT_FOR_OTHERS_SECONDS, (until - now).total_seconds() + 1)


def _oldest_leaves_at(message: Message) -> datetime | None:
    """Return when the oldest mail leaves that waits to take this one along; None for none."""
    oldest = sa.select(Message.next_try_at).where(
        Message.recipient == message.recipient,
        Message.locale == message.locale,
        Message.error_code == WAITS,
        Message.state == MessageState.QUEUED,
        Message.id < message.id,
    )
    return db.session.scalar(oldest.order_by(Message.id).limit(1))


def _hour_is_over_at(message: Message, now: datetime) -> datetime | None:
    """Return when fewer have left within an hour than may; None when that is so now."""
    left = sa.select(Message.handed_over_at).where(
        Message.recipient == message.recipient,
        Message.most_an_hour > 0,
        Message.sent_with.is_(None),
        Message.handed_over_at > now - AN_HOUR,
        Message.id != message.id,
    )
    newest_first = left.order_by(Message.handed_over_at.desc())
    in_the_way = db.session.scalar(newest_first.offset(message.most_an_hour - 1).limit(1))
    return None if in_the_way is None else in_the_way + AN_HOUR


def _candidates(message: Message) -> Sequence[Message]:
    """Return what may leave with a message, held until the transaction ends, oldest first."""
    if not message.most_an_hour:
        return []
    same = Message.sent_with == message.id
    if message.error_code == WAITS:
        same |= sa.and_(Message.error_code == WAITS, Message.state == MessageState.QUEUED)
    query = sa.select(Message).where(
        same,
        Message.recipient == message.recipient,
        Message.locale == message.locale,
        Message.state.in_(rules.ON_THEIR_WAY),
        Message.id != message.id,
    )
    # Not those that are locked: whoever takes them back may be waiting for this one.
    locked = query.order_by(Message.id).limit(MOST_IN_A_MAIL - 1).with_for_update(skip_locked=True)
    return db.session.scalars(locked.execution_options(populate_existing=True)).all()


def _stands_behind(message: Message, group: Collection[int]) -> bool:
    """Tell whether something else about the same is on its way to the person before it."""
    before = sa.select(Message.id).where(
        subjects.concerns(subjects.in_line_of(message)),
        Message.recipient == message.recipient,
        Message.channel == message.channel,
        Message.state.in_(rules.ON_THEIR_WAY),
        Message.id < message.id,
        Message.id.not_in(group),
    )
    return db.session.scalar(before.limit(1)) is not None


def _without_frame(message: Message) -> str:
    """Return what a mail says between its greeting and its foot."""
    locale, city = message.locale, active().city
    facts = TogetherFacts("", 0, (), "", city.office.name, city.office_phone)
    text = message.body.removesuffix(with_imprint("", locale).strip()).strip()
    for foot in FEET:
        text = text.removesuffix(render("shared", foot, locale, facts)).strip()
    first, _gap, rest = text.partition("\n\n")
    name = message.recipient_name
    is_greeting = name in first and len(first) <= len(name) + LONGEST_GREETING
    return rest if is_greeting and rest else text
