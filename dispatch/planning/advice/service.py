"""Keeping what was found to help a request, and putting a question to who asked."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

import solver.analysis
from dispatch import database
from dispatch.amendments import proposing
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor
from dispatch.planning.advice import questions
from dispatch.planning.advice.models import Advice
from dispatch.planning.advice.rules import Found
from dispatch.planning.runs.child import REMEDIES
from dispatch.requests import messages
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState


def last(request_id: int, proposal_id: int | None = None) -> Advice | None:
    """Return what was found last for a request: in a proposal, or beside the schedule as it is."""
    return db.session.scalar(
        sa.select(Advice)
        .where(
            Advice.interpretation_request_id == request_id,
            Advice.proposal_id.is_not_distinct_from(proposal_id),
        )
        .order_by(Advice.id.desc())
        .limit(1)
    )


def remedies_of_request() -> sa.ScalarSelect[Any]:
    """Return what was found to help a request as it is, for a query of requests."""
    return (
        sa.select(Advice.remedies)
        .where(
            Advice.interpretation_request_id == InterpretationRequest.id,
            Advice.proposal_id.is_(None),
            Advice.request_version == InterpretationRequest.version,
        )
        .order_by(Advice.id.desc())
        .limit(1)
        .correlate(InterpretationRequest)
        .scalar_subquery()
    )


def keep(
    interpretation_request: InterpretationRequest,
    found: Found,
    proposal_id: int | None = None,
    *,
    now: datetime,
) -> Advice:
    """Keep what was found; what was found before for the same question goes."""
    before = last(interpretation_request.id, proposal_id)
    if before is not None:
        db.session.delete(before)
    advice = Advice(
        interpretation_request_id=interpretation_request.id,
        request_version=interpretation_request.version,
        proposal_id=proposal_id,
        first_day=found.horizon.first,
        last_day=found.horizon.last,
        found_at=now,
        settled=found.settled,
        able=found.able,
        remedies=REMEDIES.dump_python(tuple(found.remedies), mode="json", by_alias=True),
    )
    db.session.add(advice)
    db.session.flush()
    return advice


def put(actor: Actor, advice_id: int, number: int, *, now: datetime) -> InterpretationRequest:
    """Put a remedy to who asked as a question, by mail, and return the request.

    Raises `Conflict` where it was put before, is no question, or the request is another by now.
    """
    found = db.session.get(Advice, advice_id)
    if found is None:
        raise _outdated()
    interpretation_request = requests.lock(found.interpretation_request_id)
    advice = database.lock(Advice, advice_id)
    is_open = (
        interpretation_request.state == RequestState.OPEN
        and interpretation_request.latest_start_at > now
    )
    if not is_open or interpretation_request.version != advice.request_version:
        raise _outdated()
    if number in advice.put:
        raise Conflict("asked-before", _l("This was asked already; the answer is still to come."))
    remedies = REMEDIES.validate_python(advice.remedies)
    if number >= len(remedies):
        raise _outdated()
    _ask(actor, remedies[number], interpretation_request, advice.first_day, now)
    advice.put = [*advice.put, number]
    return interpretation_request


def _ask(
    actor: Actor,
    remedy: solver.analysis.Remedy,
    interpretation_request: InterpretationRequest,
    first_day: date,
    now: datetime,
) -> None:
    start = questions.one_press_start(remedy, interpretation_request, first_day)
    if start is not None:
        proposing.propose_start(actor, interpretation_request.id, start, now=now)
        return
    question = questions.of(remedy, interpretation_request, first_day)
    if question is None:
        raise _outdated()
    messages.question(interpretation_request, question.kind, question.value, now)
    ledger.record(actor, "request.question", requests.concerning(interpretation_request), now=now)


def _outdated() -> Conflict:
    return Conflict(
        "advice-outdated",
        _l("Nobody was asked: the request is another by now. Look again what would help."),
    )
