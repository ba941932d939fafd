"""Whom the day concerns, and where it goes wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from dispatch.accounts.models import Account
from dispatch.accounts.rules import ASKS, Role
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import TO_COME, AssignmentState, Stop, minutes_short
from dispatch.attendance import rules
from dispatch.database import db, not_there
from dispatch.interpreters.models import Interpreter
from dispatch.requests.models import InterpretationRequest
from dispatch.travel.estimate import Mode, Point

ONE_DAY = timedelta(days=1)
NOT_THERE_YET = TO_COME - {
    AssignmentState.ON_THE_WAY,
    AssignmentState.ARRIVED,
    AssignmentState.RUNNING,
}
NO_SHOWS = (AssignmentState.NO_SHOW_CLIENT, AssignmentState.NO_SHOW_INTERPRETER)


def find(account: Account, assignment_id: int) -> Assignment:
    """Return the assignment for its interpreter, those who asked and the office; else 404."""
    assignment = db.session.get(Assignment, assignment_id)
    if assignment is None:
        raise not_there()
    of_organisation = assignment.interpretation_request.organisation_id
    if (
        account.role == Role.COORDINATOR
        or assignment.interpreter.account_id == account.id
        or (account.role in ASKS and account.organisation_id == of_organisation)
    ):
        return assignment
    raise not_there()


@dataclass(frozen=True)
class Today:
    """What can be said of an assignment now, by somebody: where it stands, or that it is late."""

    steps: list[AssignmentState]
    late: bool
    confirm: bool


def today(assignment: Assignment, role: str, now: datetime) -> Today:
    """Return what somebody of this role can say of an assignment now."""
    state, starts_at, ends_at = assignment.state, assignment.starts_at, assignment.ends_at
    return Today(
        rules.possible(state, starts_at, ends_at, rules.side_of(role), now),
        rules.can_be_late(state, starts_at, ends_at, now),
        assignment.day_before_asked_at is not None
        and assignment.day_before_confirmed_at is None
        and state == AssignmentState.CONFIRMED
        and now < starts_at
        and rules.side_of(role) != rules.Side.WHO_ASKED,
    )


@dataclass(frozen=True)
class Missed:
    """An assignment that somebody will reach too late, by so many minutes, and why."""

    assignment: Assignment
    because_of: Assignment
    minutes: int


def late_ones(now: datetime) -> list[Assignment]:
    """Return who said that they come late and is not there yet, the soonest first."""
    return _loaded(
        Assignment.late_minutes.is_not(None),
        Assignment.state.in_((AssignmentState.CONFIRMED, AssignmentState.ON_THE_WAY)),
        Assignment.starts_at > now - ONE_DAY,
        Assignment.ends_at > now,
    )


def no_shows(now: datetime) -> list[Assignment]:
    """Return where somebody did not come within the last day."""
    return _loaded(Assignment.state.in_(NO_SHOWS), Assignment.starts_at > now - ONE_DAY)


def missed_next(now: datetime) -> list[Missed]:
    """Return the next assignments that people cannot reach, because the one before lasts longer.

    It runs beyond its time, or begins as late as was said. Whoever is on the way to the next one
    already has only forgotten to say that the first is over.
    """
    longer = _loaded(
        sa.or_(
            sa.and_(Assignment.state == AssignmentState.RUNNING, Assignment.ends_at < now),
            sa.and_(Assignment.state.in_(TO_COME), Assignment.late_minutes.is_not(None)),
        ),
        Assignment.starts_at > now - ONE_DAY,
    )
    following = _next_of({one.interpreter_id for one in longer}, now)
    found = []
    for one in longer:
        after = [each for each in following if each.interpreter_id == one.interpreter_id]
        then = next((each for each in after if each.starts_at >= one.ends_at), None)
        if then is not None and (short := _short(one, then, now)) > 0:
            found.append(Missed(then, one, short))
    return found


def _short(one: Assignment, then: Assignment, now: datetime) -> int:
    """Return by how many minutes somebody comes too late to the next, the way included."""
    ends_at = rules.expected_end(one.state, one.ends_at, one.late_minutes, now)
    if ends_at <= one.ends_at:
        return 0
    mode = Mode(one.interpreter.travel_mode)
    return minutes_short(_stop(one, ends_at), _stop(then, then.ends_at), mode)


def _stop(assignment: Assignment, ends_at: datetime) -> Stop:
    site = assignment.site
    return Stop(
        assignment.starts_at,
        ends_at,
        Point(site.latitude, site.longitude),
        site.buffer_before_minutes,
        site.buffer_after_minutes,
    )


def _next_of(interpreter_ids: Iterable[int], now: datetime) -> list[Assignment]:
    return _loaded(
        Assignment.interpreter_id.in_(interpreter_ids),
        Assignment.state.in_(NOT_THERE_YET),
        Assignment.ends_at > now,
        Assignment.starts_at < now + ONE_DAY,
    )


def _loaded(*conditions: sa.ColumnElement[bool]) -> list[Assignment]:
    return list(
        db.session.scalars(
            sa.select(Assignment)
            .options(
                joinedload(Assignment.interpreter).joinedload(Interpreter.account),
                joinedload(Assignment.site),
                joinedload(Assignment.interpretation_request).joinedload(
                    InterpretationRequest.organisation
                ),
            )
            .where(*conditions)
            .order_by(Assignment.starts_at, Assignment.id)
        )
    )
