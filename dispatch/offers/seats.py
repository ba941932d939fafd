"""The seats of a request: which are free, and taking one together with somebody's time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from dispatch.assignments import fitting
from dispatch.assignments import service as assignments
from dispatch.assignments.rules import Terms, Way
from dispatch.errors import Conflict
from dispatch.holds import service as holds
from dispatch.holds.models import Hold
from dispatch.holds.rules import Cause
from dispatch.interpreters.models import Interpreter
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.requests import windows
from dispatch.requests.models import InterpretationRequest


@dataclass(frozen=True)
class Wanted:
    """What a plan or a person decided of an offer; what is None is as the request says.

    The way is then that of the others who are asked or come, or else the one wanted most.
    """

    seat: int | None = None
    starts_at: datetime | None = None
    language: str | None = None
    way: Way | None = None


AS_ASKED = Wanted()


def prepare(
    request_id: int, interpreter_id: int, wanted: Wanted = AS_ASKED, *, now: datetime
) -> tuple[InterpretationRequest, Interpreter, Terms]:
    """Lock request and interpreter, in this order, and say on which terms somebody comes.

    Raises `Conflict` for a request that is not open, has begun, or has no free seat, and for an
    interpreter who is not what it requires.
    """
    interpretation_request = requests.lock(request_id)
    request_rules.require_open(interpretation_request.state)
    request_rules.require_not_begun(interpretation_request.latest_start_at, now)
    interpreter = assignments.lock_interpreter(interpreter_id)
    terms = terms_for(interpretation_request, wanted, now=now)
    request_rules.require_not_begun(terms.starts_at, now)
    fitting.require_fit(interpreter, interpretation_request, terms, now)
    return interpretation_request, interpreter, terms


def terms_for(
    interpretation_request: InterpretationRequest, wanted: Wanted = AS_ASKED, *, now: datetime
) -> Terms:
    """Return on which terms somebody would come: always one start, also where a window was asked.

    Raises `Conflict` without a free seat.
    """
    held = holds.of_request(interpretation_request.id)
    starts_at = windows.start_for(interpretation_request, wanted.starts_at, _starts(held), now)
    most_wanted = interpretation_request.ranked_ways[0]
    return Terms(
        seat=wanted.seat or free_seat(interpretation_request, held),
        site_id=interpretation_request.site_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=interpretation_request.duration_minutes),
        language=wanted.language or interpretation_request.language,
        way=wanted.way or _way_of(held) or most_wanted,
    )


def free_seats(
    interpretation_request: InterpretationRequest, held: Sequence[Hold] | None = None
) -> list[int]:
    """Return the seats nobody is asked for and nobody comes to; `held` are its holds, if read."""
    if held is None:
        held = holds.of_request(interpretation_request.id)
    taken = {hold.seat for hold in held}
    return [n for n in range(1, interpretation_request.interpreter_count + 1) if n not in taken]


def take(
    interpretation_request: InterpretationRequest,
    interpreter: Interpreter,
    terms: Terms,
    cause: Cause,
) -> Hold:
    """Take seat and time; raises `Conflict` where they are taken or the way cannot be made.

    So it does for a time that nobody asks for any more, since a team has agreed to another, and
    where others of the team take part by another way.
    """
    held = holds.of_request(interpretation_request.id)
    windows.require_time(interpretation_request, terms.starts_at, terms.ends_at, _starts(held))
    if _way_of(held) not in {None, terms.way}:
        raise Conflict(
            "another-way",
            _l("The others of the team take part by another way; all do it by the same."),
        )
    assignments.require_reachable(interpreter, terms)
    return holds.take(
        interpreter_id=interpreter.id,
        interpretation_request_id=interpretation_request.id,
        seat=terms.seat,
        site_id=terms.site_id,
        way=terms.way,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        cause=cause,
    )


def _starts(held: Sequence[Hold]) -> list[datetime]:
    """Return when others are asked to come or come; a team begins together."""
    return [one.starts_at for one in held]


def _way_of(held: Sequence[Hold]) -> Way | None:
    """Return by which way others are asked exclusively or come; None without any."""
    return Way(held[0].way) if held else None


def free_seat(
    interpretation_request: InterpretationRequest, held: Sequence[Hold] | None = None
) -> int:
    """Return the first free seat; raises `Conflict` without one."""
    free = free_seats(interpretation_request, held)
    if not free:
        raise Conflict("seat-taken", _l("Somebody else was asked for this request already."))
    return free[0]
