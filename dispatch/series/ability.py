"""Whether one person can come to a date of a series, and for how many dates everybody could."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from dispatch.assignments import fitting
from dispatch.assignments import service as assignments
from dispatch.assignments.fitting import Named
from dispatch.assignments.rules import Terms
from dispatch.errors import Conflict, Refusal
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.offers import barring
from dispatch.offers.asking import declined_before
from dispatch.requests.models import InterpretationRequest
from dispatch.series import limits
from dispatch.series.limits import Span
from dispatch.series.queries import DateStanding


class How(StrEnum):
    """How a date is given to somebody."""

    ASSIGN = "assign"
    """Agreed in person; it is confirmed at once."""

    OFFER = "offer"


HOWS = (How.OFFER, How.ASSIGN)


@dataclass(frozen=True)
class Beside:
    """What is read once for all dates and everybody: who said no, is named, or has no time.

    `taken` is the work of each, of the whole weeks in which the dates are.
    """

    declined: set[tuple[int, int]]
    named: Named
    taken: dict[int, list[Span]]


@dataclass(frozen=True)
class Able:
    """Somebody of the language, and to how many of the dates nothing is known to speak against.

    `dates` they could be asked for; `agreed` could be agreed with them in person.
    """

    interpreter: Interpreter
    dates: int
    agreed: int


def read_beside(
    dates: Sequence[DateStanding], interpreter_ids: Collection[int], now: datetime
) -> Beside:
    """Return what the checks of these people for these dates need, in few statements."""
    first = min(one.interpretation_request.starts_at for one in dates)
    last = max(one.interpretation_request.ends_at for one in dates)
    taken = limits.work_around(first, last, interpreter_ids)
    those = [one.interpretation_request for one in dates]
    return Beside(barring.declined([one.id for one in those]), fitting.named(those, now), taken)


def everybody(dates: Sequence[DateStanding], *, now: datetime) -> list[Able]:
    """Return who works in the language, first who could be asked for most of the dates.

    Ways are not looked at here; `require_able` does for one person.
    """
    tags = set(dates[0].interpretation_request.languages)
    people = [
        one
        for one in interpreters.active_with_languages()
        if tags & {spoken.tag for spoken in one.working_languages}
    ]
    beside = read_beside(dates, [one.id for one in people], now)
    found = [
        Able(one, *(sum(_is_able(one, date, how, beside, now) for date in dates) for how in HOWS))
        for one in people
    ]
    return sorted(
        found,
        key=lambda able: (-able.dates, -able.agreed, able.interpreter.name, able.interpreter.id),
    )


def require_able(
    interpreter: Interpreter, date: DateStanding, how: How, beside: Beside, *, now: datetime
) -> None:
    """Refuse (409) with what stops somebody from a date; the way to its neighbours included.

    What she can come to counts for the limits of the dates that are looked at after it.
    """
    _require_without_ways(interpreter, date, how, beside, now)
    terms = _terms(date.interpretation_request, interpreter)
    assignments.require_reachable(interpreter, terms)
    beside.taken.setdefault(interpreter.id, []).append((terms.starts_at, terms.ends_at))


def require_seat(date: DateStanding, interpreter_id: int, instead_of: int | None) -> None:
    """Refuse (409) where somebody is on the date already, or no seat is free or becomes free."""
    if interpreter_id in date.people:
        raise Conflict("on-it-already", _l("Is asked for this date or comes already."))
    held = len(date.coming) + sum(one.exclusive for one in date.asked)
    if held >= date.interpretation_request.seats_of_pool and instead_of not in date.people:
        raise Conflict("seat-taken", _l("Somebody else is asked for this date or comes."))


def _is_able(
    interpreter: Interpreter, date: DateStanding, how: How, beside: Beside, now: datetime
) -> bool:
    try:
        _require_without_ways(interpreter, date, how, beside, now)
    except Refusal:
        return False
    return True


def _require_without_ways(
    interpreter: Interpreter, date: DateStanding, how: How, beside: Beside, now: datetime
) -> None:
    wanted, terms = date.interpretation_request, _terms(date.interpretation_request, interpreter)
    lacking = fitting.why_not(interpreter, wanted, terms, wanted.time_zone)
    lacking = lacking or beside.named.why_not(wanted.id, interpreter.id)
    if lacking:
        raise Conflict("not-possible", lacking)
    if any(
        start < terms.ends_at and terms.starts_at < end
        for start, end in beside.taken.get(interpreter.id, ())
    ):
        raise Conflict("overlap", _l("At this time there is another assignment already."))
    span = (terms.starts_at, terms.ends_at)
    limits.require_within(interpreter, span, beside.taken.get(interpreter.id, ()), wanted.time_zone)
    if interpreters.is_absent(interpreter, terms.starts_at, terms.ends_at):
        raise Conflict("not-possible", _l("is away at this time"))
    if how == How.OFFER:  # what was agreed in person may lie outside the usual times
        if (wanted.id, interpreter.id) in beside.declined:
            raise declined_before()
        interpreters.require_askable(
            interpreter,
            span,
            district=wanted.site.district,
            zone_name=wanted.time_zone,
            now=now,
            way=terms.way,
        )


def language_for(wanted: InterpretationRequest, interpreter: Interpreter) -> str:
    """Return in which of the languages that will do somebody would interpret a date."""
    spoken = {one.tag for one in interpreter.working_languages}
    return next((tag for tag in wanted.languages if tag in spoken), wanted.language)


def _terms(wanted: InterpretationRequest, interpreter: Interpreter) -> Terms:
    """Return the terms of a date; of a window its first start is the one that is given."""
    return Terms(
        seat=1,
        site_id=wanted.site_id,
        starts_at=wanted.starts_at,
        ends_at=wanted.starts_at + timedelta(minutes=wanted.duration_minutes),
        language=language_for(wanted, interpreter),
        way=wanted.ranked_ways[0],
    )
