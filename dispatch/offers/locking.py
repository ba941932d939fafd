"""Offers and rounds, locked in the order everybody keeps: request, interpreter, then these."""

from collections.abc import Sequence

from dispatch import database
from dispatch.assignments import service as assignments
from dispatch.offers import queries
from dispatch.offers.models import Offer, OfferRound
from dispatch.requests import service as requests


def lock(offer_id: int) -> Offer:
    """Return the offer with its request and interpreter locked before it, in this order."""
    # Whose question it is never changes, so this may be read without the lock.
    offer = database.get(Offer, offer_id)
    requests.lock(offer.interpretation_request_id)
    assignments.lock_interpreter(offer.interpreter_id)
    database.lock(OfferRound, offer.round_id)
    return database.lock(Offer, offer_id)


def lock_together(offer_id: int) -> Sequence[Offer]:
    """Return the open questions one action put to a person, in order of time.

    The requests of all of them are locked in the order of their ids, then the interpreter.
    """
    offer = database.get(Offer, offer_id)
    requests.lock_all({one.interpretation_request_id for one in queries.asked_together(offer)})
    assignments.lock_interpreter(offer.interpreter_id)
    return queries.asked_together(offer)


def lock_round(round_id: int) -> OfferRound:
    """Return the round with its request locked before it."""
    offer_round = database.get(OfferRound, round_id)
    requests.lock(offer_round.interpretation_request_id)
    return database.lock(OfferRound, round_id)
