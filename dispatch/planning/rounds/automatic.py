"""Rounds that begin by themselves, as soon as a request comes in, where that is agreed."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch.database import db, savepoint
from dispatch.errors import Conflict
from dispatch.languages.rules import NOT_LISTED
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.offers.models import OfferRound
from dispatch.organisations.models import Organisation
from dispatch.organisations.rules import Strategy
from dispatch.planning.rounds import service as rounds
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.series.models import SeriesDate
from dispatch.settings import active


def to_begin(now: datetime) -> Sequence[int]:
    """Return the requests whose round is to begin by itself and has not, by id."""
    return db.session.scalars(_to_begin(now).order_by(InterpretationRequest.id)).all()


def begin(request_id: int, *, now: datetime) -> None:
    """Begin the round of a request by itself, as is agreed; nothing where it has begun meanwhile.

    What is urgent is asked as the city has decided for its lane, also when the office is closed.
    With nobody who could come the round has run out at once: those who asked and the office hear
    it.
    """
    interpretation_request = requests.lock(request_id)
    if not db.session.scalar(_to_begin(now).where(InterpretationRequest.id == request_id)):
        return
    strategy = _strategy_of(interpretation_request)
    try:
        with savepoint():
            rounds.begin(SYSTEM, request_id, strategy, now=now)
    except Conflict:  # nobody can come as things stand
        begun = offers.begin_round(
            SYSTEM,
            interpretation_request,
            strategy,
            wait_minutes=rounds.wait_of(strategy),
            now=now,
        )
        offers.exhaust(begun, now)


def _strategy_of(one: InterpretationRequest) -> Strategy:
    """Return how it is asked: as noted for it, in the urgent lane, or as agreed."""
    lane = active().city.policies.urgent_strategy
    return Strategy(lane) if lane and one.is_urgent and not one.strategy else one.agreed_strategy


def _to_begin(now: datetime) -> sa.Select[int]:
    """Return the query of them: once for each.

    What came in before it was agreed is left to the office, and so is a date of a series, which is
    given to somebody as a whole; one that is urgent cannot wait for that. Of a language that is to
    be settled nobody can be asked yet. A question to one person is put by a person or by a plan.
    """
    one = InterpretationRequest
    in_series = sa.exists().where(SeriesDate.interpretation_request_id == one.id)
    as_agreed = sa.and_(
        one.submitted_at >= Organisation.asks_by_itself_since,
        sa.func.coalesce(one.strategy, Organisation.strategy) != Strategy.DIRECT,
        ~in_series,
    )
    urgent = sa.and_(one.is_urgent, sa.func.coalesce(one.strategy, "") != Strategy.DIRECT)
    has_lane = active().city.policies.urgent_strategy is not None
    was_asked = sa.exists().where(OfferRound.interpretation_request_id == one.id)
    return (
        sa.select(one.id)
        .join(one.organisation)
        .where(
            one.state == RequestState.OPEN,
            one.latest_start_at > now,
            one.language != NOT_LISTED,
            sa.or_(as_agreed, urgent) if has_lane else as_agreed,
            ~was_asked,
        )
    )
