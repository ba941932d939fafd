"""Why people must not come to a request: the solver knows only that they must not."""

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from enum import StrEnum

import solver
import solver.analysis
from dispatch.assignments.fitting import is_volunteer
from dispatch.interpreters.models import Interpreter
from dispatch.planning.snapshot.loading import why_not_by
from dispatch.requests.models import InterpretationRequest


class Bar(StrEnum):
    """What keeps one person from one request, whatever the schedule."""

    DECLINED = "declined"
    EXCLUDED = "excluded"
    SHORT_NOTICE = "too-short-notice"
    DISTRICT = "not-in-region"
    ONLY_VOLUNTEER = "only-volunteer"
    """What is said has legal consequences."""
    RELEASED = "released"
    """By the office, so that only a person asks them again; or on the other half of a talk."""

    NOT_THERE = "not-available"
    """Has hours at this time, but not by the ways that were asked for."""


Bars = Mapping[str, Bar]
"""By the solver's id of the interpreter; who is barred and not among them is excluded."""


def bars(
    interpretation_request: InterpretationRequest,
    found: Iterable[solver.analysis.Candidate | solver.plan.Reason],
    people: Mapping[int, Interpreter],
    said_no: Set[tuple[int, int]],
    *,
    now: datetime,
) -> Bars:
    """Return why each of those found who must not come must not.

    `said_no` are pairs of request and interpreter (`offers.barring.declined`); `now` is when the
    solver was asked.
    """
    return {
        one.interpreter: _bar(interpretation_request, people[int(one.interpreter)], said_no, now)
        for one in found
        if any(each.rule == solver.plan.RuleCode.EXCLUDED for each in one.violations)
    }


def _bar(
    interpretation_request: InterpretationRequest,
    interpreter: Interpreter,
    said_no: Set[tuple[int, int]],
    now: datetime,
) -> Bar:
    if (interpretation_request.id, interpreter.id) in said_no:
        return Bar.DECLINED
    if any(
        one.interpreter_id == interpreter.id for one in interpretation_request.excluded_interpreters
    ):
        return Bar.EXCLUDED
    day = interpretation_request.day
    if interpretation_request.has_legal_consequences and is_volunteer(interpreter, day):
        return Bar.ONLY_VOLUNTEER
    for way in interpretation_request.ranked_ways:
        refusal = why_not_by(interpreter, interpretation_request, way, now)
        if refusal is not None:
            return Bar(refusal.code)
    return Bar.RELEASED
