"""The places of a plan: one for each point, so that two doors of one address are no way apart."""

from collections import defaultdict
from collections.abc import Iterable

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


class Origins:
    """Where the minutes of people's ways come from, for many questions about one problem."""

    def __init__(self, problem: solver.Problem, times: TravelTimes) -> None:
        self._times = times
        self._people = {one.id: one for one in problem.interpreters}
        self._estimated = {one.id for one in problem.travel.profiles if one.matrix is None}
        self._places = {one.id: one.place for one in problem.requests}
        self._points = {
            one.id: Point(one.latitude or 0.0, one.longitude or 0.0)
            for one in problem.travel.places
        }
        self._held: dict[str, list[str]] = defaultdict(list)
        for one in problem.commitments:
            self._held[one.interpreter].append(one.request)

    def among(self, interpreter: str, requests: Iterable[str]) -> list[Source]:
        """Return the sources of somebody's ways between home and some requests."""
        person = self._people[interpreter]
        if person.travel_profile is None or person.travel_profile in self._estimated:
            return [Source.ESTIMATE]
        names = {day.start for day in person.days} | {self._places.get(one) for one in requests}
        points = [point for name, point in self._points.items() if name in names]
        return self._times.sources(points, Mode(person.travel_profile))

    def with_another(self, interpreter: str, request_id: str) -> list[Source]:
        """Return the sources of somebody's ways on a day with what they have and one more."""
        return self.among(interpreter, [*self._held.get(interpreter, ()), request_id])


def _formula(id_: str, mode: Mode, no_slower_than: str | None) -> solver.problem.Profile:
    own = coefficients(mode)
    return solver.problem.Profile(
        id=id_, fixed=own.fixed, per_km=own.per_km, no_slower_than=no_slower_than
    )
