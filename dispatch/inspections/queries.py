"""Who opened what is kept of an interpreter."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from dispatch.database import db
from dispatch.inspections.models import Inspection

MOST = 20


def latest(interpreter_id: int) -> Sequence[Inspection]:
    """Return who opened what is kept of somebody, newest first, at most one more than `MOST`."""
    return db.session.scalars(
        sa.select(Inspection)
        .where(Inspection.interpreter_id == interpreter_id)
        .options(joinedload(Inspection.account))
        .order_by(Inspection.day.desc(), Inspection.id.desc())
        .limit(MOST + 1)
    ).all()
