"""Finding assignments, and telling what happened to a request."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.cases import has_come
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AGREED, DONE, TO_COME, AssignmentState
from dispatch.clock import minutes_between
from dispatch.database import db
from dispatch.errors import NotFound
from dispatch.holds import service as holds
from dispatch.interpreters.models import Interpreter, WorkingLanguage
from dispatch.requests.finding import number_or_language
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.queries import not_over
from dispatch.requests.rules import RequestState
from dispatch.web.paging import BEGINNING, MOST_ON_A_PAGE, Page, Turn, page


def find(account: Account, assignment_id: int) -> Assignment:
    """Return the assignment for its interpreter or the coordinator; for others it is not there."""
    assignment = db.session.get(Assignment, assignment_id)
    if assignment is not None and (
        account.role == Role.COORDINATOR or assignment.interpreter.account_id == account.id
    ):
        return assignment
    raise NotFound("not-found", _l("There is nothing here, or it is not yours to see."))


def is_to_come(assignment: Assignment, now: datetime) -> bool:
    """Tell whether the interpreter still comes; not what has begun, before its time too."""
    not_begun = assignment.state != AssignmentState.RUNNING and now < assignment.starts_at
    return assignment.state in TO_COME and not_begun


ORDER = (Assignment.starts_at, Assignment.id)


def coming_of(
    account_id: int,
    now: datetime,
    text: str = "",
    turn: Turn = BEGINNING,
    most: int = MOST_ON_A_PAGE,
) -> Page[Assignment]:
    """Return the assignments of an interpreter's account that are to come or run, in order."""
    with_old_terms = selectinload(Assignment.confirmations).joinedload(Confirmation.site)
    places = joinedload(Assignment.site), with_old_terms
    query = _of(account_id, text).where(_still_on(now)).options(*places)
    return page(query, ORDER, turn, most=most)


def earlier_of(
    account_id: int, now: datetime, text: str = "", turn: Turn = BEGINNING
) -> Page[Assignment]:
    """Return the assignments of an interpreter's account that are over or off, latest first."""
    query = _of(account_id, text).where(sa.not_(_still_on(now)))
    return page(query, ORDER, turn, latest_first=True)


def last_of(request_id: int, interpreter_id: int) -> Assignment | None:
    """Return by what somebody came to a request last, or was to come."""
    return db.session.scalar(
        sa.select(Assignment)
        .where(
            Assignment.interpretation_request_id == request_id,
            Assignment.interpreter_id == interpreter_id,
        )
        .order_by(Assignment.id.desc())
        .limit(1)
    )


def coming_of_request() -> sa.ScalarSelect[int]:
    """Return how many come or have come, for a query of requests.

    Not the holds are counted: who has come and is done holds nothing any more.
    """
    return (
        sa.select(sa.func.count(Assignment.id))
        .where(
            Assignment.interpretation_request_id == InterpretationRequest.id,
            Assignment.state.in_((AGREED | DONE) - {AssignmentState.NO_SHOW_INTERPRETER}),
        )
        .correlate(InterpretationRequest)
        .scalar_subquery()
    )


class People(NamedTuple):
    """Who comes or has come, and who is asked whether a change will do.

    By request, only where somebody does or is, and by seat.
    """

    coming: dict[int, list[Interpreter]]
    asked_again: dict[int, list[Interpreter]]


# Put together once: every list of requests asks it.
_PEOPLE_OF = (
    sa.select(Assignment.interpretation_request_id, Assignment.state, Interpreter)
    .join(Interpreter, Interpreter.id == Assignment.interpreter_id)
    .where(
        Assignment.interpretation_request_id.in_(sa.bindparam("requests", expanding=True)),
        Assignment.state.in_((TO_COME | DONE) - {AssignmentState.NO_SHOW_INTERPRETER}),
    )
    .order_by(Assignment.interpretation_request_id, Assignment.seat)
)


def people_of(request_ids: Sequence[int]) -> People:
    """Return whom those who ask read of beside each of these requests, in one statement."""
    people = People({}, {})
    for request_id, state, interpreter in db.session.execute(_PEOPLE_OF, {"requests": request_ids}):
        is_asked_again = state == AssignmentState.TO_RECONFIRM
        beside = people.asked_again if is_asked_again else people.coming
        beside.setdefault(request_id, []).append(interpreter)
    return people


def short_of_people(first: datetime, now: datetime) -> Sequence[tuple[InterpretationRequest, int]]:
    """Return the requests begun since `first` to which fewer came than asked for, and how many."""
    come = coming_of_request()
    rows = db.session.execute(
        sa.select(InterpretationRequest, come)
        .options(joinedload(InterpretationRequest.site), joinedload(InterpretationRequest.account))
        .where(
            InterpretationRequest.state.in_([RequestState.FILLED, RequestState.UNFILLED]),
            InterpretationRequest.starts_at >= first,
            InterpretationRequest.starts_at <= now,
            come + sa.func.coalesce(InterpretationRequest.agency_seats, 0)
            < InterpretationRequest.interpreter_count,
        )
        .order_by(InterpretationRequest.starts_at, InterpretationRequest.id)
    )
    return [(one, came) for one, came in rows]


