"""What would help an open request as things stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

import solver
import solver.analysis
from dispatch.errors import Conflict
from dispatch.languages import rules as languages
from dispatch.planning.advice import wording
from dispatch.planning.advice.remedies import FOR_THE_COORDINATOR, Help, Words
from dispatch.planning.runs import child
from dispatch.planning.runs.rules import MOST_DISTURBED
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.problem import of_days
from dispatch.planning.snapshot.queries import movable_in
from dispatch.requests.models import InterpretationRequest

COVERED = _l("Somebody goes to this request already.")


@dataclass(frozen=True)
class HelpPage:
    """What would help one open request, what disturbs the fewest people first.

    `settled` says why nothing needs to help. `more_moved` is how many confirmed people might be
    asked to move in a new plan of these days, where that is one more than now and somebody could
    be. Without a `proposal_id` the question is about the schedule as it stands.
    """

    request: InterpretationRequest
    horizon: Horizon
    settled: Any
    helps: list[Help]
    more_moved: int | None
    proposal_id: int | None = None


def help_as_it_stands(asked: InterpretationRequest, *, now: datetime) -> HelpPage:
    """Ask the solver about the schedule as it stands, in which nobody changes jobs.

    Raises `Conflict` without an answer.
    """
    horizon = Horizon(asked.day, asked.day, asked.time_zone)
    problem = of_days(horizon, now=now, only=asked.id).problem
    if all(one.id != str(asked.id) for one in problem.requests):
        return HelpPage(asked, horizon, wording.NOT_NEEDED, [], None)
    plan = solver.analysis.standing(problem, reasons=True)
    if all(one.request != str(asked.id) for one in plan.unassigned):
        return HelpPage(asked, horizon, COVERED, [], None)
    questions = [
        remedy
        for remedy in remedies(problem, plan, asked)
        if remedy.kind not in FOR_THE_COORDINATOR
    ]
    helps = Words(asked, horizon, problem).of(questions)
    return HelpPage(asked, horizon, None, helps, more_moved(horizon, 0, now))


def more_moved(horizon: Horizon, allowed: int, now: datetime) -> int | None:
    """Return `allowed` and one more where that many confirmed people could be asked to move."""
    movable = movable_in(horizon, now)
    return allowed + 1 if movable > allowed and allowed < MOST_DISTURBED else None


def remedies(
    problem: solver.Problem, plan: solver.Plan, asked: InterpretationRequest
) -> Sequence[solver.analysis.Remedy]:
    """Ask the solver, in a process of its own, what fills the request; each was solved and checked.

    Raises `Conflict` without an answer.
    """
    group = languages.require(asked.language).macrolanguage
    varieties = languages.varieties(group) if group else ()
    others = [one.tag for one in varieties if one.tag != asked.language]
    try:
        return child.remedies(problem, plan, asked.id, others)
    except child.NoAnswer as ended:
        raise Conflict("no-answer", wording.NO_ANSWER) from ended
