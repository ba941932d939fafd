"""Deciding what a cancellation owes, reading it, and waiving it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from dispatch import database
from dispatch.assignments import messages
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import TO_COME, AssignmentState
from dispatch.cancellations import rules
from dispatch.cancellations.models import CancellationDecision
from dispatch.cancellations.owing import Owed, Rule, owed
from dispatch.contacts.hearing import Event
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.ledger.rules import Actor, Reasons
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active

NEWS_FOR = timedelta(days=7)
"""So long it is of use to hear that nothing is paid after all."""

LONGEST = timedelta(hours=10)
"""No city's policy pays longer for one assignment."""


class Foreseen(NamedTuple):
    """An assignment that would be cancelled, and what would be owed for it."""

    assignment: Assignment
    owed: Owed


class Paid(NamedTuple):
    """Time of an interpreter that is free and paid all the same: `[starts_at, ends_at)`.

    `request_id` is the request that was cancelled, or that they were released from.
    """

    interpreter_id: int
    starts_at: datetime
    ends_at: datetime
    request_id: int


def foresee(interpretation_request: InterpretationRequest, now: datetime) -> list[Foreseen]:
    """Return what would be owed to whom if the request were cancelled now."""
    return foresee_all([interpretation_request.id], now).get(interpretation_request.id, [])


def foresee_all(request_ids: Collection[int], now: datetime) -> dict[int, list[Foreseen]]:
    """Return by request what would be owed to whom if all of them were cancelled now."""
    coming = db.session.scalars(
        sa.select(Assignment)
        .options(joinedload(Assignment.interpreter))
        .where(
            Assignment.interpretation_request_id.in_(request_ids),
            Assignment.state.in_(TO_COME),
        )
        .order_by(Assignment.seat)
    )
    found: dict[int, list[Foreseen]] = {}
    for one in coming:
        foreseen = Foreseen(one, owed_for(one, now))
        found.setdefault(one.interpretation_request_id, []).append(foreseen)
    return found


def decide(assignment: Assignment, now: datetime) -> CancellationDecision:
    """Keep what is owed for an assignment that is taken from its interpreter now."""
    found = owed_for(assignment, now)
    decision = CancellationDecision(
        assignment=assignment,
        interpretation_request_id=assignment.interpretation_request_id,
        interpreter_id=assignment.interpreter_id,
        rule=found.rule,
        told_at=found.told_at,
        starts_at=assignment.starts_at,
        minutes=found.minutes,
        cents_per_hour=found.cents_per_hour,
        amount=found.amount,
        decided_at=now,
    )
    db.session.add(decision)
    return decision


def waive(actor: Actor, decision_id: int, *, reasons: Reasons, now: datetime) -> Assignment:
    """Owe nothing after all, for a reason that only the office reads; the interpreter hears it.

    Raises `Refusal` without a reason, `Conflict` where nothing is owed any more.
    """
    rules.require_reason(reasons, by_office=True)
    # Whose decision it is never changes, so this may be read without the lock.
    assignment = assignments.lock(database.get(CancellationDecision, decision_id).assignment_id)
    decision = database.lock(CancellationDecision, decision_id)
    if not decision.stands:
        raise Conflict("nothing-owed", _l("Nothing is owed here any more."))
    decision.waived_at, decision.waived_by = now, actor.account_id
    assignments.record(actor, "assignment.fee_waived", assignment, now, reasons=reasons)
    messages.tell(
        Event.FEE_WAIVED,
        assignment,
        now=now,
        owed_minutes=decision.minutes,
        until=max(now, assignment.ends_at) + NEWS_FOR,
    )
    return assignment


def of_assignment(assignment_id: int) -> CancellationDecision | None:
    """Return what was decided to be owed for an assignment; None where nothing ever was."""
    decision = db.session.scalar(
        sa.select(CancellationDecision).where(
            CancellationDecision.assignment_id == assignment_id,
            CancellationDecision.undone_at.is_(None),
        )
    )
    return decision if decision and decision.minutes else None


def undo(assignment_id: int, *, now: datetime) -> None:
    """Owe nothing for an assignment (locked) that was taken away and is given back."""
    decision = db.session.scalar(
        sa.select(CancellationDecision).where(CancellationDecision.assignment_id == assignment_id)
    )
    if decision is not None:
        decision.undone_at = now


def of_request(request_id: int) -> Sequence[CancellationDecision]:
    """Return what the cancellations of a request decided, by seat; nothing that was undone."""
    return db.session.scalars(
        sa.select(CancellationDecision)
        .join(CancellationDecision.assignment)
        .options(
            joinedload(CancellationDecision.assignment).joinedload(Assignment.interpreter),
            joinedload(CancellationDecision.waived_by_account),
        )
        .where(
            CancellationDecision.interpretation_request_id == request_id,
            CancellationDecision.undone_at.is_(None),
        )
        .order_by(Assignment.seat, CancellationDecision.id)
        .execution_options(populate_existing=True)
    ).all()


def of_last_cancellation(request_id: int) -> list[CancellationDecision]:
    """Return what was decided when the request was cancelled last, as far as it was not undone.

    Whoever was released before that does not come back with it.
    """
    decisions = [
        one for one in of_request(request_id) if one.assignment.state == AssignmentState.CANCELLED
    ]
    last = max((one.decided_at for one in decisions), default=None)
    return [one for one in decisions if one.decided_at == last]


def free_and_paid(now: datetime) -> list[CancellationDecision]:
    """Return whose paid time is not over although the assignment is cancelled, soonest first."""
    rows = db.session.scalars(
        sa.select(CancellationDecision)
        .options(
            joinedload(CancellationDecision.assignment).options(
                joinedload(Assignment.interpreter), joinedload(Assignment.interpretation_request)
            )
        )
        .where(
            CancellationDecision.minutes > 0,
            CancellationDecision.waived_at.is_(None),
            CancellationDecision.undone_at.is_(None),
            CancellationDecision.starts_at > now - LONGEST,
        )
        .order_by(CancellationDecision.starts_at, CancellationDecision.id)
    )
    return [one for one in rows if one.paid_until > now]


def still_paid(first: datetime, after: datetime) -> list[Paid]:
    """Return the times in `[first, after)` for which somebody is paid although nothing takes them.

    Whether something else takes them by now is for the reader to see.
    """
    rows = db.session.scalars(
        sa.select(CancellationDecision)
        .where(
            CancellationDecision.rule == Rule.LATE,
            CancellationDecision.waived_at.is_(None),
            CancellationDecision.undone_at.is_(None),
            CancellationDecision.minutes > 0,
            CancellationDecision.starts_at >= first,
            CancellationDecision.starts_at < after,
        )
        .order_by(CancellationDecision.starts_at, CancellationDecision.id)
    )
    return [
        Paid(one.interpreter_id, one.starts_at, one.paid_until, one.interpretation_request_id)
        for one in rows
    ]


def owed_for(assignment: Assignment, now: datetime) -> Owed:
    """Return what would be owed if the assignment were taken from its interpreter now."""
    return owed(
        now=now,
        starts_at=assignment.starts_at,
        ends_at=assignment.ends_at,
        employment=assignment.interpreter.employment,
        cents_per_hour=assignment.interpreter.fee_cents_per_hour,
        city=active().city,
    )
