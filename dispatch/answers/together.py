"""One answer to all that one action put to somebody: yes to some, no to the others, as one step."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from dispatch.accounts.models import Account
from dispatch.amendments import locking
from dispatch.answers.service import Answer, take, take_terms, terms_by_token
from dispatch.assignments import queries as assignments
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import Via
from dispatch.database import get, savepoint
from dispatch.errors import Refusal
from dispatch.ledger.rules import Actor
from dispatch.offers import queries, service
from dispatch.offers.models import Offer

Answers = Callable[[int], Answer]
"""The answer to the offer, or the terms of the assignment, of this id."""


@dataclass
class Answered:
    """What came of answers to several questions: how many accepted, and what was refused, why."""

    every: list[Offer | Assignment] = field(default_factory=list)
    accepted: int = 0
    refused: list[tuple[Offer | Assignment, Any]] = field(default_factory=list)


def all_by_link(token: str, yes: Collection[int], *, now: datetime) -> Answered:
    """Take the answer of whoever holds the link to all that was asked together.

    Yes to the offers with these ids, no to the others. What cannot be accepted any more is named
    and stops none of the others.
    """
    offer = queries.by_token(token)
    return _offers(offer.interpreter.account.actor, offer, _to(yes), Via.LINK, now)


def all_by_page(
    account_id: int, actor: Actor, offer_id: int, yes: Collection[int], *, now: datetime
) -> Answered:
    """Take the answer of a signed-in interpreter to all that was asked together; else 404."""
    return _offers(actor, queries.find(account_id, offer_id), _to(yes), Via.PAGE, now)


def all_by_telephone(
    coordinator: Actor, question: Offer | Confirmation, answer: Answer, *, now: datetime
) -> Answered:
    """Write down one answer of an interpreter, yes or no, to all that was put to them together."""
    if isinstance(question, Offer):
        return _offers(coordinator, question, lambda _id: answer, Via.TELEPHONE, now)
    return _terms(coordinator, question, lambda _id: answer, Via.TELEPHONE, now)


def all_terms_by_link(token: str, yes: Collection[int], *, now: datetime) -> Answered:
    """Take the answer of whoever holds the link to all terms that one action changed.

    Yes to the assignments with these ids, no to the others, as with offers.
    """
    question = terms_by_token(token)
    actor = question.assignment.interpreter.account.actor
    return _terms(actor, question, _to(yes), Via.LINK, now)


def all_terms_by_page(
    account: Account, assignment_id: int, yes: Collection[int], *, now: datetime
) -> Answered:
    """Take the answer of a signed-in interpreter to all terms that one action changed; else 404."""
    question = assignments.find(account, assignment_id).confirmations[-1]
    return _terms(account.actor, question, _to(yes), Via.PAGE, now)


def _to(yes: Collection[int]) -> Answers:
    return lambda id_: Answer.YES if id_ in yes else Answer.NO


def _offers(actor: Actor, offer: Offer, said: Answers, via: Via, now: datetime) -> Answered:
    answered = Answered()
    for one in service.lock_together(offer.id):
        answer = said(one.id)
        _note(answered, one, answer, partial(take, actor, one, answer, via, now))
    return answered


def _terms(
    actor: Actor, question: Confirmation, said: Answers, via: Via, now: datetime
) -> Answered:
    answered = Answered()
    for question_id in locking.asked_together(question.id):
        one = get(Confirmation, question_id)
        answer = said(one.assignment_id)
        _note(answered, one.assignment, answer, partial(take_terms, actor, one, answer, via, now))
    return answered


def _note(
    answered: Answered, of: Offer | Assignment, answer: Answer, give: Callable[[], object]
) -> None:
    """Give an answer, or nothing of it; what is refused is named and stops none of the others."""
    answered.every.append(of)
    try:
        with savepoint():
            give()
    except Refusal as refusal:
        answered.refused.append((of, refusal.text))
    else:
        answered.accepted += answer == Answer.YES
