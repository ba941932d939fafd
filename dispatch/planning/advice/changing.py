"""Who could come to a request if somebody else took over what keeps them: one person moves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

import sqlalchemy as sa

import solver
import solver.analysis
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.cancellations import service as cancellations
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import Actor, Reasons
from dispatch.offers import service as offers
from dispatch.offers.seats import Wanted
from dispatch.planning.advice import standing, wording
from dispatch.planning.snapshot.named import people_of
from dispatch.planning.snapshot.problem import Question
from dispatch.planning.snapshot.translation import movable
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest

KEEPS = frozenset({solver.plan.RuleCode.TAKEN, solver.plan.RuleCode.WAY_BETWEEN})
MOST = 3


@dataclass(frozen=True)
class Change:
    """Somebody who comes elsewhere, who could take that over, and on which terms each is asked."""

    mover: Interpreter
    elsewhere: Assignment
    instead: Interpreter
    wanted: Wanted
    taken_over: Wanted


def changes(
    interpretation_request: InterpretationRequest,
    question: Question,
    schedule: solver.analysis.Desk,
    now: datetime,
) -> list[Change]:
    """Return the best `MOST` changes of places that would fill a request, each looked at anew.

    Only who has confirmed, is not pinned and has not begun may be asked to move.
    """
    kept = [
        (int(one.interpreter), int(elsewhere.pop()))
        for one in standing.candidates(schedule, interpretation_request.id)
        if {each.rule for each in one.violations} <= KEEPS
        and len(elsewhere := {each.request for each in one.violations if each.request}) == 1
    ]
    return list(islice(_changes(interpretation_request, question, kept, now), MOST))


def change_places(actor: Actor, request_id: int, change: Change, *, now: datetime) -> None:
    """Release who moves and ask them here, and ask the other there; both have still to say yes.

    Look for the change outside the transaction; overlap and travel are checked again here.
    Raises `Conflict` when somebody was quicker; then nothing has changed.
    """
    for one in sorted({request_id, change.elsewhere.interpretation_request_id}):
        requests.lock(one)
    for one in sorted({change.mover.id, change.instead.id}):
        assignments.lock_interpreter(one)
    reasons = Reasons(office=str(wording.PLANNED_AGAIN))
    off = cancellations.release(actor, change.elsewhere.id, reasons=reasons, now=now)
    offers.make(actor, request_id, change.mover.id, change.wanted, released=off, now=now)
    there = change.elsewhere.interpretation_request_id
    offers.make(actor, there, change.instead.id, change.taken_over, now=now)


def _changes(
    interpretation_request: InterpretationRequest,
    question: Question,
    kept: Sequence[tuple[int, int]],
    now: datetime,
) -> Iterator[Change]:
    for interpreter_id, request_id in kept:
        elsewhere = _assignment(request_id, interpreter_id)
        if elsewhere is None or not movable(elsewhere, now):
            continue
        free = _without(question, elsewhere)
        schedule = standing.as_it_stands(free)
        here = _able(schedule, interpretation_request.id, {str(interpreter_id)}, among=True)
        there = _able(schedule, request_id, {str(interpreter_id)}, among=False)
        if here and there:
            people = people_of([here.interpreter, there.interpreter])
            yield Change(
                people[int(here.interpreter)],
                elsewhere,
                people[int(there.interpreter)],
                standing.wanted_of(here, free),
                standing.wanted_of(there, free),
            )


def _able(
    schedule: solver.analysis.Desk, request_id: int, who: set[str], *, among: bool
) -> solver.analysis.Candidate | None:
    """Return the best who could come among these people, or among all others."""
    found = standing.candidates(schedule, request_id)
    return next((one for one in found if one.feasible and (one.interpreter in who) is among), None)


def _assignment(request_id: int, interpreter_id: int) -> Assignment | None:
    return db.session.scalar(
        sa.select(Assignment).where(
            Assignment.interpretation_request_id == request_id,
            Assignment.interpreter_id == interpreter_id,
            Assignment.hold_id.is_not(None),
        )
    )


def _without(question: Question, assignment: Assignment) -> Question:
    held = (str(assignment.interpretation_request_id), str(assignment.interpreter_id))
    kept = tuple(
        one for one in question.problem.commitments if (one.request, one.interpreter) != held
    )
    problem: solver.Problem = question.problem.model_copy(update={"commitments": kept})
    return replace(question, problem=problem)
