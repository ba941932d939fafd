"""Filling the table of ways between all sites and homes: by command, and for new places by a job.

Nothing here computes inside a transaction: what is slow comes first, then it is kept at once.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import clock, settings
from dispatch.cities.working_time import local_day
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import Actor
from dispatch.sites.models import Site
from dispatch.travel import gtfs, queries, routing, scan, service
from dispatch.travel.estimate import Mode, Point
from dispatch.travel.models import Timetable
from dispatch.travel.network import Network

Progress = Callable[[float], None]
_log = logging.getLogger(__name__)


def points() -> list[Point]:
    """Return where people set out from and where they go: all sites and homes, each once."""
    sites = sa.select(Site.latitude, Site.longitude)
    homes = sa.select(Interpreter.home_latitude, Interpreter.home_longitude)
    found = db.session.execute(sa.union(sites, homes.where(Interpreter.active)))
    return [Point(latitude, longitude) for latitude, longitude in found]


def import_timetable(
    actor: Actor, path: Path, *, now: datetime, reading: Callable[[str], None], watch: Progress
) -> Timetable:
    """Take a GTFS file over: every way by public transport is looked up in it from now on.

    `reading` is told which file of it is read, `watch` how much is computed (0 to 1). Raises
    `Refusal` or `Several` naming file and row; what was there before stays then.
    """
    city = settings.active().city
    with transaction():
        places = service.know(points())
    if not places:
        raise Refusal(
            "no-places", _l("There are no sites and no interpreters yet; import them first.")
        )
    _require_few(len(places))
    where = [service.point_of(place) for place in places]
    feed = gtfs.read(path, where, city, local_day(now, city), reading)
    minutes = scan.table(feed.network, where, where, watch)
    with transaction():
        timetable = service.keep_timetable(actor, feed, path, places, minutes, now=now)
        service.places_changed()
    return timetable


def fill_travel_times() -> None:
    """Look up the ways from and to places that are new; a job, and an hourly sweep.

    A routing engine that is away is asked again at the next sweep; the estimate counts until then.
    """
    with transaction():
        service.know(points())
    _fill_by_timetable()
    try:
        for engine in routing.engines(settings.active().routing):
            for mode in travelled_by(engine):
                fill_by(engine, mode, _unseen)
    except routing.RoutingAway as away:
        _log.warning("Ways are estimated: %s", away)


def travelled_by(engine: routing.Engine) -> list[Mode]:
    """Return the ways of travelling of an engine by which anybody travels."""
    used = set(
        db.session.scalars(sa.select(Interpreter.travel_mode).where(Interpreter.active).distinct())
    )
    return [mode for mode in engine.modes if mode in used]


def fill_by(engine: routing.Engine, mode: Mode, watch: Progress, *, again: bool = False) -> None:
    """Ask an engine for the ways from and to new places (`again`: all), and keep them.

    Some new places at a time, with the ways there and back: what was kept stays when the engine
    goes away. Raises `routing.RoutingAway`.
    """
    with transaction():
        places = service.know(points())
        new = places if again else service.without(mode)
    if len(places) > service.MOST_PLACES:
        return
    waiting = {place.id for place in new}
    old = [place for place in places if place.id not in waiting]
    for first in range(0, len(new), routing.AT_ONCE):
        some = new[first : first + routing.AT_ONCE]
        here, there = list(map(service.point_of, some)), list(map(service.point_of, old))
        to_all = engine.table(here, here + there, mode)
        to_some = engine.table(there, here, mode)
        with transaction():
            service.keep(mode, some, [*some, *old], to_all, now=clock.now())
            service.keep(mode, old, some, to_some, now=clock.now())
        old += some
        watch((first + len(some)) / len(new))


def _fill_by_timetable() -> None:
    timetable = queries.timetable()
    if timetable is None:
        return
    with transaction():
        places = service.know(points())
        new = service.without(Mode.PUBLIC_TRANSPORT)
    if not new or len(places) > service.MOST_PLACES:
        return
    known = {place.id for place in new}
    old = [place for place in places if place.id not in known]
    network = Network.unpacked(timetable.network)
    everywhere, there, here = (list(map(service.point_of, part)) for part in (places, new, old))
    to_all = scan.table(network, there, everywhere, _unseen)
    to_new = scan.table(network, here, there, _unseen)
    with transaction():
        counts = queries.timetable()
        if counts is None or counts.id != timetable.id:
            return  # another was imported meanwhile, and with it all places
        service.keep(Mode.PUBLIC_TRANSPORT, new, places, to_all, now=clock.now())
        service.keep(Mode.PUBLIC_TRANSPORT, old, new, to_new, now=clock.now())


def _require_few(count: int) -> None:
    if count > service.MOST_PLACES:
        raise Refusal(
            "too-many-places",
            _l(
                "There are %(count)d different sites and homes; a table of ways is kept for "
                "%(most)d. Ways are estimated.",
                count=count,
                most=service.MOST_PLACES,
            ),
        )


def _unseen(_done: float) -> None:
    """Nobody watches a job."""
