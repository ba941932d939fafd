"""Asking somebody, and confirming what was agreed in person."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from dispatch import engine
from dispatch.assignments import fitting
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Terms, Via
from dispatch.cities.working_time import after_answering
from dispatch.database import db, get
from dispatch.errors import Conflict
from dispatch.holds import service as holds
from dispatch.holds.models import Hold
from dispatch.holds.rules import Cause
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Actor
from dispatch.offers import (
    approving,
    barring,
    ending,
    messages,
    partners,
    queries,
    recording,
    rounds,
    rules,
)
from dispatch.offers.deadlines import Deadline, answer_deadline
from dispatch.offers.known import Known, known_of
from dispatch.offers.long_ways import Planned
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import OfferState, Strategy
from dispatch.offers.seats import AS_ASKED, Wanted, prepare, share, take, terms_for
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.settings import active
from dispatch.sites.models import Site


def make(
    actor: Actor,
    request_id: int,
    interpreter_id: int,
    wanted: Wanted = AS_ASKED,
    *,
    strategy: Strategy = Strategy.DIRECT,
    within: OfferRound | None = None,
    deadline: Deadline | None = None,
    known: Known | None = None,
    released: Assignment | None = None,
    now: datetime,
) -> Offer:
    """Ask an interpreter by mail and SMS; seat and time are held until the deadline.

    It begins a round of this strategy, or goes on `within` one. `deadline` is by when the answer
    is due where several questions have one in common; else what the lead time gives. `known` is
    what was read for many requests at once, under their locks.

    Raises `Conflict` for somebody who declined this request before or does not want to be asked
    for it (times, notice, districts), for a request that needs nobody, and where seat or time is
    taken or the way cannot be made.
    """
    interpretation_request, interpreter, terms = prepare(
        request_id, interpreter_id, wanted, now=now
    )
    known = known or known_of([request_id])
    if within is None and known.goes_on(request_id, rounds.AT_ONCE):
        raise rounds.under_way(request_id)
    if (request_id, interpreter_id) in known.declined and barring.has_declined(
        interpretation_request, interpreter_id, terms.span
    ):
        raise declined_before()
    for interest in known.interests.pop((request_id, interpreter_id), []):
        ending.take_back(actor, interest, ending.say_nothing, now=now)  # a sure yes is wanted now
    interpreters.require_askable(
        interpreter,
        (terms.starts_at, terms.ends_at),
        district=interpretation_request.site.district,
        zone_name=interpretation_request.time_zone,
        now=now,
        way=terms.way,
    )
    hold = take(interpretation_request, interpreter, terms, Cause.OFFER)
    offer_round = within or rounds.begin(actor, interpretation_request, strategy, now=now)
    known.rounds.add((request_id, offer_round.strategy))
    return ask_one(actor, offer_round, interpreter.id, terms, hold, now, deadline, released)


def make_to_all(
    actor: Actor,
    request_id: int,
    interpreter_ids: Collection[int],
    wanted: Wanted = AS_ASKED,
    *,
    strategy: Strategy = Strategy.BROADCAST,
    within: OfferRound | None = None,
    now: datetime,
) -> OfferRound:
    """Ask several at once by mail and SMS, without holding anybody's time; the first yes comes.

    It begins a round of this strategy (`INTEREST` asks who could come, and the office chooses), or
    goes on `within` a round of tiers. Raises `Conflict` for a request
    that needs nobody or has a round under way already, and for somebody who declined it before or
    is not what it requires. Who comes to it already, or is asked alone, is left out; `Conflict`
    where nobody else is named.
    """
    interpretation_request = requests.lock(request_id)
    request_rules.require_open(interpretation_request.state)
    request_rules.require_not_begun(interpretation_request.latest_start_at, now)
    share(interpretation_request, wanted.sharing)
    terms = terms_for(interpretation_request, wanted, now=now)
    others = set(interpreter_ids) - {hold.interpreter_id for hold in holds.of_request(request_id)}
    if within is None:
        rounds.require_none_of(request_id, rounds.BY_ITSELF)
        if interpreter_ids and not others:
            raise on_it_already()
        within = rounds.begin(actor, interpretation_request, strategy, now=now)
    # In the order of ids, as everybody locks several: nobody waits in a ring.
    for interpreter_id in sorted(others):
        if barring.has_declined(interpretation_request, interpreter_id, terms.span):
            raise declined_before()
        interpreter = assignments.lock_interpreter(interpreter_id)
        fitting.require_fit(interpreter, interpretation_request, terms, now)
        ask_one(actor, within, interpreter_id, terms, None, now)
    return within


def make_to_tier(
    offer_round: OfferRound,
    tier: str,
    interpreter_ids: Collection[int],
    wanted: Wanted = AS_ASKED,
    *,
    now: datetime,
) -> None:
    """Ask these of a tier at once; the next tier follows after the wait, if the talk is later."""
    request_id = offer_round.interpretation_request_id
    offer_round.tier = tier
    make_to_all(SYSTEM, request_id, interpreter_ids, wanted, within=offer_round, now=now)
    wait = timedelta(minutes=offer_round.wait_minutes or 0)
    next_at = after_answering(now, wait, active().city)
    interpretation_request = offer_round.interpretation_request
    if rounds.tiers_after(offer_round, tier) and next_at < interpretation_request.latest_start_at:
        rounds.want_next(offer_round, next_at)


def put(actor: Actor, offer: Offer, *, now: datetime) -> None:
    """Store a new question, and what falls due for it; telling it is the caller's."""
    db.session.add(offer)
    db.session.flush()
    recording.record(actor, "offer.made", offer, now)
    # The sweep finds what a lost job leaves.
    engine.fall_due("expire_offer", offer.id, offer.answer_by)
    if offer.remind_at is not None:
        engine.fall_due("remind_of_offer", offer.id, offer.remind_at)


