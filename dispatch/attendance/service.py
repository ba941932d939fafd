"""Saying what happens on the day; the same verbs for who is there, who waits, and the office."""

from datetime import datetime, timedelta

from dispatch.assignments import rules as assignment_rules
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import DONE, AssignmentState
from dispatch.attendance import messages, rules
from dispatch.attendance.queries import NO_SHOWS
from dispatch.attendance.rules import NO_TIMES, Times
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor
from dispatch.requests import service as requests


def say(
    actor: Actor,
    assignment_id: int,
    state: AssignmentState,
    times: Times = NO_TIMES,
    *,
    now: datetime,
) -> Assignment:
    """Write down where an assignment stands on its day, and tell who must hear it.

    Without `times` it began, or ended, now. Raises `Forbidden` for what another side has to say,
    `Refusal` for times that cannot be, `Conflict` for what is too early or no longer so.
    """
    assignment = assignments.lock(assignment_id)
    rules.require_possible(state, assignment.starts_at, rules.side_of(actor.role), now)
    assignment_rules.require_transition(assignment.state, state)
    _note(assignment, state, times, now)
    if state not in DONE:
        assignment.state = state
        assignments.record(actor, f"assignment.{state}", assignment, now)
        return assignment
    assignments.take_place(actor, assignment, state, now=now)
    if state in NO_SHOWS:  # whoever waited in vain is free, whoever did not come may not come next
        requests.look_again_on(assignment.interpretation_request.day, now)
    messages.over(assignment, now)
    return assignment


def late(
    actor: Actor,
    assignment_id: int,
    minutes: int,
    *,
    said_at: datetime | None = None,
    now: datetime,
) -> datetime:
    """Write down that the interpreter comes so many minutes later; who waits hears it at once.

    Later than agreed or, once it has begun, from when it was said (`said_at`, else now). Returns
    when they are expected; said again it is no news. Raises `Conflict` for a number that is none,
    for a time that is over, and when the interpreter is there already or not to come.
    """
    assignment = assignments.lock(assignment_id)
    agreed = assignment.starts_at, assignment.ends_at
    late_by = rules.minutes_late(minutes, assignment.state, agreed, said_at or now, now)
    expected_at = assignment.starts_at + timedelta(minutes=late_by)
    if assignment.late_minutes == late_by:
        return expected_at
    assignment.late_minutes = late_by
    ledger.record(
        actor,
        "assignment.late",
        assignments.concerning(assignment),
        now=now,
        fields=["late_minutes"],
    )
    requests.look_again_on(assignment.interpretation_request.day, now)
    messages.late(assignment, expected_at, now)
    return expected_at


def longer(
    actor: Actor,
    assignment_id: int,
    minutes: int,
    *,
    said_at: datetime | None = None,
    now: datetime,
) -> datetime:
    """Write down that a talk that runs takes so many minutes longer; the office sees whom it hits.

    Where it was said before now (`said_at`), it counts from then. Returns when it ends then. Raises
    `Conflict` for a number that is none, or where none runs.
    """
    assignment = assignments.lock(assignment_id)
    until = rules.ends_then(minutes, assignment.state, assignment.ends_at, said_at or now)
    assignment.lasts_until = until
    ledger.record(
        actor,
        "assignment.longer",
        assignments.concerning(assignment),
        now=now,
        fields=["lasts_until"],
    )
    requests.look_again_on(assignment.interpretation_request.day, now)
    return until


def _note(assignment: Assignment, state: AssignmentState, times: Times, now: datetime) -> None:
    """Keep when it really took place; nobody has to remember a begin that was never said."""
    if state == AssignmentState.RUNNING:
        times = Times(times.began_at or now)
    elif state == AssignmentState.COMPLETED:
        times = Times(times.began_at or assignment.began_at, times.ended_at or now)
    else:
        times = NO_TIMES
    rules.require_times(times, assignment.starts_at, now)
    if times.began_at is not None:
        assignment.began_at = times.began_at
    if times.ended_at is not None:
        assignment.ended_at = times.ended_at
