"""Whom the day concerns, and where it goes wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from dispatch.accounts.models import Account
from dispatch.accounts.rules import ASKS, Role
from dispatch.assignments.lasting import expected_end
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AGREED, DONE, TO_COME, AssignmentState, Stop, minutes_short
from dispatch.assignments.whereabouts import place_by
from dispatch.attendance import rules
from dispatch.availability.rules import Way
from dispatch.database import db, not_there
from dispatch.interpreters.models import Interpreter
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active
from dispatch.travel.estimate import Mode
from dispatch.travel.queries import travel_time

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
    """What can be said of an assignment now, by somebody: where it stands, that it is late.

    `longer`: that it takes longer than agreed. `begun`: its start is over, whoever is there.
    """

    steps: list[AssignmentState]
    late: bool
    confirm: bool
    longer: bool
    begun: bool


def to_be_said(assignment: Assignment, role: str) -> list[tuple[AssignmentState, datetime]]:
    """Return what somebody of this role can say of what begins, and from when on."""
    begins = rules.to_be_said(assignment.state, rules.side_of(role))
    said = [one for one in _by_way(assignment, begins) if one not in DONE]
    return [(one, rules.earliest(one, assignment.starts_at)) for one in said]


def _by_way(assignment: Assignment, steps: list[AssignmentState]) -> list[AssignmentState]:
    return [one for one in steps if assignment.way == Way.ON_SITE or one not in rules.ON_FOOT]


def today(assignment: Assignment, role: str, now: datetime) -> Today:
    """Return what somebody of this role can say of an assignment now."""
    state, starts_at, ends_at = assignment.state, assignment.starts_at, assignment.ends_at
    steps = rules.possible(state, starts_at, ends_at, rules.side_of(role), now)
    return Today(
        _by_way(assignment, steps),
        rules.can_be_late(state, starts_at, ends_at, now),
        assignment.day_before_asked_at is not None
        and assignment.day_before_confirmed_at is None
        and state == AssignmentState.CONFIRMED
        and now < starts_at
        and rules.side_of(role) != rules.Side.WHO_ASKED,
        rules.can_last_longer(state),
        starts_at <= now,
    )


@dataclass(frozen=True)
class Missed:
    """An assignment that somebody will reach too late, by so many minutes, and why.

    `because_of` is the one before, or the same where they said themselves that they come late.
    """

    assignment: Assignment
    because_of: Assignment
    minutes: int


@dataclass(frozen=True)
class OutOfTheOrdinary:
    """What goes wrong: who will be missed next, is late, has not confirmed, did not come."""

    missed: list[Missed]
    late: list[Assignment]
    unconfirmed: list[Assignment]
    no_shows: list[Assignment]


def out_of_the_ordinary(now: datetime) -> OutOfTheOrdinary:
    """Return what goes wrong today, each list by start; read at once, however much there is."""
    asked = sa.and_(
        Assignment.state == AssignmentState.CONFIRMED,
        Assignment.day_before_asked_at.is_not(None),
        Assignment.day_before_confirmed_at.is_(None),
        Assignment.ends_at > now,
    )
    absent = sa.and_(Assignment.state.in_(NO_SHOWS), Assignment.starts_at > now - ONE_DAY)
    # Each of the three begins later than that; said once for all, it is a range an index can find.
    recent = Assignment.starts_at > now - ONE_DAY
    found = _loaded(recent, sa.or_(_lasts_longer(now), asked, absent))
    city = active().city
    return OutOfTheOrdinary(
        missed=_missed_by([one for one in found if one.state in TO_COME], now),
        late=[one for one in found if _is_late(one, now)],
        unconfirmed=[
            one
            for one in found
            if one.state == AssignmentState.CONFIRMED
            and one.day_before_asked_at is not None
            and one.day_before_confirmed_at is None
            and rules.is_missing_by(one.starts_at, city) <= now < one.ends_at
        ],
        no_shows=[one for one in found if one.state in NO_SHOWS],
    )


def missed_next(now: datetime) -> list[Missed]:
    """Return the next assignments that people cannot reach, because the one before lasts longer.

    It runs beyond its time, or begins as late as was said. Whoever is on the way to the next one
    already has only forgotten to say that the first is over.
    """
    return _missed_by(_loaded(_lasts_longer(now)), now)


def not_in_time(request_id: int, now: datetime) -> Missed | None:
    """Return who will not be at a request in time: the one before lasts longer, or they said so."""
    found = _loaded(Assignment.starts_at > now - ONE_DAY, _lasts_longer(now))
    said = [Missed(one, one, one.late_minutes or 0) for one in found if _is_late(one, now)]
    for one in [*_missed_by(found, now), *said]:
        if one.assignment.interpretation_request_id == request_id:
            return one
    return None


def lasting_longer(now: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    """Return how much longer people take than was agreed, by interpreter: from when, until when."""
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for one in _loaded(_lasts_longer(now)):
        until = _until(one, now)
        if until > one.ends_at:
            found.setdefault(one.interpreter_id, []).append((one.ends_at, until))
    return found


def _until(one: Assignment, now: datetime) -> datetime:
    return expected_end(one.state, one.ends_at, one.late_minutes, now, one.lasts_until)


def _lasts_longer(now: datetime) -> sa.ColumnElement[bool]:
    runs_over = sa.and_(
        Assignment.state == AssignmentState.RUNNING,
        sa.or_(Assignment.ends_at < now, Assignment.lasts_until.is_not(None)),
    )
    late = sa.and_(Assignment.state.in_(AGREED), Assignment.late_minutes.is_not(None))
    return sa.and_(sa.or_(runs_over, late), Assignment.starts_at > now - ONE_DAY)


def _is_late(one: Assignment, now: datetime) -> bool:
    not_there = one.state in (AssignmentState.CONFIRMED, AssignmentState.ON_THE_WAY)
    return not_there and one.late_minutes is not None and one.ends_at > now


def _missed_by(found: list[Assignment], now: datetime) -> list[Missed]:
    longer = [one for one in found if _until(one, now) > one.ends_at]
    if not longer:
        return []
    following = _next_of({one.interpreter_id for one in longer}, now)
    missed = []
    for one in longer:
        after = [each for each in following if each.interpreter_id == one.interpreter_id]
        then = next((each for each in after if each.starts_at >= one.ends_at), None)
        if then is not None and (short := _short(one, then, now)) > 0:
            missed.append(Missed(then, one, short))
    return missed


def _short(one: Assignment, then: Assignment, now: datetime) -> int:
    """Return by how many minutes somebody comes too late to the next, the way included."""
    ends_at = _until(one, now)
    mode = Mode(one.interpreter.travel_mode)
    first, after = _stop(one, ends_at), _stop(then, then.ends_at)
    return minutes_short(first, after, travel_time(first.point, after.point, mode).minutes)


def _stop(assignment: Assignment, ends_at: datetime) -> Stop:
    site = assignment.site
    return Stop(
        assignment.starts_at,
        ends_at,
        place_by(assignment.way, site, assignment.interpreter),
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
