"""Answering by SMS: two signs that stand for one question, at one number."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from dispatch.database import db
from dispatch.messaging.models import ReplyCode
from dispatch.settings import active

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Facts = TypeVar("Facts", bound="DataclassInstance")
DIGITS = "23456789"
LETTERS = "ABCDEFGHKMPQRTUVWX"
"""Letters nobody takes for a digit or for the J, Y or N that stands before them."""
ALL = tuple(f"{digit}{letter}" for digit in DIGITS for letter in LETTERS)
YES_LETTERS = {"de": "J"}
KEPT_FOR = timedelta(days=60)
"""How long a code means one question and no other: an answer may come late."""


@dataclass(frozen=True)
class Codes:
    """How yes and no to one question are written in an SMS; "" where nobody can answer by one."""

    yes_code: str = ""
    no_code: str = ""


NO_CODES = Codes()


def of_question(number: str, about: str, locale: str, now: datetime) -> Codes:
    """Return the codes of a question at a number, in the letters of a language."""
    if not active().takes_sms:
        return NO_CODES
    code = give(number, about, now)
    return Codes(f"{YES_LETTERS.get(locale, 'Y')}{code}", f"N{code}")


def without(facts: Facts) -> Facts:
    """Return the facts of a message with no code in them, for a way that cannot take one."""
    changed: dict[str, Any] = {one: "" for one in ("yes_code", "no_code") if hasattr(facts, one)}
    if each := getattr(facts, "each", ()):
        changed["each"] = tuple(without(one) for one in each)
    return replace(facts, **changed) if changed else facts


def give(number: str, about: str, now: datetime) -> str:
    """Return the code of a question ("offer:12") at a number; the same for the same question.

    Of more questions than there are codes, the oldest one's is taken.
    """
    query = sa.select(ReplyCode).where(ReplyCode.number == number).order_by(ReplyCode.id)
    known = db.session.scalars(query).all()
    for one in known:
        if one.about == about:
            return one.code
    free = sorted(set(ALL) - {one.code for one in known})
    if not free:
        free = [known[0].code]
        db.session.delete(known[0])
        db.session.flush()
    code = free[secrets.randbelow(len(free))]
    db.session.add(ReplyCode(number=number, code=code, about=about, made_at=now))
    db.session.flush()
    return code


def about(number: str, code: str) -> str | None:
    """Return the question a code means at a number, None for a code nobody gave there."""
    return db.session.scalar(
        sa.select(ReplyCode.about).where(ReplyCode.number == number, ReplyCode.code == code)
    )


def last_about(number: str) -> str | None:
    """Return the question that was given a code at a number last."""
    last = sa.select(ReplyCode.about).where(ReplyCode.number == number)
    return db.session.scalar(last.order_by(ReplyCode.id.desc()).limit(1))


def move(former: str, number: str) -> None:
    """Let what codes mean at a number that nobody has any more be what they mean at the new one.

    A code that means something else there already means nothing from then on: the answer is asked
    back rather than given to another question.
    """
    both = sa.select(ReplyCode).where(ReplyCode.number.in_([former, number]))
    codes = db.session.scalars(both.order_by(ReplyCode.id)).all()
    there = {one.code: one for one in codes if one.number == number}
    known = {one.about for one in there.values()}
    for one in codes:
        if one.number == number or one.about in known:
            continue
        if one.code in there:
            db.session.delete(there[one.code])
            db.session.delete(one)
        else:
            one.number = number
    db.session.flush()


def forget_old(now: datetime) -> None:
    """Forget the codes of questions nobody answers any more."""
    db.session.execute(sa.delete(ReplyCode).where(ReplyCode.made_at <= now - KEPT_FOR))
