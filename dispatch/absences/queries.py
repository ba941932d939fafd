"""What an absence hits, and what of it is not decided yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from dispatch.absences.models import AbsenceJob
from dispatch.absences.rules import Resolution
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.availability.models import Absence
from dispatch.availability.times import Span
from dispatch.database import db, get, not_there
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.models import Reason
from dispatch.ledger.rules import Audience
from dispatch.offers.models import Offer
from dispatch.offers.rules import NEVER_ASKED, UNDECIDED, OfferState
from dispatch.requests.models import InterpretationRequest

A_DAY = timedelta(days=1)

Held = TypeVar("Held", Assignment, Offer)


@dataclass(frozen=True)
class Hit:
    """What lies in the time of an absence: assignments to come, begun ones, open questions.

    `not_put`: questions that wait for the office to approve the way; the person knows of none.
    """

    jobs: Sequence[Assignment]
    begun: Sequence[Assignment]
    offers: Sequence[Offer]
    not_put: Sequence[Offer]

    @property
    def request_ids(self) -> list[int]:
        """The requests concerned, in the order in which they are locked."""
        of_jobs = {one.interpretation_request_id for one in self.jobs}
        asked = (*self.offers, *self.not_put)
        return sorted(of_jobs | {one.interpretation_request_id for one in asked})


def hit_by(interpreter_id: int, span: Span, now: datetime) -> Hit:
    """Return what an absence would hit, each in the order of time."""
    found = db.session.execute(
        sa.select(Hold.interpretation_request_id, Hold.id).where(
            Hold.interpreter_id == interpreter_id
        )
    )
    holds = [(request_id, hold_id) for request_id, hold_id in found]
    assignments = [one for one in _held(Assignment, holds, span) if one.ends_at > now]
    asked = [*_held(Offer, holds, span), *_asked_with_others(interpreter_id, span, now)]
    to_come = [one for one in asked if one.starts_at > now]
    return Hit(
        jobs=[one for one in assignments if one.starts_at > now],
        begun=[one for one in assignments if one.starts_at <= now],
        offers=[one for one in to_come if one.state not in NEVER_ASKED],
        not_put=[one for one in to_come if one.state == OfferState.TO_APPROVE],
    )


def _asked_with_others(interpreter_id: int, span: Span, now: datetime) -> Sequence[Offer]:
    """Return the open questions in the span that hold nothing, because others are asked as well."""
    return db.session.scalars(
        sa.select(Offer)
        .where(
            Offer.interpreter_id == interpreter_id,
            sa.not_(Offer.exclusive),
            Offer.state.in_(UNDECIDED),
            Offer.answer_by > now,  # an index finds by it what is open among all that is over
            Offer.starts_at < span[1],
            Offer.ends_at > span[0],
        )
        .order_by(Offer.starts_at, Offer.id)
        .execution_options(populate_existing=True)
    ).all()


def _held(model: type[Held], holds: Sequence[tuple[int, int]], span: Span) -> Sequence[Held]:
    """Return what takes the interpreter's time in the span: whatever has a hold there.

    Found by the requests that are held: SQLite takes the index of holds, most of them empty, for a
    poor one, and everything there ever was may be a lot.
    """
    requests, ids = [one for one, _ in holds], [one for _, one in holds]
    return db.session.scalars(
        sa.select(model)
        .options(
            joinedload(model.site),
            joinedload(model.interpretation_request).joinedload(InterpretationRequest.account),
            joinedload(model.interpreter).joinedload(Interpreter.account),
        )
        .where(
            model.interpretation_request_id.in_(requests),
            model.hold_id.in_(ids),
            model.starts_at < span[1],
            model.ends_at > span[0],
        )
        .order_by(model.starts_at, model.id)
        # Under the locks this is the truth; what the session read before may not be.
        .execution_options(populate_existing=True)
    ).all()


def covering(interpreter_id: int, span: Span) -> Absence | None:
    """Return an absence of an interpreter in which the whole span lies, if there is one."""
    return db.session.scalars(
        sa.select(Absence)
        .join(Interpreter, Interpreter.availability_id == Absence.availability_id)
        .where(
            Interpreter.id == interpreter_id,
            Absence.starts_at <= span[0],
            Absence.ends_at >= span[1],
        )
        .order_by(Absence.id)
    ).first()


def decided_in(absence: Absence) -> Sequence[AbsenceJob]:
    """Return what was decided of each assignment when an absence was saved, in order of time."""
    return db.session.scalars(
        sa.select(AbsenceJob)
        .join(AbsenceJob.assignment)
        .where(AbsenceJob.absence_id == absence.id)
        .order_by(Assignment.starts_at, AbsenceJob.id)
    ).all()


def undecided(now: datetime) -> Sequence[AbsenceJob]:
    """Return the assignments of absences nobody has decided on yet, by their start.

    One that has begun is among them for a day, until somebody says whether the interpreter came.
    """
    begun = sa.and_(
        Assignment.starts_at > now - A_DAY, Assignment.state == AssignmentState.CONFIRMED
    )
    # Both begin later than that; said once for both, it is a range an index can find.
    recent = Assignment.starts_at > now - A_DAY
    either = sa.or_(Assignment.starts_at > now, begun)
    return db.session.scalars(_undecided().where(recent, either)).all()


def undecided_about(assignment_id: int) -> Sequence[AbsenceJob]:
    """Return what nobody has decided yet about one assignment, begun or not."""
    return db.session.scalars(_undecided().where(Assignment.id == assignment_id)).all()


def undecided_of(interpreter_id: int, now: datetime) -> Sequence[AbsenceJob]:
    """Return one person's assignments to come that are not decided on yet, in order of time."""
    return db.session.scalars(
        _undecided().where(Assignment.interpreter_id == interpreter_id, Assignment.starts_at > now)
    ).all()


