"""What would help a request that a proposal leaves open, and taking it up."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

import solver.analysis
from dispatch import settings
from dispatch.database import get
from dispatch.errors import Conflict, NotFound
from dispatch.planning.advice.helping import remedies, with_moves
from dispatch.planning.advice.rules import PLANNED_AT_ONCE, Found
from dispatch.planning.advice.settled import Settled
from dispatch.planning.proposals import service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.problem import Question
from dispatch.requests.models import InterpretationRequest


def in_proposal(proposal_id: int, request_id: int, *, now: datetime) -> Found:
    """Ask the solver, in a process of its own; each remedy was solved and checked.

    Raises `NotFound` where the request is not in the proposal, `Conflict` without an answer.
    """
    proposal = get(Proposal, proposal_id)
    horizon = _horizon(proposal)
    if not is_open_in(proposal, request_id):
        return Found(horizon, Settled.COVERED)
    problem, plan = service.problem_of(proposal), service.plan_of(proposal)
    interpretation_request = get(InterpretationRequest, request_id)
    return Found(horizon, remedies=with_moves(problem, plan, interpretation_request, horizon, now))


def take_up(proposal_id: int, request_id: int, kind: str, *, now: datetime) -> service.Made:
    """Return the plan in which a remedy is applied, as a new one to be stored and looked at.

    Raises `Conflict` when the remedy is not there any more, or is not the coordinator's to take.
    """
    proposal = get(Proposal, proposal_id)
    is_open, problem = is_open_in(proposal, request_id), service.problem_of(proposal)
    interpretation_request = get(InterpretationRequest, request_id)
    found = remedies(problem, service.plan_of(proposal), interpretation_request) if is_open else ()
    for remedy in found:
        if remedy.kind == kind and kind in PLANNED_AT_ONCE:
            changed = solver.analysis.apply(problem, remedy)
            versions = {key: int(value) for key, value in proposal.versions.items()}
            question = Question(changed, _horizon(proposal), versions)
            return service.checked(
                question, remedy.plan, filled_undisturbed=proposal.filled_undisturbed
            )
    raise Conflict("no-such-remedy", _l("This does not help any more; look again what would."))


def is_open_in(proposal: Proposal, request_id: int) -> bool:
    """Tell whether a proposal leaves a request open; raises `NotFound` if it is not in it."""
    if str(request_id) not in proposal.versions:
        raise NotFound("not-found", _l("This request is not in the proposal."))
    return any(one.request == str(request_id) for one in service.plan_of(proposal).unassigned)


def _horizon(proposal: Proposal) -> Horizon:
    return Horizon(proposal.first_day, proposal.last_day, settings.active().time_zone)
