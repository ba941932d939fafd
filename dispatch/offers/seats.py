"""The seats of a request: which are free, and taking one together with somebody's time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from dispatch.assignments import fitting
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Terms, Way
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.holds import service as holds
from dispatch.holds.models import Hold
from dispatch.holds.rules import Cause
from dispatch.interpreters.models import Interpreter
from dispatch.languages.rules import TO
from dispatch.offers import queries
from dispatch.offers.models import Offer
from dispatch.requests import rules as request_rules
from dispatch.requests import service as requests
from dispatch.requests import windows
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.sharing import PEOPLE, Sharing, lasting, part_of, talk_begins
from dispatch.requests.states import ALIVE


@dataclass(frozen=True)
class Wanted:
    """What a plan or a person decided of an offer; what is None is as the request says.

    The way is then that of the others who are asked or come, or else the one wanted most. Two who
    are to share a talk (`sharing`) are each asked for a seat and a time of their own.
    """

    seat: int | None = None
    starts_at: datetime | None = None
    language: str | None = None
    way: Way | None = None
    sharing: Sharing | None = None


AS_ASKED = Wanted()


def wanted_again(before: Offer | Assignment) -> Wanted:
    """Return what is wanted of whoever is to do again what they were asked for or came to."""
    return Wanted(
        before.seat, before.starts_at, before.language, Way(before.way), _shared_as(before)
    )


def _shared_as(before: Offer | Assignment) -> Sharing | None:
    """Return how a talk was shared of which this was somebody's part; None where it was all."""
    one, minutes = before.interpretation_request, before.ends_at - before.starts_at
    if one.relay_allowed and before.language not in one.direct_languages:
        return Sharing(pivot=before.language.partition(TO)[2] or before.language)
    part = minutes // timedelta(minutes=1)
    if one.handover_allowed and part < one.duration_minutes:
        return Sharing(after_minutes=part if before.seat == 1 else one.duration_minutes - part)
    return None


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
    share(interpretation_request, wanted.sharing)
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
    one, held = interpretation_request, holds.of_request(interpretation_request.id)
    seat = wanted.seat or free_seat(one, held)
    start = wanted.starts_at and talk_begins(one, seat, wanted.starts_at)
    part = part_of(one, seat, windows.start_for(one, start, _starts(one, held), now))
    language = wanted.language or part.language
    if one.sharing is not None and language != part.language:
        raise Conflict(
            "shared-otherwise",
            _l("What each of those who share this talk does has changed; plan it again."),
        )
    return Terms(
        seat=seat,
        site_id=one.site_id,
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        language=language,
        way=wanted.way or _way_of(held) or one.ranked_ways[0],
    )


def share(interpretation_request: InterpretationRequest, sharing: Sharing | None) -> None:
    """Let two people share a (locked) talk, or one do all of it, where nobody has a seat yet.

    Raises `Conflict` where somebody is asked or comes already and it is shared in another way.
    """
    one = interpretation_request
    sharing = _settled(sharing, one) if sharing else None
    if sharing == one.sharing:
        return
    if not holds.of_request(one.id):
        _divide(one, sharing)
    elif sharing is not None:
        raise Conflict(
            "shared-otherwise",
            _l("Somebody is asked for this talk or comes to it already; plan it again."),
        )


def whole_again(interpretation_request: InterpretationRequest) -> None:
    """Let a (locked) talk that two shared be as it was asked for, once neither is asked or comes.

    One that is over or cancelled stays as it was.
    """
    one = interpretation_request
    if one.sharing is None or one.state not in ALIVE:
        return
    if not holds.of_request(one.id) and not queries.open_for(one.id):
        _divide(one, None)


def _divide(one: InterpretationRequest, sharing: Sharing | None) -> None:
    one.interpreter_count = PEOPLE if sharing else 1
    one.pivot = sharing.pivot if sharing else None
    one.handed_over_after = sharing.after_minutes if sharing else None
    db.session.flush()


def _settled(sharing: Sharing, one: InterpretationRequest) -> Sharing:
    """Return how a talk is shared, with the minute of the hand-over where nobody has named one."""
    wished = one.handover_minutes if sharing.after_minutes is None else None
    return lasting(sharing, one.duration_minutes, wished)


def free_seats(
    interpretation_request: InterpretationRequest, held: Sequence[Hold] | None = None
) -> list[int]:
    """Return the seats nobody is asked for and nobody comes to; `held` are its holds, if read.

    For as many of them as an agency sends people nobody is looked for either.
    """
    if held is None:
        held = holds.of_request(interpretation_request.id)
    taken = {hold.seat for hold in held}
    count = interpretation_request.interpreter_count
    free = [n for n in range(1, count + 1) if n not in taken]
    return free[: max(0, len(free) - (interpretation_request.agency_seats or 0))]


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
    starts_at = talk_begins(interpretation_request, terms.seat, terms.starts_at)
    windows.require_time(
        interpretation_request,
        starts_at,
        starts_at + timedelta(minutes=interpretation_request.duration_minutes),
        _starts(interpretation_request, held),
    )
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


def _starts(one: InterpretationRequest, held: Sequence[Hold]) -> list[datetime]:
    """Return when the talk begins by what others are asked or come for; a team begins together."""
    return [talk_begins(one, each.seat, each.starts_at) for each in held]


def _way_of(held: Sequence[Hold]) -> Way | None:
    """Return by which way others are asked exclusively or come; None without any."""
    return Way(held[0].way) if held else None


def seat_for(interpretation_request: InterpretationRequest, terms: Terms) -> int:
    """Return the first free seat on which somebody does what they were asked for.

    Raises `Conflict` without one.
    """
    one, asked = interpretation_request, (terms.language, terms.starts_at, terms.ends_at)
    if one.sharing is None:
        return free_seat(one)
    for seat in free_seats(one):
        if part_of(one, seat, talk_begins(one, seat, terms.starts_at)) == asked:
            return seat
    raise seat_taken()


def free_seat(
    interpretation_request: InterpretationRequest, held: Sequence[Hold] | None = None
) -> int:
    """Return the first free seat; raises `Conflict` without one."""
    free = free_seats(interpretation_request, held)
    if not free:
        raise seat_taken()
    return free[0]


def seat_taken() -> Conflict:
    """Return the refusal to ask for a request of which no seat is free."""
    return Conflict("seat-taken", _l("Somebody else was asked for this request already."))
