"""Turning days of the city into the solver's question."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import solver
from dispatch import clock
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.interpreters import queries as interpreters
from dispatch.offers import queries as offers
from dispatch.offers.queries import Taken
from dispatch.planning.snapshot import people, places, wanted
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import ALIVE, RequestState


@dataclass(frozen=True)
class Question:
    """The solver's question about one or more days, with the rows it was made from.

    Solver ids are the rows' ids as text; times are minutes since the first instant of the first
    local day. `versions` tells for each request which version was planned.
    """

    problem: solver.Problem
    horizon: Horizon
    versions: dict[str, int]


def of_day(
    day: date,
    zone_name: str,
    *,
    now: datetime,
    only: int | None = None,
    disturb_at_most: int = 0,
) -> Question:
    """Return the question for one local day, as `of_days`."""
    return of_days(
        Horizon(day, day, zone_name), now=now, only=only, disturb_at_most=disturb_at_most
    )


def of_days(
    horizon: Horizon, *, now: datetime, only: int | None = None, disturb_at_most: int = 0
) -> Question:
    """Return the question for some local days: what is open and still to come, what is taken.

    With `only`, that one open request beside what is taken. What is taken stays, but at most
    `disturb_at_most` people who have confirmed, are not pinned and have not begun may be moved.
    """
    origin, after = horizon.bounds
    taken = _taken(horizon)
    held = {one.interpretation_request_id for one in taken}
    asked = [
        one
        for one in requests.starting_between(origin, after, tuple(ALIVE))
        if one.id in held or (one.starts_at > now and only in {None, one.id})
    ]
    pool = interpreters.active_with_languages()
    schedule = people.schedule_of(horizon, pool, taken, asked if only is None else ())
    return Question(
        problem=solver.Problem(
            interpreters=tuple(people.interpreter(one, horizon, schedule) for one in pool),
            requests=tuple(wanted.requests(asked, pool, origin=origin, now=now)),
            travel=places.travel_between(
                [
                    *map(places.home_of, pool),
                    *(places.point_of(one.site) for one in asked),
                    *(places.point_of(one.site) for one in schedule.nights),
                ]
            ),
            commitments=tuple(
                _commitment(one, origin, stays=not disturb_at_most or not _movable(one, now))
                for one in taken
            ),
            disturb_at_most=disturb_at_most or None,
        ),
        horizon=horizon,
        versions={str(one.id): one.version for one in asked},
    )


def open_requests(horizon: Horizon, now: datetime) -> list[InterpretationRequest]:
    """Return the requests of these days that still need somebody to be asked."""
    between = horizon.bounds
    held = Counter(work.request_id for work in offers.work_between(*between) if not work.is_over)
    return [
        asked
        for asked in requests.starting_between(*between, (RequestState.OPEN,))
        if asked.starts_at > now and held[asked.id] < asked.interpreter_count
    ]


def movable_in(horizon: Horizon, now: datetime) -> int:
    """Return how many assignments of these days a plan may be allowed to move."""
    return sum(_movable(one, now) for one in _taken(horizon))


def _taken(horizon: Horizon) -> list[Taken]:
    """Return whose time is asked for or promised; what is completed is in nobody's way."""
    held = offers.schedule_between(*horizon.bounds).taken
    return [one for one in held if one.state != AssignmentState.COMPLETED]


def _movable(assignment: Taken, now: datetime) -> bool:
    return (
        isinstance(assignment, Assignment)
        and assignment.state == AssignmentState.CONFIRMED
        and not assignment.pinned
        and assignment.starts_at > now
    )


def _commitment(assignment: Taken, origin: datetime, *, stays: bool) -> solver.Commitment:
    return solver.Commitment(
        kind="pinned" if stays else "promised",
        request=str(assignment.interpretation_request_id),
        interpreter=str(assignment.interpreter_id),
        start=clock.minutes_between(origin, assignment.starts_at),
    )
