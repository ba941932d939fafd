"""Turning a day of the city into the solver's question."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import solver
from dispatch import clock
from dispatch.assignments import queries as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import BLOCKING, AssignmentState
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import HeldQualification, Interpreter
from dispatch.interpreters.rules import QUALIFICATION_RANK, Employment, Qualification
from dispatch.offers import service as offers
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import ALIVE
from dispatch.travel.estimate import Mode, coefficients

WEIGHT_OF_PRIORITY = {1: 4, 2: 2, 3: 1}
TIER = {employment: rank for rank, employment in enumerate(Employment)}


@dataclass(frozen=True)
class DayProblem:
    """The solver's question about one day, with the rows it was made from.

    Solver ids are the rows' ids as text; times are minutes since `origin`, the first instant of
    the local day. `versions` tells for each request which version was planned.
    """

    problem: solver.Problem
    origin: datetime
    versions: dict[str, int]


def of_day(
    day: date,
    zone_name: str,
    *,
    now: datetime,
    only: int | None = None,
    disturb_at_most: int = 0,
) -> DayProblem:
    """Return the question for a local day: what is open and still to come, what is taken.

    With `only`, that one open request beside what is taken. What is taken stays, but at most
    `disturb_at_most` people who have confirmed, are not pinned and have not begun may be moved.
    """
    origin, after = clock.day_bounds(day, zone_name)
    taken = [
        assignment
        for assignment in assignments.blocking_between(origin, after)
        if assignment.state in BLOCKING
    ]
    asked = [
        interpretation_request
        for interpretation_request in requests.on_day(day, zone_name, tuple(ALIVE))
        if _is_held(interpretation_request, taken)
        or (interpretation_request.starts_at > now and only in {None, interpretation_request.id})
    ]
    pool = interpreters.active_with_languages()
    return DayProblem(
        problem=solver.Problem(
            interpreters=tuple(_interpreter(one, day, origin, zone_name) for one in pool),
            requests=tuple(_request(one, origin) for one in asked),
            travel=_travel(pool, asked),
            commitments=tuple(
                _commitment(one, origin, stays=not disturb_at_most or not _movable(one, now))
                for one in taken
            ),
            disturb_at_most=disturb_at_most or None,
        ),
        origin=origin,
        versions={str(one.id): one.version for one in asked},
    )


def movable_on(day: date, zone_name: str, now: datetime) -> int:
    """Return how many assignments of a local day a plan may be allowed to move."""
    origin, after = clock.day_bounds(day, zone_name)
    return sum(_movable(one, now) for one in assignments.blocking_between(origin, after))


def _is_held(asked: InterpretationRequest, taken: Sequence[Assignment]) -> bool:
    return any(assignment.interpretation_request_id == asked.id for assignment in taken)


def _interpreter(
    one: Interpreter, day: date, origin: datetime, zone_name: str
) -> solver.Interpreter:
    home = f"home-{one.id}"
    available = tuple(
        solver.Interval(start=_minutes(start, origin), end=_minutes(end, origin))
        for start, end in interpreters.availability(one, day, zone_name)
    )
    return solver.Interpreter(
        id=str(one.id),
        languages=tuple(
            solver.WorkingLanguage(code=spoken.tag, level=spoken.level)
            for spoken in one.working_languages
        ),
        qualifications=_qualifications(one.qualifications, origin, zone_name),
        gender=one.gender,
        days=(solver.WorkDay(day=0, available=available, start=home, end=home),),
        travel_profile=one.travel_mode,
        limits=solver.Limits(minutes_per_day=one.maximum_minutes_per_day),
        cost_per_hour=one.fee_cents_per_hour,
        tier=TIER[Employment(one.employment)],
    )


def _qualifications(
    held: Sequence[HeldQualification], origin: datetime, zone_name: str
) -> tuple[solver.Qualification, ...]:
    spans = defaultdict(list)
    for proof in held:
        rank = QUALIFICATION_RANK[Qualification(proof.qualification)]
        for name, lower in QUALIFICATION_RANK.items():
            if lower <= rank:
                spans[name].append(proof)
    return tuple(
        solver.Qualification(
            name=name,
            valid_from=_minutes(_midnight(proof.valid_from, zone_name), origin),
            valid_until=_minutes(
                _midnight(proof.valid_until + timedelta(days=1), zone_name), origin
            )
            if proof.valid_until
            else None,
        )
        for name, proofs in spans.items()
        for proof in proofs
    )


def _request(asked: InterpretationRequest, origin: datetime) -> solver.Request:
    conditions: list[solver.AnyCondition] = []
    if asked.gender_required:
        conditions.append(solver.GenderCondition(gender=asked.gender_required))
    if asked.qualification_required:
        conditions.append(solver.QualificationCondition(name=asked.qualification_required))
    barred = {str(one.interpreter_id) for one in asked.excluded_interpreters}
    barred |= {str(one) for one in offers.decliners(asked.id)}
    if barred:
        conditions.append(solver.ExcludedCondition(interpreters=tuple(sorted(barred))))
    return solver.Request(
        id=str(asked.id),
        earliest=_minutes(asked.starts_at, origin),
        duration=asked.duration_minutes,
        place=f"site-{asked.site_id}",
        buffer_before=asked.site.buffer_before_minutes,
        buffer_after=asked.site.buffer_after_minutes,
        languages=(solver.LanguageChoice(code=asked.language),),
        weight=WEIGHT_OF_PRIORITY[asked.priority],
        interpreters=asked.interpreter_count,
        conditions=tuple(conditions),
    )


def _travel(pool: Sequence[Interpreter], asked: Sequence[InterpretationRequest]) -> solver.Travel:
    sites = {one.site_id: one.site for one in asked}
    homes = tuple(
        solver.Place(id=f"home-{one.id}", latitude=one.home_latitude, longitude=one.home_longitude)
        for one in pool
    )
    places = tuple(
        solver.Place(id=f"site-{key}", latitude=site.latitude, longitude=site.longitude)
        for key, site in sites.items()
    )
    profiles = tuple(
        solver.Profile(id=mode, fixed=coefficients(mode).fixed, per_km=coefficients(mode).per_km)
        for mode in Mode
    )
    return solver.Travel(places=homes + places, profiles=profiles)


def _movable(assignment: Assignment, now: datetime) -> bool:
    return (
        assignment.state == AssignmentState.CONFIRMED
        and not assignment.pinned
        and assignment.starts_at > now
    )


def _commitment(assignment: Assignment, origin: datetime, *, stays: bool) -> solver.Commitment:
    return solver.Commitment(
        kind="pinned" if stays else "promised",
        request=str(assignment.interpretation_request_id),
        interpreter=str(assignment.interpreter_id),
        start=_minutes(assignment.starts_at, origin),
    )


def _minutes(instant: datetime, origin: datetime) -> int:
    return clock.minutes_between(origin, instant)


def _midnight(day: date, zone_name: str) -> datetime:
    return datetime.combine(day, time.min, clock.zone(zone_name))
