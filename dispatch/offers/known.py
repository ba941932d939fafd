"""What is known of requests before people are asked for them: read once, for one or for many."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from dispatch.database import db
from dispatch.offers import barring
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import UNDECIDED, RoundState, Strategy


@dataclass(frozen=True)
class Known:
    """What holds as long as the requests are locked, by request and interpreter.

    `rounds` are those that go on, by request and strategy; `interests` the undecided questions
    whether somebody could come.
    """

    declined: set[tuple[int, int]]
    rounds: set[tuple[int, str]]
    interests: dict[tuple[int, int], list[Offer]]

    def goes_on(self, request_id: int, strategies: Collection[str]) -> bool:
        """Tell whether a round of one of these strategies is under way for a request."""
        return any((request_id, strategy) in self.rounds for strategy in strategies)


def known_of(request_ids: Collection[int]) -> Known:
    """Return what is known of these (locked) requests, in three statements."""
    rounds = db.session.execute(
        sa.select(OfferRound.interpretation_request_id, OfferRound.strategy).where(
            OfferRound.interpretation_request_id.in_(request_ids),
            OfferRound.state == RoundState.OPEN,
        )
    )
    interests: dict[tuple[int, int], list[Offer]] = {}
    asked = (
        sa.select(Offer)
        .join(Offer.round)
        .options(joinedload(Offer.interpreter), joinedload(Offer.round))
        .where(
            Offer.interpretation_request_id.in_(request_ids),
            Offer.state.in_(UNDECIDED),
            OfferRound.strategy == Strategy.INTEREST,
            sa.not_(Offer.exclusive),
        )
        .order_by(Offer.id)
        # Under the requests' locks this is the truth; what the session read before may not be.
        .execution_options(populate_existing=True)
    )
    for offer in db.session.scalars(asked):
        key = (offer.interpretation_request_id, offer.interpreter_id)
        interests.setdefault(key, []).append(offer)
    return Known(
        barring.declined(request_ids),
        {(request_id, strategy) for request_id, strategy in rounds},
        interests,
    )
