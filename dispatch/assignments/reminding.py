"""Reminding whoever comes: the evening before, and two hours before the start; once each."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch.assignments import messages, rules, service
from dispatch.assignments.locking import lock_together
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.cities.working_time import evening_before
from dispatch.database import db, get
from dispatch.settings import active


def to_remind(now: datetime, interpreter_id: int | None = None) -> Sequence[int]:
    """Return the confirmed assignments whose evening before has come and nobody was reminded of.

    Of everybody, or of one interpreter.
    Only those agreed before that evening: a yes on the same evening needs no reminder. And none
    that begin within two hours: a reminder minutes before helps nobody.
    """
    city = active().city
    coming = db.session.execute(
        sa.select(Assignment.id, Assignment.starts_at, Assignment.confirmed_at).where(
            Assignment.state == AssignmentState.CONFIRMED,
            Assignment.reminded_at.is_(None),
            Assignment.starts_at > now + rules.NO_REMINDER_WITHIN,
            Assignment.starts_at <= now + rules.REMINDERS_LOOK_AHEAD,
            sa.true() if interpreter_id is None else Assignment.interpreter_id == interpreter_id,
        )
    )
    return [
        id_
        for id_, starts_at, confirmed_at in coming
        if confirmed_at < evening_before(starts_at, city) <= now
    ]


def remind(assignment_id: int, *, now: datetime) -> None:
    """Remind the interpreter, in one message of all that is due for them by now; once."""
    interpreter_id = get(Assignment, assignment_id).interpreter_id
    together = {assignment_id, *to_remind(now, interpreter_id)}
    for assignment in lock_together(together):
        if assignment.state == AssignmentState.CONFIRMED and assignment.reminded_at is None:
            assignment.reminded_at = now
            messages.remind(assignment, now)


def to_remind_again(now: datetime) -> Sequence[int]:
    """Return the confirmed assignments that begin within two hours and were agreed well before."""
    coming = db.session.execute(
        sa.select(Assignment.id, Assignment.starts_at, Assignment.confirmed_at).where(
            Assignment.state == AssignmentState.CONFIRMED,
            Assignment.reminded_again_at.is_(None),
            Assignment.starts_at > now + rules.NO_REMINDER_AGAIN_WITHIN,
            Assignment.starts_at <= now + rules.REMINDED_AGAIN_BEFORE,
        )
    )
    return [
        id_
        for id_, starts_at, confirmed_at in coming
        if confirmed_at < starts_at - 2 * rules.REMINDED_AGAIN_BEFORE
    ]


def remind_again(assignment_id: int, *, now: datetime) -> None:
    """Remind the interpreter shortly before the start, if they want that; once."""
    assignment = service.lock(assignment_id)
    is_coming = assignment.state == AssignmentState.CONFIRMED
    if not is_coming or assignment.reminded_again_at is not None:
        return
    assignment.reminded_again_at = now
    messages.remind_again(assignment, now)
