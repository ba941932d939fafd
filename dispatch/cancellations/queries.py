"""Who else is free when somebody falls out."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import sqlalchemy as sa

from dispatch.assignments import fitting, terms
from dispatch.assignments.models import Assignment
from dispatch.availability.rules import Way
from dispatch.availability.times import is_free
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.offers.barring import declined
from dispatch.requests.models import ExcludedInterpreter
from dispatch.settings import active


def others_free(assignments: Sequence[Assignment]) -> dict[int, int]:
    """Return how many people of the pool could come in somebody's place, as far as is known.

    By the id of the assignment. They speak the language, are what the request requires, offer
    these hours, and nothing takes their time. Ways are not looked at: it is a number for those who
    ask, not a list. Read once, however many assignments there are.
    """
    if not assignments:
        return {}
    request_ids = [one.interpretation_request_id for one in assignments]
    barred = declined(request_ids) | _excluded(request_ids)
    pool, taken = interpreters.active_with_languages(), _taken(assignments)
    return {
        each.id: sum(
            _could(one, each) and _offers_these_hours(one, each)
            for one in pool
            if one.id != each.interpreter_id
            and (each.interpretation_request_id, one.id) not in barred
            and not any(_overlap(hold, each) for hold in taken.get(one.id, ()))
        )
        for each in assignments
    }


def _excluded(request_ids: Collection[int]) -> set[tuple[int, int]]:
    rows = db.session.execute(
        sa.select(
            ExcludedInterpreter.interpretation_request_id, ExcludedInterpreter.interpreter_id
        ).where(ExcludedInterpreter.interpretation_request_id.in_(request_ids))
    )
    return {(request_id, interpreter_id) for request_id, interpreter_id in rows}


def _taken(assignments: Sequence[Assignment]) -> dict[int, list[Hold]]:
    """Return what takes anybody's time from the first of them to the end of the last, by person."""
    found: dict[int, list[Hold]] = {}
    for hold in db.session.scalars(
        sa.select(Hold).where(
            Hold.starts_at < max(one.ends_at for one in assignments),
            Hold.ends_at > min(one.starts_at for one in assignments),
        )
    ):
        found.setdefault(hold.interpreter_id, []).append(hold)
    return found


def _overlap(hold: Hold, assignment: Assignment) -> bool:
    return hold.starts_at < assignment.ends_at and hold.ends_at > assignment.starts_at


def _could(interpreter: Interpreter, assignment: Assignment) -> bool:
    required, agreed = assignment.interpretation_request, terms.of(assignment)
    if agreed.language not in required.languages:  # half of a relay that nobody comes to any more
        agreed = replace(agreed, language=required.language)
    return not fitting.why_not(interpreter, required, agreed, required.time_zone)


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
