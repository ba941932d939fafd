"""Asking the solver about one request beside the schedule as it stands."""

import solver
import solver.analysis
from dispatch.errors import Conflict
from dispatch.planning.advice import wording
from dispatch.planning.snapshot.problem import Question


def as_it_stands(question: Question) -> solver.analysis.Desk:
    """Return the schedule, what is asked or confirmed and nothing else, ready for questions."""
    return solver.analysis.Desk(question.problem, solver.analysis.standing(question.problem))


def candidates(schedule: solver.analysis.Desk, request_id: int) -> list[solver.analysis.Candidate]:
    """Return everybody of the language who is not on the request yet, the best first.

    Raises KeyError where the request is not in the question.
    """
    return [one for one in schedule.candidates(str(request_id)) if not one.assigned]


def require_able(schedule: solver.analysis.Desk, request_id: int, interpreter_id: int) -> None:
    """Refuse (409), naming every rule that stops this interpreter from this request."""
    try:
        found = schedule.candidates(str(request_id))
    except KeyError as unknown:
        raise Conflict("request-not-open", wording.NOT_NEEDED) from unknown
    for candidate in found:
        if candidate.interpreter == str(interpreter_id):
            if candidate.assigned:
                raise Conflict("not-possible", wording.ON_IT_ALREADY)
            if candidate.feasible:
                return
            raise Conflict(
                "not-possible",
                "; ".join(str(wording.reason(each)) for each in candidate.violations),
            )
    raise Conflict("not-possible", wording.NOT_OF_THE_LANGUAGE)
