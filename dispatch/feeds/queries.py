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
from dispatch.assignments.rules import OFF, AssignmentState
from dispatch.database import db
from dispatch.feeds.reach import LOOKS_BACK, asked_by, at_site, day_of, since_of
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.models import Change
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState

OFFICE_LOOKS_BACK, OFFICE_LOOKS_AHEAD = timedelta(days=7), timedelta(days=28)
MOST_EVENTS = 2000
NOBODY_COMES = frozenset({RequestState.CANCELLED, RequestState.REFUSED, RequestState.UNFILLED})
Row = TypeVar("Row", Assignment, InterpretationRequest)


@dataclass(frozen=True)
class Shown:
    """One event of a calendar: what it is (`thing` such as assignment:12), since when it is so.

    `assignment` or `interpretation_request` is what it shows; `changes` counts what happened to it.
    `told_by` is when what it tells of its site or request was changed last.
    """

    thing: str
    changed_at: datetime
    changes: int
    assignment: Assignment | None = None
    interpretation_request: InterpretationRequest | None = None
    told_by: datetime | None = None

    @property
    def written_at(self) -> datetime:
        """When anything that stands there changed last."""
        return max(self.changed_at, self.told_by or self.changed_at)

    @property
    def is_off(self) -> bool:
        """Whether it does not take place."""
        if self.assignment is not None:
            return self.assignment.state in OFF
        return self.interpretation_request is not None and (
            self.interpretation_request.state in NOBODY_COMES
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


def events_at(site_id: int, now: datetime) -> Events:
    """Return who is expected at a site, in order of time; nobody who takes part from elsewhere."""
    return _assignments(now, *at_site(site_id, now), tells_where=False)


def events_of(account: Account, now: datetime) -> Events:
    """Return what stands in somebody's calendar, in order of time.

    Interpreters see their assignments, who asks sees their own requests, the coordinator all
    assignments of about now.
    """
    if account.role == Role.INTERPRETER:
        own = Assignment.interpreter.has(Interpreter.account_id == account.id)
        return _assignments(now, own, *since_of(now).shown(Assignment))
    if account.role == Role.COORDINATOR:
        first, after = day_of(now) - OFFICE_LOOKS_BACK, day_of(now) + OFFICE_LOOKS_AHEAD
        return _assignments(now, Assignment.starts_at >= first, Assignment.starts_at < after)
    return _requests(account, now)


def _assignments(now: datetime, *which: sa.ColumnElement[bool], tells_where: bool = True) -> Events:
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
    sites = _changed(Change.site_id, "site.changed", {one.site_id for one in found if tells_where})
    links = {one.interpretation_request_id for one in found if tells_where}
    requests = _changed(Change.interpretation_request_id, "request.changed", links)
    shown = [
        Shown(
            f"assignment:{one.id}",
            *happened.get(one.id, (one.confirmed_at, 0)),
            assignment=one,
            told_by=_later(sites.get(one.site_id), requests.get(one.interpretation_request_id)),
        )
        for one in found
    ]
    return Events(_of_late(now, shown), left_out)


def _requests(account: Account, now: datetime) -> Events:
    rows = db.session.scalars(
        sa.select(InterpretationRequest)
        .options(joinedload(InterpretationRequest.site))
        .where(*asked_by(account.id, account.organisation_id, since_of(now)))
        .order_by(InterpretationRequest.starts_at, InterpretationRequest.id)
        .limit(MOST_EVENTS + 1)
    ).all()
    found, left_out = _with_room("request", rows)
    happened = _happened(Change.interpretation_request_id, [one.id for one in found])
    sites = _changed(Change.site_id, "site.changed", {one.site_id for one in found})
    shown = [
        Shown(
            f"request:{one.id}",
            *happened.get(one.id, (one.submitted_at, 0)),
            interpretation_request=one,
            told_by=sites.get(one.site_id),
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


def _changed(
    column: InstrumentedAttribute[int | None], kind: str, ids: Collection[int]
) -> dict[int, datetime]:
    """Return when each was last changed by an entry of this kind."""
    if not ids:
        return {}
    rows = db.session.execute(
        sa.select(column, sa.func.max(Change.at))
        .where(column.in_(ids), Change.kind == kind)
        .group_by(column)
    )
    return {int(id_): at for id_, at in rows if id_ is not None}


def _later(*times: datetime | None) -> datetime | None:
    return max((one for one in times if one is not None), default=None)


def _of_late(now: datetime, events: list[Shown]) -> list[Shown]:
    """Leave out what was cancelled long ago."""
    return [one for one in events if not one.is_off or one.changed_at > day_of(now) - LOOKS_BACK]
