"""What those who asked know of who comes, and will know when what is written has left."""

from datetime import datetime

import sqlalchemy as sa

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AGREED, AssignmentState
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import names_of
from dispatch.database import db
from dispatch.messaging import queries as sent
from dispatch.messaging import said, subjects
from dispatch.messaging import service as messaging
from dispatch.requests.messages import about_all
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.states import RequestState

LOST = names_of(Event.RELEASED, Party.WHO_ASKED) | names_of(Event.WITHDRAWN, Party.WHO_ASKED)
"""What tells those who asked that somebody does not come and another is looked for."""
BACK = names_of(Event.UNDONE, Party.WHO_ASKED)
AGENCY_OFF = names_of(Event.AGENCY_OFF, Party.WHO_ASKED)


def about_coming(assignment_id: int) -> str:
    """Return how messages to those who asked name whether one interpreter comes.

    Not as the whole request: what is said of one must neither take back nor overtake what is said
    of another.
    """
    return f"coming:{assignment_id}"


def has_left(assignment_id: int) -> bool:
    """Tell whether it has left, or may have, that this interpreter comes."""
    return sent.first_left(about_coming(assignment_id)) is not None


def is_said(assignment_id: int) -> bool:
    """Tell whether it has left that this interpreter comes, or will."""
    return said.is_said(about_coming(assignment_id))


def is_known(assignment: Assignment, now: datetime) -> bool:
    """Tell whether those who asked know that this interpreter comes: told, or otherwise before."""
    return is_said(assignment.id) or _is_known_otherwise(assignment, now)


def last_on(request_id: int, seat: int) -> Assignment | None:
    """Return of whom those who asked hear last that they come, on this seat of a request."""
    on_it = sa.select(Assignment).where(
        Assignment.interpretation_request_id == request_id, Assignment.seat == seat
    )
    for one in db.session.scalars(on_it.order_by(Assignment.id.desc())):
        if is_said(one.id):
            return one
    return None


def others_coming(assignment: Assignment) -> list[str]:
    """Return the first names of the others who come to the same request as agreed, by seat."""
    others = sa.select(Assignment).where(
        Assignment.interpretation_request_id == assignment.interpretation_request_id,
        Assignment.id != assignment.id,
        Assignment.state.in_(AGREED),
    )
    return [
        one.interpreter.first_name for one in db.session.scalars(others.order_by(Assignment.seat))
    ]


def known_instead(assignment: Assignment, now: datetime) -> Assignment | None:
    """Return of whom those who asked think that they come, now that an assignment has ended.

    Of whoever was announced and then replaced, where nobody hears of the one who came instead;
    nobody where nobody was announced, or that they do not come is said already. Of whom nothing was
    ever written they know otherwise, from their page or from the system before this one.
    """
    request_id = assignment.interpretation_request_id
    is_back = said.is_said(about_all(request_id), BACK)
    if is_back or is_known(assignment, now):
        return assignment
    known = last_on(request_id, assignment.seat)
    if known is None or known.state != AssignmentState.RELEASED:
        return None
    return None if said.is_said(about_coming(known.id), LOST) else known


def _is_known_otherwise(assignment: Assignment, now: datetime) -> bool:
    return assignment.confirmed_at < now and not said.is_written(about_coming(assignment.id))


def gone_before(assignment: Assignment, now: datetime) -> str | None:
    """Return the first name of whom somebody comes instead of; what was to say it is not sent.

    Or the name of the agency that was to send somebody. Nothing ("") where those who asked know of
    nobody; None where they know that this person comes, then and so, and of nothing else.
    """
    if is_said(assignment.id):
        return ""
    before = last_on(assignment.interpretation_request_id, assignment.seat)
    if before is None or before.state != AssignmentState.RELEASED:
        return _agency_gone(assignment.interpretation_request, now)
    about = about_coming(before.id)
    if before.interpreter_id != assignment.interpreter_id:
        messaging.take_back(about, names=LOST, now=now)
        return before.interpreter.first_name
    heard_of_loss = bool(messaging.take_back(about, names=LOST, now=now))
    if heard_of_loss or not _is_the_same(before, assignment):
        return ""
    go_on(before.id, assignment.id)
    return None


def _agency_gone(one: InterpretationRequest, now: datetime) -> str:
    """Return the agency that sends nobody after all, where everybody comes and that is not said."""
    unsaid = sent.facts_unsaid(about_all(one.id), AGENCY_OFF)
    if not unsaid or one.state != RequestState.FILLED:
        return ""
    messaging.take_back(about_all(one.id), names=AGENCY_OFF, now=now)
    return str(unsaid[-1]["agency"])


def _is_the_same(before: Assignment, after: Assignment) -> bool:
    """Tell whether an assignment is as the one before was when it was announced."""
    one, other = (
        (each.starts_at, each.ends_at, each.way, each.language) for each in (before, after)
    )
    return one == other and len(before.confirmations) == 1


def go_on(before: int, after: int) -> None:
    """Let what those who asked heard of one assignment count for the one it goes on as."""
    subjects.goes_on(about_coming(before), about_coming(after))


def take_back_all(request_id: int, now: datetime) -> None:
    """Take back all that those who asked have not been told yet; none of it holds any more."""
    ids = sa.select(Assignment.id).where(Assignment.interpretation_request_id == request_id)
    all_of_it = [about_all(request_id), *map(about_coming, db.session.scalars(ids))]
    messaging.take_back(all_of_it, now=now)
