"""What falls due while a request still waits for somebody: a word, and the end of waiting."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch import settings
from dispatch.database import db
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM
from dispatch.requests import messages, rules, service
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState


def began_unfilled_between(since: datetime, until: datetime) -> int:
    """Return how many requests began between two instants for which nobody had been found."""
    last = InterpretationRequest.latest_start_at
    nobody = InterpretationRequest.state.in_([*rules.UNDECIDED, RequestState.UNFILLED])
    found = sa.select(sa.func.count(InterpretationRequest.id))
    return db.session.scalar(found.where(nobody, last > since, last <= until)) or 0


def past_due(now: datetime) -> Sequence[int]:
    """Return the requests still undecided whose start has passed, and an agency's once over."""
    return db.session.scalars(
        sa.select(InterpretationRequest.id).where(
            sa.or_(
                InterpretationRequest.state.in_(rules.UNDECIDED),
                (InterpretationRequest.state == RequestState.FILLED)
                & InterpretationRequest.agency.is_not(None)
                & (InterpretationRequest.ends_at <= now),
            ),
            InterpretationRequest.latest_start_at <= now,
        )
    ).all()


def close_past(request_id: int, *, now: datetime) -> None:
    """Close an undecided request whose time has come, and tell those who asked.

    Nobody came: it is unfilled. Fewer came than were asked for: it is filled with them, so that
    what follows is theirs, and those who asked hear how many. Where an agency sent everybody, it
    is completed when it is over; with somebody of the pool in the team it is when they have been.
    """
    interpretation_request = service.lock(request_id)
    came = service.coming_to(request_id)
    by_agency = interpretation_request.agency_seats or 0
    if by_agency and interpretation_request.state == RequestState.FILLED:
        if not came and request_id in past_due(now):
            done = RequestState.COMPLETED
            service.change_state(SYSTEM, interpretation_request, done, now=now)
        return
    is_open = interpretation_request.state in rules.UNDECIDED
    if not is_open or interpretation_request.latest_start_at > now:
        return
    came += by_agency
    state = RequestState.FILLED if came else RequestState.UNFILLED
    service.change_state(SYSTEM, interpretation_request, state, now=now)
    messages.not_filled(interpretation_request, came, now)


def words_due(now: datetime) -> Sequence[int]:
    """Return the undecided requests of which those who asked must hear by now."""
    return db.session.scalars(
        sa.select(InterpretationRequest.id).where(
            InterpretationRequest.state.in_(rules.UNDECIDED),
            InterpretationRequest.next_word_at <= now,
            InterpretationRequest.starts_at > now,
        )
    ).all()


def say_still_open(request_id: int, *, now: datetime) -> None:
    """Tell those who asked that somebody is still being looked for; once at each time due."""
    interpretation_request = service.lock(request_id)
    due = interpretation_request.next_word_at
    if interpretation_request.state not in rules.UNDECIDED or due is None or due > now:
        return
    next_at = rules.next_word_at(now, interpretation_request.starts_at, settings.active().city)
    # Not by the row: its version would grow, and plans and open forms would count as outdated.
    db.session.execute(
        sa.update(InterpretationRequest)
        .where(InterpretationRequest.id == request_id)
        .values(next_word_at=next_at)
    )
    ledger.record(SYSTEM, "request.still-open", service.concerning(interpretation_request), now=now)
    messages.still_open(interpretation_request, service.coming_to(request_id), now)
