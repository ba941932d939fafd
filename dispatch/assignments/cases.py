"""Who came to a case before: whoever knows it is asked first."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import TO_COME, AssignmentState
from dispatch.database import db
from dispatch.requests.models import HAS_A_CASE, InterpretationRequest

Case = tuple[int, str]
"""An organisation's id and its reference of a case."""


CASE_REMEMBERED = timedelta(days=365)
"""So long whoever came to a case knows it."""


def interpreters_of(
    cases: Collection[Case], since: datetime, now: datetime
) -> dict[Case, set[int]]:
    """Return the ids of those who came to appointments of these cases since then, by case."""
    case = sa.tuple_(InterpretationRequest.organisation_id, InterpretationRequest.case_reference)
    rows = db.session.execute(
        sa.select(
            InterpretationRequest.organisation_id,
            InterpretationRequest.case_reference,
            Assignment.interpreter_id,
        )
        .join(Assignment.interpretation_request)
        .where(
            has_come(now),
            Assignment.starts_at >= since,
            case.in_(cases),
            sa.text(f"{InterpretationRequest.__tablename__}.{HAS_A_CASE}"),  # has an index
        )
        .distinct()
    )
    found: dict[Case, set[int]] = {}
    for organisation_id, reference, interpreter_id in rows:
        found.setdefault((organisation_id, reference), set()).add(interpreter_id)
    return found


def has_come(now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that somebody came to an assignment, as far as is known."""
    return sa.and_(
        Assignment.state.in_(TO_COME | {AssignmentState.COMPLETED}),
        Assignment.ends_at <= now,
    )
