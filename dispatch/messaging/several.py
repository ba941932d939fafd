"""What one message says of several things: what no longer stands is left out before it leaves."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, make_dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from dispatch.database import db
from dispatch.messaging import composing, rules, subjects
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.messaging.states import forget_secret

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SEVERAL = "_several"
"""Ends the name of a message that says of several things what another says of one."""


@dataclass(frozen=True)
class Part:
    """One of several things a message tells of, with the facts of the message about it alone.

    `talk`, `until` and `besides` as in a notice (`contacts/notices.py`).
    """

    about: str
    talk: int | None
    until: datetime | None
    besides: int
    facts: "DataclassInstance"


@dataclass(frozen=True)
class Several:
    """The facts of several things one action did for one person, told in one message."""

    name: str
    number: int
    each: tuple["DataclassInstance", ...]


def facts_of(name: str, parts: Sequence[Part]) -> Several:
    """Return what a message to somebody of this name says of several things."""
    number = len(parts) + sum(one.besides for one in parts)
    return Several(name, number, tuple(one.facts for one in parts))


def keep(message: Message, name: str, parts: Sequence[Part], *, instead: str) -> None:
    """Keep what a message tells of until it has left; `instead` says why it is no SMS, "" if not.

    With its secrets, as its text has them: what remains of it is written anew.
    """
    each = [
        vars(one) | {"until": one.until and one.until.isoformat(), "facts": asdict(one.facts)}
        for one in parts
    ]
    kept = {"name": name.removesuffix(SEVERAL), "instead": instead, "each": each}
    message.parts = json.loads(json.dumps(kept, default=str, ensure_ascii=False))


def say_what_stands(message: Message, now: datetime) -> None:
    """Write a (locked) message anew without what no longer stands of the things it tells of.

    Each of these is a message of its own from then on, settled as it would have been alone, unless
    the person may have got it already. Where nothing remains the message is over.
    """
    if message.parts is None:
        return
    gone = subjects.taken_back(message)
    reasons = {
        number: _why_gone(part, gone, now) for number, part in enumerate(message.parts["each"])
    }
    stays = [one for number, one in enumerate(message.parts["each"]) if reasons[number] is None]
    if len(stays) == len(reasons):
        return
    if not stays:
        message.makes_sense_until = min(message.makes_sense_until or now, now)
        return
    if not message.may_have_left:
        for number, part in enumerate(message.parts["each"]):
            if why := reasons[number]:
                db.session.add(_alone(message, part, why, now))
        subjects.keep_only(message, [(one["about"], one["talk"]) for one in stays])
    before = message.subject
    message.parts = message.parts | {"each": stays}
    message.makes_sense_until = _until(stays)
    _write(message, message.parts)
    _name_in_entries(message, before)


def _why_gone(part: dict[str, Any], gone: Collection[str], now: datetime) -> str | None:
    taken_back_at = now if part["about"] in gone else None
    return rules.why_it_no_longer_stands(taken_back_at, _time(part["until"]), now)


def _alone(message: Message, part: dict[str, Any], why: str, now: datetime) -> Message:
    """Return what a message was to say of one thing, as a message that is settled."""
    alone = Message(
        name=message.name,
        channel=message.channel,
        recipient=message.recipient,
        recipient_name=message.recipient_name,
        account_id=message.account_id,
        sender=message.sender,
        locale=message.locale,
        about=part["about"],
        urgent=message.urgent,
        state=MessageState.SETTLED,
        error_code=why,
        queued_at=message.queued_at,
        taken_back_at=now if why == "taken-back" else None,
        makes_sense_until=_time(part["until"]),
        facts=part["facts"],
        has_lost_secret=False,
    )
    _write(alone, {**(message.parts or {}), "each": [part]})
    forget_secret(alone)
    return alone


def _write(message: Message, kept: dict[str, Any]) -> None:
    """Write the text of a message from what it tells of: one thing, or several."""
    each = [_as_object(one["facts"]) for one in kept["each"]]
    name, facts = kept["name"], each[0]
    if len(each) > 1:
        number = len(each) + sum(one["besides"] for one in kept["each"])
        name, facts = f"{name}{SEVERAL}", Several(message.recipient_name, number, tuple(each))
    message.name = name
    if message.facts is not None:
        message.facts = composing.without_secrets_of(asdict(facts))
    if message.channel == Channel.SMS:
        composing.write_sms(message, facts)
    else:
        composing.write_text(message, facts, kept["instead"])


def _name_in_entries(message: Message, before: str) -> None:
    """Let the mails that change a calendar name this one, which says the rest, as it is now."""
    entries = sa.select(Message).where(
        Message.name == rules.CALENDAR_ENTRY,
        Message.recipient == message.recipient,
        Message.queued_at == message.queued_at,
        Message.state == MessageState.QUEUED,
        Message.id > message.id,
    )
    if message.channel == Channel.EMAIL:
        for entry in db.session.scalars(entries.order_by(Message.id).with_for_update()).all():
            entry.body = entry.body.replace(before, message.subject)


def _until(parts: Sequence[dict[str, Any]]) -> datetime | None:
    """Return when the last of several things is of no use any more; None where one always is."""
    ends = [end for part in parts if (end := _time(part["until"])) is not None]
    return max(ends) if len(ends) == len(parts) else None


def _time(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def _as_object(kept: Any) -> Any:
    """Return kept facts as templates read them: with names, and without a way to change them."""
    if isinstance(kept, dict):
        return _class_of(tuple(kept))(*map(_as_object, kept.values()))
    return tuple(map(_as_object, kept)) if isinstance(kept, list) else kept


@cache
def _class_of(names: tuple[str, ...]) -> type[Any]:
    return make_dataclass("KeptFacts", names, frozen=True)
