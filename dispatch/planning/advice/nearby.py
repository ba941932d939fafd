"""What of somebody's day stands in the way of one more assignment, in words."""

from contextlib import suppress
from datetime import datetime

from flask_babel import gettext as _

from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Terms
from dispatch.assignments.service import NEIGHBOURS_WITHIN
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.holds import service as holds
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter
from dispatch.offers import seats
from dispatch.offers.seats import Wanted
from dispatch.planning.advice import wording
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import local_time


def too_near(
    interpreter: Interpreter,
    one: InterpretationRequest,
    starts_at: datetime | None,
    now: datetime,
) -> str:
    """Return why the time or a way does not fit beside what somebody does, and what that is.

    With the nearest start that fits; nothing where it does fit, or no seat is free yet. Of a
    window, `starts_at` is the start somebody chose.
    """
    with suppress(Conflict):  # somebody is to leave their seat
        terms = seats.terms_for(one, Wanted(starts_at=starts_at), now=now)
        try:
            assignments.require_reachable(interpreter, terms)
        except Conflict as refused:
            named = wording.listed(_named(each, one) for each in _neighbours(interpreter, terms))
            return _("%(why)s Beside it: %(others)s.", why=refused.text, others=named)
    return ""


def _neighbours(interpreter: Interpreter, terms: Terms) -> list[Hold]:
    """Return what overlaps, or else what comes last before and first after."""
    held = holds.between(
        interpreter.id, terms.starts_at - NEIGHBOURS_WITHIN, terms.ends_at + NEIGHBOURS_WITHIN
    )
    held = sorted(held, key=lambda each: each.starts_at)
    before = [each for each in held if each.ends_at <= terms.starts_at][-1:]
    after = [each for each in held if each.starts_at >= terms.ends_at][:1]
    meanwhile = [
        each for each in held if each.starts_at < terms.ends_at and each.ends_at > terms.starts_at
    ]
    return meanwhile or [*before, *after]


def _named(hold: Hold, one: InterpretationRequest) -> str:
    """Return a hold in words: assignment or question, by number, and from when to when."""
    span = "–".join(local_time(at, one.time_zone) for at in (hold.starts_at, hold.ends_at))
    number = db.session.query(Assignment.id).filter_by(hold_id=hold.id).scalar()
    if number is None:
        return _("a question that waits for an answer, %(span)s", span=span)
    return _("assignment %(number)d, %(span)s", number=number, span=span)
