"""Taking confirmed people off their assignments because an adopted plan needs them elsewhere."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.cancellations import service as cancellations
from dispatch.errors import Conflict
from dispatch.ledger.rules import Actor, Reasons
from dispatch.planning.advice import wording
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.proposals.rules import Move
from dispatch.planning.proposals.since import CHANGED, why_changed
from dispatch.planning.snapshot.problem import Question
from dispatch.requests import service as requests

PINNED = _l("Somebody who was to move is pinned by now.")
GONE = _l("Somebody who was to move does not come any more.")


def require_unchanged(proposal: Proposal, request_id: int, before: Question, now: datetime) -> None:
    """Refuse (409) where the request is not what it was when the plan was made, saying why."""
    planned = proposal.versions[str(request_id)]
    if before.versions.get(str(request_id)) != planned:
        why = why_changed(requests.lock(request_id), planned, now)
        raise Conflict("request-changed", why or CHANGED)


def release(actor: Actor, move: Move, *, now: datetime) -> Assignment:
    """Release one confirmed person, who is told; refuse (409) what a person decided meanwhile."""
    interpretation_request = requests.lock(move.request_id)
    is_there = [
        one
        for one in assignments.live(interpretation_request)
        if one.interpreter_id == move.interpreter_id and one.state == AssignmentState.CONFIRMED
    ]
    held = [one for one in is_there if not one.pinned]
    if not held:
        raise no_longer(PINNED if is_there else GONE)
    why = Reasons(office=str(wording.PLANNED_AGAIN))
    return cancellations.release(actor, held[0].id, reasons=why, now=now)


def no_longer(why: Any) -> Conflict:
    """Return the refusal of a proposal that cannot be adopted as a whole any more."""
    return Conflict(
        "cannot-move",
        _l(
            "Nothing was changed: this proposal moves confirmed people and holds only as a whole. "
            "%(why)s Plan the day again.",
            why=why,
        ),
    )
