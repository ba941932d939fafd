"""The places of a plan: one for each point, so that two doors of one address are no way apart."""

from collections.abc import Iterable

import solver
from dispatch.interpreters.models import Interpreter
from dispatch.sites.models import Site
from dispatch.travel.estimate import Mode, Point, coefficients


def home_of(interpreter: Interpreter) -> Point:
    """Return where somebody sets out from in the morning."""
    return Point(interpreter.home_latitude, interpreter.home_longitude)


def point_of(site: Site) -> Point:
    """Return where a site is."""
    return Point(site.latitude, site.longitude)


def id_of(point: Point) -> str:
    """Return the solver's name of the place at a point."""
    return f"{point.latitude},{point.longitude}"


def travel_between(points: Iterable[Point]) -> solver.problem.Travel:
    """Return travel between the points, with the one formula of each way of travelling."""
    return solver.problem.Travel(
        places=tuple(
            solver.problem.Place(
                id=id_of(point), latitude=point.latitude, longitude=point.longitude
            )
            for point in dict.fromkeys(points)
        ),
        profiles=tuple(
            solver.problem.Profile(
                id=mode,
                fixed=coefficients(mode).fixed,
                per_km=coefficients(mode).per_km,
                no_slower_than=Mode.ON_FOOT if mode != Mode.ON_FOOT else None,
            )
            for mode in Mode
        ),
    )