def assign(
    actor: Actor,
    request_id: int,
    interpreter_id: int,
    wanted: Wanted = AS_ASKED,
    *,
    now: datetime,
) -> Assignment:
    """Confirm what was agreed in person, and pin it: a person's decision.

    Raises `Conflict` as `make` does, but may assign somebody who declined before, or who has
    said yes outside the usual times; and where it is agreed with the organisation that everybody
    is asked in writing.
    """
    interpretation_request, interpreter, terms = prepare(
        request_id, interpreter_id, wanted, now=now
    )
    rules.require_assigned_directly(allowed=interpretation_request.organisation.assigns_directly)
    hold = take(interpretation_request, interpreter, terms, Cause.ASSIGNMENT)
    assignment = assignments.begin(
        actor,
        interpretation_request,
        interpreter,
        terms,
        hold,
        asked_at=now,
        via=Via.AGREED,
        pinned=True,
        now=now,
    )
    messages.confirmed(assignment, now)
    partners.tell_other(assignment, comes=True, now=now)
    ending.after_a_yes(actor, assignment, now)
    return assignment


def declined_before() -> Conflict:
    """Return the refusal to ask somebody again who has said no."""
    return Conflict("declined-before", _l("This interpreter has declined this request before."))


def on_it_already() -> Conflict:
    """Return the refusal to ask for a request those who come to it or are asked already."""
    return Conflict(
        "on-it-already",
        _l("These interpreters come to this request or are asked for it already."),
    )


def ask_one(
    actor: Actor,
    offer_round: OfferRound,
    interpreter_id: int,
    terms: Terms,
    hold: Hold | None,
    now: datetime,
    deadline: Deadline | None = None,
    released: Assignment | None = None,
) -> Offer:
    """Ask one person; exclusively where a hold takes their time.

    Where the way is beyond the city's cap and was not approved before, the office is asked first.
    """
    token = secrets.token_urlsafe(16)
    if deadline is None:
        deadline = answer_deadline(now=now, starts_at=terms.starts_at, city=active().city)
    offer = _offer(offer_round, interpreter_id, terms, hold, deadline, now)
    offer.token_hash = queries.hash_of(token)
    if _needs_approval(offer):
        put_to_office(actor, offer, now)
        return offer
    put(actor, offer, now=now)
    messages.ask(offer, token, now, released=released)
    return offer


def _needs_approval(offer: Offer) -> bool:
    who, site = get(Interpreter, offer.interpreter_id), get(Site, offer.site_id)
    visit = Planned(who, site, offer.way, offer.starts_at, offer.ends_at, offer.hold_id)
    return approving.is_needed(offer.interpretation_request_id, visit)


def put_to_office(actor: Actor, offer: Offer, now: datetime) -> None:
    """Store a question that the office decides on first; nobody is asked, but the time is held."""
    offer.state, offer.remind_at, offer.is_short = OfferState.TO_APPROVE, None, False
    offer.approved_at, offer.answer_by = None, approving.decide_by(now, offer.starts_at)
    db.session.add(offer)
    db.session.flush()
    recording.record(actor, "offer.to-approve", offer, now)
    engine.fall_due("expire_offer", offer.id, offer.answer_by)


def _offer(
    offer_round: OfferRound,
    interpreter_id: int,
    terms: Terms,
    hold: Hold | None,
    deadline: Deadline,
    now: datetime,
) -> Offer:
    return Offer(
        round_id=offer_round.id,
        interpretation_request_id=offer_round.interpretation_request_id,
        interpreter_id=interpreter_id,
        seat=terms.seat if hold else None,
        site_id=terms.site_id,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        language=terms.language,
        way=terms.way,
        state=OfferState.MADE,
        exclusive=hold is not None,
        hold_id=hold.id if hold else None,
        made_at=now,
        answer_by=deadline.answer_by,
        is_short=deadline.is_short,
        remind_at=rules.reminder_at(now, deadline.answer_by, active().city),
    )
