"""What falls due: changes that wait for an answer, qualifications that end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import render_template, request
from sqlalchemy.orm import joinedload

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AssignmentState
from dispatch.cities.working_time import local_day
from dispatch.database import db
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import HeldQualification, Interpreter
from dispatch.pages.coordinator import blueprint
from dispatch.settings import active
from dispatch.web.policy import only

WARNED_BEFORE = timedelta(days=30)


@dataclass(frozen=True)
class Change:
    """An assignment whose interpreter has to agree again, and by when."""

    assignment: Assignment
    answer_by: datetime


def changes(now: datetime) -> list[Change]:
    """Return the questions about changed terms that wait for an answer, the next due first."""
    rows = db.session.execute(
        sa.select(Assignment, Confirmation.answer_by)
        .join(Confirmation, Confirmation.assignment_id == Assignment.id)
        .options(
            joinedload(Assignment.interpreter).joinedload(Interpreter.account),
            joinedload(Assignment.interpretation_request),
        )
        .where(
            Assignment.state == AssignmentState.TO_RECONFIRM,
            Confirmation.answer.is_(None),
            Confirmation.answer_by > now,
        )
        .order_by(Confirmation.answer_by, Assignment.id)
    )
    return [Change(assignment, answer_by) for assignment, answer_by in rows if answer_by]


@blueprint.get("/due")
@only(Role.COORDINATOR)
def due() -> str:
    """List what falls due, as a part of the first page or as a page of its own."""
    now, part = clock.now(), "HX-Request" in request.headers
    name = "pages/coordinator/_due.html" if part else "pages/coordinator/due.html"
    return render_template(name, changes=changes(now), ending=qualifications(now))


def qualifications(now: datetime) -> Sequence[tuple[Interpreter, HeldQualification]]:
    """Return whose qualification ends within thirty days with nothing as high after it."""
    today = local_day(now, active().city)
    return interpreters.ending_qualifications(today, today + WARNED_BEFORE)
