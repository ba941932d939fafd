"""Giving a seat to somebody, confirming it, taking it back."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.attributes import flag_modified

from dispatch.assignments import messages, queries, rules
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import BLOCKING, AssignmentState, Stop
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Actor, Concerning, Reasons
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest, PreferredInterpreter
from dispatch.requests.rules import RequestState
from dispatch.sites.models import Site
from dispatch.travel.estimate import Mode, Point

NEIGHBOURS_WITHIN = timedelta(hours=14)


def wish_for(
    actor: Actor,
    interpretation_request: InterpretationRequest,
    interpreter_ids: Collection[int],
    *,
    now: datetime,
) -> None:
    """Note whom those who ask would like to come; earlier wishes for the request are replaced.

    Raises `Conflict` when nobody is looked for any more, `Refusal` for somebody who has not
    interpreted in the language for the organisation before.
    """
    asked = interpretation_request
    if asked.state != RequestState.OPEN or asked.starts_at <= now:
        raise Conflict("request-not-open", _l("Nobody is needed for this request any more."))
    known = queries.helpers_of(asked.organisation_id, asked.language, now)
    rules.require_known(interpreter_ids, [one.interpreter.id for one in known])
    kept = {one.interpreter_id: one for one in asked.preferred_interpreters}
    asked.preferred_interpreters = [
        kept.get(id_) or PreferredInterpreter(interpreter_id=id_) for id_ in set(interpreter_ids)
    ]
    # The request is another one now: a proposal made before no longer holds for it.
    flag_modified(asked, "state")
    ledger.record(
        actor,
        "request.wished",
        requests.concerning(asked),
        now=now,
        fields=["preferred_interpreters"],
    )


def reserve(
    actor: Actor,
    interpretation_request: InterpretationRequest,
    interpreter_id: int,
    *,
    now: datetime,
) -> Assignment:
    """Hold a free seat and the interpreter's time for an offer.

    Raises `Conflict` when the seat or the time is taken or the way cannot be made; the database
    refuses the same should two be quicker than the check.
    """
    if interpretation_request.state != RequestState.OPEN:
        raise Conflict("request-not-open", _l("Nobody is needed for this request any more."))
    interpreter = lock(interpreter_id)
    require_possible(interpreter, interpretation_request)
    assignment = Assignment(
        interpretation_request=interpretation_request,
        seat=_free_seat(interpretation_request),
        interpreter=interpreter,
        starts_at=interpretation_request.starts_at,
        ends_at=interpretation_request.ends_at,
        state=AssignmentState.OFFERED,
    )
    db.session.add(assignment)
    db.session.flush()
    _record(actor, "assignment.offered", assignment, now)
    return assignment


def confirm(actor: Actor, assignment: Assignment, *, now: datetime, pinned: bool = False) -> None:
    """Make it sure that the interpreter comes; checks overlap and travel again and tells both."""
    rules.require_transition(assignment.state, AssignmentState.CONFIRMED)
    interpreter = lock(assignment.interpreter_id)
    require_possible(interpreter, assignment.interpretation_request, ignoring=assignment.id)
    assignment.state = AssignmentState.CONFIRMED
    assignment.confirmed_at = now
    assignment.pinned = pinned
    _record(actor, "assignment.confirmed", assignment, now)
    db.session.flush()
    if not free_seats(assignment.interpretation_request, counting={AssignmentState.CONFIRMED}):
        requests.change_state(
            actor, assignment.interpretation_request, RequestState.FILLED, now=now
        )
    messages.tell_confirmed(assignment, now)


def release(actor: Actor, assignment: Assignment, *, reason: str, now: datetime) -> None:
    """Take the assignment back; the interpreter's time and the seat are free at once.

    A confirmed interpreter is told, with a CANCEL for the calendar, and so is the caseworker.
    """
    was_confirmed = assignment.state == AssignmentState.CONFIRMED
    rules.require_transition(assignment.state, AssignmentState.RELEASED)
    assignment.state = AssignmentState.RELEASED
    assignment.state_reason = reason
    assignment.pinned = False
    _record(actor, "assignment.released", assignment, now, reason=reason)
    if not was_confirmed:
        return
    if assignment.interpretation_request.state == RequestState.FILLED:
        requests.change_state(
            actor, assignment.interpretation_request, RequestState.OPEN, now=now, reason=reason
        )
    messages.tell_released(assignment, now)


def cancel(actor: Actor, assignment: Assignment, *, reason: str, now: datetime) -> None:
    """End the assignment because the request is cancelled; a confirmed interpreter is told."""
    was_confirmed = assignment.state == AssignmentState.CONFIRMED
    rules.require_transition(assignment.state, AssignmentState.CANCELLED)
    assignment.state = AssignmentState.CANCELLED
    assignment.state_reason = reason
    _record(actor, "assignment.cancelled", assignment, now, reason=reason)
    if was_confirmed:
        messages.tell_cancelled(assignment, now)


def pin(actor: Actor, assignment: Assignment, *, pinned: bool, now: datetime) -> None:
    """Mark an assignment as a person's decision that no plan may change, or take the mark off."""
    assignment.pinned = pinned
    _record(actor, "assignment.pinned" if pinned else "assignment.unpinned", assignment, now)


