"""Finding questions about changed terms that wait for their answer."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AssignmentState
from dispatch.database import db


def due(now: datetime) -> Sequence[int]:
    """Return the questions whose deadline has passed without an answer, by id."""
    return _waiting(Confirmation.answer_by <= now)


def to_remind(now: datetime) -> Sequence[int]:
    """Return the questions half of whose time is gone, by id."""
    return _waiting(Confirmation.remind_at <= now, Confirmation.answer_by > now)


def _waiting(*which: sa.ColumnElement[bool]) -> Sequence[int]:
    return db.session.scalars(
        sa.select(Confirmation.id)
        .join(Confirmation.assignment)
        .where(
            Assignment.state == AssignmentState.TO_RECONFIRM,
            Confirmation.answer.is_(None),
            *which,
        )
    ).all()
