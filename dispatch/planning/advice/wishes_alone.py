"""Whether nothing but somebody's own wishes stands in the way: a person may set these aside."""

from collections.abc import Sequence, Set
from datetime import datetime

from flask_babel import lazy_gettext as _l

import solver
import solver.analysis
from dispatch.assignments.overriding import Wish
from dispatch.errors import Conflict
from dispatch.interpreters import queries as interpreters
from dispatch.planning.advice.barring import Bar, Bars
from dispatch.planning.advice.candidates import Look, look
from dispatch.requests.models import InterpretationRequest

WISH_OF_BAR = {
    Bar.SHORT_NOTICE: Wish.NOTICE,
    Bar.DISTRICT: Wish.DISTRICT,
    Bar.NOT_THERE: Wish.HOURS,
}


def wishes_alone(
    interpretation_request: InterpretationRequest,
    candidate: solver.analysis.Candidate,
    barred: Bars,
    absent: Set[int],
) -> list[Wish]:
    """Return the wishes that stop somebody, where nothing else does; else nothing.

    Whoever is `absent` (ids) is not there, whatever they wish. Of a window it is not said: there
    another start may do without.
    """
    person = candidate.interpreter
    if candidate.feasible or interpretation_request.has_window or int(person) in absent:
        return []
    found = [_wish(one, barred.get(person, Bar.EXCLUDED)) for one in candidate.violations]
    wishes = [wish for wish in found if wish is not None]
    return sorted(set(wishes)) if len(wishes) == len(found) else []


def absent_from(interpretation_request: InterpretationRequest) -> set[int]:
    """Return who is away while a request takes place, by ids."""
    return interpreters.absent(interpretation_request.starts_at, interpretation_request.ends_at)


def _wish(violation: solver.plan.Violation, bar: Bar) -> Wish | None:
    if violation.rule == solver.plan.RuleCode.AVAILABILITY:
        return Wish.HOURS
    return WISH_OF_BAR.get(bar) if violation.rule == solver.plan.RuleCode.EXCLUDED else None


def of(
    seen: Look, interpretation_request: InterpretationRequest, interpreter_id: int
) -> Sequence[Wish]:
    """Return the wishes alone that stop one of those who were looked at."""
    for candidate in seen.found:
        if candidate.interpreter == str(interpreter_id):
            absent = absent_from(interpretation_request)
            return wishes_alone(interpretation_request, candidate, seen.barred, absent)
    return []


def require(
    interpretation_request: InterpretationRequest, interpreter_id: int, *, now: datetime
) -> Sequence[Wish]:
    """Return the wishes that stop somebody; refuses (409) where something else does, or nothing."""
    try:
        found = of(
            look(interpretation_request, now, [interpreter_id]),
            interpretation_request,
            interpreter_id,
        )
    except KeyError:
        found = []
    if not found:
        raise Conflict(
            "not-only-wishes",
            _l("It is not only a wish that stands in the way here; look again who could come."),
        )
    return found
