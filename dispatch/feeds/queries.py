"""What stands in somebody's calendar, and whether anything of it changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import OFF, AssignmentState, Way
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.models import Change
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState

LOOKS_BACK = timedelta(days=30)
"""How long what is over or cancelled is still shown: many calendars do not notice what is gone."""
OFFICE_LOOKS_BACK, OFFICE_LOOKS_AHEAD = timedelta(days=7), timedelta(days=28)
MOST_EVENTS = 2000
LATEST_LOOKED_AT = 50
"""Entries of the record that tell states apart: some are committed after later ones."""
Row = TypeVar("Row", Assignment, InterpretationRequest)


@dataclass(frozen=True)
class Shown:
    """One event of a calendar: what it is (`thing` such as assignment:12), since when it is so.

    `assignment` or `interpretation_request` is what it shows; `changes` counts what happened to it.
    """

    thing: str
    changed_at: datetime
    changes: int
    assignment: Assignment | None = None
    interpretation_request: InterpretationRequest | None = None

    @property
    def is_off(self) -> bool:
        """Whether it does not take place."""
        if self.assignment is not None:
            return self.assignment.state in OFF
        return self.interpretation_request is not None and (
            self.interpretation_request.state in {RequestState.CANCELLED, RequestState.REFUSED}
        )

    @property
    def is_sure(self) -> bool:
        """Whether it takes place as it stands there."""
        if self.assignment is not None:
            return self.assignment.state != AssignmentState.TO_RECONFIRM
        return self.interpretation_request is not None and (
            self.interpretation_request.state in {RequestState.FILLED, RequestState.COMPLETED}
        )


class LeftOut(NamedTuple):
    """The first that a calendar has no room for: what it is, and when it begins."""

    thing: str
    starts_at: datetime


@dataclass(frozen=True)
class Events:
    """What stands in a calendar, in order of time; `left_out` is None where that is all of it."""

    shown: list[Shown]
    left_out: LeftOut | None


def last_changes(
    account: Account, now: datetime
) -> Sequence[tuple[int, datetime, datetime | None]]:
    """Return the latest entries of the record that may concern somebody's calendar.

    Each with when an interpreter's latest assignment ended: from then on it shows no place. Who has
    an assignment has an entry as well, so that one statement tells both.
    """
    own = sa.select(Interpreter.id).where(Interpreter.account_id == account.id).scalar_subquery()
    ended = (
        sa.select(sa.func.max(Assignment.ends_at))
        .where(Assignment.interpreter_id == own, Assignment.ends_at <= now)
        .scalar_subquery()
    )
    is_interpreter = account.role == Role.INTERPRETER
    shown = (Change.id, Change.at, ended if is_interpreter else sa.null())
    query = sa.select(*shown).order_by(Change.id.desc()).limit(LATEST_LOOKED_AT)
    if is_interpreter:
        query = query.where(Change.interpreter_id == own)
    elif account.role != Role.COORDINATOR:
        query = query.where(Change.organisation_id == account.organisation_id)
    return [(id_, at, last_end) for id_, at, last_end in db.session.execute(query)]


def last_changes_at(site_id: int) -> Sequence[tuple[int, datetime]]:
    """Return the latest entries of the record about what is agreed to be at a site."""
    there = sa.select(Assignment.id).where(Assignment.site_id == site_id)
    query = sa.select(Change.id, Change.at).where(Change.assignment_id.in_(there))
    rows = db.session.execute(query.order_by(Change.id.desc()).limit(LATEST_LOOKED_AT))
    return [(id_, at) for id_, at in rows]


def events_at(site_id: int, now: datetime) -> Events:
    """Return who is expected at a site, in order of time; nobody who takes part from elsewhere."""
    there = (Assignment.site_id == site_id, Assignment.way == Way.ON_SITE)
    return _assignments(now, *there, Assignment.ends_at > now - LOOKS_BACK)


def events_of(account: Account, now: datetime) -> Events:
    """Return what stands in somebody's calendar, in order of time.

    Interpreters see their assignments, who asks sees their own requests, the coordinator all
    assignments of about now.
    """
    if account.role == Role.INTERPRETER:
        own = Assignment.interpreter.has(Interpreter.account_id == account.id)
        return _assignments(now, own, Assignment.ends_at > now - LOOKS_BACK)
    if account.role == Role.COORDINATOR:
        first, after = now - OFFICE_LOOKS_BACK, now + OFFICE_LOOKS_AHEAD
        return _assignments(now, Assignment.starts_at >= first, Assignment.starts_at < after)
    return _requests(account, now)


def _assignments(now: datetime, *which: sa.ColumnElement[bool]) -> Events:
    rows = db.session.scalars(
        sa.select(Assignment)
        .options(
            joinedload(Assignment.site),
            joinedload(Assignment.interpreter).joinedload(Interpreter.account),
            joinedload(Assignment.interpretation_request),
        )
        .where(*which)
        .order_by(Assignment.starts_at, Assignment.id)
        .limit(MOST_EVENTS + 1)
    ).all()
    found, left_out = _with_room("assignment", rows)
    happened = _happened(Change.assignment_id, [one.id for one in found])
    shown = [
        Shown(f"assignment:{one.id}", *happened.get(one.id, (one.confirmed_at, 0)), one)
        for one in found
    ]
    return Events(_of_late(now, shown), left_out)


def _requests(account: Account, now: datetime) -> Events:
    rows = db.session.scalars(
        sa.select(InterpretationRequest)
        .options(joinedload(InterpretationRequest.site))
        .where(
            InterpretationRequest.account_id == account.id,
            InterpretationRequest.organisation_id == account.organisation_id,
            InterpretationRequest.ends_at > now - LOOKS_BACK,
        )
        .order_by(InterpretationRequest.starts_at, InterpretationRequest.id)
        .limit(MOST_EVENTS + 1)
    ).all()
    found, left_out = _with_room("request", rows)
    happened = _happened(Change.interpretation_request_id, [one.id for one in found])
    shown = [
        Shown(
            f"request:{one.id}",
            *happened.get(one.id, (one.submitted_at, 0)),
            interpretation_request=one,
        )
        for one in found
    ]
    return Events(_of_late(now, shown), left_out)


def _with_room(kind: str, rows: Sequence[Row]) -> tuple[Sequence[Row], LeftOut | None]:
    """Return as many as have room, and the first of the others."""
    left_out = next(
        (LeftOut(f"{kind}:{one.id}", one.starts_at) for one in rows[MOST_EVENTS:]), None
    )
    return rows[:MOST_EVENTS], left_out


def _happened(
    column: InstrumentedAttribute[int | None], ids: Collection[int]
) -> dict[int, tuple[datetime, int]]:
    """Return when something last happened to each, and how often anything did."""
    rows = db.session.execute(
        sa.select(column, sa.func.max(Change.at), sa.func.count())
        .where(column.in_(ids))
        .group_by(column)
    )
    return {int(id_): (at, count) for id_, at, count in rows if id_ is not None}


def _of_late(now: datetime, events: list[Shown]) -> list[Shown]:
    """Leave out what was cancelled long ago."""
    return [one for one in events if not one.is_off or one.changed_at > now - LOOKS_BACK]
