"""The office asks whether another start would do; those who asked answer it with one press."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.accounts.rules import ASKS
from dispatch.amendments import service
from dispatch.amendments.foreseeing import details_of
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import names_of
from dispatch.database import db
from dispatch.errors import Conflict, Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor
from dispatch.messaging import queries as sent
from dispatch.messaging import service as messaging
from dispatch.requests import messages
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import local_datetime, local_time, time_in

REFUSED, TAKEN_BACK = "request.start_refused", "request.question_back"
ENDS = {REFUSED, TAKEN_BACK, "request.changed"}
"""What ends a question about another start, as the record calls it."""

QUESTION = names_of(Event.QUESTION_TO_WHO_ASKED, Party.WHO_ASKED)


def propose_start(
    actor: Actor, request_id: int, starts_at: datetime, *, now: datetime
) -> InterpretationRequest:
    """Ask those who asked, by mail, whether an open request may begin at another time of its day.

    A question that was put before is replaced. Nothing changes before they have said yes. Raises
    `Refusal` for a time that is none to ask about, `Conflict` for a request that needs nobody, or
    that names a window: there the start is chosen with the person.
    """
    interpretation_request = requests.lock(request_id)
    request_rules.require_open(interpretation_request.state)
    request_rules.require_not_begun(interpretation_request.latest_start_at, now)
    _require_another(interpretation_request, starts_at, now)
    _keep(interpretation_request, starts_at)
    account = interpretation_request.account
    value = time_in(starts_at, interpretation_request.time_zone, account.locale)
    messages.question(interpretation_request, "start", value, now)
    ledger.record(actor, "request.question", requests.concerning(interpretation_request), now=now)
    return interpretation_request


def take_back_start(
    actor: Actor, request_id: int, starts_at: datetime, *, now: datetime
) -> InterpretationRequest:
    """Take the question about this start back; who has not had the mail yet never gets it.

    Raises `Conflict` where it was answered or replaced meanwhile.
    """
    interpretation_request = requests.lock(request_id)
    _require_stands(interpretation_request, starts_at)
    _keep(interpretation_request, None)
    messaging.take_back(f"request:{request_id}", names=QUESTION, now=now)
    concerning = requests.concerning(interpretation_request)
    ledger.record(actor, TAKEN_BACK, concerning, now=now)
    return interpretation_request


def question_left_at(request_id: int) -> datetime | None:
    """Return when the first mail with a question to those who asked left; None: none has."""
    return sent.first_left(f"request:{request_id}", QUESTION)


def require_proposed(one: InterpretationRequest) -> datetime:
    """Return the start that is asked about; `Conflict` where none is."""
    if one.proposed_start_at is None:
        raise Conflict("nothing-proposed", _l("Nobody has asked whether another start would do."))
    return one.proposed_start_at


def _require_stands(one: InterpretationRequest, starts_at: datetime) -> None:
    if one.proposed_start_at != starts_at:
        why = _what_became_of_it(one, starts_at)
        raise Conflict("question-outdated", why)


def _what_became_of_it(one: InterpretationRequest, starts_at: datetime) -> Any:
    """Return in words why a question does not stand any more, when that was, and what is left."""
    passed = ledger.history(requests.concerning(one), kinds=ENDS)
    last = passed[-1] if passed else None
    if last is None or one.proposed_start_at is not None:
        return _l("This question does not stand any more; look at it again.")
    words = {
        "when": local_datetime(last.at, one.time_zone),
        "start": local_time(one.starts_at, one.time_zone),
    }
    if one.starts_at == starts_at:
        return _l("A yes was noted before, %(when)s: it begins at %(start)s now.", **words)
    if last.kind == TAKEN_BACK:
        return _l(
            "The office took this question back, %(when)s; it stays at %(start)s. If another "
            "start would do, change the request or call the office.",
            **words,
        )
    if last.kind == REFUSED and last.actor_role not in ASKS:
        return _l(
            "The office noted a no to this question, %(when)s; it stays at %(start)s. If that "
            "was not meant, change the request to the other start or call the office.",
            **words,
        )
    if last.kind == REFUSED:
        return _l(
            "A no to this question was given, %(when)s; it stays at %(start)s. If another start "
            "would do after all, change the request or call the office.",
            **words,
        )
    return _l(
        "The request has changed since it was asked, %(when)s; it begins at %(start)s.", **words
    )


def answer_start(
    actor: Actor, request_id: int, starts_at: datetime, *, agreed: bool, now: datetime
) -> InterpretationRequest:
    """Take the answer to the question about this start; a yes changes the request.

    Raises `Conflict` where the question is another by now, or the request needs nobody any more.
    """
    interpretation_request = requests.lock(request_id)
    _require_stands(interpretation_request, starts_at)
    request_rules.require_open(interpretation_request.state)
    _keep(interpretation_request, None)
    if agreed:
        wall = clock.at_place(starts_at, interpretation_request.time_zone).replace(tzinfo=None)
        details = replace(details_of(interpretation_request), wall_start=wall)
        service.amend(actor, request_id, details, now=now, office_asked=True)
    else:
        concerning = requests.concerning(interpretation_request)
        ledger.record(actor, REFUSED, concerning, now=now)
    return interpretation_request


def _require_another(one: InterpretationRequest, starts_at: datetime, now: datetime) -> None:
    if one.has_window:
        raise Conflict(
            "has-window",
            _l("Those who asked named a window; choose the start in it with the person."),
        )
    same_day = clock.at_place(starts_at, one.time_zone).date() == one.day
    if starts_at <= now or starts_at == one.starts_at or not same_day:
        raise Refusal(
            "no-other-start",
            _l("Give another time of the same day that is still to come."),
            field="start",
        )


def _keep(one: InterpretationRequest, starts_at: datetime | None) -> None:
    # Not by the row: its version would grow, and plans and open forms would count as outdated.
    db.session.execute(
        sa.update(InterpretationRequest)
        .where(InterpretationRequest.id == one.id)
        .values(proposed_start_at=starts_at)
    )
