"""The course of a round: begun, gone on with, closed."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from operator import attrgetter

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as ngettext  # type: ignore[attr-defined]

from dispatch import engine
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.holds import service as holds
from dispatch.holds.rules import Cause
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Actor
from dispatch.offers import queries, rules
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import OfferState, RoundState, Strategy
from dispatch.offers.seats import free_seats, whole_again
from dispatch.requests import messages as request_messages
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.settings import active
from dispatch.web.formats import local_datetime

CARRY_ON = "carry_on_round"
"""The job of whoever knows who comes next: planning, which stands above this room."""

GOES_ON = frozenset({Strategy.CASCADE, Strategy.TIERS})
"""Ask somebody else when those who are asked do not come."""

AT_ONCE = frozenset({Strategy.BROADCAST, Strategy.TIERS})
"""Ask several at once and hold nobody's time: a free seat is promised to whoever is first."""

ASKS_SEVERAL = AT_ONCE | {Strategy.INTEREST}
"""Ask several at once, for a promise or for who could come; a plan leaves aside what they ask."""

BY_ITSELF = GOES_ON | AT_ONCE | {Strategy.INTEREST}
"""Everything but a question to one person: beside it no other round begins."""


def begin(
    actor: Actor,
    interpretation_request: InterpretationRequest,
    strategy: Strategy,
    *,
    wait_minutes: int | None = None,
    now: datetime,
) -> OfferRound:
    """Begin a way of asking for a (locked) request; tiers are each waited for so long."""
    offer_round = OfferRound(
        interpretation_request=interpretation_request,
        strategy=strategy,
        state=RoundState.OPEN,
        opened_at=now,
        wait_minutes=wait_minutes,
    )
    db.session.add(offer_round)
    db.session.flush()
    if strategy != Strategy.DIRECT:
        record(actor, "round.begun", offer_round, now)
    return offer_round


def ask_by(
    actor: Actor, request_id: int, strategy: Strategy | None, *, now: datetime
) -> InterpretationRequest:
    """Note how interpreters are asked for one request; None: as is agreed with the organisation.

    What is asked already stays as it is. Raises `Conflict` for a request that needs nobody.
    """
    interpretation_request = requests.lock(request_id)
    request_rules.require_open(interpretation_request.state)
    # Not by the row: its version would grow, and plans and open forms would count as outdated.
    db.session.execute(
        sa.update(InterpretationRequest)
        .where(InterpretationRequest.id == request_id)
        .values(strategy=strategy)
    )
    concerning = requests.concerning(interpretation_request)
    ledger.record(actor, "request.strategy", concerning, now=now, fields=["strategy"])
    return interpretation_request


def tiers_after(offer_round: OfferRound, tier: str | None) -> tuple[str, ...]:
    """Return the tiers a round comes to after one, all after None; an agency only where one is."""
    agencies = active().city.agencies_for(offer_round.interpretation_request.language)
    return rules.tiers_after(tier, with_agency=bool(agencies))


def turn_to_agency(offer_round: OfferRound, now: datetime) -> None:
    """Come to the agency, the last tier: the office is told whom to call, nothing is sent."""
    offer_round.tier = rules.AGENCY
    record(SYSTEM, "round.agency", offer_round, now)


def close(offer_round: OfferRound, state: RoundState, now: datetime) -> None:
    """End the round; nobody else is asked by it."""
    offer_round.state, offer_round.closed_at, offer_round.next_at = state, now, None


def go_on(offer_round: OfferRound, state: RoundState, now: datetime) -> None:
    """Have the round go on after a question ended and somebody is still wanted, or end as `state`.

    Where several are asked at once it waits while one of them has not answered. A talk of which
    nobody has a part any more is not shared any more.
    """
    whole_again(offer_round.interpretation_request)
    if offer_round.state != RoundState.OPEN or queries.is_asked_in(offer_round.id):
        return
    if offer_round.strategy in GOES_ON and is_wanted(offer_round.interpretation_request, now):
        want_next(offer_round, now)
    elif state == RoundState.EXHAUSTED:
        exhaust(offer_round, now)
    else:
        close(offer_round, state, now)


def want_next(offer_round: OfferRound, at: datetime) -> None:
    """Have the next be asked at this instant, by whoever can rank."""
    offer_round.next_at = at
    engine.enqueue(CARRY_ON, offer_round.id, at=at)