def open_to(account: Account, interpreter_id: int, now: datetime) -> Sequence[AbsenceJob]:
    """Return what somebody may decide on of one person's absences, in the order of time.

    All of it for the office; for the interpreter what the office asks.
    """
    found = undecided_of(interpreter_id, now)
    return found if account.role == Role.COORDINATOR else [one for one in found if one.by_office]


def _undecided() -> sa.Select[AbsenceJob]:
    return (
        sa.select(AbsenceJob)
        .join(AbsenceJob.assignment)
        .options(
            joinedload(AbsenceJob.absence),
            joinedload(AbsenceJob.assignment).options(
                joinedload(Assignment.interpreter),
                joinedload(Assignment.site),
                joinedload(Assignment.interpretation_request),
            ),
        )
        .where(AbsenceJob.resolution == Resolution.ASK, Assignment.hold_id.is_not(None))
        .order_by(Assignment.starts_at, AbsenceJob.id)
    )


def find_job(account: Account, job_id: int) -> AbsenceJob:
    """Return what is to be decided, for the office, or for the interpreter whom it asks."""
    job = get(AbsenceJob, job_id)
    own = job.assignment.interpreter.account_id == account.id and job.by_office
    if account.role == Role.COORDINATOR or own:
        return job
    raise not_there()


def find(account: Account, absence_id: int) -> tuple[Absence, Interpreter]:
    """Return an absence and whose it is, for the person and the office; else 404."""
    absence = get(Absence, absence_id)
    interpreter = db.session.scalars(
        sa.select(Interpreter).where(Interpreter.availability_id == absence.availability_id)
    ).one()
    if account.role == Role.COORDINATOR or interpreter.account_id == account.id:
        return absence, interpreter
    raise not_there()


def reasons_for_office(absences: Collection[Absence]) -> dict[int, str]:
    """Return the reasons of absences by id; nobody but the office may read them."""
    of_change = {one.change_id: one.id for one in absences if one.change_id is not None}
    rows = db.session.scalars(
        sa.select(Reason).where(Reason.change_id.in_(of_change), Reason.audience == Audience.OFFICE)
    )
    return {of_change[row.change_id]: row.text for row in rows}
