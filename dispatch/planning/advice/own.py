"""What an interpreter may read of how work is shared: the own share, and why not asked for what.

The same rules as a plan keeps to, said for one person and without a word about anybody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from dispatch.assignments import queries as assignments
from dispatch.assignments.fitting import ONLY_VOLUNTEER, why_not
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Terms
from dispatch.availability.rules import Way
from dispatch.availability.times import minutes_a_week
from dispatch.cities.working_time import local_day
from dispatch.database import db
from dispatch.holds import service as holds
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.interpreters.rules import Employment
from dispatch.offers.models import Offer
from dispatch.planning.snapshot.shares import PERIOD, Person, Share, shares
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.settings import active

SAID_TO_ONESELF = {
    "too-short-notice": _l("it begins sooner than you want to be asked"),
    "not-in-region": _l("you do not go to this district"),
}
UNFIT_TO_ONESELF = (
    (_l("does not hold the qualification"), _l("you do not hold the qualification")),
    (_l("the language level is too low"), _l("your level in the language is too low")),
    (_l("does not work in this language"), _l("you do not work in this language")),
    (ONLY_VOLUNTEER, _l("you are not SprInt or more, and what is said has legal consequences")),
)
"""What others read of somebody who is not what is required, and they themselves."""
LOOKED_AHEAD = timedelta(days=14)
MOST = 12


@dataclass(frozen=True)
class NotAsked:
    """A request in somebody's language for which they were not asked, and why, as things stand."""

    language: str
    starts_at: datetime
    time_zone: str
    why: Any


def share_of(interpreter: Interpreter, now: datetime) -> Share | None:
    """Return the minutes somebody gave in the last 28 days, and those that would be fair.

    None for staff, whose hours are agreed and paid whoever goes (decision 0012).
    """
    if interpreter.employment == Employment.STAFF:
        return None
    today = local_day(now, active().city)
    sharing = {
        one.id: Person(_minutes_offered(one, today), _languages(one))
        for one in interpreters.active_with_languages()
        if one.employment != Employment.STAFF
    }
    done = assignments.work_done_between(now - PERIOD, now)
    given = [(work.interpreter_id, work.language, work.minutes) for work in done]
    return shares(sharing, given, {}).get(interpreter.id)


def not_asked(interpreter: Interpreter, now: datetime) -> list[NotAsked]:
    """Return the next requests in somebody's languages for which they were not asked, and why.

    Who must not come to a request, and whom those who ask wish for, nobody reads here.
    """
    found = _requests_without(interpreter, now)
    taken = holds.between(interpreter.id, now, now + LOOKED_AHEAD + timedelta(days=1))
    return [
        NotAsked(one.language, one.starts_at, one.time_zone, _why(interpreter, one, taken, now))
        for one in found
    ]


def _why(
    interpreter: Interpreter, one: InterpretationRequest, taken: Sequence[Any], now: datetime
) -> Any:
    way, span = Way(one.ranked_ways[0]), (one.starts_at, one.ends_at)
    terms = Terms(1, one.site_id, *span, one.language, way)
    if interpreters.is_absent(interpreter, *span):
        return _l("you are away")
    if not interpreters.is_there(interpreter, span, one.time_zone, way):
        return _l("it lies outside your times")
    refusal = interpreters.why_not_asked(interpreter, one.starts_at, one.site.district, now, way)
    if refusal is not None:
        return SAID_TO_ONESELF.get(refusal.code, refusal.text)
    if any(hold.starts_at < one.ends_at and one.starts_at < hold.ends_at for hold in taken):
        return _l("at this time you are asked for or come somewhere else")
    if unfit := why_not(interpreter, one, terms, one.time_zone):
        return next((own for others, own in UNFIT_TO_ONESELF if others == unfit), unfit)
    if one.state == RequestState.OPEN:
        return _l("nobody is found yet; you may still be asked")
    return _l("somebody else was found")


def _requests_without(interpreter: Interpreter, now: datetime) -> Sequence[InterpretationRequest]:
    request_id, me = InterpretationRequest.id, interpreter.id
    asked = sa.exists().where(
        Offer.interpretation_request_id == request_id, Offer.interpreter_id == me
    )
    comes = sa.exists().where(
        Assignment.interpretation_request_id == request_id, Assignment.interpreter_id == me
    )
    return db.session.scalars(
        sa.select(InterpretationRequest)
        .options(joinedload(InterpretationRequest.site))
        .where(
            InterpretationRequest.language.in_(_languages(interpreter)),
            InterpretationRequest.starts_at > now,
            InterpretationRequest.starts_at < now + LOOKED_AHEAD,
            InterpretationRequest.state.in_([RequestState.OPEN, RequestState.FILLED]),
            ~asked,
            ~comes,
        )
        .order_by(InterpretationRequest.starts_at, request_id)
        .limit(MOST)
    ).all()


def _minutes_offered(one: Interpreter, today: date) -> int:
    return minutes_a_week(one.availability.weekly_hours, today)


def _languages(one: Interpreter) -> frozenset[str]:
    return frozenset(each.tag for each in one.working_languages)
