"""The way to a place in somebody's day: from where they are before, else from home."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from dispatch import clock
from dispatch.assignments.models import Assignment
from dispatch.assignments.service import NEIGHBOURS_WITHIN
from dispatch.assignments.whereabouts import home_of, place_by
from dispatch.availability.rules import Way
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.holds.rules import Cause
from dispatch.offers import arriving
from dispatch.offers.arriving import Doing, doing
from dispatch.offers.schedules import Taken
from dispatch.sites.models import Site
from dispatch.travel.estimate import Mode, Point
from dispatch.travel.queries import travel_times
from dispatch.travel.times import TravelTime

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WayThere:
    """A way to a place: how long it takes, and from where.

    `before` is the site of what somebody does earlier on the day, at which they are until
    `free_at`; both are None for the way from home.
    """

    time: TravelTime
    mode: Mode
    before: Site | None = None
    free_at: datetime | None = None


@dataclass(frozen=True)
class _Start:
    point: Point
    before: Site | None = None
    free_at: datetime | None = None


def ways_there(things: Collection[Taken]) -> dict[Taken, WayThere]:
    """Return the way to each of these offers or assignments, in two statements.

    It begins where the interpreter has agreed to be last on that local day, and at home before
    the first. What somebody was merely asked for is no place they come from.
    """
    if not things:
        return {}
    earlier = _agreed_around(things, clock.now())
    starts = {one: _start(one, earlier) for one in things}
    points = {one: place_by(one.way, one.site, one.interpreter) for one in things}
    modes = {Mode(one.interpreter.travel_mode) for one in things}
    known = travel_times({*points.values(), *(start.point for start in starts.values())}, modes)
    return {
        one: WayThere(
            known.one(starts[one].point, points[one], Mode(one.interpreter.travel_mode)),
            Mode(one.interpreter.travel_mode),
            starts[one].before,
            starts[one].free_at,
        )
        for one in things
    }


def late_arrival(assignment: Assignment, leaves: datetime) -> datetime | None:
    """Return when somebody is at an assignment who sets out then; None where that is in time.

    It is the moment that the office reads of them before they are asked (`arriving`).
    """
    if assignment.way != Way.ON_SITE or leaves < assignment.starts_at - NEIGHBOURS_WITHIN:
        return None
    who, start = assignment.interpreter, assignment.starts_at
    held = arriving.held_before([who.id], [start], now=leaves)
    before = arriving.last_before(held, who.id, start)
    there = place_by(Way.ON_SITE, assignment.site, who)
    points = {home_of(who), there}
    if before is not None:
        hold, site = before
        points.add(place_by(hold.way, site, who))
    times = travel_times(points, {Mode(who.travel_mode)})
    at = arriving.arrival_of(who, there, before, times, leaves).at
    return at if at > start else None


def _agreed_around(things: Collection[Taken], now: datetime) -> list[tuple[Doing, Site]]:
    query = (
        sa.select(Hold, Site, Assignment)
        .join(Site, Site.id == Hold.site_id)
        .outerjoin(Assignment, Assignment.hold_id == Hold.id)
        .where(
            Hold.interpreter_id.in_({one.interpreter_id for one in things}),
            Hold.cause != Cause.OFFER,
            Hold.starts_at > min(one.starts_at for one in things) - ONE_DAY,
            Hold.ends_at <= max(one.starts_at for one in things),
        )
        .order_by(Hold.ends_at)
    )
    return [
        (doing(hold, assignment, now), site) for hold, site, assignment in db.session.execute(query)
    ]


def _start(one: Taken, earlier: list[tuple[Doing, Site]]) -> _Start:
    zone_name = one.interpretation_request.time_zone
    day = clock.at_place(one.starts_at, zone_name).date()
    for hold, site in reversed(earlier):
        if (
            hold.interpreter_id == one.interpreter_id
            and hold.ends_at <= one.starts_at
            and clock.at_place(hold.ends_at, zone_name).date() == day
        ):
            is_there = hold.way == Way.ON_SITE
            point = place_by(hold.way, site, one.interpreter)
            return _Start(point, site, hold.free_at) if is_there else _Start(point)
    return _Start(home_of(one.interpreter))
