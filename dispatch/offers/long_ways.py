"""Ways beyond what the city has people sent without asking the office first."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol, TypeVar

import sqlalchemy as sa
from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _

from dispatch import clock
from dispatch.assignments.whereabouts import home_of, point_of
from dispatch.availability.rules import Way
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter
from dispatch.offers.models import Offer
from dispatch.settings import active
from dispatch.sites.models import Site
from dispatch.travel.estimate import Mode, Point, kilometres
from dispatch.travel.queries import travel_times
from dispatch.travel.times import SOURCE_NAMES, TravelTime, TravelTimes
from dispatch.web.formats import duration

ONE_DAY = timedelta(days=1)


class _Held(NamedTuple):
    """What takes somebody's time; the columns of a hold that matter, for many at once."""

    id: int
    interpreter_id: int
    starts_at: datetime
    ends_at: datetime


Held = Sequence[tuple[_Held, Site]]


class Visit(Protocol):
    """Somebody at a site, as an offer or an assignment says it; `hold_id` is what it takes."""

    @property
    def interpreter(self) -> Interpreter: ...  # noqa: D102
    @property
    def site(self) -> Site: ...  # noqa: D102
    @property
    def way(self) -> str: ...  # noqa: D102
    @property
    def starts_at(self) -> datetime: ...  # noqa: D102
    @property
    def ends_at(self) -> datetime: ...  # noqa: D102
    @property
    def hold_id(self) -> int | None: ...  # noqa: D102


@dataclass(frozen=True)
class Planned:
    """A visit that is not stored."""

    interpreter: Interpreter
    site: Site
    way: str
    starts_at: datetime
    ends_at: datetime
    hold_id: int | None = None


class LongWay(NamedTuple):
    """A way that the office has to approve: from home, or where somebody is before or after.

    `site` is that of the assignment before or, where it leads `onward`, of the one after; None for
    the way from home.
    """

    time: TravelTime
    kilometres: float
    site: Site | None = None
    onward: bool = False


class _Leg(NamedTuple):
    begin: Point
    end: Point
    site: Site | None
    onward: bool


AnyVisit = TypeVar("AnyVisit", bound=Visit)


def long_ways(visits: Collection[AnyVisit]) -> dict[AnyVisit, LongWay]:
    """Return which of these visits need a way beyond the city's cap, in two statements.

    It is the way from home, or that between the visit and what else takes the person's time at
    another site right before or after it on the same day: the longest beyond. Nobody travels who
    interprets by video or telephone.
    """
    if not _is_capped():
        return {}
    on_site = [one for one in visits if one.way == Way.ON_SITE]
    held = _held_around(on_site)
    legs = {
        one: _legs(one.interpreter, one.site, *_neighbours(one, held[one.interpreter.id]))
        for one in on_site
    }
    points = {point for found in legs.values() for leg in found for point in leg[:2]}
    times = travel_times(points, {Mode(one.interpreter.travel_mode) for one in on_site})
    found = {one: _longest(one.interpreter, legs[one], times) for one in on_site}
    return {one: long for one, long in found.items() if long is not None}


def long_way(visit: Visit) -> LongWay | None:
    """Return the way of one visit that is beyond the city's cap; None within it."""
    return long_ways([visit]).get(visit)


def between(
    who: Interpreter,
    site: Site,
    way: str,
    before: Site | None,
    after: Site | None,
    times: TravelTimes,
) -> LongWay | None:
    """Return somebody's way beyond the cap where it is known which sites come before and after."""
    if not _is_capped() or way != Way.ON_SITE:
        return None
    return _longest(who, _legs(who, site, before, after), times)


def is_longer(after: LongWay, before: LongWay | None) -> bool:
    """Tell whether a way is longer, in minutes or kilometres, than one that was decided on."""
    return (
        before is None
        or after.time.minutes > before.time.minutes
        or after.kilometres > before.kilometres
    )


