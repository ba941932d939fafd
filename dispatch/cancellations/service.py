"""Undoing several things in one transaction: a request, an assignment with its calendar entry."""

from datetime import datetime

from dispatch.accounts.rules import ASKS
from dispatch.assignments import announced
from dispatch.assignments import messages as assignment_messages
from dispatch.assignments import service as assignments
from dispatch.assignments.messages import CalendarEntry
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import TO_COME, AssignmentState
from dispatch.cancellations import deciding, rules
from dispatch.cities.working_time import is_urgent
from dispatch.clients import queries as clients
from dispatch.contacts.hearing import Event
from dispatch.database import expect_version
from dispatch.invitations import service as invitations
from dispatch.ledger.rules import Actor, Reasons
from dispatch.messaging import service as messaging
from dispatch.offers import messages as offer_messages
from dispatch.offers import partners
from dispatch.offers import queries as offers
from dispatch.offers import service as offer_service
from dispatch.offers.seats import whole_again
from dispatch.requests import messages as request_messages
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.settings import active


def cancel_request(
    actor: Actor,
    request_id: int,
    *,
    reasons: Reasons,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Cancel what was asked for: open questions are taken back, those who come told, all free.

    Whoever did not cancel hears it: the interpreters always, and who asked when somebody else did.
    Raises `Refusal` without a reason, `Conflict` when it is over already or has changed since the
    person looked (`expected_version`).
    """
    by_office = actor.role not in ASKS
    rules.require_reason(reasons, by_office=by_office)
    interpretation_request = requests.lock(request_id)
    expect_version(interpretation_request.version, expected_version)
    request_rules.require_alive(interpretation_request.state, interpretation_request.ends_at, now)
    rules.require_nothing_of_the_case(reasons.told, interpretation_request.case_reference)
    event = _event(actor, interpretation_request)
    questions = offers.open_for(request_id)
    coming = [one for one in assignments.live(interpretation_request) if one.state in TO_COME]
    concerned = {one.interpreter_id for one in questions} | {one.interpreter_id for one in coming}
    assignments.lock_interpreters(concerned)
    requests.change_state(
        actor, interpretation_request, RequestState.CANCELLED, now=now, reasons=reasons
    )
    announced.take_back_all(request_id, now)
    for offer in questions:
        offer_service.take_back(
            actor,
            offer,
            lambda one, at: offer_messages.tell_taken_back(event, one, at, reasons.told),
            now=now,
        )
    for assignment in coming:
        decision = deciding.decide(assignment, now)
        assignments.end(actor, assignment, AssignmentState.CANCELLED, now=now)
        tell_off(event, assignment, reasons.told, now, owed_minutes=decision.minutes)
    if event != Event.CANCELLED_BY_WHO_ASKED:
        request_messages.cancelled(
            event,
            interpretation_request,
            reasons.told,
            now,
            client_reminded=clients.is_reminded(request_id),
        )


def _event(actor: Actor, interpretation_request: InterpretationRequest) -> Event:
    if actor.role not in ASKS:
        return Event.CANCELLED_BY_OFFICE
    if actor.account_id == interpretation_request.account_id:
        return Event.CANCELLED_BY_WHO_ASKED
    return Event.CANCELLED_BY_COLLEAGUE


def release(
    actor: Actor,
    assignment_id: int,
    *,
    reasons: Reasons,
    now: datetime,
    expected_version: int | None = None,
    owes: bool = True,
    tells_who_asked: bool = True,
) -> Assignment:
    """Take one interpreter off; the seat is open again, and both sides hear it.

    What is owed is decided as for a cancellation; nothing where it is not `owes`: the interpreter
    asked for it, or cannot be there. Who asked is told (`tells_who_asked`) unless the caller says
    in the same step who comes instead. Raises `Refusal` without a reason for the office, `Conflict`
    when it ended meanwhile.
    """
    rules.require_reason(reasons, by_office=True)
    assignment = assignments.lock(assignment_id)
    expect_version(assignment.version, expected_version)
    rules.require_not_over(assignment.ends_at, now)
    case_reference = assignment.interpretation_request.case_reference
    rules.require_nothing_of_the_case(reasons.told, case_reference)
    open_again(actor, assignment, Event.RELEASED, reasons=reasons, owes=owes, now=now)
    if tells_who_asked:
        assignment_messages.tell_who_asked(Event.RELEASED, assignment, now=now, reason=reasons.told)
    return assignment


def open_again(
    actor: Actor,
    assignment: Assignment,
    event: Event,
    *,
    reasons: Reasons,
    owes: bool = False,
    now: datetime,
    kind: str | None = None,
    only_heard: bool = False,
) -> None:
    """Take the interpreter off the (locked) assignment and say so; the seat is open again.

    Where it `owes`, what the policy gives is decided. Telling those who asked is left to the
    caller: it depends on why. `only_heard`: who has heard nothing of it yet hears nothing.
    """
    owed_minutes = deciding.decide(assignment, now).minutes if owes else 0
    assignments.end(
        actor, assignment, AssignmentState.RELEASED, now=now, reasons=reasons, kind=kind
    )
    interpretation_request = assignment.interpretation_request
    if interpretation_request.state == RequestState.FILLED:
        requests.change_state(actor, interpretation_request, RequestState.OPEN, now=now)
    else:
        requests.look_again_at(interpretation_request, now)
    messaging.take_back(announced.about_coming(assignment.id), now=now)
    tell_off(event, assignment, reasons.told, now, owed_minutes=owed_minutes, only_heard=only_heard)
    partners.tell_other(assignment, comes=False, now=now)
    whole_again(interpretation_request)


def tell_off(
    event: Event,
    assignment: Assignment,
    told: str,
    now: datetime,
    *,
    owed_minutes: int = 0,
    only_heard: bool = False,
) -> None:
    """Take the entry out of the calendar, if it may have got there, and say so in words.

    `only_heard`: only by the ways on which something of the assignment has left.
    """
    left = messaging.take_back(f"assignment:{assignment.id}", now=now)
    issued = invitations.cancel(
        assignment.id,
        offer_messages.entry_of(assignment, with_place=False),
        answer=assignment.confirmations[-1].answer,
        now=now,
    )
    in_calendar = issued is not None and messaging.has_entry_left(issued.sender)
    assignment_messages.tell(
        event,
        assignment,
        now=now,
        reason=told,
        owed_minutes=owed_minutes,
        entry=CalendarEntry(issued.part, issued.sender) if issued and in_calendar else None,
        urgent=is_urgent(now, assignment.starts_at, active().city),
        only=left if only_heard else None,
    )
