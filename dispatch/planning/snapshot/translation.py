"""From what was loaded to the solver's problem; pure, so the same rows give the same problem."""

from datetime import datetime

import solver
from dispatch import clock
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.offers.schedules import Taken
from dispatch.planning.snapshot import people, places, sharing, wanted
from dispatch.planning.snapshot.loading import Loaded


def translated(
    loaded: Loaded, *, disturb_at_most: int, shared: bool, late_too: bool = False
) -> solver.Problem:
    """Return the problem; `shared` says whether work is to be shared fairly.

    What is taken stays, but at most `disturb_at_most` people may be moved. With `late_too` whoever
    sets out now and comes late is as good as somebody who is there already.
    """
    origin, _after = loaded.horizon.bounds
    parts = sharing.held_parts(loaded)
    shared = shared and bool(loaded.interpretation_requests)
    schedule = people.schedule_of(loaded, shared=shared, late_too=late_too)
    return solver.Problem(
        interpreters=tuple(
            people.interpreter(one, loaded.horizon, schedule) for one in loaded.pool
        ),
        requests=tuple(wanted.requests(loaded)),
        travel=places.travel_between(
            [
                *map(places.home_of, loaded.pool),
                *(places.point_of(one.site) for one in loaded.interpretation_requests),
                *(places.point_of(one.site) for one in loaded.nights),
                *map(places.point_of, loaded.sites_besides),
            ],
            loaded.times,
        ),
        commitments=tuple(
            _commitment(one, origin, stays=not disturb_at_most or not _movable(one, loaded))
            for one in loaded.taken
            if one not in parts
        ),
        disturb_at_most=disturb_at_most or None,
    )


def _movable(one: Taken, loaded: Loaded) -> bool:
    """Tell whether somebody may be moved here: nobody could be asked instead beside a round."""
    is_asked = one.interpretation_request_id in loaded.being_asked
    return movable(one, loaded.now) and not is_asked


def movable(assignment: Taken, now: datetime) -> bool:
    """Tell whether a plan may ask somebody to move: confirmed, not pinned, not begun."""
    return (
        isinstance(assignment, Assignment)
        and assignment.state == AssignmentState.CONFIRMED
        and not assignment.pinned
        and assignment.starts_at > now
    )


def _commitment(assignment: Taken, origin: datetime, *, stays: bool) -> solver.problem.Commitment:
    return solver.problem.Commitment(
        kind="pinned" if stays else "promised",
        request=str(assignment.interpretation_request_id),
        interpreter=str(assignment.interpreter_id),
        start=clock.minutes_between(origin, assignment.starts_at),
        way=solver.problem.Way(assignment.way),
    )
