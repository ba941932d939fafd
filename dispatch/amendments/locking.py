"""Locking questions about changed terms, and what was asked together with one."""

from collections.abc import Sequence

import sqlalchemy as sa

from dispatch import database
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AssignmentState
from dispatch.database import db
from dispatch.requests import service as requests


def asked_together(question_id: int) -> Sequence[int]:
    """Return the questions about changed terms that one action put to a person, by id.

    Their requests are locked in the order of their ids, and the interpreter after them.
    """
    first = database.get(Confirmation, question_id)
    rows = db.session.execute(
        sa.select(Confirmation.id, Assignment.interpretation_request_id)
        .join(Confirmation.assignment)
        .where(
            Assignment.interpreter_id == first.assignment.interpreter_id,
            Assignment.state == AssignmentState.TO_RECONFIRM,
            Confirmation.asked_at == first.asked_at,
            Confirmation.answer.is_(None),
        )
        .order_by(Confirmation.id)
    ).all()
    requests.lock_all({request_id for _question, request_id in rows})
    assignments.lock_interpreter(first.assignment.interpreter_id)
    return [id_ for id_, _request in rows]


def lock(question_id: int) -> Confirmation:
    """Return a question about changed terms with its assignment locked and read anew."""
    # Whose question it is never changes, so this may be read without the lock.
    question = database.get(Confirmation, question_id)
    assignment = assignments.lock(question.assignment_id)
    db.session.refresh(assignment, ["confirmations"])
    for one in assignment.confirmations:
        db.session.refresh(one)
    return question
