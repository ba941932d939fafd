"""When somebody could be at a place at the earliest, from where they are before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from dispatch.assignments.lasting import expected_end
from dispatch.assignments.models import Assignment
from dispatch.assignments.service import NEIGHBOURS_WITHIN
from dispatch.assignments.whereabouts import home_of, place_by
from dispatch.availability.rules import Way
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter
from dispatch.offers.seats import Wanted
from dispatch.requests.models import InterpretationRequest
from dispatch.sites.models import Site
from dispatch.travel.estimate import Mode, Point
from dispatch.travel.times import SOURCE_NAMES, TravelTimes

NEAR = timedelta(hours=2)
"""Who could be there earlier than that has no hurry."""


@dataclass(frozen=True)
class Arrival:
    """When somebody can be there at the earliest, and from where; `leaves` is when they set out.

    `source` says in words where the minutes of the way come from.
    """

    at: datetime
    way_minutes: int
    source: str
    after: Site | None
    leaves: datetime


class Doing(NamedTuple):
    """What takes somebody's time: by which way, from when, until when; `free_at` as was said."""

    interpreter_id: int
    way: str
    starts_at: datetime
    ends_at: datetime
    free_at: datetime


def minutes_late(arrival: Arrival, start: datetime) -> int:
    """Return how many minutes after the start somebody is there; 0 who is in time."""
    return max(0, -(-int((arrival.at - start).total_seconds()) // 60))


def is_near(arrival: Arrival, start: datetime) -> bool:
    """Tell whether it begins so soon that when somebody could be there at the earliest matters."""
    return start - arrival.at < NEAR


def arrival_of(
    interpreter: Interpreter,
    there: Point,
    before: tuple[Doing, Site] | None,
    times: TravelTimes,
    now: datetime,
) -> Arrival:
    """Return when somebody is there: from the assignment before, or from home.

    From home without one, and where they can be there again since it ended.
    """
    leaves, begin = now, home_of(interpreter)
    mode = Mode(interpreter.travel_mode)
    after = None
    if before is not None:
        held, site = before
        was_at = place_by(held.way, site, interpreter)
        free_at = held.free_at + timedelta(minutes=site.buffer_after_minutes)
        home_at = free_at + timedelta(minutes=times.one(begin, was_at, mode).minutes)
        if home_at > now:
            leaves, begin = max(now, free_at), was_at
            after = site if held.way == Way.ON_SITE else None
    way = times.one(begin, there, mode)
    at = leaves + timedelta(minutes=way.minutes)
    return Arrival(at, way.minutes, str(SOURCE_NAMES[way.source]), after, leaves)


def held_before(
    interpreter_ids: Collection[int],
    starts: Collection[datetime],
    but: int | None = None,
    *,
    now: datetime,
) -> list[tuple[Doing, Site]]:
    """Return what takes these people's time before any of these starts, in order, and where.

    All holds count `but` this one; what runs longer takes it until it ends.
    """
    if not starts:
        return []
    rows = db.session.execute(
        sa.select(Hold, Site, Assignment)
        .join(Site, Site.id == Hold.site_id)
        .outerjoin(Assignment, Assignment.hold_id == Hold.id)
        .where(
            Hold.interpreter_id.in_(interpreter_ids),
            Hold.id != (but or 0),
            Hold.starts_at < max(starts),
            Hold.ends_at > min(starts) - NEIGHBOURS_WITHIN,
        )
        .order_by(Hold.starts_at)
    )
    return [(doing(hold, assignment, now), site) for hold, site, assignment in rows]


def doing(hold: Hold, assignment: Assignment | None, now: datetime) -> Doing:
    """Return a hold with the end that is expected of the assignment it is for, if it is for one."""
    until = hold.ends_at
    if assignment is not None:
        one = assignment
        until = expected_end(one.state, one.ends_at, one.late_minutes, now, one.lasts_until)
    return Doing(hold.interpreter_id, hold.way, hold.starts_at, hold.ends_at, until)


def last_before(
    held: Sequence[tuple[Doing, Site]], interpreter_id: int, start: datetime
) -> tuple[Doing, Site] | None:
    """Return what takes somebody's time last before a start."""
    return next(
        (
            (hold, site)
            for hold, site in reversed(held)
            if hold.interpreter_id == interpreter_id and hold.starts_at < start
        ),
        None,
    )


def late_by(
    wanted: Mapping[int, Wanted],
    people: Mapping[int, Interpreter],
    interpretation_request: InterpretationRequest,
    times: TravelTimes,
    now: datetime,
) -> dict[int, tuple[datetime, int]]:
    """Return when those who set out now would be there and how many minutes late, by their ids.

    `wanted` are their terms, by the same ids. Who would be in time is not among them.
    """
    soon = {
        id_: one.starts_at
        for id_, one in wanted.items()
        if one.starts_at is not None
        and one.way == Way.ON_SITE
        and now > one.starts_at - NEIGHBOURS_WITHIN
    }
    held, found = held_before(soon, list(soon.values()), now=now), {}
    for id_, start in soon.items():
        there = place_by(Way.ON_SITE, interpretation_request.site, people[id_])
        arrival = arrival_of(people[id_], there, last_before(held, id_, start), times, now)
        if minutes := minutes_late(arrival, start):
            found[id_] = (arrival.at, minutes)
    return found