def exhaust(offer_round: OfferRound, now: datetime) -> None:
    """End a round that has nobody left to ask, and tell those who asked while it matters.

    What would help is looked for, so that the office finds it beside the request.
    """
    close(offer_round, RoundState.EXHAUSTED, now)
    interpretation_request = offer_round.interpretation_request
    if not is_wanted(interpretation_request, now):
        return
    requests.look_again_at(interpretation_request, now)
    if offer_round.strategy != Strategy.DIRECT:
        record(SYSTEM, "round.exhausted", offer_round, now)
        engine.enqueue("look_for_help", interpretation_request.id, key=f"help-{offer_round.id}")
    held = holds.of_request(interpretation_request.id)
    all_come = all(hold.cause == Cause.ASSIGNMENT for hold in held)
    if all_come and not open_ones(interpretation_request.id):
        request_messages.nobody_yet(interpretation_request, len(held), now)


def open_ones(request_id: int) -> Sequence[OfferRound]:
    """Return the rounds in which somebody is asked for a request, or will be."""
    return db.session.scalars(
        sa.select(OfferRound)
        .where(
            OfferRound.interpretation_request_id == request_id, OfferRound.state == RoundState.OPEN
        )
        .order_by(OfferRound.id)
    ).all()


def asking_several(request_ids: Collection[int], at: datetime) -> set[int]:
    """Return for which of these requests a round asked several at once at an instant."""
    return set(
        db.session.scalars(
            sa.select(OfferRound.interpretation_request_id).where(
                OfferRound.interpretation_request_id.in_(request_ids),
                OfferRound.strategy.in_(ASKS_SEVERAL),
                OfferRound.opened_at <= at,
                sa.or_(OfferRound.closed_at.is_(None), OfferRound.closed_at > at),
            )
        )
    )


def require_none_of(request_id: int, strategies: Collection[str]) -> None:
    """Refuse (409) to ask beside a round of these strategies that is under way."""
    if any(one.strategy in strategies for one in open_ones(request_id)):
        raise under_way(request_id)


def under_way(request_id: int) -> Conflict:
    """Return the refusal to ask beside a round that goes on: who is asked, and until when."""
    waiting = [one for one in queries.open_for(request_id) if one.state == OfferState.MADE]
    if not waiting:
        return Conflict(
            "round-open",
            _l("A round is under way for this request; wait for its end, or stop it first."),
        )
    last = max(waiting, key=attrgetter("answer_by"))
    until = local_datetime(last.answer_by, last.interpretation_request.time_zone)
    return Conflict(
        "round-open",
        ngettext(
            "%(name)s is being asked for this request until %(when)s; wait for the answer, or stop "
            "the round first, on the page of the request.",
            "%(num)d people are being asked for this request until %(when)s; wait for the answers, "
            "or stop the round first, on the page of the request.",
            len(waiting),
            name=last.interpreter.name,
            when=until,
        ),
    )


def due(now: datetime) -> Sequence[int]:
    """Return the rounds whose next step is due."""
    return db.session.scalars(
        sa.select(OfferRound.id).where(
            OfferRound.state == RoundState.OPEN, OfferRound.next_at <= now
        )
    ).all()


def waiting_for_the_first(on: date | None = None) -> Sequence[int]:
    """Return the rounds in which several are asked at once and wait, of one day or of all."""
    asks = sa.exists().where(Offer.round_id == OfferRound.id, Offer.state == OfferState.MADE)
    found = (
        sa.select(OfferRound)
        .join(OfferRound.interpretation_request)
        .where(
            OfferRound.state == RoundState.OPEN,
            OfferRound.strategy.in_(ASKS_SEVERAL),
            InterpretationRequest.state == RequestState.OPEN,
            asks,
        )
        .order_by(OfferRound.id)
    )
    rounds = db.session.scalars(found).all()
    return [one.id for one in rounds if on in (None, one.interpretation_request.day)]


def wants_next(offer_round: OfferRound, now: datetime) -> bool:
    """Tell whether the (locked) round's next step is due and somebody is still wanted.

    A round that nobody is wanted for any more ends here: the seat was filled otherwise, or the
    request is over.
    """
    if offer_round.state != RoundState.OPEN or not rules.is_due(offer_round.next_at, now):
        return False
    interpretation_request = offer_round.interpretation_request
    if is_wanted(interpretation_request, now) and free_seats(interpretation_request):
        offer_round.next_at = None
        return True
    close(offer_round, RoundState.WITHDRAWN, now)
    return False


def is_wanted(interpretation_request: InterpretationRequest, now: datetime) -> bool:
    """Tell whether somebody could still be asked for the request."""
    return rules.is_wanted(
        interpretation_request.state, interpretation_request.latest_start_at, now
    )


def record(actor: Actor, kind: str, offer_round: OfferRound, now: datetime) -> None:
    """Write down what happened to a round."""
    concerning = requests.concerning(offer_round.interpretation_request)
    ledger.record(actor, kind, concerning, now=now)
