"""Saying that somebody is away, with what becomes of everything it hits; and coming back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from dispatch import database
from dispatch.absences import messages, queries, rules
from dispatch.absences.models import AbsenceJob
from dispatch.absences.rules import Resolution
from dispatch.accounts.rules import Role
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AGREED
from dispatch.availability import service as availability
from dispatch.availability.models import Absence
from dispatch.availability.times import Span
from dispatch.cancellations import rules as cancellation_rules
from dispatch.cancellations import service as cancellations
from dispatch.cancellations import withdrawing
from dispatch.database import db
from dispatch.errors import Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning, Reasons
from dispatch.offers import service as offers
from dispatch.requests import service as requests
from dispatch.settings import active


def save(
    actor: Actor,
    interpreter_id: int,
    span: Span,
    resolved: Mapping[int, Resolution],
    *,
    reason: str = "",
    now: datetime,
) -> Absence:
    """Note an absence and do with each assignment in its time what was decided, in one go.

    Open questions are taken back. `resolved` says for each assignment what becomes of it and is
    what the person looked at: raises `Conflict` when more is hit by now. `reason` is for the
    office alone and lies where it can be erased. Raises `Refusal` for a time that makes no sense.
    """
    rules.require_span(span, now)
    cancellation_rules.require_short(Reasons(office=reason))
    hit = _lock_what_is_hit(interpreter_id, span, now)
    rules.require_resolved([one.id for one in hit.jobs], resolved, actor.role)
    interpreter = assignments.lock_interpreter(interpreter_id)
    change = ledger.record(
        actor,
        "absence.saved",
        Concerning(interpreter=interpreter_id),
        now=now,
        reasons=Reasons(office=reason),
    )
    db.session.flush()
    absence = Absence(starts_at=span[0], ends_at=span[1], change_id=change.id)
    said = availability.lock(interpreter.availability_id)
    said.absences.append(absence)
    db.session.flush()
    for offer in hit.offers:
        offers.take_back(actor, offer, messages.no_longer_asked, now=now)
    for offer in hit.not_put:
        offers.take_back(actor, offer, offers.say_nothing, now=now)
    for assignment in hit.jobs:
        _resolve(actor, absence, assignment, resolved[assignment.id], now)
    replaced = [one for one in hit.jobs if resolved[one.id] == Resolution.REPLACE]
    withdrawing.cannot_come_to_any(actor, replaced, reasons=_because_away(), now=now)
    return absence


def sick(actor: Actor, interpreter_id: int, ends_at: datetime, *, now: datetime) -> Absence:
    """Note that somebody is ill from now on: off every assignment at once, all are replaced.

    Where an absence covers this time already and nothing is left to be done, it is the same.
    Raises `Refusal` for an end that is over or more than a year away.
    """
    rules.require_span((now, ends_at), now)
    hit = _lock_what_is_hit(interpreter_id, (now, ends_at), now)
    standing = queries.covering(interpreter_id, (now, ends_at))
    if standing is not None and not (hit.jobs or hit.offers or hit.not_put):
        return standing
    with force_locale(active().city.locales[0]):
        reason = _("Reported sick.")
    every = {one.id: Resolution.REPLACE for one in hit.jobs}
    return save(actor, interpreter_id, (now, ends_at), every, reason=reason, now=now)


def settle(actor: Actor, job_id: int, *, keeps: bool, now: datetime) -> Assignment:
    """Decide on an assignment that was left open: it stays, or somebody else is looked for.

    Raises `Conflict` when it was decided meanwhile.
    """
    return _decide(actor, job_id, Resolution.KEEP if keeps else Resolution.REPLACE, now)


def settle_all(
    actor: Actor, decided: Mapping[int, Resolution], *, now: datetime
) -> list[tuple[Assignment, Any]]:
    """Decide on several that were left open, by their ids; `ASK` leaves one open.

    Returns what cannot be so any more, and why; it stops none of the others. Raises `Refusal` for
    what the role may not decide.
    """
    rules.require_offered(decided.values(), actor.role)
    jobs = [database.get(AbsenceJob, one) for one in sorted(decided)]
    requests.lock_all({one.assignment.interpretation_request_id for one in jobs})
    refused = []
    for one in jobs:
        if decided[one.id] == Resolution.ASK:
            continue
        try:
            with database.savepoint():
                _decide(actor, one.id, decided[one.id], now)
        except Refusal as refusal:
            refused.append((one.assignment, refusal.text))
    return refused


def _decide(actor: Actor, job_id: int, decided: Resolution, now: datetime) -> Assignment:
    # Which assignment it is never changes, so this may be read without the lock.
    assignment = assignments.lock(database.get(AbsenceJob, job_id).assignment_id)
    job = database.lock(AbsenceJob, job_id)
    rules.require_undecided(job.settled_at)
    job.resolution, job.settled_at = decided, now
    ledger.record(actor, "absence.settled", assignments.concerning(assignment), now=now)
    if decided == Resolution.REPLACE:
        withdrawing.cannot_come(actor, assignment.id, reasons=_because_away(), now=now)
    elif decided == Resolution.CANCEL:
        _cancel(actor, assignment, now)
    elif actor.role != Role.INTERPRETER and assignment.state in AGREED:
        messages.stays(assignment, now)  # to who must agree to a change first, it would be untrue
    return assignment


def _cancel(actor: Actor, assignment: Assignment, now: datetime) -> None:
    request_id = assignment.interpretation_request_id
    cancellations.cancel_request(actor, request_id, reasons=_because_away(), now=now)


def come_back(actor: Actor, absence_id: int, *, now: datetime) -> None:
    """End an absence now, or forget one that has not begun; what was given away stays away.

    What the office still asks about then needs no answer: the assignment stays as it is.
    """
    absence = database.lock(Absence, absence_id)
    interpreter_id = db.session.scalars(
        sa.select(Interpreter.id).where(Interpreter.availability_id == absence.availability_id)
    ).one()
    if absence.starts_at < now:
        absence.ends_at = min(now, absence.ends_at)
        db.session.execute(
            sa.update(AbsenceJob)
            .where(AbsenceJob.absence_id == absence_id, AbsenceJob.settled_at.is_(None))
            .values(resolution=Resolution.KEEP, settled_at=now)
        )
    else:
        db.session.execute(sa.delete(AbsenceJob).where(AbsenceJob.absence_id == absence_id))
        db.session.delete(absence)
    ledger.record(actor, "absence.ended", Concerning(interpreter=interpreter_id), now=now)


def _lock_what_is_hit(interpreter_id: int, span: Span, now: datetime) -> queries.Hit:
    """Return what is hit, with its requests and then the interpreter locked.

    Whose requests they are is known only by looking; so it is looked again under the locks, and
    what has come up in between must be looked at by the person, too.
    """
    before = queries.hit_by(interpreter_id, span, now).request_ids
    requests.lock_all(before)
    assignments.lock_interpreter(interpreter_id)
    hit = queries.hit_by(interpreter_id, span, now)
    if not set(hit.request_ids) <= set(before):
        raise rules.hit_meanwhile()
    return hit


def _resolve(
    actor: Actor, absence: Absence, assignment: Assignment, decided: Resolution, now: datetime
) -> None:
    by_office = actor.role != Role.INTERPRETER
    db.session.add(
        AbsenceJob(
            absence_id=absence.id,
            assignment_id=assignment.id,
            resolution=decided,
            by_office=by_office,
            settled_at=None if decided == Resolution.ASK else now,
        )
    )
    if decided == Resolution.CANCEL:
        _cancel(actor, assignment, now)
    elif decided == Resolution.ASK and by_office:
        messages.ask_to_keep(assignment, now)


def _because_away() -> Reasons:
    """Return what the office reads of each assignment; why somebody is away stands once only."""
    with force_locale(active().city.locales[0]):
        return Reasons(office=_("Absent at this time."))
