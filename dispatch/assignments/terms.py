"""What was agreed and what is asked anew: each change of terms has a number and an answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch.assignments import rules, service
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AssignmentState, Terms, Via, Way
from dispatch.database import db
from dispatch.errors import NotFound
from dispatch.holds import service as holds
from dispatch.holds.rules import Cause
from dispatch.ledger.rules import Actor
from dispatch.requests import service as requests
from dispatch.requests.sharing import talk_begins

_AGREED_ON = ("site_id", "starts_at", "ends_at", "language", "way")


def of(assignment: Assignment) -> Terms:
    """Return what the assignment stands for now: agreed to, or to be reconfirmed."""
    return Terms(
        seat=assignment.seat,
        site_id=assignment.site_id,
        starts_at=assignment.starts_at,
        ends_at=assignment.ends_at,
        language=assignment.language,
        way=Way(assignment.way),
    )


def open_question(assignment: Assignment) -> Confirmation | None:
    """Return the question whether changed terms are agreed to, while it waits for an answer."""
    if assignment.state != AssignmentState.TO_RECONFIRM:
        return None
    return assignment.confirmations[-1]


def still_agreed(assignment: Assignment) -> Confirmation | None:
    """Return what was agreed to last, while changed terms wait for an answer; else nothing."""
    question = open_question(assignment)
    return agreed_before(question) if question else None


def waiting_for(interpreter_id: int, now: datetime) -> Sequence[Confirmation]:
    """Return the changed terms that wait for an interpreter's answer, the most pressing first."""
    return db.session.scalars(
        sa.select(Confirmation)
        .join(Confirmation.assignment)
        .where(
            Assignment.interpreter_id == interpreter_id,
            Assignment.state == AssignmentState.TO_RECONFIRM,
            Confirmation.answer.is_(None),
            Confirmation.answer_by > now,
        )
        .order_by(Confirmation.answer_by, Confirmation.id)
    ).all()


def asked_together(question: Confirmation) -> Sequence[Confirmation]:
    """Return the open questions about changed terms that one action put to a person, with this one.

    In order of time. They are told in one message, so they are answered, reminded of and ended
    together.
    """
    return db.session.scalars(
        sa.select(Confirmation)
        .join(Confirmation.assignment)
        .where(
            Assignment.interpreter_id == question.assignment.interpreter_id,
            Assignment.state == AssignmentState.TO_RECONFIRM,
            Confirmation.asked_at == question.asked_at,
            Confirmation.answer.is_(None),
        )
        .order_by(Confirmation.starts_at, Confirmation.id)
    ).all()


def agreed_before(question: Confirmation) -> Confirmation:
    """Return the terms that were agreed to last before a question about changed ones."""
    return [
        one
        for one in question.assignment.confirmations
        if one.answer == "yes" and one.terms_number < question.terms_number
    ][-1]


def is_as_agreed(question: Confirmation) -> bool:
    """Tell whether it asks for just what was agreed to last: a change before was taken back."""
    before = agreed_before(question)
    return all(getattr(before, name) == getattr(question, name) for name in _AGREED_ON)


def is_back(assignment: Assignment, wanted: Terms) -> bool:
    """Tell whether terms are just what was agreed to last, while others wait for an answer."""
    before = still_agreed(assignment)
    if before is None:
        return False
    return all(getattr(before, name) == getattr(wanted, name) for name in _AGREED_ON)


def by_token_hash(token_hash: str) -> Confirmation:
    """Return the question a signed link leads to; 404 for a link nobody made."""
    found = db.session.scalar(sa.select(Confirmation).where(Confirmation.token_hash == token_hash))
    if found is None:
        raise NotFound("not-found", _l("This link is not known; it may be cut off."))
    return found


def keep(actor: Actor, assignment: Assignment, terms: Terms, *, now: datetime) -> None:
    """Let the (locked, confirmed) assignment be what lies within what was agreed.

    The interpreter's yes holds on; the time that is not needed is free at once.
    """
    _become(assignment, terms, Cause.ASSIGNMENT)
    assignment.confirmations.append(_next(assignment, terms, now).answered("yes", Via.KEPT, now))
    service.record(actor, "assignment.kept", assignment, now)


