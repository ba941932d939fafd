"""Ways beyond what the city has people sent without asking the office first."""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _

from dispatch.assignments.whereabouts import home_of, point_of
from dispatch.availability.rules import Way
from dispatch.interpreters.models import Interpreter
from dispatch.offers.models import Offer
from dispatch.settings import active
from dispatch.sites.models import Site
from dispatch.travel.estimate import Mode, kilometres
from dispatch.travel.queries import travel_time, travel_times
from dispatch.travel.times import SOURCE_NAMES, TravelTime, TravelTimes
from dispatch.web.formats import duration


class LongWay(NamedTuple):
    """A way from home that the office has to approve, and what it is longer than."""

    time: TravelTime
    kilometres: float


def long_way(
    interpreter: Interpreter, site: Site, way: str, times: TravelTimes | None = None
) -> LongWay | None:
    """Return somebody's way from home to a site where it is beyond the city's cap; None within it.

    Nobody travels who interprets by video or telephone. `times` are those that are known already.
    """
    policies = active().city.policies
    capped = policies.longest_way_minutes, policies.longest_way_km
    if way != Way.ON_SITE or capped == (None, None):
        return None
    home, there, mode = home_of(interpreter), point_of(site), Mode(interpreter.travel_mode)
    far = kilometres(home, there)
    time = travel_time(home, there, mode) if times is None else times.one(home, there, mode)
    most_minutes, most_km = capped
    too_long = most_minutes is not None and time.minutes > most_minutes
    too_far = most_km is not None and far > most_km
    return LongWay(time, far) if too_long or too_far else None


def with_ways(offers: Sequence[Offer]) -> Sequence[Offer]:
    """Return the offers, the ways to all of them read in one statement and not one by one."""
    if offers:
        ways = [(home_of(one.interpreter), point_of(one.site)) for one in offers]
        modes = {Mode(one.interpreter.travel_mode) for one in offers}
        travel_times(chain.from_iterable(ways), modes)
    return offers


def in_words(long: LongWay) -> str:
    """Return how long a way is, and beyond what the office decides."""
    policies = active().city.policies
    caps = []
    if policies.longest_way_minutes is not None:
        caps.append(duration(policies.longest_way_minutes))
    if policies.longest_way_km is not None:
        caps.append(f"{policies.longest_way_km} km")
    return _(
        "%(way)s from home (%(source)s), %(far)s km as the crow flies; beyond %(cap)s the office "
        "decides first",
        way=duration(long.time.minutes),
        source=SOURCE_NAMES[long.time.source],
        far=format_decimal(round(long.kilometres, 1), locale=get_locale()),
        cap=" / ".join(caps),
    )


def remark(interpreter: Interpreter, site: Site, way: str, times: TravelTimes) -> list[str]:
    """Return in words that the office decides on a way first; nothing where it does not."""
    long = long_way(interpreter, site, way, times)
    return [in_words(long)] if long else []
