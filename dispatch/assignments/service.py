"""The life of an assignment, from the yes to its end; telling others is done by the rungs above."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import LazyString
from sqlalchemy.orm.attributes import flag_modified

from dispatch import database, engine
from dispatch.assignments import fitting, queries, rules
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.nearest import require_fitting
from dispatch.assignments.rules import AGREED, DONE, TO_COME, AssignmentState, Stop, Terms, Via
from dispatch.assignments.whereabouts import place_by
from dispatch.cities.working_time import morning_before
from dispatch.database import db
from dispatch.holds import service as holds
from dispatch.holds.models import Hold
from dispatch.holds.rules import Cause
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import NO_REASONS, SYSTEM, Actor, Concerning, Reasons
from dispatch.messaging import service as messaging
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.requests.messages import about_client
from dispatch.requests.models import InterpretationRequest, PreferredInterpreter
from dispatch.requests.rules import RequestState
from dispatch.requests.sharing import talk_begins
from dispatch.settings import active
from dispatch.sites.models import Site
from dispatch.travel.estimate import Mode
from dispatch.travel.queries import travel_times
from dispatch.web.formats import local_datetime

ENDING = frozenset({RequestState.FILLED, RequestState.COMPLETED, RequestState.UNFILLED})
"""Of a request: whoever came decides how it ends, or has ended."""

NEIGHBOURS_WITHIN = timedelta(hours=14)


def wish_for(
    actor: Actor,
    request_id: int,
    interpreter_ids: Collection[int],
    *,
    only: bool = False,
    now: datetime,
) -> None:
    """Note whom those who ask would like to come; earlier wishes for the request are replaced.

    With `only` nobody else may come. Raises `Conflict` when nobody is looked for any more,
    `Refusal` for somebody who has not interpreted in the language for the organisation before,
    and where nobody else may come than nobody.
    """
    rules.require_somebody(interpreter_ids, only=only)
    interpretation_request = requests.lock(request_id)
    rules.require_still_wanted(interpretation_request.state, interpretation_request.starts_at, now)
    known = queries.helpers_of(
        interpretation_request.organisation_id, interpretation_request.language, now
    )
    rules.require_known(interpreter_ids, [one.interpreter.id for one in known])
    kept = {one.interpreter_id: one for one in interpretation_request.preferred_interpreters}
    interpretation_request.preferred_interpreters = [
        kept.get(id_) or PreferredInterpreter(interpreter_id=id_) for id_ in set(interpreter_ids)
    ]
    interpretation_request.only_preferred = only
    # The request is another one now: a proposal made before no longer holds for it.
    flag_modified(interpretation_request, "state")
    ledger.record(
        actor,
        "request.wished",
        requests.concerning(interpretation_request),
        now=now,
        fields=["preferred_interpreters", "only_preferred"],
    )


def begin(
    actor: Actor,
    interpretation_request: InterpretationRequest,
    interpreter: Interpreter,
    terms: Terms,
    hold: Hold,
    *,
    asked_at: datetime,
    via: Via,
    pinned: bool = False,
    now: datetime,
) -> Assignment:
    """Make it sure that the interpreter comes on these terms; request and interpreter are locked.

    `hold` takes the time already and becomes the assignment's. Overlap, travel and what is required
    are checked again. Raises `Conflict` when the request is no longer open, the way cannot be made
    or the interpreter is not what is required.
    """
    request_rules.require_open(interpretation_request.state)
    fitting.require_fit(interpreter, interpretation_request, terms, now)
    require_reachable(interpreter, terms, ignoring=hold.id)
    hold.cause = Cause.ASSIGNMENT
    assignment = Assignment(
        interpretation_request=interpretation_request,
        seat=terms.seat,
        interpreter=interpreter,
        site_id=terms.site_id,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        language=terms.language,
        way=terms.way,
        state=AssignmentState.CONFIRMED,
        hold_id=hold.id,
        pinned=pinned,
        confirmed_at=now,
        confirmations=[
            Confirmation.of(
                terms, 1, was_urgent=interpretation_request.is_urgent, asked_at=asked_at
            ).answered("yes", via, now)
        ],
    )
    db.session.add(assignment)
    db.session.flush()
    record(actor, "assignment.confirmed", assignment, now)
    begins = talk_begins(interpretation_request, terms.seat, terms.starts_at)
    requests.agree_on(actor, interpretation_request, begins, now=now)
    # An instant of its own; the sweep finds what a lost job leaves, or a changed start moves.
    at = morning_before(terms.starts_at, active().city)
    if at > now:
        engine.fall_due("ask_day_before", assignment.id, at)
    if requests.coming_to(interpretation_request.id) == interpretation_request.seats_of_pool:
        requests.change_state(actor, interpretation_request, RequestState.FILLED, now=now)
    return assignment


def end(
    actor: Actor,
    assignment: Assignment,
    state: AssignmentState,
    *,
    now: datetime,
    reasons: Reasons = NO_REASONS,
    kind: str | None = None,
) -> None:
    """End the (locked) assignment, whatever came of it; the time is free at once.

    `kind` is what the record calls it, where that is more than the state.
    """
    rules.require_transition(assignment.state, state)
    hold_id, assignment.hold_id = assignment.hold_id, None
    assignment.state, assignment.pinned = state, False
    if hold_id is not None:
        holds.let_go(hold_id)
    messaging.take_back(about_client(assignment.interpretation_request_id), now=now)
    record(actor, kind or f"assignment.{state}", assignment, now, reasons=reasons)


def pin(actor: Actor, assignment_id: int, *, pinned: bool, now: datetime) -> Assignment:
    """Mark an assignment as a person's decision that no plan may change, or take the mark off.

    Raises `Conflict` when it has ended meanwhile.
    """
    assignment = lock(assignment_id)
    rules.require_to_come(assignment.state)
    assignment.pinned = pinned
    record(actor, "assignment.pinned" if pinned else "assignment.unpinned", assignment, now)
    return assignment


def unreported(now: datetime) -> Sequence[int]:
    """Return the assignments whose end nobody has reported within 72 hours."""
    return db.session.scalars(
        sa.select(Assignment.id).where(
            Assignment.state.in_(AGREED),
            Assignment.ends_at <= now - rules.REPORT_WITHIN,
        )
    ).all()


def complete_unreported(assignment_id: int, *, now: datetime) -> None:
    """Complete an assignment whose end nobody has reported; the last one ends the request."""
    assignment = lock(assignment_id)
    if assignment.state not in AGREED or assignment.ends_at > now - rules.REPORT_WITHIN:
        return
    take_place(SYSTEM, assignment, AssignmentState.COMPLETED, now=now)


def take_place(
    actor: Actor, assignment: Assignment, state: AssignmentState, *, now: datetime
) -> None:
    """End the (locked) assignment with what came of it; the last one ends the request as well.

    A request to which nobody came is unfilled, whoever had promised to come.
    """
    end(actor, assignment, state, now=now)
    end_request(actor, assignment.interpretation_request, now=now)


def end_request(
    actor: Actor, interpretation_request: InterpretationRequest, *, now: datetime
) -> None:
    """End the (locked) request when nobody is to come any more, or correct how it ended."""
    if interpretation_request.state not in ENDING or requests.coming_to(interpretation_request.id):
        return
    came = interpretation_request.agency_seats is not None or any(
        one.state != AssignmentState.NO_SHOW_INTERPRETER for one in live(interpretation_request)
    )
    ending = RequestState.COMPLETED if came else RequestState.UNFILLED
    if interpretation_request.state != ending:
        requests.change_state(actor, interpretation_request, ending, now=now)


def lock(assignment_id: int) -> Assignment:
    """Return the assignment with its request and interpreter locked before it, in this order."""
    # Which request and interpreter it is never changes, so these may be read without the lock.
    assignment = database.get(Assignment, assignment_id)
    requests.lock(assignment.interpretation_request_id)
    lock_interpreter(assignment.interpreter_id)
    return database.lock(Assignment, assignment_id)


def lock_interpreter(interpreter_id: int) -> Interpreter:
    """Return the interpreter, holding the row so that only one can add to that day at a time."""
    return database.lock(Interpreter, interpreter_id)


def lock_interpreters(interpreter_ids: Collection[int]) -> list[Interpreter]:
    """Return several interpreters in the order of their ids, locked in this order."""
    return database.lock_all(Interpreter, interpreter_ids)


def require_reachable(
    interpreter: Interpreter, terms: Terms, *, ignoring: int | None = None
) -> None:
    """Refuse (409) when the time is taken or the way from or to a neighbour cannot be made.

    The refusal names the nearest start that would fit among what takes the person's time then.
    `ignoring` is a hold that is not counted: the one that becomes this.
    """
    neighbours = holds.between(
        interpreter.id,
        terms.starts_at - NEIGHBOURS_WITHIN,
        terms.ends_at + NEIGHBOURS_WITHIN,
        ignoring=ignoring,
    )
    mode = Mode(interpreter.travel_mode)
    new = _stop(terms, interpreter)
    day = [_stop(hold, interpreter) for hold in neighbours]
    times = travel_times([new.point, *(stop.point for stop in day)], [mode])
    zone_name = db.session.get_one(Site, terms.site_id).time_zone
    # Written in the language of whoever reads it, which nobody has while a job runs.
    require_fitting(new, day, times, mode, lambda at: LazyString(local_datetime, at, zone_name))


def _stop(taken: Terms | Hold, interpreter: Interpreter) -> Stop:
    site = db.session.get_one(Site, taken.site_id)
    return Stop(
        taken.starts_at,
        taken.ends_at,
        place_by(taken.way, site, interpreter),
        site.buffer_before_minutes,
        site.buffer_after_minutes,
    )


def live(interpretation_request: InterpretationRequest) -> Sequence[Assignment]:
    """Return the assignments of a request that were not taken back, by seat."""
    return db.session.scalars(
        sa.select(Assignment)
        .where(
            Assignment.interpretation_request_id == interpretation_request.id,
            Assignment.state.in_(TO_COME | DONE),
        )
        .order_by(Assignment.seat)
        # Under the request's lock this is the truth; what the session read before may not be.
        .execution_options(populate_existing=True)
    ).all()


def record(
    actor: Actor,
    kind: str,
    assignment: Assignment,
    now: datetime,
    *,
    reasons: Reasons = NO_REASONS,
) -> None:
    """Write down what happened to an assignment."""
    ledger.record(actor, kind, concerning(assignment), now=now, fields=["state"], reasons=reasons)


def concerning(assignment: Assignment) -> Concerning:
    """Return whose assignment it is, for the record."""
    return Concerning(
        organisation=assignment.interpretation_request.organisation_id,
        interpretation_request=assignment.interpretation_request_id,
        assignment=assignment.id,
        interpreter=assignment.interpreter_id,
    )
