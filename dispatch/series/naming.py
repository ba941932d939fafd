"""Whom those who ask would like, or not, for one date of a series and all later ones."""

from datetime import datetime

from dispatch.amendments import naming
from dispatch.amendments.naming import People
from dispatch.database import not_there
from dispatch.ledger.rules import Actor
from dispatch.series import locking, queries
from dispatch.series.rules import Choice, Scope
from dispatch.series.service import Outcome, for_each


def name_people(actor: Actor, request_id: int, people: People, *, now: datetime) -> Outcome:
    """Note it for the date that is this request and for every later one that is still to come.

    Dates that somebody excluded comes to already, for instance, are left and named. Raises
    `Refusal` or `Conflict` where it cannot be noted for any of them, `NotFound` for a request that
    is no date of a series.
    """
    date = queries.of_request(request_id)
    if date is None:
        raise not_there()
    dates = locking.lock_named(date.series_id, Choice(date.number, Scope.FOLLOWING), now=now)
    return for_each(
        dates,
        lambda one: naming.name_people(actor, one.interpretation_request_id, people, now=now),
    )
