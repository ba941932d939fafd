"""Asking the solver about one request beside the schedule as it stands."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

import solver
import solver.analysis
from dispatch import clock
from dispatch.availability.models import Availability
from dispatch.availability.rules import Way
from dispatch.availability.times import busy_between
from dispatch.database import db, get
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.offers import long_ways as ways
from dispatch.offers.barring import declined
from dispatch.offers.long_ways import LongWay, Planned
from dispatch.offers.seats import Wanted
from dispatch.planning.advice import wording
from dispatch.planning.advice.barring import Bar, bars
from dispatch.planning.snapshot.named import people_of
from dispatch.planning.snapshot.problem import Question
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import local_time


def as_it_stands(question: Question) -> solver.analysis.Desk:
    """Return the schedule, what is asked or confirmed and nothing else, ready for questions."""
    return solver.analysis.Desk(question.problem, solver.analysis.standing(question.problem))


def candidates(schedule: solver.analysis.Desk, request_id: int) -> list[solver.analysis.Candidate]:
    """Return everybody of the language who is not on the request yet, the best first.

    Raises KeyError where the request is not in the question.
    """
    return [one for one in schedule.candidates(str(request_id)) if not one.assigned]


def not_on_it(
    found: Sequence[solver.analysis.Candidate], on_it: Set[int]
) -> list[solver.analysis.Candidate]:
    """Return those who are neither sent by the plan nor on the request already, by these ids."""
    return [one for one in found if not one.assigned and int(one.interpreter) not in on_it]


def narrowed(
    question: Question, request_id: int, *, at: datetime | None = None, way: Way | None = None
) -> Question:
    """Return the question in which a request has this one start, or this one way."""
    origin, _after = question.horizon.bounds
    minute = None if at is None else clock.minutes_between(origin, at)

    def narrow(one: solver.problem.Request) -> solver.problem.Request:
        start = {} if minute is None else {"earliest": minute, "latest": minute}
        ways = tuple(
            each for each in one.ways if way is None or each.way == solver.problem.Way(way)
        )
        return one.model_copy(update={**start, "ways": ways})

    changed = tuple(
        narrow(one) if one.id == str(request_id) else one for one in question.problem.requests
    )
    problem = question.problem.model_copy(update={"requests": changed})
    return replace(question, problem=problem)


def starts(
    schedule: solver.analysis.Desk, question: Question, request_id: int
) -> dict[datetime, tuple[str, ...]]:
    """Return each start at which enough people could come to a request, and who, by solver's ids.

    Raises KeyError where the request is not in the question.
    """
    origin, _after = question.horizon.bounds
    return {
        origin + timedelta(minutes=one.start): one.interpreters
        for one in schedule.feasible_starts(str(request_id))
    }


def wanted_of(candidate: solver.analysis.Candidate, question: Question) -> Wanted:
    """Return on which terms somebody could take a request: the best choice that fits."""
    origin, _after = question.horizon.bounds
    return Wanted(
        starts_at=origin + timedelta(minutes=candidate.start),
        language=candidate.language,
        way=Way(candidate.way),
    )


def long_ways(
    found: Sequence[solver.analysis.Candidate],
    question: Question,
    people: Mapping[int, Interpreter],
    one: InterpretationRequest,
) -> dict[str, LongWay]:
    """Return, by the candidate's id, the way that the office decides on before they are asked."""
    origin, _after = question.horizon.bounds
    length = timedelta(minutes=one.duration_minutes)
    visits = {}
    for each in found:
        begin = origin + timedelta(minutes=each.start)
        who = people[int(each.interpreter)]
        visits[each.interpreter] = Planned(who, one.site, each.way, begin, begin + length)
    beyond = ways.long_ways(list(visits.values()))
    return {id_: beyond[visit] for id_, visit in visits.items() if visit in beyond}


