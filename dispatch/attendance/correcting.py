"""Correcting what was written down as the end of an assignment: a slip, or one side was wrong."""

from datetime import datetime

from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.attendance import messages, rules
from dispatch.attendance.rules import NO_TIMES, Times
from dispatch.ledger.rules import Actor, Reasons


def correct(
    actor: Actor,
    assignment_id: int,
    state: AssignmentState,
    times: Times = NO_TIMES,
    *,
    reasons: Reasons,
    now: datetime,
) -> Assignment:
    """Write down what really came of an assignment that is over; both sides hear how it stands.

    It is the office's to do, with a reason that only it reads. Raises `Forbidden` for anybody
    else, `Refusal` without a reason or for times that cannot be, `Conflict` where it is not over
    or stands so already.
    """
    rules.require_office(rules.side_of(actor.role))
    rules.require_reason(reasons.office)
    assignment = assignments.lock(assignment_id)
    rules.require_correctable(assignment.state, state)
    rules.require_times(times, assignment.starts_at, now)
    assignment.state = state
    assignment.began_at, assignment.ended_at = times.began_at, times.ended_at
    assignments.record(actor, f"assignment.{state}", assignment, now, reasons=reasons)
    assignments.end_request(actor, assignment.interpretation_request, now=now)
    messages.over(assignment, now)
    return assignment
