"""How late somebody said they are, for the line of a history that says so."""

from collections.abc import Sequence

import sqlalchemy as sa

from dispatch.assignments.models import Assignment
from dispatch.database import db
from dispatch.ledger.models import Change
from dispatch.web.formats import duration

LATE = "assignment.late"


def minutes_late(changes: Sequence[Change]) -> dict[int, str]:
    """Return the minutes said last of each assignment, in brackets, by the change that said them.

    What was said before that is not kept: the record holds no values.
    """
    last: dict[int, int] = {}
    for change in changes:
        if change.kind == LATE and change.assignment_id is not None:
            last[change.assignment_id] = max(change.id, last.get(change.assignment_id, 0))
    if not last:
        return {}
    rows = db.session.execute(
        sa.select(Assignment.id, Assignment.late_minutes).where(Assignment.id.in_(last))
    )
    return {last[id_]: f" ({duration(minutes)})" for id_, minutes in rows if minutes}
