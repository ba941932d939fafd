"""Who could come instead when somebody falls out, and when they would be there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import lazy_gettext as _l

import solver
import solver.analysis
from dispatch.assignments.models import Assignment
from dispatch.assignments.whereabouts import place_by
from dispatch.attendance import queries as attendance
from dispatch.attendance.queries import Missed
from dispatch.availability.rules import Way
from dispatch.cancellations import service as cancellations
from dispatch.cancellations.reversing import Seat, Step
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.interpreters import reached
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import Actor, Reasons
from dispatch.messaging.rules import Channel
from dispatch.offers import arriving
from dispatch.offers import service as offers
from dispatch.offers.long_ways import LongWay, remark
from dispatch.offers.seats import AS_ASKED, Wanted
from dispatch.planning.advice import changing, standing, wording
from dispatch.planning.advice.changing import Change
from dispatch.planning.advice.wishing import wishes_met
from dispatch.planning.snapshot.named import people_of
from dispatch.planning.snapshot.places import Origins
from dispatch.planning.snapshot.problem import Question, of_day
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.sites.models import Site
from dispatch.travel.times import TravelTimes

CANNOT_BE_THERE = _l("cannot be there in time")


@dataclass(frozen=True)
class Replacement:
    """Somebody who could come instead, when they would be there, and what it adds.

    `is_near`: it begins so soon that when they could be there says anything.
    """

    interpreter: Interpreter
    arrival: arriving.Arrival
    late_minutes: int
    is_near: bool
    note: str
    wanted: Wanted


@dataclass(frozen=True)
class Moving:
    """Somebody who would have to move to come, and when they would be there."""

    change: Change
    arrival: arriving.Arrival
    late_minutes: int
    is_near: bool


@dataclass(frozen=True)
class Rescue:
    """What is wrong with a request, and who could come instead: in time first, best first.

    `missed` is the one who is still to come but will not be there in time, by what they said or
    because the one before lasts longer; None where a seat is open already. `changes` are who
    would have to move for somebody to come.
    """

    missed: Missed | None
    replacements: list[Replacement]
    changes: list[Moving]


def rescue(interpretation_request: InterpretationRequest, now: datetime) -> Rescue | None:
    """Return who could come to a request that somebody falls out of; None where nobody does."""
    missed = attendance.not_in_time(interpretation_request.id, now)
    if interpretation_request.latest_start_at <= now:  # nobody else is asked for it any more
        return Rescue(missed, [], []) if missed else None
    if missed is None and not _is_open(interpretation_request):
        return None
    question = of_day(
        interpretation_request.day,
        interpretation_request.time_zone,
        now=now,
        only=interpretation_request.id,
        without=[missed.assignment.id] if missed else [],
        late_too=True,
    )
    schedule = standing.as_it_stands(question)
    late = _who(missed.assignment) if missed else None
    found = _replacements(interpretation_request, question, schedule, late, now)
    moving = [
        _moving(one, interpretation_request, question.times, now)
        for one in changing.changes(interpretation_request, question, schedule, now)
        if not missed or one.mover.id != missed.assignment.interpreter_id
    ]
    return Rescue(missed, sorted(found, key=lambda one: one.late_minutes), moving)


def _replacements(
    interpretation_request: InterpretationRequest,
    question: Question,
    schedule: solver.analysis.Desk,
    late: str | None,
    now: datetime,
) -> list[Replacement]:
    """Return who could come instead, the best first, but not who is late for it."""
    [wanted] = [
        one for one in question.problem.requests if one.id == str(interpretation_request.id)
    ]
    every = standing.candidates(schedule, interpretation_request.id)
    able = [one for one in every if one.feasible and one.interpreter != late]
    people = people_of(one.interpreter for one in able)
    terms = {int(one.interpreter): standing.wanted_of(one, question) for one in able}
    long = standing.long_ways(able, question, people, interpretation_request)
    unreached = reached.unreached(people)
    starts = _starts(schedule, question, interpretation_request)
    held = arriving.held_before(
        terms,
        [*starts, *(_start(one, interpretation_request) for one in terms.values())],
        now=now,
    )
    return [
        _replacement(
            people[int(one.interpreter)],
            interpretation_request,
            held,
            _price(one, wanted, question, people, interpretation_request, long, unreached),
            _choices(terms[int(one.interpreter)], starts, one.interpreter),
            question.times,
            now,
        )
        for one in able
    ]


def _choices(
    best: Wanted, starts: Mapping[datetime, tuple[str, ...]], interpreter: str
) -> list[Wanted]:
    """Return the best terms for somebody, and after them the other starts at which they could."""
    return [best, *(replace(best, starts_at=at) for at in starts if interpreter in starts[at])]


def _starts(
    schedule: solver.analysis.Desk, question: Question, one: InterpretationRequest
) -> dict[datetime, tuple[str, ...]]:
    """Return the starts of an open window, in order, and who could come at each."""
    return standing.starts(schedule, question, one.id) if one.has_window else {}


def _moving(
    change: Change, one: InterpretationRequest, times: TravelTimes, now: datetime
) -> Moving:
    start = _start(change.wanted, one)
    held = arriving.held_before([change.mover.id], [start], but=change.elsewhere.hold_id, now=now)
    there = place_by(change.wanted.way or Way.ON_SITE, one.site, change.mover)
    arrival = arriving.arrival_of(
        change.mover, there, arriving.last_before(held, change.mover.id, start), times, now
    )
    late = arriving.minutes_late(arrival, start)
    return Moving(change, arrival, late, arriving.is_near(arrival, start))


def _is_open(interpretation_request: InterpretationRequest) -> bool:
    is_open = interpretation_request.state == RequestState.OPEN
    return is_open and bool(offers.free_seats(interpretation_request))


def _start(wanted: Wanted, interpretation_request: InterpretationRequest) -> datetime:
    return wanted.starts_at or interpretation_request.starts_at


def ask(
    actor: Actor, request_id: int, interpreter_id: int, wanted: Wanted = AS_ASKED, *, now: datetime
) -> Step:
    """Ask somebody to come instead; who will not be there in time is released in the same step.

    Returns whose seat it was and whose it becomes.

    Ask `require_replacement` first, outside the transaction; overlap and travel are checked again
    here. Raises `Conflict` when somebody was quicker.
    """
    before = make_room(actor, db.session.get_one(InterpretationRequest, request_id), now=now)
    offer = offers.make(actor, request_id, interpreter_id, wanted, now=now)
    return Step(request_id, before, Seat.of(offer))


def make_room(
    actor: Actor, interpretation_request: InterpretationRequest, *, now: datetime
) -> Seat | None:
    """Release who will not be there in time, where no other seat is free; nothing is owed.

    Returns the seat that became free.
    """
    missed = attendance.not_in_time(interpretation_request.id, now)
    if missed is None or interpretation_request.state != RequestState.FILLED:
        return None
    seat, reasons = Seat.of(missed.assignment), Reasons(office=str(CANNOT_BE_THERE))
    cancellations.release(actor, missed.assignment.id, reasons=reasons, owes=False, now=now)
    return seat


def require_replacement(
    interpretation_request: InterpretationRequest, interpreter_id: int, now: datetime
) -> Wanted:
    """Return how somebody could come instead; refuse (409) who could not as things stand."""
    found = rescue(interpretation_request, now)
    for one in found.replacements if found else ():
        if one.interpreter.id == interpreter_id:
            return one.wanted
    raise Conflict("not-possible", _l("This person cannot come instead as things stand."))


def require_change(
    interpretation_request: InterpretationRequest, interpreter_id: int, now: datetime
) -> Change:
    """Return how somebody could come who would have to move; refuse (409) who could not."""
    found = rescue(interpretation_request, now)
    for one in found.changes if found else ():
        if one.change.mover.id == interpreter_id:
            return one.change
    raise Conflict("not-possible", _l("This person cannot come instead as things stand."))


def _price(
    one: solver.analysis.Candidate,
    wanted: solver.problem.Request,
    question: Question,
    people: Mapping[int, Interpreter],
    interpretation_request: InterpretationRequest,
    long: Mapping[str, LongWay],
    unreached: Mapping[int, Sequence[Channel]],
) -> str:
    ways = Origins(question.problem, question.times).with_another(one.interpreter, wanted.id)
    person = people[int(one.interpreter)]
    wishes = [
        *([reached.in_words(person, unreached[person.id])] if person.id in unreached else []),
        *remark(long.get(one.interpreter)),
        *wishes_met(wanted, person, interpretation_request),
    ]
    return wording.price(one, wanted, ways, wishes=wishes)


def _who(assignment: Assignment) -> str:
    return str(assignment.interpreter_id)


def _replacement(
    interpreter: Interpreter,
    interpretation_request: InterpretationRequest,
    held: Sequence[tuple[arriving.Doing, Site]],
    note: str,
    choices: Sequence[Wanted],
    times: TravelTimes,
    now: datetime,
) -> Replacement:
    """Return somebody as a replacement: of several starts at the first they are in time for."""

    def at(wanted: Wanted) -> Replacement:
        start = _start(wanted, interpretation_request)
        there = place_by(wanted.way or Way.ON_SITE, interpretation_request.site, interpreter)
        before = arriving.last_before(held, interpreter.id, start)
        arrival = arriving.arrival_of(interpreter, there, before, times, now)
        late, near = arriving.minutes_late(arrival, start), arriving.is_near(arrival, start)
        return Replacement(interpreter, arrival, late, near, note, wanted)

    return min((at(one) for one in choices), key=lambda one: one.late_minutes)
