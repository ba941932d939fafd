"""Somebody of the demonstration is away on the day that is planned, and asks what to do."""

from datetime import date, datetime

import sqlalchemy as sa

from dispatch import clock, settings
from dispatch.absences import queries, service
from dispatch.absences.rules import Resolution
from dispatch.assignments.models import Assignment
from dispatch.availability.models import Absence
from dispatch.database import db
from dispatch.interpreters.models import Interpreter


def be_away(day: date, shown: Interpreter | None, *, now: datetime) -> Absence | None:
    """Have the busiest of the day report an absence, left to the office; not who is shown.

    Nobody is away where nobody has said yes for the day.
    """
    span = clock.day_bounds(day, settings.active().city.zone_name)
    interpreter = db.session.scalar(
        sa.select(Interpreter)
        .join(Assignment, Assignment.interpreter_id == Interpreter.id)
        .where(
            Assignment.hold_id.is_not(None),
            Assignment.starts_at >= span[0],
            Assignment.starts_at < span[1],
            Interpreter.id != (shown.id if shown else 0),
        )
        .group_by(Interpreter.id)
        .order_by(sa.func.count().desc(), Interpreter.id)
        .limit(1)
    )
    if interpreter is None:
        return None
    jobs = queries.hit_by(interpreter.id, span, now).jobs
    decided = dict.fromkeys([one.id for one in jobs], Resolution.ASK)
    return service.save(interpreter.account.actor, interpreter.id, span, decided, now=now)
