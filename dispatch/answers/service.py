"""One answer, one verb: whoever answers by whichever way, the same is checked and done."""

from datetime import datetime
from enum import StrEnum

from dispatch.assignments.rules import Via
from dispatch.ledger.rules import Actor
from dispatch.offers import queries, service
from dispatch.offers.models import Offer


class Answer(StrEnum):
    """What somebody answers to an offer."""

    YES = "yes"
    NO = "no"


def by_link(token: str, answer: Answer, *, now: datetime) -> Offer:
    """Take the answer of whoever holds the signed link; it counts as the interpreter's own."""
    offer = queries.by_token(token)
    return _take(offer.interpreter.account.actor, offer, answer, Via.LINK, now)


def by_page(
    account_id: int, actor: Actor, offer_id: int, answer: Answer, *, now: datetime
) -> Offer:
    """Take the answer of a signed-in interpreter to an offer of their own; else 404."""
    return _take(actor, queries.find(account_id, offer_id), answer, Via.PAGE, now)


def by_telephone(coordinator: Actor, offer: Offer, answer: Answer, *, now: datetime) -> Offer:
    """Write down what an interpreter said on the telephone; the record names who wrote it."""
    return _take(coordinator, offer, answer, Via.TELEPHONE, now)


def _take(actor: Actor, offer: Offer, answer: Answer, via: Via, now: datetime) -> Offer:
    if answer == Answer.YES:
        service.accept(actor, offer.id, via=via, now=now)
    else:
        service.decline(actor, offer.id, via=via, now=now)
    return offer
