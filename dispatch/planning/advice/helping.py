"""Asking the solver what would help an open request."""

from collections.abc import Sequence
from datetime import datetime

import solver
import solver.analysis
from dispatch.errors import Conflict
from dispatch.languages import rules as languages
from dispatch.offers import seats
from dispatch.planning.advice import wording
from dispatch.planning.advice.rules import OF_ALL_OF_A_TALK, PLANNED_AT_ONCE, Found, loosened
from dispatch.planning.advice.settled import Settled
from dispatch.planning.runs import child
from dispatch.planning.runs.rules import MOST_DISTURBED
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.problem import of_days
from dispatch.planning.snapshot.queries import movable_in
from dispatch.requests.models import InterpretationRequest


def as_it_stands(interpretation_request: InterpretationRequest, *, now: datetime) -> Found:
    """Ask the solver about the schedule as it stands, in which nobody changes jobs.

    Where enough people can simply be asked, nothing is looked for. Raises `Conflict` without an
    answer.
    """
    horizon = Horizon(
        interpretation_request.day, interpretation_request.day, interpretation_request.time_zone
    )
    problem = of_days(horizon, now=now, only=interpretation_request.id).problem
    if all(one.id != str(interpretation_request.id) for one in problem.requests):
        return Found(horizon, Settled.NOT_NEEDED)
    plan = solver.analysis.standing(problem, reasons=True)
    if all(one.request != str(interpretation_request.id) for one in plan.unassigned):
        return Found(horizon, Settled.COVERED)
    able = _able(problem, plan, interpretation_request)
    if able >= len(seats.free_seats(interpretation_request)):
        return Found(horizon, Settled.CAN_BE_ASKED, able)
    found = with_moves(problem, plan, interpretation_request, horizon, now)
    return Found(horizon, remedies=[one for one in found if one.kind not in PLANNED_AT_ONCE])


def _able(problem: solver.Problem, plan: solver.Plan, one: InterpretationRequest) -> int:
    """Return how many people could be asked as things stand."""
    found = solver.analysis.Desk(problem, plan).candidates(str(one.id))
    return sum(each.feasible and not each.assigned for each in found)


def with_moves(
    problem: solver.Problem,
    plan: solver.Plan,
    interpretation_request: InterpretationRequest,
    horizon: Horizon,
    now: datetime,
) -> Sequence[solver.analysis.Remedy]:
    """Return what helps, and whether it helps if one confirmed person more may be asked to move.

    Raises `Conflict` without an answer.
    """
    loose = loosened(problem, plan, movable_in(horizon, now))
    return [
        one
        for one in remedies(*loose, interpretation_request)
        if one.kind != "promise" or (one.disturb_at_most or 0) <= MOST_DISTURBED
    ]


def remedies(
    problem: solver.Problem, plan: solver.Plan, interpretation_request: InterpretationRequest
) -> Sequence[solver.analysis.Remedy]:
    """Ask the solver, in a process of its own, what fills the request; each was solved and checked.

    Of a talk that two share only what leaves the other of them as agreed.
    Raises `Conflict` without an answer.
    """
    is_shared = interpretation_request.sharing is not None
    group = languages.require(interpretation_request.language).macrolanguage
    varieties = languages.varieties(group) if group else ()
    direct = interpretation_request.direct_languages
    others = [one.tag for one in varieties if one.tag not in direct and not is_shared]
    try:
        found = child.remedies(problem, plan, interpretation_request.id, others)
    except child.NoAnswer as ended:
        raise Conflict("no-answer", wording.NO_ANSWER) from ended
    return [one for one in found if not is_shared or one.kind not in OF_ALL_OF_A_TALK]
