"""Finding offers, and what is asked about a request."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import TO_COME, AssignmentState
from dispatch.database import db, not_there
from dispatch.errors import Gone, NotFound
from dispatch.holds.models import Hold
from dispatch.holds.rules import Cause
from dispatch.interpreters.models import Interpreter
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import AGENCY, NEVER_ASKED, UNDECIDED, OfferState, RoundState, Strategy
from dispatch.requests.finding import number_or_language
from dispatch.requests.models import InterpretationRequest
from dispatch.web.paging import BEGINNING, Page, Turn, page

RELEASED = AssignmentState.RELEASED
COULD_NOT_COME = "could_not_come"
OFF = {
    one: one for one in (RELEASED, AssignmentState.CANCELLED, AssignmentState.NO_SHOW_INTERPRETER)
}
"""What a yes stands as that is none any more."""


def find(account_id: int, offer_id: int) -> Offer:
    """Return the offer if it was made to this account's interpreter."""
    offer = db.session.scalar(_of(account_id).where(Offer.id == offer_id))
    if offer is None:
        raise not_there()
    return offer


def by_token(token: str) -> Offer:
    """Return the offer a signed link leads to; 404 for a link nobody made, 410 for a dead one."""
    offer = db.session.scalar(sa.select(Offer).where(Offer.token_hash == hash_of(token)))
    if offer is None:
        raise NotFound("not-found", _l("This link is not known; it may be cut off."))
    if not (offer.interpreter.active and offer.interpreter.account.honours(offer.made_at)):
        raise Gone("link-over", _l("This link has ended; please call the office."))
    return offer


def hash_of(token: str) -> str:
    """Return what is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def outcomes_of(offers: Collection[Offer]) -> dict[int, str]:
    """Return where each offer stands for its interpreter, by id.

    A yes that was taken back since, by a release or a cancellation, stands where its assignment
    stands: whoever opens the link again must not read that they come.
    """
    found = {one.id: one.state for one in offers}
    for offer_id, assignment in _kept_by(offers):
        is_off = assignment.state in {AssignmentState.RELEASED, AssignmentState.CANCELLED}
        found[offer_id] = assignment.state if is_off else OfferState.ACCEPTED
    return found


def became_of(offers: Collection[Offer]) -> dict[int, str]:
    """Return by id what became of each offer, for the office: also who could not come after all.

    Of several times that somebody said yes to one request only the last one still holds.
    """
    said_yes = [one for one in offers if one.state == OfferState.ACCEPTED]
    found = {one.id: one.state for one in offers} | {one.id: RELEASED for one in said_yes}
    for offer_id, assignment in _kept_by(offers):
        found[offer_id] = OFF.get(AssignmentState(assignment.state), OfferState.ACCEPTED)
        if assignment.withdrawn_at is not None:
            found[offer_id] = COULD_NOT_COME
    return found


def kept_by(offer: Offer) -> Assignment | None:
    """Return the assignment that a yes led to, while the person comes to it; else None."""
    for _offer_id, assignment in _kept_by([offer]):
        return assignment if assignment.state in TO_COME else None
    return None


def _kept_by(offers: Collection[Offer]) -> Iterator[tuple[int, Assignment]]:
    """Yield the ids of offers that were accepted with the assignments, the last of each last."""
    accepted = {
        (one.interpretation_request_id, one.interpreter_id): one.id
        for one in sorted(offers, key=lambda one: one.id)
        if one.state == OfferState.ACCEPTED
    }
    if not accepted:
        return
    rows = db.session.scalars(
        sa.select(Assignment)
        # not as pairs: for those SQLite reads the whole table
        .where(
            Assignment.interpretation_request_id.in_({request_id for request_id, _who in accepted}),
            Assignment.interpreter_id.in_({who for _request_id, who in accepted}),
        )
        .order_by(Assignment.id)
    )
    for one in rows:
        offer_id = accepted.get((one.interpretation_request_id, one.interpreter_id))
        if offer_id is not None:
            yield offer_id, one


def waiting_for(account_id: int, now: datetime) -> Sequence[Offer]:
    """Return what is not decided: what waits for an answer, and for the office's choice.

    The most pressing first.
    """
    # One by one, in the order of the index; for both at once all rows would have to be sorted.
    return [
        offer
        for state in (OfferState.MADE, OfferState.INTERESTED)
        for offer in db.session.scalars(
            _of(account_id)
            .where(Offer.state == state, Offer.answer_by > now)
            .order_by(Offer.answer_by)
        )
    ]


def ended_for(
    account_id: int, text: str = "", state: str | None = None, turn: Turn = BEGINNING
) -> Page[Offer]:
    """Return how earlier offers ended, latest first; found by number, language and state."""
    query = _of(account_id).where(Offer.state.not_in(UNDECIDED - NEVER_ASKED))
    if text:
        query = query.join(Offer.interpretation_request)
        query = query.where(*number_or_language(text, Offer.language))
    if state is not None:
        query = query.where(Offer.state == state)
    return page(query, (Offer.id,), turn, latest_first=True)


def of_request(request_id: int) -> Sequence[Offer]:
    """Return everybody who was asked for a request, in the order of asking."""
    return db.session.scalars(
        sa.select(Offer)
        .options(joinedload(Offer.interpreter), joinedload(Offer.round))
        .where(Offer.interpretation_request_id == request_id)
        .order_by(Offer.id)
        # Under the request's lock this is the truth; what the session read before may not be.
        .execution_options(populate_existing=True)
    ).all()


def open_for(request_id: int) -> Sequence[Offer]:
    """Return the questions about a request of which nobody knows yet what becomes of them."""
    return [offer for offer in of_request(request_id) if offer.state in UNDECIDED]


def to_approve(now: datetime) -> Sequence[Offer]:
    """Return the ways that wait for the office, the next deadline first."""
    return db.session.scalars(
        sa.select(Offer)
        .options(joinedload(Offer.interpreter), joinedload(Offer.site))
        .options(joinedload(Offer.interpretation_request))
        .where(Offer.state == OfferState.TO_APPROVE, Offer.answer_by > now)
        .order_by(Offer.answer_by, Offer.id)
    ).all()


def was_approved(request_id: int, interpreter_id: int, site_id: int) -> bool:
    """Tell whether the office has approved somebody's way to this place for a request before."""
    before = sa.exists().where(
        Offer.interpretation_request_id == request_id,
        Offer.interpreter_id == interpreter_id,
        Offer.site_id == site_id,
        Offer.approved_at.is_not(None),
    )
    return bool(db.session.scalar(sa.select(before)))


