"""Who else is free when somebody falls out."""

import sqlalchemy as sa

from dispatch.assignments.models import Assignment
from dispatch.availability.rules import Way
from dispatch.availability.times import is_free
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.interpreters.rules import Qualification
from dispatch.offers.queries import declined
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active


def others_free(assignment: Assignment) -> int:
    """Return how many people of the pool could come in somebody's place, as far as is known.

    They speak the language, are what the request requires, offer these hours, and nothing takes
    their time. Ways are not looked at: it is a number for those who ask, not a list.
    """
    interpretation_request = assignment.interpretation_request
    taken = sa.select(Hold.interpreter_id).where(
        Hold.starts_at < assignment.ends_at, Hold.ends_at > assignment.starts_at
    )
    busy = set(db.session.scalars(taken))
    said_no = {who for _request, who in declined([interpretation_request.id])}
    excluded = {one.interpreter_id for one in interpretation_request.excluded_interpreters}
    return sum(
        _could(one, interpretation_request) and _offers_these_hours(one, assignment)
        for one in interpreters.active_with_languages()
        if one.id not in busy | said_no | excluded | {assignment.interpreter_id}
    )


def _could(interpreter: Interpreter, interpretation_request: InterpretationRequest) -> bool:
    wanted = interpretation_request.qualification_required
    return (
        any(one.tag == interpretation_request.language for one in interpreter.working_languages)
        and interpretation_request.gender_required in {None, interpreter.gender}
        and (
            wanted is None
            or interpreters.holds(interpreter, Qualification(wanted), interpretation_request.day)
        )
    )


def _offers_these_hours(interpreter: Interpreter, assignment: Assignment) -> bool:
    interpretation_request = assignment.interpretation_request
    return is_free(
        interpreter.availability,
        assignment.starts_at,
        assignment.ends_at,
        interpretation_request.time_zone,
        active().city,
        Way(assignment.way),
    )
