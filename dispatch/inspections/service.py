"""Writing down that somebody opened what is kept of an interpreter."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from dispatch.cities.working_time import local_day
from dispatch.database import db
from dispatch.inspections.models import Inspection
from dispatch.inspections.rules import KEPT_FOR, How
from dispatch.settings import active


def note(account_id: int, interpreter_ids: Collection[int], how: How, *, now: datetime) -> None:
    """Write down that an account opened what is kept of these people; once a day is enough."""
    day = local_day(now, active().city)
    rows = [
        {"interpreter_id": one, "account_id": account_id, "day": day, "how": how}
        for one in interpreter_ids
    ]
    if rows:
        on_postgresql = db.session.connection().dialect.name == "postgresql"
        insert = postgresql.insert if on_postgresql else sqlite.insert
        db.session.execute(insert(Inspection).on_conflict_do_nothing(), rows)


def forget_old(now: datetime) -> None:
    """Forget what was opened a year ago."""
    before = local_day(now, active().city) - KEPT_FOR
    db.session.execute(sa.delete(Inspection).where(Inspection.day < before))
