"""Reading a day without what is asked for, and one request to be looked at beside it.

Together they are what `loading.load` reads for one request, with whoever is looked at by a person.
The day says the same of every request of the same languages and ways, so it can be kept from one
question to the next; what somebody has said to the one request, and how long before it is, cannot.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from dispatch.assignments.cases import CASE_REMEMBERED, interpreters_of
from dispatch.availability.rules import Way
from dispatch.cancellations import deciding
from dispatch.interpreters import queries as interpreters
from dispatch.offers import barring, schedules
from dispatch.planning.snapshot import places
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.loading import (
    Loaded,
    case_of,
    day_and_nights,
    is_wanted,
    not_asked,
    outside,
    times_left,
)
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import ALIVE
from dispatch.series import queries as series
from dispatch.travel.estimate import Mode
from dispatch.travel.queries import travel_times


def load_day(
    horizon: Horizon, who: Collection[int], ways: frozenset[Way], *, now: datetime
) -> Loaded:
    """Read what these interpreters do, and the ways to every place of the days.

    `ways` are those by which what is looked at beside it may take place.
    """
    taken, nights = day_and_nights(horizon, who, None)
    held = {one.interpretation_request_id for one in taken}
    alive = requests.starting_between(*horizon.bounds, tuple(ALIVE), wishes=False)
    pool = interpreters.active_with_languages(who)
    points = [*map(places.home_of, pool)]
    points += [places.point_of(one.site) for one in [*alive, *nights]]
    return Loaded(
        horizon=horizon,
        now=now,
        pool=pool,
        interpretation_requests=[one for one in alive if one.id in held],
        taken=taken,
        nights=nights,
        outside=outside(horizon, who, is_shared=False),
        barred=set(),
        not_asked={},
        came={},
        regular={},
        still_paid=deciding.still_paid(*horizon.bounds),
        times=travel_times(points, {Mode(one.travel_mode) for one in pool}),
        bare=True,
        more_ways=ways,
        sites_besides=[one.site for one in alive],
    )


def load_beside(
    one: InterpretationRequest,
    who: Collection[int],
    particular: Collection[int],
    *,
    now: datetime,
) -> Loaded:
    """Read one request and who there is for it; what else they do is not read.

    Only of those who are `particular` about what they are asked for it is read when they work, and
    only where the request looks at it what people speak and hold. Nothing is asked for where nobody
    can be sent any more.
    """
    horizon = Horizon(one.day, one.day, one.time_zone)
    taken = schedules.schedule_between(*horizon.bounds, who=(), on=one.id, named=False).taken
    there = [each for each in taken if each.interpretation_request_id == one.id]
    is_asked_for = one.state in ALIVE and bool(there or is_wanted(one, now))
    looks_closer = one.has_legal_consequences or one.qualification_wished or one.level_wished
    pool = interpreters.plain(who)
    careful = who if looks_closer else particular
    if careful:
        interpreters.active_with_languages(careful)  # of the same rows
    choosy = [each for each in pool if each.id in particular]
    barred = [each for each in barring.barred([one.id]) if not each.was_released]
    times_declined = times_left([one], barred, now)
    case = case_of(one)
    empty = Loaded(horizon, now, pool, [], [], [], [], set(), {}, {}, {}, [], travel_times([]))
    return replace(
        empty,
        interpretation_requests=[one] if is_asked_for else [],
        taken=there,
        barred={each.pair for each in barred} - set(times_declined),
        not_asked=not_asked([one], choosy, there, now),
        came=interpreters_of({case}, now - CASE_REMEMBERED, now) if case else {},
        regular=series.regulars([one.id]),
        times_declined=times_declined,
    )
