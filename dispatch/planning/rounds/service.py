"""Beginning rounds of offers and carrying them on: the next best as the world is by then."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from dispatch.database import get, savepoint, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.ledger.rules import SYSTEM, Actor
from dispatch.offers import queries as offer_queries
from dispatch.offers import service as offers
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rounds import AT_ONCE, BY_ITSELF
from dispatch.offers.rules import (
    AGENCY,
    OfferState,
    RoundState,
    Strategy,
    is_wanted,
    require_wait,
)
from dispatch.offers.seats import Wanted
from dispatch.planning.advice import helping
from dispatch.planning.advice import service as advice
from dispatch.planning.advice.candidates import MOST_AT_ONCE, able, able_together
from dispatch.planning.snapshot.named import people_of
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active

Ask = Callable[[int, Wanted], Offer]
"""Asks an interpreter on these terms; raises `Refusal` where they cannot be asked after all."""


def begin(
    actor: Actor, request_id: int, strategy: Strategy | None = None, *, now: datetime
) -> None:
    """Ask by a strategy; without one as is agreed for the request, or with its organisation.

    Raises `Conflict` as the strategies do.
    """
    by_strategy: dict[Strategy, Callable[..., object]] = {
        Strategy.DIRECT: direct,
        Strategy.CASCADE: cascade,
        Strategy.BROADCAST: broadcast,
        Strategy.INTEREST: interest,
        Strategy.TIERS: tiers,
    }
    wanted = strategy or requests.lock(request_id).agreed_strategy
    by_strategy[wanted](actor, request_id, now=now)


def direct(actor: Actor, request_id: int, *, now: datetime) -> list[OfferRound]:
    """Ask the best there is for each free seat; nobody follows by itself.

    Raises `Conflict` as `cascade` does.
    """
    return _for_each_seat(actor, request_id, Strategy.DIRECT, now)


def cascade(actor: Actor, request_id: int, *, now: datetime) -> list[OfferRound]:
    """Ask the best there is for each free seat; the next best follow by themselves.

    Raises `Conflict` for a request that needs nobody, or that nobody can come to.
    """
    return _for_each_seat(actor, request_id, Strategy.CASCADE, now)


def broadcast(actor: Actor, request_id: int, *, now: datetime) -> OfferRound:
    """Ask at once whoever could come, the best `MOST_AT_ONCE`; whoever says yes first comes.

    Raises `Conflict` for a request that needs nobody, has a round under way, or that nobody can
    come to.
    """
    return _ask_all(actor, request_id, Strategy.BROADCAST, now)


def interest(actor: Actor, request_id: int, *, now: datetime) -> OfferRound:
    """Ask at once whoever could come whether they would, the best `MOST_AT_ONCE`; hold nothing.

    The office chooses among them. Raises `Conflict` as `broadcast` does.
    """
    return _ask_all(actor, request_id, Strategy.INTEREST, now)


def tiers(
    actor: Actor, request_id: int, *, wait_minutes: int | None = None, now: datetime
) -> OfferRound:
    """Ask at once whoever could come of the first tier, and after a while of the next as well.

    Each tier is waited for so many minutes of answering hours, as the city has decided where
    nothing is said. Raises `Refusal` for a wait out of range, `Conflict` as `broadcast` does.
    """
    wait = wait_of(Strategy.TIERS) if wait_minutes is None else wait_minutes
    require_wait(wait or 0)
    interpretation_request = requests.lock(request_id)
    request_rules.require_open(interpretation_request.state)
    request_rules.require_not_begun(interpretation_request.latest_start_at, now)
    offers.require_none_of(request_id, BY_ITSELF)
    offer_round = offers.begin_round(
        actor, interpretation_request, Strategy.TIERS, wait_minutes=wait, now=now
    )
    _next_tier(offer_round, now)
    if not offer_queries.is_asked_in(offer_round.id):
        raise _nobody(interpretation_request)
    return offer_round


def wait_of(strategy: Strategy) -> int | None:
    """Return how many minutes of answering hours a tier is waited for as the city has decided."""
    return active().city.policies.wait_for_a_tier_minutes if strategy == Strategy.TIERS else None


def carry_on(round_id: int, *, now: datetime) -> None:
    """Ask the next best of a round that waits for it; with nobody left it has run out.

    Of a round of tiers it is the next tier. Nobody is asked twice by one round, and nobody who has
    declined the request is asked at all.
    """
    offer_round = offers.lock_round(round_id)
    if not offers.wants_next(offer_round, now):
        return
    step = _next_tier if offer_round.strategy == Strategy.TIERS else _next_one
    step(offer_round, now)
    if not offer_queries.is_asked_in(round_id):
        offers.exhaust(offer_round, now)


def next_in_line(offer_round: OfferRound, *, now: datetime) -> dict[int, Wanted]:
    """Return by id whom the round would ask next as things stand, and how; the best first.

    Those who are asked at once are asked for one way and, of a window, for one start. Who was asked
    and came elsewhere by then is in the line again once that is off.
    """
    interpretation_request = offer_round.interpretation_request
    own = _asked_in(offer_round)
    before = {one.interpreter_id for one in own if one.made_way_at is None}
    if offer_round.strategy in AT_ONCE:
        waiting = [one.starts_at for one in own if one.state == OfferState.MADE]
        at = min(waiting, default=None)
        found = able_together(interpretation_request, now=now, before=before, at=at)
    else:
        found = able(interpretation_request, now=now)
    return {one: wanted for one, wanted in found.items() if one not in before}


def ask_who_is_free(*, on: date | None = None, now: datetime) -> None:
    """Ask in each open round of several at once, of one day or of all, who could not come before.

    Their time was taken then, or they are new: a round goes on by itself. Each round is a
    transaction of its own.
    """
    for round_id in offers.waiting_for_the_first(on):
        with transaction():
            ask_more(round_id, now=now)


def ask_more(round_id: int, *, now: datetime) -> None:
    """Ask who could come by now as well, on the terms of those who wait to answer.

    Nobody where somebody waits to be chosen, or of a tier that the round has not come to.
    """
    offer_round = offers.lock_round(round_id)
    one, own = offer_round.interpretation_request, _asked_in(offer_round)
    waiting = [each for each in own if each.state == OfferState.MADE]
    is_open = offer_round.state == RoundState.OPEN and is_wanted(
        one.state, one.latest_start_at, now
    )
    interested = any(each.state == OfferState.INTERESTED for each in own)
    if not waiting or interested or not is_open or not offers.free_seats(one):
        return
    later = offers.tiers_after(offer_round, offer_round.tier) if offer_round.tier else ()
    line = {
        who: wanted
        for who, wanted in next_in_line(offer_round, now=now).items()
        if wanted.way == waiting[0].way
    }
    people = people_of(line)
    new = [who for who in line if people[who].employment not in later]
    for who in new[: max(0, MOST_AT_ONCE - len(waiting))]:
        with suppress(Refusal), savepoint():
            offers.make_to_all(SYSTEM, one.id, [who], line[who], within=offer_round, now=now)


def look_for_help(request_id: int, *, now: datetime) -> None:
    """Have the solver look what would help a request nobody could be found for, and keep it."""
    interpretation_request = get(InterpretationRequest, request_id)
    if not is_wanted(interpretation_request.state, interpretation_request.latest_start_at, now):
        return
    found = helping.as_it_stands(interpretation_request, now=now)
    with transaction():
        advice.keep(requests.lock(request_id), found, now=now)


def _for_each_seat(
    actor: Actor, request_id: int, strategy: Strategy, now: datetime
) -> list[OfferRound]:
    interpretation_request = requests.lock(request_id)
    request_rules.require_open(interpretation_request.state)
    request_rules.require_not_begun(interpretation_request.latest_start_at, now)
    offers.require_none_of(request_id, AT_ONCE | {Strategy.INTEREST})
    begun = []
    for _seat in offers.free_seats(interpretation_request):
        offer = _ask_best(
            able(interpretation_request, now=now),
            lambda who, wanted: offers.make(
                actor, request_id, who, wanted, strategy=strategy, now=now
            ),
        )
        if offer is None:
            break
        begun.append(offer.round)
    if not begun:
        raise _nobody(interpretation_request)
    return begun


def _ask_all(actor: Actor, request_id: int, strategy: Strategy, now: datetime) -> OfferRound:
    interpretation_request = requests.lock(request_id)
    request_rules.require_open(interpretation_request.state)
    before = {one.interpreter_id for one in offer_queries.of_request(request_id)}
    found = able_together(interpretation_request, now=now, before=before)
    if not found:
        raise _nobody(interpretation_request)
    ranked, wanted = list(found)[:MOST_AT_ONCE], _together(found)
    return offers.make_to_all(actor, request_id, ranked, wanted, strategy=strategy, now=now)


def _next_one(offer_round: OfferRound, now: datetime) -> None:
    """Ask the next best of a cascade, if there is one."""
    request_id = offer_round.interpretation_request_id
    _ask_best(
        next_in_line(offer_round, now=now),
        lambda who, wanted: offers.make(
            SYSTEM, request_id, who, wanted, within=offer_round, now=now
        ),
    )


def _next_tier(offer_round: OfferRound, now: datetime) -> None:
    """Ask all of the next tier in which somebody could come; the last is the partner agency.

    By a way meant for when nobody is found the tiers are asked again from the first on.
    """
    line = next_in_line(offer_round, now=now)
    people, tier = people_of(line), offer_round.tier
    if line and _together(line).way not in {one.way for one in _asked_in(offer_round)}:
        tier = None
    for following in offers.tiers_after(offer_round, tier):
        group = [id_ for id_, one in people.items() if one.employment == following]
        if following == AGENCY:
            offers.turn_to_agency(offer_round, now)
        elif group:
            offers.make_to_tier(offer_round, following, group, _together(line), now=now)
            return


def _asked_in(offer_round: OfferRound) -> list[Offer]:
    found = offer_queries.of_request(offer_round.interpretation_request_id)
    return [one for one in found if one.round_id == offer_round.id]


def _together(found: Mapping[int, Wanted]) -> Wanted:
    """Return the terms of people who could come on the same ones."""
    return next(iter(found.values()))


def _ask_best(ranked: Mapping[int, Wanted], ask: Ask) -> Offer | None:
    """Ask the first of them who can still be asked; None when nobody can."""
    for interpreter_id, wanted in ranked.items():
        try:
            # Undone together with its locks, or two rounds could wait for each other in a ring.
            with savepoint():
                return ask(interpreter_id, wanted)
        except Refusal:
            continue
    return None


def _nobody(interpretation_request: InterpretationRequest) -> Conflict:
    if not offers.free_seats(interpretation_request):
        return Conflict("seat-taken", _l("Enough people are asked or come already."))
    return Conflict(
        "nobody-to-ask",
        _l("Nobody can come as things stand, so nobody is asked; look what would help."),
    )