def in_words(long: LongWay) -> str:
    """Return how long a way is, and beyond what the office decides."""
    said = {
        "way": duration(long.time.minutes),
        "source": SOURCE_NAMES[long.time.source],
        "far": format_decimal(round(long.kilometres, 1), locale=get_locale()),
        "cap": _cap_in_words(),
    }
    if long.site is None:
        return _(
            "%(way)s from home (%(source)s), %(far)s km as the crow flies; beyond %(cap)s the "
            "office decides first",
            **said,
        )
    if long.onward:
        return _(
            "%(way)s on to the assignment after it, in %(district)s (%(source)s), %(far)s km as "
            "the crow flies; beyond %(cap)s the office decides first",
            district=long.site.district,
            **said,
        )
    return _(
        "%(way)s from the assignment before it, in %(district)s (%(source)s), %(far)s km as the "
        "crow flies; beyond %(cap)s the office decides first",
        district=long.site.district,
        **said,
    )


def with_words(offers: Sequence[Offer]) -> list[tuple[Offer, str]]:
    """Return offers with the ways they need beyond the cap in words; "" where none is by now."""
    long = long_ways(offers)
    return [(one, in_words(long[one]) if one in long else "") for one in offers]


def remark(long: LongWay | None) -> list[str]:
    """Return in words that the office decides on a way first; nothing where it does not."""
    return [in_words(long)] if long else []


def _is_capped() -> bool:
    policies = active().city.policies
    return (policies.longest_way_minutes, policies.longest_way_km) != (None, None)


def _cap_in_words() -> str:
    policies, caps = active().city.policies, []
    if policies.longest_way_minutes is not None:
        caps.append(duration(policies.longest_way_minutes))
    if policies.longest_way_km is not None:
        caps.append(f"{policies.longest_way_km} km")
    return " / ".join(caps)


def _held_around(visits: Sequence[Visit]) -> Mapping[int, Held]:
    """Return what takes people's time around their visits, in order, by interpreter."""
    found: dict[int, list[tuple[_Held, Site]]] = defaultdict(list)
    if not visits:
        return found
    query = (
        sa.select(Hold.id, Hold.interpreter_id, Hold.starts_at, Hold.ends_at, Site)
        .join(Site, Site.id == Hold.site_id)
        .where(
            Hold.interpreter_id.in_({one.interpreter.id for one in visits}),
            Hold.way == Way.ON_SITE,
            Hold.ends_at > min(one.starts_at for one in visits) - ONE_DAY,
            Hold.starts_at < max(one.ends_at for one in visits) + ONE_DAY,
        )
        .order_by(Hold.starts_at)
    )
    for id_, who, starts_at, ends_at, site in db.session.execute(query):
        found[who].append((_Held(id_, who, starts_at, ends_at), site))
    return found


def _neighbours(visit: Visit, held: Held) -> tuple[Site | None, Site | None]:
    """Return where somebody is right before a visit, and right after it, on its day."""
    zone_name = visit.site.time_zone
    day = clock.at_place(visit.starts_at, zone_name).date()
    own = [
        (hold, site)
        for hold, site in held
        if hold.id != visit.hold_id and clock.at_place(hold.starts_at, zone_name).date() == day
    ]
    before = [site for hold, site in own if hold.ends_at <= visit.starts_at]
    after = [site for hold, site in own if hold.starts_at >= visit.ends_at]
    return (before[-1] if before else None), (after[0] if after else None)


def _legs(who: Interpreter, site: Site, before: Site | None, after: Site | None) -> list[_Leg]:
    there = point_of(site)
    legs = [_Leg(home_of(who), there, None, onward=False)]
    if before is not None:
        legs.append(_Leg(point_of(before), there, before, onward=False))
    if after is not None:
        legs.append(_Leg(there, point_of(after), after, onward=True))
    return legs


def _longest(who: Interpreter, legs: Sequence[_Leg], times: TravelTimes) -> LongWay | None:
    """Return the longest of these ways that are beyond the cap; of equal ones the first."""
    found = list(_beyond(who, legs, times))
    return max(found, key=lambda long: (long.time.minutes, long.kilometres), default=None)


def _beyond(who: Interpreter, legs: Sequence[_Leg], times: TravelTimes) -> Iterator[LongWay]:
    policies, mode = active().city.policies, Mode(who.travel_mode)
    most_minutes, most_km = policies.longest_way_minutes, policies.longest_way_km
    for leg in legs:
        far = kilometres(leg.begin, leg.end)
        time = times.one(leg.begin, leg.end, mode)
        too_long = most_minutes is not None and time.minutes > most_minutes
        if too_long or (most_km is not None and far > most_km):
            yield LongWay(time, far, leg.site, leg.onward)
