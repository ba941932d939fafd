"""What waits for the office before anybody is asked: it approves or refuses what came in."""

from datetime import datetime

from dispatch.ledger.rules import Actor, Reasons, require_reason
from dispatch.messaging import service as messaging
from dispatch.requests import messages, overtaken, rules, service
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState


def approve(actor: Actor, request_id: int, *, now: datetime) -> InterpretationRequest:
    """Have somebody looked for: from now on plans and rounds see it, and those who asked hear it.

    Raises `Conflict` for what does not wait for a review, or has begun.
    """
    one = service.lock(request_id)
    rules.require_in_review(one.state)
    rules.require_not_begun(one.latest_start_at, now)
    one.needs_review = False
    service.change_state(actor, one, RequestState.OPEN, now=now, kind="request.approved")
    service.begin_by_itself(one)
    messaging.take_back(messages.about_all(request_id), names=overtaken.RECEIVED, now=now)
    messages.approved(one, now)
    return one


def refuse(
    actor: Actor, request_id: int, *, reasons: Reasons, now: datetime
) -> InterpretationRequest:
    """Refuse what came in; those who asked hear it, with the reason meant for them.

    Raises `Refusal` without a reason for the office, `Conflict` for what waits neither for a
    review nor to have its language settled.
    """
    require_reason(reasons, by_office=True)
    one = service.lock(request_id)
    rules.require_refusable(one.state, one.language)
    service.change_state(actor, one, RequestState.REFUSED, now=now, reasons=reasons)
    messaging.take_back(messages.about_all(request_id), now=now)
    messaging.take_back(messages.about_client(request_id), now=now)
    messages.refused(one, reasons.told, now)
    return one
