"""Requests as the solver sees them: when and where, what is required, what is wished for."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

import solver
from dispatch import clock
from dispatch.assignments import queries as assignments
from dispatch.interpreters.models import Interpreter
from dispatch.offers import queries as offers
from dispatch.planning.snapshot import places
from dispatch.requests.models import InterpretationRequest

WEIGHT_OF_PRIORITY = {1: 4, 2: 2, 3: 1}
CASE_REMEMBERED = timedelta(days=365)
POINT = 1
"""What each person sent who is not wished for, or new to a case, costs in the level of wishes."""


def requests(
    asked: Sequence[InterpretationRequest],
    pool: Collection[Interpreter],
    *,
    origin: datetime,
    now: datetime,
) -> Iterator[solver.Request]:
    """Yield the solver's requests; times are minutes since `origin`.

    Those who declined or are excluded cannot come. Whom those who ask would like is a wish; where
    they named nobody, those are who interpreted for the same case in the year before.
    """
    barred = defaultdict(set)
    for request_id, interpreter_id in offers.declined([one.id for one in asked]):
        barred[request_id].add(interpreter_id)
    cases = {case for one in asked if (case := _case(one))}
    came = assignments.interpreters_of(cases, now - CASE_REMEMBERED, now) if cases else {}
    here = {one.id for one in pool}
    for one in asked:
        excluded = barred[one.id] | {each.interpreter_id for each in one.excluded_interpreters}
        preferred = {each.interpreter_id for each in one.preferred_interpreters} & here
        known = came.get(_case(one) or (0, ""), set()) & here
        yield solver.Request(
            id=str(one.id),
            earliest=clock.minutes_between(origin, one.starts_at),
            duration=one.duration_minutes,
            place=places.id_of(places.point_of(one.site)),
            buffer_before=one.site.buffer_before_minutes,
            buffer_after=one.site.buffer_after_minutes,
            languages=(solver.LanguageChoice(code=one.language),),
            weight=WEIGHT_OF_PRIORITY[one.priority],
            interpreters=one.interpreter_count,
            conditions=(*_required(one, excluded), *_wished(preferred, known)),
        )


def _case(asked: InterpretationRequest) -> assignments.Case | None:
    return (asked.organisation_id, asked.case_reference) if asked.case_reference else None


def _required(asked: InterpretationRequest, excluded: set[int]) -> Iterator[solver.AnyCondition]:
    if asked.gender_required:
        yield solver.GenderCondition(gender=asked.gender_required)
    if asked.qualification_required:
        yield solver.QualificationCondition(name=asked.qualification_required)
    if excluded:
        yield solver.ExcludedCondition(interpreters=_ids(excluded))


def _wished(preferred: set[int], known: set[int]) -> Iterator[solver.AnyCondition]:
    if preferred:
        yield solver.PreferredCondition(interpreters=_ids(preferred), penalty=POINT)
    elif known:
        yield solver.ContinuityCondition(interpreters=_ids(known), penalty=POINT)


def _ids(people: Collection[int]) -> tuple[str, ...]:
    return tuple(sorted(str(one) for one in people))
