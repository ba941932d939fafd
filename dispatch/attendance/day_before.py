"""The day before: whoever comes is asked once more, and confirms with one tap."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import settings
from dispatch.assignments import service as assignments
from dispatch.assignments.locking import lock_together
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.attendance import messages, rules
from dispatch.database import db, get
from dispatch.errors import Gone, NotFound
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor


def to_ask(now: datetime, interpreter_id: int | None = None) -> Sequence[int]:
    """Return the assignments whose interpreters are to be asked now whether they come.

    Of everybody, or of one interpreter.
    """
    coming = db.session.execute(
        sa.select(Assignment.id, Assignment.starts_at, Assignment.confirmed_at).where(
            Assignment.state == AssignmentState.CONFIRMED,
            Assignment.day_before_asked_at.is_(None),
            Assignment.starts_at > now,
            Assignment.starts_at <= now + rules.DAY_BEFORE_LOOKS_AHEAD,
            sa.true() if interpreter_id is None else Assignment.interpreter_id == interpreter_id,
        )
    )
    city = settings.active().city
    return [
        id_
        for id_, starts_at, confirmed_at in coming
        if rules.is_to_be_asked(confirmed_at, starts_at, now, city)
    ]


def ask(assignment_id: int, *, now: datetime) -> None:
    """Ask whether the interpreter comes, in one message about all that is due for them by now.

    Once, and nobody who has just said so.
    """
    interpreter_id = get(Assignment, assignment_id).interpreter_id
    together = {assignment_id, *to_ask(now, interpreter_id)}
    for assignment in sorted(lock_together(together), key=attrgetter("starts_at")):
        _ask(assignment, now)


def _ask(assignment: Assignment, now: datetime) -> None:
    city = settings.active().city
    if (
        assignment.state != AssignmentState.CONFIRMED
        or assignment.day_before_asked_at is not None
        or not rules.is_to_be_asked(assignment.confirmed_at, assignment.starts_at, now, city)
    ):
        return
    token = secrets.token_urlsafe(16)
    assignment.day_before_asked_at = now
    assignment.day_before_token_hash = hash_of(token)
    messages.ask_day_before(assignment, token, now)


def confirm(actor: Actor, assignment_id: int, *, now: datetime) -> Assignment:
    """Write down that the interpreter still comes; once is enough.

    Raises `Conflict` when the assignment is over or was taken back meanwhile.
    """
    assignment = assignments.lock(assignment_id)
    rules.require_still_to_come(assignment.state, assignment.starts_at, now)
    if assignment.day_before_confirmed_at is None:
        assignment.day_before_confirmed_at = now
        ledger.record(
            actor,
            "assignment.day-before",
            assignments.concerning(assignment),
            now=now,
            fields=["day_before_confirmed_at"],
        )
    return assignment


def asked_besides(assignment: Assignment, now: datetime) -> Sequence[Assignment]:
    """Return what else the same person is asked whether they come to, in order of time.

    One message may have asked about all of it, with the link of one.
    """
    return db.session.scalars(
        sa.select(Assignment)
        .where(
            Assignment.interpreter_id == assignment.interpreter_id,
            Assignment.id != assignment.id,
            Assignment.state == AssignmentState.CONFIRMED,
            Assignment.day_before_asked_at.is_not(None),
            Assignment.day_before_confirmed_at.is_(None),
            Assignment.starts_at > now,
        )
        .order_by(Assignment.starts_at)
    ).all()


def by_token(token: str) -> Assignment:
    """Return the assignment a link leads to; 404 for a link nobody made, 410 for a dead one."""
    assignment = db.session.scalar(
        sa.select(Assignment).where(Assignment.day_before_token_hash == hash_of(token))
    )
    if assignment is None:
        raise NotFound("not-found", _l("This link is not known; it may be cut off."))
    given_at, interpreter = assignment.day_before_asked_at, assignment.interpreter
    if given_at is None or not (interpreter.active and interpreter.account.honours(given_at)):
        raise Gone("link-over", _l("This link has ended; please call the office."))
    return assignment


def hash_of(token: str) -> str:
    """Return what is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()
