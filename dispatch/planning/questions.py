"""Asking the solver about one request beside the schedule as it stands."""

import solver
from dispatch.errors import Conflict
from dispatch.planning import wording
from dispatch.planning.problem import DayProblem


def as_it_stands(question: DayProblem) -> solver.Plan:
    """Return the schedule as a plan: what is asked or confirmed, and nothing else."""
    return solver.standing(question.problem)


def candidates(question: DayProblem, plan: solver.Plan, request_id: int) -> list[solver.Candidate]:
    """Return everybody of the language who is not on the request yet, the best first."""
    return [
        candidate
        for candidate in solver.candidates(question.problem, plan, str(request_id))
        if not candidate.assigned
    ]


def require_possible(
    question: DayProblem, plan: solver.Plan, request_id: int, interpreter_id: int
) -> None:
    """Refuse (409), naming every rule that stops this interpreter from this request."""
    known = {asked.id for asked in question.problem.requests}
    if str(request_id) not in known:
        raise Conflict("request-not-open", wording.NOT_NEEDED)
    for candidate in candidates(question, plan, request_id):
        if candidate.interpreter == str(interpreter_id):
            if candidate.feasible:
                return
            raise Conflict(
                "not-possible",
                "; ".join(str(wording.reason(each)) for each in candidate.violations),
            )
    raise Conflict("not-possible", wording.NOT_A_CANDIDATE)
