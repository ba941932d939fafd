"""Asking an interpreter, and taking the answer."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import database, engine
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Terms, Via, Way
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.holds import service as holds
from dispatch.holds.models import Hold
from dispatch.holds.rules import Cause
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import NO_REASONS, SYSTEM, Actor, Concerning, Reasons
from dispatch.offers import messages, queries, rules
from dispatch.offers.deadlines import answer_deadline
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import OfferState, RoundState, Strategy
from dispatch.requests import messages as request_messages
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.settings import active


@dataclass(frozen=True)
class Wanted:
    """What a plan or a person decided of an offer; what is None is as the request says."""

    seat: int | None = None
    starts_at: datetime | None = None
    language: str | None = None
    way: Way = Way.ON_SITE


AS_ASKED = Wanted()


def make(
    actor: Actor,
    request_id: int,
    interpreter_id: int,
    wanted: Wanted = AS_ASKED,
    *,
    now: datetime,
) -> Offer:
    """Ask an interpreter by mail and SMS; seat and time are held until the deadline.

    Raises `Conflict` for somebody who declined this request before or does not want to be asked
    for it (times, notice, districts), for a request that needs nobody, and where seat or time is
    taken or the way cannot be made.
    """
    interpretation_request, interpreter, terms = _prepare(request_id, interpreter_id, wanted, now)
    if queries.has_declined(request_id, interpreter_id):
        raise Conflict("declined-before", _l("This interpreter has declined this request before."))
    interpreters.require_possible(
        interpreter,
        (terms.starts_at, terms.ends_at),
        district=interpretation_request.site.district,
        zone_name=interpretation_request.time_zone,
        now=now,
        way=terms.way,
    )
    hold = _take(interpretation_request, interpreter, terms, Cause.OFFER)
    city = active().city
    deadline = answer_deadline(now=now, starts_at=terms.starts_at, city=city)
    token = secrets.token_urlsafe(16)
    offer = Offer(
        round=OfferRound(
            interpretation_request_id=request_id,
            strategy=Strategy.DIRECT,
            state=RoundState.OPEN,
            opened_at=now,
        ),
        interpretation_request=interpretation_request,
        interpreter=interpreter,
        seat=terms.seat,
        site_id=terms.site_id,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        language=terms.language,
        way=terms.way,
        token_hash=queries.hash_of(token),
        state=OfferState.MADE,
        hold_id=hold.id,
        made_at=now,
        answer_by=deadline.answer_by,
        is_short=deadline.is_short,
        remind_at=rules.reminder_at(now, deadline.answer_by, city),
    )
    put(actor, offer, now=now)
    messages.ask(offer, token, now)
    return offer


def put(actor: Actor, offer: Offer, *, now: datetime) -> None:
    """Store a new question, and what falls due for it; telling it is the caller's."""
    db.session.add(offer)
    db.session.flush()
    record(actor, "offer.made", offer, now)
    # Each instant is a job of its own; the sweep finds what a lost job leaves.
    engine.enqueue("expire_offer", offer.id, at=offer.answer_by, key=f"expire-{offer.id}")
    if offer.remind_at is not None:
        engine.enqueue("remind_of_offer", offer.id, at=offer.remind_at, key=f"remind-{offer.id}")


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
    said yes outside the usual times.
    """
    interpretation_request, interpreter, terms = _prepare(request_id, interpreter_id, wanted, now)
    hold = _take(interpretation_request, interpreter, terms, Cause.ASSIGNMENT)
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
    return assignment


def accept(actor: Actor, offer_id: int, *, via: Via, now: datetime) -> Assignment:
    """Take a yes: state, deadline, overlap and travel are checked again; then it is sure.

    Raises `Conflict` or `Gone` when it is no longer a question, saying what became of it.
    """
    offer = lock(offer_id)
    _require_answerable(offer, now)
    request_rules.require_open(offer.interpretation_request.state)
    hold = db.session.get_one(Hold, offer.hold_id)
    offer.hold_id = None
    _answer(actor, offer, OfferState.ACCEPTED, now, via)
    _close(offer, RoundState.FILLED, now)
    db.session.flush()
    assignment = assignments.begin(
        actor,
        offer.interpretation_request,
        offer.interpreter,
        terms_of(offer),
        hold,
        asked_at=offer.made_at,
        via=via,
        now=now,
    )
    messages.no_longer_asked(offer, now)
    messages.confirmed(assignment, now)
    return assignment


def decline(actor: Actor, offer_id: int, *, via: Via, now: datetime) -> None:
    """Take a no: the seat is open again at once, and this person is not asked again for it."""
    offer = lock(offer_id)
    _require_answerable(offer, now)
    _let_go(offer)
    _answer(actor, offer, OfferState.DECLINED, now, via)
    messages.no_longer_asked(offer, now)
    _run_out(offer, now)


def _require_answerable(offer: Offer, now: datetime) -> None:
    if queries.asked_anew(offer):
        raise rules.overtaken()
    rules.require_answerable(offer.state, offer.answer_by, now)


def withdraw(actor: Actor, offer_id: int, *, now: datetime, reasons: Reasons = NO_REASONS) -> None:
    """Take an open question back; whoever may have read it is told.

    Raises `Conflict` when it was answered meanwhile.
    """
    offer = lock(offer_id)
    rules.require_open_question(offer.state)
    take_back(actor, offer, messages.withdrawn, now=now, reasons=reasons)


def take_back(
    actor: Actor,
    offer: Offer,
    tell: Callable[[Offer, datetime], None],
    *,
    now: datetime,
    reasons: Reasons = NO_REASONS,
) -> None:
    """End a (locked) open question for a reason of ours; `tell` says it to who was asked."""
    _let_go(offer)
    record(actor, "offer.withdrawn", offer, now, reasons)
    _close(offer, RoundState.WITHDRAWN, now)
    tell(offer, now)


def due(now: datetime) -> Sequence[int]:
    """Return the open questions whose deadline has passed."""
    return db.session.scalars(
        sa.select(Offer.id).where(Offer.state == OfferState.MADE, Offer.answer_by <= now)
    ).all()


def expire(offer_id: int, *, now: datetime) -> None:
    """End a question whose deadline has passed; silence is a no, never a yes."""
    offer = lock(offer_id)
    if offer.state != OfferState.MADE or offer.answer_by > now:
        return
    _let_go(offer)
    offer.state = OfferState.EXPIRED
    record(SYSTEM, "offer.expired", offer, now)
    messages.ran_out(offer, now)
    _run_out(offer, now)


def to_remind(now: datetime) -> Sequence[int]:
    """Return the open questions half of whose time is gone."""
    return db.session.scalars(
        sa.select(Offer.id).where(
            Offer.state == OfferState.MADE, Offer.remind_at <= now, Offer.answer_by > now
        )
    ).all()


def remind(offer_id: int, *, now: datetime) -> None:
    """Remind whoever has not answered; once."""
    offer = lock(offer_id)
    if offer.state != OfferState.MADE or offer.remind_at is None or offer.answer_by <= now:
        return
    offer.remind_at = None
    messages.half_time(offer, now)


def lock(offer_id: int) -> Offer:
    """Return the offer with its request and interpreter locked before it, in this order."""
    # Whose question it is never changes, so this may be read without the lock.
    offer = database.get(Offer, offer_id)
    requests.lock(offer.interpretation_request_id)
    assignments.lock_interpreter(offer.interpreter_id)
    return database.lock(Offer, offer_id)


def terms_of(offer: Offer) -> Terms:
    """Return what the interpreter is asked to agree to."""
    return Terms(
        seat=offer.seat,
        site_id=offer.site_id,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        language=offer.language,
        way=Way(offer.way),
    )


def _prepare(
    request_id: int, interpreter_id: int, wanted: Wanted, now: datetime
) -> tuple[InterpretationRequest, Interpreter, Terms]:
    """Lock request and interpreter, in this order, and say on which terms somebody comes."""
    interpretation_request = requests.lock(request_id)
    request_rules.require_open(interpretation_request.state)
    request_rules.require_not_begun(interpretation_request.starts_at, now)
    interpreter = assignments.lock_interpreter(interpreter_id)
    starts_at = wanted.starts_at or interpretation_request.starts_at
    return (
        interpretation_request,
        interpreter,
        Terms(
            seat=wanted.seat or _free_seat(interpretation_request),
            site_id=interpretation_request.site_id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=interpretation_request.duration_minutes),
            language=wanted.language or interpretation_request.language,
            way=wanted.way,
        ),
    )


def _free_seat(interpretation_request: InterpretationRequest) -> int:
    free = free_seats(interpretation_request)
    if not free:
        raise Conflict("seat-taken", _l("Somebody else was asked for this request already."))
    return free[0]


def free_seats(interpretation_request: InterpretationRequest) -> list[int]:
    """Return the seats nobody is asked for and nobody comes to."""
    held = {hold.seat for hold in holds.of_request(interpretation_request.id)}
    return [n for n in range(1, interpretation_request.interpreter_count + 1) if n not in held]


def _take(
    interpretation_request: InterpretationRequest,
    interpreter: Interpreter,
    terms: Terms,
    cause: Cause,
) -> Hold:
    assignments.require_reachable(interpreter, terms)
    return holds.take(
        interpreter_id=interpreter.id,
        interpretation_request_id=interpretation_request.id,
        seat=terms.seat,
        site_id=terms.site_id,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        cause=cause,
    )


def _let_go(offer: Offer) -> None:
    """Give seat and time back; the state is written with it, or the CHECK refuses."""
    hold_id, offer.hold_id = offer.hold_id, None
    offer.state = OfferState.WITHDRAWN
    if hold_id is not None:
        holds.let_go(hold_id)


def _answer(actor: Actor, offer: Offer, state: OfferState, now: datetime, via: Via) -> None:
    offer.state = state
    offer.answered_at = now
    offer.answered_via = via
    record(actor, f"offer.{state}", offer, now)


def _run_out(offer: Offer, now: datetime) -> None:
    """End a round that has nobody left to ask, and tell those who asked while it matters."""
    _close(offer, RoundState.EXHAUSTED, now)
    interpretation_request = offer.interpretation_request
    still_wanted = (
        interpretation_request.state == RequestState.OPEN and interpretation_request.starts_at > now
    )
    held = holds.of_request(interpretation_request.id)
    if still_wanted and not any(hold.cause != Cause.ASSIGNMENT for hold in held):
        request_messages.nobody_yet(interpretation_request, len(held), now)


def _close(offer: Offer, state: RoundState, now: datetime) -> None:
    offer.round.state, offer.round.closed_at = state, now


def record(
    actor: Actor, kind: str, offer: Offer, now: datetime, reasons: Reasons = NO_REASONS
) -> None:
    """Write down what happened to an offer."""
    ledger.record(
        actor,
        kind,
        Concerning(
            organisation=offer.interpretation_request.organisation_id,
            interpretation_request=offer.interpretation_request_id,
            offer=offer.id,
            interpreter=offer.interpreter_id,
        ),
        now=now,
        fields=["state"],
        reasons=reasons,
    )