def ask_again(
    actor: Actor,
    assignment: Assignment,
    terms: Terms,
    *,
    answer_by: datetime,
    token_hash: str,
    now: datetime,
) -> Confirmation:
    """Put changed terms to the interpreter of a (locked) assignment: to reconfirm until answered.

    The hold moves to the new span, so that a yes can still be kept. Raises `Conflict` when the
    interpreter's time is taken then or the way cannot be made.
    """
    service.require_reachable(assignment.interpreter, terms, ignoring=assignment.hold_id)
    if assignment.state != AssignmentState.TO_RECONFIRM:
        rules.require_transition(assignment.state, AssignmentState.TO_RECONFIRM)
    assignment.state = AssignmentState.TO_RECONFIRM
    _become(assignment, terms, Cause.TO_RECONFIRM)
    question = _next(assignment, terms, now)
    question.token_hash, question.answer_by = token_hash, answer_by
    assignment.confirmations.append(question)
    db.session.flush()
    service.record(actor, "assignment.to_reconfirm", assignment, now)
    return question


def stand_again(actor: Actor, assignment: Assignment, terms: Terms, *, now: datetime) -> None:
    """Let the yes to what a (locked) assignment goes back to hold; nobody was asked meanwhile.

    So does what its interpreter was reminded of, has confirmed the day before, or said of being
    late. Raises `Conflict` when the interpreter's time is taken then.
    """
    service.require_reachable(assignment.interpreter, terms, ignoring=assignment.hold_id)
    rules.require_transition(assignment.state, AssignmentState.CONFIRMED)
    assignment.state = AssignmentState.CONFIRMED
    _become(assignment, terms, Cause.ASSIGNMENT)
    assignment.confirmations.append(_next(assignment, terms, now).answered("yes", Via.KEPT, now))
    service.record(actor, "assignment.stands_again", assignment, now)
    one = assignment.interpretation_request
    begins = talk_begins(one, assignment.seat, assignment.starts_at)
    requests.agree_on(actor, one, begins, now=now)


def agree(actor: Actor, question: Confirmation, *, via: Via, now: datetime) -> None:
    """Take the yes to changed terms of a (locked) assignment; the last one fills the request."""
    assignment = question.assignment
    rules.require_transition(assignment.state, AssignmentState.CONFIRMED)
    question.answered("yes", via, now)
    assignment.state, assignment.confirmed_at = AssignmentState.CONFIRMED, now
    if not is_as_agreed(question):
        _forget_what_was_said(assignment)
    _become(assignment, of(assignment), Cause.ASSIGNMENT)
    service.record(actor, "assignment.confirmed", assignment, now)
    one = assignment.interpretation_request
    begins = talk_begins(one, assignment.seat, assignment.starts_at)
    requests.agree_on(actor, one, begins, now=now)
    requests.settle(actor, one, now=now)


def _forget_what_was_said(assignment: Assignment) -> None:
    """Forget what somebody was reminded of and has said of terms that hold no more."""
    assignment.reminded_at = assignment.reminded_again_at = assignment.late_minutes = None
    assignment.day_before_asked_at = assignment.day_before_confirmed_at = None


def _next(assignment: Assignment, terms: Terms, now: datetime) -> Confirmation:
    number = assignment.confirmations[-1].terms_number + 1
    was_urgent = assignment.interpretation_request.is_urgent
    return Confirmation.of(terms, number, was_urgent=was_urgent, asked_at=now)


def _become(assignment: Assignment, terms: Terms, cause: Cause) -> None:
    holds.move(
        cast(int, assignment.hold_id),  # the database ties what is to come to a hold
        seat=terms.seat,
        site_id=terms.site_id,
        way=terms.way,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        cause=cause,
    )
    assignment.seat = terms.seat
    assignment.site_id = terms.site_id
    assignment.starts_at, assignment.ends_at = terms.starts_at, terms.ends_at
    assignment.language, assignment.way = terms.language, terms.way
    db.session.flush()
    db.session.refresh(assignment, ["site"])
