"""Undoing several things in one transaction: a request, an assignment with its offer."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import BLOCKING
from dispatch.errors import Refusal
from dispatch.ledger.rules import Actor
from dispatch.offers import service as offers
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState


def cancel_request(
    actor: Actor, interpretation_request: InterpretationRequest, *, reason: str, now: datetime
) -> None:
    """Cancel what was asked for: open offers are withdrawn, confirmed interpreters told, all free.

    Raises `Refusal` without a reason, `Conflict` when it is over already.
    """
    _require_reason(reason)
    requests.change_state(
        actor, interpretation_request, RequestState.CANCELLED, now=now, reason=reason
    )
    for assignment in assignments.live(interpretation_request):
        if assignment.state in BLOCKING:
            _withdraw_offer(actor, assignment, now)
            assignments.cancel(actor, assignment, reason=reason, now=now)


def release(actor: Actor, assignment: Assignment, *, reason: str, now: datetime) -> None:
    """Take one interpreter off; an open offer is withdrawn first. The seat is open again."""
    _require_reason(reason)
    _withdraw_offer(actor, assignment, now)
    assignments.release(actor, assignment, reason=reason, now=now)


def _withdraw_offer(actor: Actor, assignment: Assignment, now: datetime) -> None:
    offer = offers.open_question(assignment.id)
    if offer is not None:
        offers.withdraw(actor, offer, now=now)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal(
            "reason-missing",
            _l("Say in a few words why; the people concerned and the record need it."),
            field="reason",
        )