def complete_past(now: datetime) -> int:
    """Complete confirmed assignments nobody reported on within 72 hours; return how many."""
    late = db.session.scalars(
        sa.select(Assignment).where(
            Assignment.state == AssignmentState.CONFIRMED,
            Assignment.ends_at <= now - rules.REPORT_WITHIN,
        )
    ).all()
    for assignment in late:
        assignment.state = AssignmentState.COMPLETED
        _record(SYSTEM, "assignment.completed", assignment, now, reason="not reported in time")
        if assignment.interpretation_request.state == RequestState.FILLED:
            requests.change_state(
                SYSTEM, assignment.interpretation_request, RequestState.COMPLETED, now=now
            )
    return len(late)


def remind_due(now: datetime) -> int:
    """Remind once of confirmed assignments that start within 24 hours; return how many."""
    due = db.session.scalars(
        sa.select(Assignment).where(
            Assignment.state == AssignmentState.CONFIRMED,
            Assignment.reminded_at.is_(None),
            Assignment.starts_at > now,
            Assignment.starts_at <= now + rules.REMIND_BEFORE,
            Assignment.confirmed_at <= now - rules.REMIND_BEFORE,
        )
    ).all()
    for assignment in due:
        assignment.reminded_at = now
        messages.remind(assignment, now)
    return len(due)


def lock(interpreter_id: int) -> Interpreter:
    """Return the interpreter, holding the row so that only one can add to that day at a time."""
    return db.session.get_one(Interpreter, interpreter_id, with_for_update=True)


def require_possible(
    interpreter: Interpreter,
    interpretation_request: InterpretationRequest,
    *,
    ignoring: int | None = None,
) -> None:
    """Refuse (409) when the time is taken or the way from or to a neighbour cannot be made."""
    neighbours = db.session.scalars(
        sa.select(Assignment).where(
            Assignment.interpreter_id == interpreter.id,
            Assignment.state.in_(BLOCKING),
            Assignment.id != (ignoring or 0),
            Assignment.starts_at < interpretation_request.ends_at + NEIGHBOURS_WITHIN,
            Assignment.ends_at > interpretation_request.starts_at - NEIGHBOURS_WITHIN,
        )
    ).all()
    rules.require_fits(
        stop_of(interpretation_request),
        [stop_of(neighbour.interpretation_request) for neighbour in neighbours],
        Mode(interpreter.travel_mode),
    )


def stop_of(interpretation_request: InterpretationRequest) -> Stop:
    """Return place, time and buffers of a request as a stop in somebody's day."""
    site: Site = interpretation_request.site
    return Stop(
        interpretation_request.starts_at,
        interpretation_request.ends_at,
        Point(site.latitude, site.longitude),
        site.buffer_before_minutes,
        site.buffer_after_minutes,
    )


def live(interpretation_request: InterpretationRequest) -> Sequence[Assignment]:
    """Return the assignments of a request that hold a seat, by seat."""
    return db.session.scalars(
        sa.select(Assignment)
        .where(
            Assignment.interpretation_request_id == interpretation_request.id,
            Assignment.state.in_([*BLOCKING, AssignmentState.COMPLETED]),
        )
        .order_by(Assignment.seat)
    ).all()


def free_seats(
    interpretation_request: InterpretationRequest,
    counting: frozenset[AssignmentState] | set[AssignmentState] = BLOCKING,
) -> list[int]:
    """Return the seats not held by an assignment in one of the states counted as holding."""
    held = {
        assignment.seat
        for assignment in live(interpretation_request)
        if assignment.state in counting
    }
    return [n for n in range(1, interpretation_request.interpreter_count + 1) if n not in held]


def _free_seat(interpretation_request: InterpretationRequest) -> int:
    free = free_seats(interpretation_request)
    if not free:
        raise Conflict("seat-taken", _l("Somebody else was asked for this request already."))
    return free[0]


def _record(
    actor: Actor, action: str, assignment: Assignment, now: datetime, *, reason: str | None = None
) -> None:
    ledger.record(
        actor,
        action,
        Concerning(
            organisation=assignment.interpretation_request.organisation_id,
            interpretation_request=assignment.interpretation_request_id,
            assignment=assignment.id,
            interpreter=assignment.interpreter_id,
        ),
        now=now,
        fields=["state"],
        reasons=Reasons(office=reason or ""),
    )