def asked_anew(offer: Offer) -> Offer | None:
    """Return the question that took the place of one whose terms changed before an answer."""
    if offer.state != OfferState.WITHDRAWN:
        return None
    return db.session.scalar(
        sa.select(Offer).where(
            Offer.round_id == offer.round_id,
            Offer.interpreter_id == offer.interpreter_id,
            Offer.id > offer.id,
        )
    )


def asked_together(offer: Offer) -> Sequence[Offer]:
    """Return the open questions that one action put to a person, with this one, in order of time.

    They are told in one message, so they are answered, reminded of and ended together.
    """
    asks_who_could = OfferRound.strategy == Strategy.INTEREST
    return db.session.scalars(
        sa.select(Offer)
        .join(Offer.round)
        .options(joinedload(Offer.site), joinedload(Offer.interpretation_request))
        .where(
            Offer.interpreter_id == offer.interpreter_id,
            Offer.made_at == offer.made_at,
            Offer.exclusive == offer.exclusive,  # the others came in another message
            sa.or_(Offer.exclusive, asks_who_could if offer.is_interest else ~asks_who_could),
            Offer.state == OfferState.MADE,
        )
        .order_by(Offer.starts_at, Offer.id)
        .execution_options(populate_existing=True)
    ).all()


def is_asked_in(round_id: int) -> bool:
    """Tell whether somebody of this round has not answered, or waits to be chosen."""
    waiting = sa.exists().where(Offer.round_id == round_id, Offer.state.in_(UNDECIDED))
    return bool(db.session.scalar(sa.select(waiting)))


def in_the_way_of(interpreter_id: int | None) -> Sequence[int]:
    """Return the questions that hold nothing and lie where the person comes somewhere by now.

    Of one interpreter, or (None) of everybody.
    """
    comes = sa.exists().where(
        Hold.interpreter_id == Offer.interpreter_id,
        Hold.cause != Cause.OFFER,
        Hold.starts_at < Offer.ends_at,
        Hold.ends_at > Offer.starts_at,
    )
    query = sa.select(Offer.id).where(Offer.state.in_(UNDECIDED), sa.not_(Offer.exclusive), comes)
    if interpreter_id is not None:
        query = query.where(Offer.interpreter_id == interpreter_id)
    return db.session.scalars(query.order_by(Offer.id)).all()


def goes_on() -> sa.ColumnElement[bool]:
    """Return the condition that a round goes on by itself, for a query of requests.

    One in which somebody waits to be chosen, or an agency is to be called, does not: that is the
    office's to do.
    """
    under_way = sa.exists().where(
        OfferRound.interpretation_request_id == InterpretationRequest.id,
        OfferRound.state == RoundState.OPEN,
        OfferRound.strategy != Strategy.DIRECT,
        OfferRound.tier.is_distinct_from(AGENCY),
    )
    return sa.and_(under_way, could_come() == 0)


def could_come() -> sa.ScalarSelect[int]:
    """Return how many wait to be chosen, for a query of requests."""
    return _counted(Offer.state == OfferState.INTERESTED)


def asked_alone() -> sa.ScalarSelect[int]:
    """Return how many are asked for a seat of their own, for a query of requests."""
    return _counted(Offer.state == OfferState.MADE, Offer.exclusive.is_(True))


def _counted(*which: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count(Offer.id))
        .where(Offer.interpretation_request_id == InterpretationRequest.id, *which)
        .correlate(InterpretationRequest)
        .scalar_subquery()
    )


def _of(account_id: int) -> sa.Select[Offer]:
    return (
        sa.select(Offer)
        .join(Offer.interpreter)
        .options(
            joinedload(Offer.site),
            joinedload(Offer.round),
            joinedload(Offer.interpretation_request),
        )
        .where(Interpreter.account_id == account_id, Offer.state.not_in(NEVER_ASKED))
    )