OF_THE_DAY = frozenset({solver.plan.RuleCode.TAKEN, solver.plan.RuleCode.WAY_BETWEEN})
"""The rules about what else somebody does then."""

OF_THE_HOURS = frozenset({solver.plan.RuleCode.AVAILABILITY, solver.plan.RuleCode.BUSY})
"""The rules that stop who does not work then; it may be a private calendar that says so."""

Beside = Callable[[Interpreter], str]
"""Says what of somebody's day stands in the way, in sentences; nothing where it does not."""


def require_able(
    schedule: solver.analysis.Desk,
    request_id: int,
    interpreter_id: int,
    *,
    beside: Beside | None = None,
    now: datetime,
) -> solver.analysis.Candidate:
    """Return somebody as a candidate, or refuse (409), naming every rule that stops them.

    With `beside`, which says what of somebody's day it is, in sentences; else the reasons alone.
    """
    try:
        found = schedule.candidates(str(request_id))
    except KeyError as unknown:
        raise Conflict("request-not-open", wording.NOT_NEEDED) from unknown
    for candidate in found:
        if candidate.interpreter == str(interpreter_id):
            if candidate.assigned:
                raise Conflict("not-possible", wording.ON_IT_ALREADY)
            if candidate.feasible:
                return candidate
            raise Conflict("not-possible", _what_stops(candidate, request_id, beside, now))
    raise Conflict("not-possible", wording.NOT_OF_THE_LANGUAGE)


def _what_stops(
    candidate: solver.analysis.Candidate,
    request_id: int,
    beside: Beside | None,
    now: datetime,
) -> str:
    people, said_no = people_of([candidate.interpreter]), declined([request_id])
    one = get(InterpretationRequest, request_id)
    barred = bars(one, [candidate], people, said_no, now=now)
    bar = barred.get(candidate.interpreter, Bar.EXCLUDED)
    who = people[int(candidate.interpreter)]
    told = beside(who) if beside else ""
    why = "; ".join(
        str(words)
        for each, words in reasons(candidate, bar, privately_busy([candidate], one))
        if not told or each.rule not in OF_THE_DAY
    )
    if beside is None:
        return why
    return f"{told} {who.name}: {why}.".strip() if why else told


def reasons(
    candidate: solver.analysis.Candidate, bar: Bar, busy: Mapping[int, str]
) -> list[tuple[solver.plan.Violation, Any]]:
    """Return every rule that stops somebody, and it in words; `busy` as `privately_busy` has it."""
    words = busy.get(int(candidate.interpreter))
    return [
        (each, words if words and each.rule in OF_THE_HOURS else wording.reason(each, bar))
        for each in candidate.violations
    ]


def privately_busy(
    found: Sequence[solver.analysis.Candidate], one: InterpretationRequest
) -> dict[int, str]:
    """Return when private calendars say that people are busy while it takes place, in words.

    By id, of those whom their hours stop: else nothing is read.
    """
    stopped = [
        int(each.interpreter)
        for each in found
        if any(violation.rule in OF_THE_HOURS for violation in each.violations)
    ]
    if not stopped:
        return {}
    has_calendar = sa.cast(Availability.busy_minutes, sa.String) != "[]"
    rows = db.session.execute(
        sa.select(Interpreter.id, Availability)
        .join(Interpreter.availability)
        .where(Interpreter.id.in_(stopped), has_calendar)
    )
    words = {id_: _busy(times, one) for id_, times in rows}
    return {id_: told for id_, told in words.items() if told}


def _busy(times: Availability, one: InterpretationRequest) -> str:
    first = one.starts_at
    after = one.latest_start_at + timedelta(minutes=one.duration_minutes)
    spans = busy_between(times, first, after)
    clipped = [(max(begin, first), min(end, after)) for begin, end in spans]
    told = ", ".join("–".join(local_time(at, one.time_zone) for at in span) for span in clipped)
    return _("is busy %(times)s by a private calendar", times=told) if told else ""
