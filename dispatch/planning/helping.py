"""What would help an open request, in a proposal or as things stand, and taking it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

import solver
from dispatch import settings
from dispatch.database import get
from dispatch.errors import Conflict, NotFound
from dispatch.languages import rules as languages
from dispatch.planning import child, service, wording
from dispatch.planning.horizon import Horizon
from dispatch.planning.models import Proposal
from dispatch.planning.problem import Question, movable_in, of_days
from dispatch.planning.remedies import FOR_THE_COORDINATOR, Help, Words
from dispatch.planning.rules import MOST_DISTURBED
from dispatch.requests.models import InterpretationRequest

COVERED = _l("Somebody goes to this request already.")


@dataclass(frozen=True)
class HelpPage:
    """What would help one open request, what disturbs the fewest people first.

    `settled` says why nothing needs to help. `more_moved` is how many confirmed people might be
    asked to move in a new plan of these days, where that is one more than now and somebody could
    be. Without a `proposal` the question is about the schedule as it stands.
    """

    request: InterpretationRequest
    horizon: Horizon
    settled: Any
    helps: list[Help]
    more_moved: int | None
    proposal: Proposal | None = None


def help_page(proposal_id: int, request_id: int, *, now: datetime) -> HelpPage:
    """Ask the solver, in a process of its own; each remedy was solved and checked.

    Raises `NotFound` where the request is not in the proposal, `Conflict` without an answer.
    """
    proposal = get(Proposal, proposal_id)
    is_open = _is_open(proposal, request_id)
    asked, problem = get(InterpretationRequest, request_id), service.problem_of(proposal)
    found = _remedies(problem, service.plan_of(proposal), asked) if is_open else ()
    horizon, allowed = _horizon(proposal), problem.disturb_at_most or 0
    return HelpPage(
        asked,
        horizon,
        None if is_open else COVERED,
        Words(asked, horizon, problem).of(found),
        _more_moved(horizon, allowed, now),
        proposal,
    )


def help_as_it_stands(asked: InterpretationRequest, *, now: datetime) -> HelpPage:
    """Ask the solver about the schedule as it stands, in which nobody changes jobs.

    Raises `Conflict` without an answer.
    """
    horizon = Horizon(asked.day, asked.day, asked.time_zone)
    problem = of_days(horizon, now=now, only=asked.id).problem
    if all(one.id != str(asked.id) for one in problem.requests):
        return HelpPage(asked, horizon, wording.NOT_NEEDED, [], None)
    plan = solver.standing(problem, reasons=True)
    if all(one.request != str(asked.id) for one in plan.unassigned):
        return HelpPage(asked, horizon, COVERED, [], None)
    questions = [
        remedy
        for remedy in _remedies(problem, plan, asked)
        if remedy.kind not in FOR_THE_COORDINATOR
    ]
    helps = Words(asked, horizon, problem).of(questions)
    return HelpPage(asked, horizon, None, helps, _more_moved(horizon, 0, now))


def take_up(proposal_id: int, request_id: int, kind: str, *, now: datetime) -> service.Made:
    """Return the plan in which a remedy is applied, as a new one to be stored and looked at.

    Raises `Conflict` when the remedy is not there any more, or is not the coordinator's to take.
    """
    proposal = get(Proposal, proposal_id)
    is_open, problem = _is_open(proposal, request_id), service.problem_of(proposal)
    asked = get(InterpretationRequest, request_id)
    found = _remedies(problem, service.plan_of(proposal), asked) if is_open else ()
    for remedy in found:
        if remedy.kind == kind and kind in FOR_THE_COORDINATOR:
            changed = solver.apply(problem, remedy)
            versions = {key: int(value) for key, value in proposal.versions.items()}
            question = Question(changed, _horizon(proposal), versions)
            return service.checked(
                question, remedy.plan, filled_undisturbed=proposal.filled_undisturbed
            )
    raise Conflict("no-such-remedy", _l("This does not help any more; look again what would."))


def _horizon(proposal: Proposal) -> Horizon:
    return Horizon(proposal.first_day, proposal.last_day, settings.active().time_zone)


def _more_moved(horizon: Horizon, allowed: int, now: datetime) -> int | None:
    movable = movable_in(horizon, now)
    return allowed + 1 if movable > allowed and allowed < MOST_DISTURBED else None


def _is_open(proposal: Proposal, request_id: int) -> bool:
    if str(request_id) not in proposal.versions:
        raise NotFound("not-found", _l("This request is not in the proposal."))
    return any(one.request == str(request_id) for one in service.plan_of(proposal).unassigned)


def _remedies(
    problem: solver.Problem, plan: solver.Plan, asked: InterpretationRequest
) -> Sequence[solver.Remedy]:
    group = languages.require(asked.language).macrolanguage
    varieties = languages.varieties(group) if group else ()
    others = [one.tag for one in varieties if one.tag != asked.language]
    try:
        return child.remedies(problem, plan, asked.id, others)
    except child.NoAnswer as ended:
        raise Conflict("no-answer", wording.NO_ANSWER) from ended