def _still_on(now: datetime) -> sa.ColumnElement[bool]:
    # What runs beyond its time is still on, until somebody says that it is over.
    return sa.and_(
        Assignment.state.in_(TO_COME),
        sa.or_(
            not_over(Assignment.starts_at, Assignment.ends_at, now),
            Assignment.state == AssignmentState.RUNNING,
        ),
    )


def _of(account_id: int, text: str) -> sa.Select[Assignment]:
    return (
        sa.select(Assignment)
        .join(Assignment.interpreter)
        .join(Assignment.interpretation_request)
        .options(
            joinedload(Assignment.interpretation_request),
        )
        .where(Interpreter.account_id == account_id, *number_or_language(text, Assignment.language))
    )


@dataclass(frozen=True)
class Helper:
    """Somebody of the pool who has interpreted for an organisation, or is to, and when last."""

    interpreter: Interpreter
    last_at: datetime


def helpers_of(organisation_id: int, language: str, now: datetime) -> list[Helper]:
    """Return who can be asked, speaks the language and came or comes to the organisation.

    The latest first. Who is yet to come is known by name as well, and may be wanted next time too.
    """
    last_at = sa.func.max(Assignment.starts_at)
    rows = db.session.execute(
        sa.select(Interpreter, last_at)
        .join(Assignment, Assignment.interpreter_id == Interpreter.id)
        .join(Assignment.interpretation_request)
        .where(
            sa.or_(has_come(now), Assignment.state.in_(TO_COME)),
            InterpretationRequest.organisation_id == organisation_id,
            Interpreter.active,
            Interpreter.working_languages.any(WorkingLanguage.tag == language),
        )
        .group_by(Interpreter.id)
        .order_by(last_at.desc(), Interpreter.id)
    )
    return [Helper(*row) for row in rows]


def still_here(interpreter_ids: Collection[int]) -> set[int]:
    """Return those of them who can be asked still."""
    return set(
        db.session.scalars(
            sa.select(Interpreter.id).where(Interpreter.active, Interpreter.id.in_(interpreter_ids))
        )
    )


@dataclass(frozen=True)
class Work:
    """Service somebody gives or gave: the request, its language, from when to when."""

    request_id: int
    interpreter_id: int
    language: str
    starts_at: datetime
    ends_at: datetime
    is_over: bool

    @property
    def minutes(self) -> int:
        """Its length in minutes."""
        return minutes_between(self.starts_at, self.ends_at)


GIVEN = frozenset({AssignmentState.COMPLETED, AssignmentState.NO_SHOW_CLIENT})
"""Service that was given: also by whoever waited for a client in vain."""


def work_done_between(
    first: datetime, after: datetime, *, who: Collection[int] | None = None
) -> list[Work]:
    """Return all service that people (`who`, else all) are to give or gave in `[first, after)`."""
    rows = db.session.execute(
        sa.select(
            Assignment.interpretation_request_id,
            Assignment.interpreter_id,
            Assignment.language,
            Assignment.starts_at,
            Assignment.ends_at,
            Assignment.state.in_(GIVEN),
        )
        .where(
            Assignment.state.in_(TO_COME | GIVEN),
            Assignment.starts_at >= first,
            Assignment.starts_at < after,
            sa.true() if who is None else Assignment.interpreter_id.in_(who),
        )
        .order_by(Assignment.starts_at, Assignment.id)
    )
    return [Work(*row) for row in rows]


def between(
    first: datetime,
    after: datetime,
    *,
    who: Collection[int] | None = None,
    on: int | None = None,
    named: bool = True,
) -> Sequence[Assignment]:
    """Return all assignments not taken back that start in `[first, after)`, in time order.

    With `who` those of these interpreters, and of those who hold a seat of the request `on`.
    Unless they are `named`, only where and when is read with them, not who goes and what for.
    """
    facts = [joinedload(Assignment.site)]
    if named:
        facts += [
            joinedload(Assignment.interpreter),
            joinedload(Assignment.interpretation_request).options(
                joinedload(InterpretationRequest.site),
                joinedload(InterpretationRequest.organisation),
            ),
        ]
    return db.session.scalars(
        sa.select(Assignment)
        .options(*facts)
        .where(
            Assignment.state.in_(TO_COME | DONE),
            Assignment.starts_at >= first,
            Assignment.starts_at < after,
            holds.of_people(Assignment.interpreter_id, who, on),
        )
        .order_by(Assignment.starts_at)
    ).all()
