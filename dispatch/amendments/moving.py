"""Another start for what people are asked for or come to: what it would do, and doing it."""

from dataclasses import replace
from datetime import datetime, time

from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.amendments.foreseeing import (
    Concerned,
    Foreseen,
    concerned,
    demand_of,
    details_of,
    foresee,
)
from dispatch.amendments.rules import TIMES, Fate
from dispatch.errors import Conflict
from dispatch.holds import service as holds
from dispatch.ledger.rules import Actor
from dispatch.offers import renewing
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.requests import rules as request_rules
from dispatch.requests import windows
from dispatch.requests.models import InterpretationRequest


def foresee_start(one: InterpretationRequest, starts_at: datetime, *, now: datetime) -> Foreseen:
    """Return whom it would concern if a request began then and at no other time.

    Changes nothing; raises what `foresee` raises.
    """
    wall = clock.at_place(starts_at, one.time_zone)
    details = replace(
        details_of(one),
        wall_start=wall.replace(tzinfo=None, fold=0),
        second_occurrence=bool(wall.fold),
        latest_start=None,
    )
    return foresee(one, details, now=now, office_asked=True)


def instant_of(one: InterpretationRequest, start: time) -> datetime:
    """Return when a request would begin; of a window over midnight it may be the next day."""
    wall = datetime.combine(one.day, start)
    if one.has_window:
        first = clock.at_place(one.starts_at, one.time_zone).replace(tzinfo=None, fold=0)
        wall = windows.wall_of_latest(first, start)
    return clock.localize(wall, one.time_zone)


def is_in_window(offer: Offer, starts_at: datetime) -> bool:
    """Tell whether those who asked have agreed to this start already, by naming a window."""
    one = offer.interpretation_request
    return one.has_window and one.starts_at <= starts_at <= one.latest_start_at


def foresee_move(offer: Offer, starts_at: datetime, *, now: datetime) -> Concerned:
    """Return what another start of the window means for whoever has not answered yet."""
    one = offer.interpretation_request
    then = replace(demand_of(one), starts_at=starts_at, latest_start_at=starts_at)
    return concerned(offer, TIMES, then, one, now)


def move_start(actor: Actor, offer_id: int, starts_at: datetime, *, now: datetime) -> Offer:
    """Ask whoever has not answered yet anew, about another start of the window.

    Those who asked have agreed to it by naming the window, and hear nothing. Raises `Conflict`
    where the question does not stand any more, the start is none of the window or the team's, or
    the person cannot come then.
    """
    offer = offers.lock(offer_id)
    one = offer.interpretation_request
    if offer.state != OfferState.MADE:
        raise Conflict(
            "question-over",
            _l(
                "The question to %(name)s does not stand any more: it was answered or taken back.",
                name=offer.interpreter.name,
            ),
        )
    request_rules.require_not_begun(starts_at, now)
    others = [each for each in holds.of_request(one.id) if each.id != offer.hold_id]
    move = foresee_move(offer, starts_at, now=now)
    span = move.terms.starts_at, move.terms.ends_at
    windows.require_time(one, *span, [each.starts_at for each in others])
    if move.fate == Fate.LEAVES and not move.to_office:
        why = move.why
        raise Conflict("not-then", why)
    return renewing.renew(actor, offer, move.terms, to_office=move.to_office, now=now)
