"""Locking questions about changed terms, and what was asked together with one."""

from collections.abc import Sequence

from dispatch import database
from dispatch.assignments import service as assignments
from dispatch.assignments import terms
from dispatch.assignments.models import Confirmation
from dispatch.database import db
from dispatch.requests import service as requests


def asked_together(question_id: int) -> Sequence[int]:
    """Return the questions about changed terms that one action put to a person, by id.

    Their requests are locked in the order of their ids, and the interpreter after them.
    """
    first = database.get(Confirmation, question_id)
    together = terms.asked_together(first)
    requests.lock_all({one.assignment.interpretation_request_id for one in together})
    assignments.lock_interpreter(first.assignment.interpreter_id)
    return sorted(one.id for one in together)


def lock(question_id: int) -> Confirmation:
    """Return a question about changed terms with its assignment locked and read anew."""
    # Whose question it is never changes, so this may be read without the lock.
    question = database.get(Confirmation, question_id)
    assignment = assignments.lock(question.assignment_id)
    db.session.refresh(assignment, ["confirmations"])
    for one in assignment.confirmations:
        db.session.refresh(one)
    return question
