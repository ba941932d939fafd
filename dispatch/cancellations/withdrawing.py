"""An interpreter takes a yes back: in time, or so late that the office has to hear it at once."""

from collections.abc import Sequence
from datetime import datetime

from dispatch.assignments import messages
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.cancellations import queries, rules, service, undoing
from dispatch.contacts.hearing import Event
from dispatch.database import expect_version
from dispatch.ledger.rules import Actor, Concerning, Reasons
from dispatch.settings import active

IN_TIME, LATE = "assignment.withdrawn", "assignment.cannot-come"


def withdraw(
    actor: Actor,
    assignment_id: int,
    *,
    reasons: Reasons,
    now: datetime,
    expected_version: int | None = None,
) -> Assignment:
    """Take the interpreter off as they ask, while there is time; the seat is open again.

    Raises `Refusal` without a reason for the office, `Conflict` when it is too late for that or
    the assignment changed meanwhile.
    """
    rules.require_reason(reasons, by_office=True)
    assignment = assignments.lock(assignment_id)
    expect_version(assignment.version, expected_version)
    rules.require_withdrawable(assignment.starts_at, now, active().city)
    _leave(actor, [assignment], reasons, now)
    return assignment


def cannot_come(actor: Actor, assignment_id: int, *, reasons: Reasons, now: datetime) -> Assignment:
    """Take the interpreter off at any time before the start; without them there is no talk.

    Raises `Conflict` when the start has passed or the assignment ended meanwhile.
    """
    rules.require_short(reasons)
    assignment = assignments.lock(assignment_id)
    rules.require_not_begun(assignment.starts_at, now)
    _leave(actor, [assignment], reasons, now)
    return assignment


def reasons_of_last(one: Assignment) -> Reasons:
    """Return why somebody took a yes to the request back last, to be written down again."""
    concerning = Concerning(
        interpretation_request=one.interpretation_request_id, interpreter=one.interpreter_id
    )
    return undoing.reasons_given(concerning, [IN_TIME, LATE])


def cannot_come_to_any(
    actor: Actor, assignments: Sequence[Assignment], *, reasons: Reasons, now: datetime
) -> None:
    """Take an interpreter off several assignments to come; their requests and they are locked.

    Who else is free is read once for all of them.
    """
    rules.require_short(reasons)
    _leave(actor, assignments, reasons, now)


def _leave(
    actor: Actor, assignments: Sequence[Assignment], reasons: Reasons, now: datetime
) -> None:
    for one in assignments:
        in_time = rules.can_withdraw(one.starts_at, now, active().city)
        service.open_again(
            actor,
            one,
            Event.WITHDRAWN,
            reasons=reasons,
            now=now,
            kind=IN_TIME if in_time else LATE,
        )
        one.withdrawn_at = now
    others = queries.others_free(assignments)
    for one in assignments:
        messages.tell_withdrawn(one, others[one.id], now=now, reason=reasons.told)
