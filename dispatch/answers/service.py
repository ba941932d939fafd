"""One answer, one verb: whoever answers by whichever way, the same is checked and done.

Answers are given to an offer, or to changed terms of an assignment.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments import service as amendments
from dispatch.assignments import queries as assignments
from dispatch.assignments import terms
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import Via
from dispatch.database import not_there, savepoint
from dispatch.errors import Gone, Refusal
from dispatch.ledger.rules import Actor
from dispatch.offers import queries, service
from dispatch.offers.models import Offer


class Answer(StrEnum):
    """What somebody answers to an offer."""

    YES = "yes"
    NO = "no"
    COULD = "could"
    """I could come; the office chooses."""


def by_link(token: str, answer: Answer, *, comment: str = "", now: datetime) -> Offer:
    """Take the answer of whoever holds the signed link; it counts as the interpreter's own."""
    offer = queries.by_token(token)
    return _take(offer.interpreter.account.actor, offer, answer, Via.LINK, now, comment)


def by_page(
    account: Account, offer_id: int, answer: Answer, *, comment: str = "", now: datetime
) -> Offer:
    """Take the answer of a signed-in interpreter to an offer of their own; else 404."""
    offer = queries.find(account.id, offer_id)
    return _take(account.actor, offer, answer, Via.PAGE, now, comment)


def by_telephone(coordinator: Actor, offer: Offer, answer: Answer, *, now: datetime) -> Offer:
    """Write down what an interpreter said on the telephone; the record names who wrote it."""
    return _take(coordinator, offer, answer, Via.TELEPHONE, now)


@dataclass
class Answered:
    """What came of answers to several questions: how many accepted, and what was refused, why."""

    accepted: int = 0
    refused: list[tuple[Offer, Any]] = field(default_factory=list)


def all_by_link(token: str, yes: Collection[int], *, now: datetime) -> Answered:
    """Take the answer of whoever holds the link to all that was asked together.

    Yes to the offers with these ids, no to the others. What cannot be accepted any more is named
    and stops none of the others.
    """
    offer = queries.by_token(token)
    return _take_all(offer.interpreter.account.actor, offer, yes, Via.LINK, now)


def all_by_page(
    account_id: int, actor: Actor, offer_id: int, yes: Collection[int], *, now: datetime
) -> Answered:
    """Take the answer of a signed-in interpreter to all that was asked together; else 404."""
    return _take_all(actor, queries.find(account_id, offer_id), yes, Via.PAGE, now)


def terms_by_token(token: str) -> Confirmation:
    """Return the changed terms a signed link leads to; 404 for one nobody made, 410 for a dead one.

    A person who cannot be asked any more has no link that works.
    """
    question = terms.by_token_hash(queries.hash_of(token))
    interpreter = question.assignment.interpreter
    if not (interpreter.active and interpreter.account.active):
        raise Gone("link-over", _l("This link has ended; please call the office."))
    return question


def to_terms_by_link(token: str, answer: Answer, *, now: datetime) -> None:
    """Take the answer to changed terms of whoever holds the signed link."""
    question = terms_by_token(token)
    actor = question.assignment.interpreter.account.actor
    _take_terms(actor, question, answer, Via.LINK, now)


def to_terms_by_page(
    account: Account, assignment_id: int, number: int, answer: Answer, *, now: datetime
) -> None:
    """Take the answer of a signed-in interpreter, or write down what was said on the telephone.

    `number` is that of the terms the person looked at. 404 for an assignment of somebody else.
    """
    assignment = assignments.find(account, assignment_id)
    via = Via.TELEPHONE if account.role == Role.COORDINATOR else Via.PAGE
    _take_terms(account.actor, _numbered(assignment, number), answer, via, now)


def _numbered(assignment: Assignment, number: int) -> Confirmation:
    for one in assignment.confirmations:
        if one.terms_number == number:
            return one
    raise not_there()


def _take_terms(
    actor: Actor, question: Confirmation, answer: Answer, via: Via, now: datetime
) -> None:
    if answer == Answer.YES:
        amendments.accept(actor, question.id, via=via, now=now)
    else:
        amendments.decline(actor, question.id, via=via, now=now)


def _take_all(
    actor: Actor, offer: Offer, yes: Collection[int], via: Via, now: datetime
) -> Answered:
    answered = Answered()
    for one in service.lock_together(offer.id):
        answer = Answer.YES if one.id in yes else Answer.NO
        try:
            with savepoint():
                _take(actor, one, answer, via, now)
        except Refusal as refusal:
            answered.refused.append((one, refusal.text))
        else:
            answered.accepted += answer == Answer.YES
    return answered


def _take(
    actor: Actor, offer: Offer, answer: Answer, via: Via, now: datetime, comment: str = ""
) -> Offer:
    if answer == Answer.YES:
        service.accept(actor, offer.id, via=via, now=now)
    elif answer == Answer.COULD:
        service.could_come(actor, offer.id, comment=comment, via=via, now=now)
    else:
        service.decline(actor, offer.id, via=via, now=now)
    return offer
