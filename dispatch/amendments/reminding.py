"""Reminding whoever has to agree to a change and has not answered, once."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch.amendments import locking, messages
from dispatch.assignments import terms as agreed
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AssignmentState
from dispatch.database import db


def to_remind(now: datetime) -> Sequence[int]:
    """Return the questions about changed terms half of whose time is gone."""
    return db.session.scalars(
        sa.select(Confirmation.id)
        .join(Confirmation.assignment)
        .where(
            Assignment.state == AssignmentState.TO_RECONFIRM,
            Confirmation.answer.is_(None),
            Confirmation.remind_at <= now,
            Confirmation.answer_by > now,
        )
    ).all()


def remind(question_id: int, *, now: datetime) -> None:
    """Remind whoever has not answered; once, of all that was asked together and is due as well."""
    for each in locking.asked_together(question_id):
        question = locking.lock(each)
        if agreed.open_question(question.assignment) is not question:
            continue
        due, last = question.remind_at, question.answer_by
        if due is None or due > now or last is None or last <= now:
            continue
        question.remind_at = None
        messages.half_time(question, now)
