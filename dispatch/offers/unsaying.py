"""A no that nobody said: written down by mistake, it is taken back and the question put anew."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from dispatch.assignments.rules import Via, Way
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.ledger.rules import Actor
from dispatch.offers import asking, queries, recording
from dispatch.offers.locking import lock
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import OfferState, RoundState, Strategy
from dispatch.offers.seats import Wanted, wanted_again


def unsay(actor: Actor, offer_id: int, *, now: datetime) -> Offer:
    """Take back a no noted on the telephone, and ask the same person the same thing anew.

    As before alone or with others; the round goes on with them where it has not ended. Raises
    `Conflict` where the no is somebody's own, or they cannot be asked any more: the seat or their
    time is taken, or the request needs nobody.
    """
    offer = lock(offer_id)
    if offer.state != OfferState.DECLINED or offer.answered_via != Via.TELEPHONE:
        raise Conflict("no-such-no", _l("This no was not written down by the office."))
    offer.state = OfferState.WITHDRAWN
    recording.record(actor, "offer.unsaid", offer, now)
    db.session.flush()
    return _alone(actor, offer, now) if offer.exclusive else _with_others(actor, offer, now)


def _alone(actor: Actor, offer: Offer, now: datetime) -> Offer:
    within, strategy = _open_round(offer), Strategy(offer.round.strategy)
    if within is not None:
        within.next_at = None  # it waits for this answer again
    return asking.make(
        actor,
        offer.interpretation_request_id,
        offer.interpreter_id,
        wanted_again(offer),
        strategy=strategy if strategy == Strategy.CASCADE else Strategy.DIRECT,
        within=within,
        now=now,
    )


def _with_others(actor: Actor, offer: Offer, now: datetime) -> Offer:
    request_id, who = offer.interpretation_request_id, offer.interpreter_id
    asking.make_to_all(
        actor,
        request_id,
        [who],
        Wanted(None, offer.starts_at, offer.language, Way(offer.way)),
        strategy=Strategy.INTEREST if offer.is_interest else Strategy.BROADCAST,
        within=_open_round(offer),
        now=now,
    )
    [again] = [one for one in queries.open_for(request_id) if one.interpreter_id == who]
    return again


def _open_round(offer: Offer) -> OfferRound | None:
    return offer.round if offer.round.state == RoundState.OPEN else None
