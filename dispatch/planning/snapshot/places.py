"""The places of a plan: one for each point, so that two doors of one address are no way apart."""

from collections.abc import Collection, Iterable

import solver
from dispatch.assignments.whereabouts import home_of as home_of
from dispatch.assignments.whereabouts import place_by as place_by
from dispatch.assignments.whereabouts import point_of as point_of
from dispatch.travel.estimate import Mode, Point, coefficients
from dispatch.travel.times import Source, TravelTimes

ESTIMATED_ON_FOOT = "estimated_on_foot"
"""The formula of walking, where walking itself is known better."""


def id_of(point: Point) -> str:
    """Return the solver's name of the place at a point."""
    return f"{point.latitude},{point.longitude}"


def travel_between(points: Iterable[Point], times: TravelTimes) -> solver.problem.Travel:
    """Return travel between the points: what is known of a mode, else its formula."""
    among = list(dict.fromkeys(points))
    known = {mode for mode in Mode if times.knows(mode)}
    walking = ESTIMATED_ON_FOOT if Mode.ON_FOOT in known else Mode.ON_FOOT
    profiles = [
        solver.problem.Profile(id=mode, matrix=tuple(map(tuple, times.matrix(among, mode))))
        if mode in known
        else _formula(mode, mode, None if mode == Mode.ON_FOOT else walking)
        for mode in Mode
    ]
    if Mode.ON_FOOT in known:
        profiles.append(_formula(walking, Mode.ON_FOOT, None))
    return solver.problem.Travel(
        places=tuple(
            solver.problem.Place(
                id=id_of(point), latitude=point.latitude, longitude=point.longitude
            )
            for point in among
        ),
        profiles=tuple(profiles),
    )


def sources(
    problem: solver.Problem, times: TravelTimes, interpreter: str, requests: Collection[str]
) -> list[Source]:
    """Return where the minutes of somebody's ways between home and some requests come from."""
    [person] = [one for one in problem.interpreters if one.id == interpreter]
    profiles = {one.id: one for one in problem.travel.profiles}
    if person.travel_profile is None or profiles[person.travel_profile].matrix is None:
        return [Source.ESTIMATE]
    names = {day.start for day in person.days}
    names |= {one.place for one in problem.requests if one.id in requests}
    points = [
        Point(place.latitude or 0.0, place.longitude or 0.0)
        for place in problem.travel.places
        if place.id in names
    ]
    return times.sources(points, Mode(person.travel_profile))


def _formula(id_: str, mode: Mode, no_slower_than: str | None) -> solver.problem.Profile:
    own = coefficients(mode)
    return solver.problem.Profile(
        id=id_, fixed=own.fixed, per_km=own.per_km, no_slower_than=no_slower_than
    )
