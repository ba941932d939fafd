"""Where somebody is while they interpret: at the site, or at home by video and telephone."""

from dispatch.availability.rules import Way
from dispatch.interpreters.models import Interpreter
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.ways import LINK_OF, way_name
from dispatch.sites.models import Site
from dispatch.travel.estimate import Point


def home_of(interpreter: Interpreter) -> Point:
    """Return where somebody sets out from in the morning."""
    return Point(interpreter.home_latitude, interpreter.home_longitude)


def point_of(site: Site) -> Point:
    """Return where a site is."""
    return Point(site.latitude, site.longitude)


def place_by(way: str, site: Site, interpreter: Interpreter) -> Point:
    """Return where somebody is who interprets at a site by this way."""
    return point_of(site) if way == Way.ON_SITE else home_of(interpreter)


def district_or_way(way: str, site: Site, locale: str) -> str:
    """Return what may be said to somebody who has not said yes: the district, or by video."""
    return site.district if way == Way.ON_SITE else way_name(way, locale)


def place_or_way(way: str, one: InterpretationRequest, site: Site, locale: str) -> str:
    """Return what a message to whoever comes may say of the place, or of the link or number.

    All of a public place, of any other the district.
    """
    if way != Way.ON_SITE:
        link = how_to_take_part(way, one)
        return f"{way_name(way, locale)}: {link}" if link else way_name(way, locale)
    parts = (site.name, site.address, site.district) if site.is_public else (site.district,)
    return ", ".join(part for part in parts if part)


def how_to_take_part(way: str, one: InterpretationRequest) -> str:
    """Return the link or number of a way, if those who asked gave one; nothing on site."""
    return str(getattr(one, LINK_OF[way])) if way in LINK_OF else ""
