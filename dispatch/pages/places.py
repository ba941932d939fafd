"""How somebody gets to a place, or calls there, from a telephone."""

from urllib.parse import quote

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from dispatch import clock, settings
from dispatch.cancellations.owing import what_is_paid
from dispatch.cancellations.rules import can_withdraw
from dispatch.cities import City
from dispatch.cities.telephones import grouped
from dispatch.messaging.addresses import numbers_in
from dispatch.offers.models import Offer
from dispatch.offers.ways_there import WayThere
from dispatch.sites.models import Site
from dispatch.travel.times import SOURCE_NAMES
from dispatch.travel.wording import MODES
from dispatch.web.formats import duration, local_datetime, local_time

ON_THE_MAP = "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}"
IN_THE_APP = "geo:{0},{1}?q={0},{1}"
"""RFC 5870; with `q` the map programs of Android mark the point as well (decision 0037)."""


def register(app: Flask) -> None:
    """Make the ways to a place known to the templates."""
    app.add_template_filter(way_there)
    app.add_template_filter(in_map_app)
    app.add_template_filter(on_map_page)
    app.add_template_filter(with_numbers)
    app.add_template_filter(to_call)
    app.add_template_filter(before_a_yes)


def way_there(way: WayThere, zone_name: str) -> str:
    """Return a way in words, such as 25 min by car (estimate) from home."""
    source = SOURCE_NAMES[way.time.source]
    minutes = f"{duration(way.time.minutes)} {MODES[way.mode]} ({source})"
    if way.before is None or way.free_at is None:
        return _("%(minutes)s from home", minutes=minutes)
    return _(
        "%(minutes)s from %(district)s, where you are until %(time)s",
        minutes=minutes,
        district=way.before.district,
        time=local_time(way.free_at, zone_name),
    )


def in_map_app(site: Site) -> str:
    """Return the address that opens the telephone's own map at a site's point."""
    return IN_THE_APP.format(*_point(site))


def on_map_page(site: Site) -> str:
    """Return the address of a page with a map of a site's point, for devices without a map."""
    return ON_THE_MAP.format(*_point(site))


def _point(site: Site) -> tuple[str, str]:
    return f"{site.latitude:.5f}", f"{site.longitude:.5f}"


def with_numbers(text: str) -> Markup:
    """Return a text in which every telephone number can be called with one press."""
    parts, end = [], 0
    for found in numbers_in(text, settings.active().city.phone_region):
        link = Markup('<a href="tel:{}">{}</a>').format(quote(found.e164, "+"), found.written)
        parts += [escape(text[end : found.start]), link]
        end = found.start + len(found.written)
    return Markup("").join([*parts, escape(text[end:])])


def to_call(number: str) -> Markup:
    """Return a telephone number as people read it, to be called with one press."""
    written = grouped(number, settings.active().city.phone_region)
    return Markup('<a href="tel:{}">{}</a>').format(
        number, written.replace(" ", "\N{NO-BREAK SPACE}")
    )


def before_a_yes(one: Offer) -> list[str]:
    """Return in sentences what somebody should know who is about to say yes.

    Until when they can take it back without calling, and what they are paid if it is cancelled
    late; whoever is not paid by the job reads nothing of that.
    """
    city = settings.active().city
    return [_until_when(one, city), *_if_cancelled(one, city)]


def _until_when(one: Offer, city: City) -> str:
    if not can_withdraw(one.starts_at, clock.now(), city):
        return ngettext(
            "It begins in less than an hour: a yes can be taken back by telephone only.",
            "It begins in less than %(num)d hours: a yes can be taken back by telephone only.",
            city.policies.withdrawal_ends_hours,
        )
    until = city.policies.withdrawal_ends(one.starts_at)
    zone_name = one.interpretation_request.time_zone
    return _(
        "You can take a yes back here until %(when)s, after that by telephone.",
        when=local_datetime(until, zone_name),
    )


def _if_cancelled(one: Offer, city: City) -> list[str]:
    policy = what_is_paid(one.interpreter.employment, city)
    if policy is None:
        return []
    sentence = ngettext(
        "Cancelled on the day or one working day before: the agreed time is paid, %(most)s at "
        "most.",
        "Cancelled on the day or up to %(num)d working days before: the agreed time is paid, "
        "%(most)s at most.",
        policy.late_working_days,
        most=duration(policy.most_minutes),
    )
    return [sentence]
