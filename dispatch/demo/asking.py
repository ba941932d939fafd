"""Rounds under way in the days after the planned one: a cascade, a broadcast, who could come."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from dispatch import clock, settings
from dispatch.assignments.rules import Via
from dispatch.database import db, savepoint
from dispatch.demo import sources
from dispatch.errors import Refusal
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.rules import Strategy
from dispatch.planning.advice.candidates import able
from dispatch.planning.rounds import service as rounds
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState

BEGIN: dict[Strategy, Callable[..., object]] = {
    Strategy.CASCADE: rounds.cascade,
    Strategy.BROADCAST: rounds.broadcast,
    Strategy.INTEREST: rounds.interest,
}
AT_LEAST = 2
"""Of a round with one person nobody sees how it asks."""


def ask_around(day: date, *, now: datetime) -> dict[Strategy, InterpretationRequest]:
    """Begin a round of each strategy for a request after the day, and let some answer.

    Whoever the cascade asks first declines, so that the next is asked; two say that they could
    come. Return the request of each; none of a strategy that nobody can be asked by.
    """
    under_way: dict[Strategy, InterpretationRequest] = {}
    wanted = list(BEGIN)
    for one in _open_after(day):
        if wanted and _begin(wanted[0], one, now):
            under_way[wanted.pop(0)] = one
    if Strategy.CASCADE in under_way:
        _decline_the_first(under_way[Strategy.CASCADE], now)
    if Strategy.INTEREST in under_way:
        _be_interested(under_way[Strategy.INTEREST], now)
    return under_way


def _begin(strategy: Strategy, one: InterpretationRequest, now: datetime) -> bool:
    if len(able(one, now=now)) < AT_LEAST:
        return False
    try:
        with savepoint():
            BEGIN[strategy](SYSTEM, one.id, now=now)
    except Refusal:
        return False
    return True


def _decline_the_first(one: InterpretationRequest, now: datetime) -> None:
    [offer] = queries.open_for(one.id)
    offers.decline(offer.interpreter.account.actor, offer.id, via=Via.LINK, now=now)
    rounds.carry_on(offer.round_id, now=now)


def _be_interested(one: InterpretationRequest, now: datetime) -> None:
    for offer, comment in zip(
        queries.open_for(one.id), (sources.words().could_come, ""), strict=False
    ):
        person = offer.interpreter.account.actor
        offers.could_come(person, offer.id, comment=comment, via=Via.LINK, now=now)


def _open_after(day: date) -> Sequence[InterpretationRequest]:
    """Return the open requests for one interpreter after a day, in the order of time."""
    _first, after = clock.day_bounds(day, settings.active().city.zone_name)
    return db.session.scalars(
        sa.select(InterpretationRequest)
        .where(
            InterpretationRequest.state == RequestState.OPEN,
            InterpretationRequest.interpreter_count == 1,
            InterpretationRequest.starts_at >= after,
        )
        .order_by(InterpretationRequest.starts_at, InterpretationRequest.id)
    ).all()
