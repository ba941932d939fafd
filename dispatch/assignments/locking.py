"""Locking several assignments at once."""

from collections.abc import Collection

import sqlalchemy as sa

from dispatch import database
from dispatch.assignments.models import Assignment
from dispatch.assignments.service import lock_interpreters
from dispatch.database import db
from dispatch.requests import service as requests


def lock_together(assignment_ids: Collection[int]) -> list[Assignment]:
    """Return several assignments in the order of their ids, locked as one is (`service.lock`)."""
    them = db.session.scalars(sa.select(Assignment).where(Assignment.id.in_(assignment_ids))).all()
    requests.lock_all({one.interpretation_request_id for one in them})
    lock_interpreters({one.interpreter_id for one in them})
    return database.lock_all(Assignment, assignment_ids)
