"""A card for the client to take along: date, time, place and a clock, in both languages."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_security import current_user

from dispatch.accounts.rules import ASKS, Role
from dispatch.errors import Conflict
from dispatch.languages.checked import locale_for
from dispatch.pages.caseworker import blueprint
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active
from dispatch.web.formats import date_in, time_in
from dispatch.web.policy import only

DEGREES_OF_AN_HOUR, DEGREES_OF_A_MINUTE = 30, 6


@dataclass(frozen=True)
class Side:
    """What the card says in one language."""

    locale: str
    title: str
    day: str
    time: str
    place: list[str]
    room: str


@dataclass(frozen=True)
class Clock:
    """How far the hands of a clock have turned, in degrees from the top."""

    hour: float
    minute: float


@blueprint.get("/requests/<int:request_id>/card")
@only(*ASKS, Role.COORDINATOR)
def card(request_id: int) -> ResponseReturnValue:
    """Show the card, to be printed; it names neither who asks nor why."""
    wanted = requests.find(current_user, request_id)
    if wanted.latest_start_at != wanted.starts_at:
        raise Conflict(
            "start-not-settled",
            _("When it begins is not settled yet; there is a card once somebody has agreed."),
        )
    own = active().city.locales[0]
    other = locale_for(wanted.language)
    return render_template(
        "pages/caseworker/card.html",
        interpretation_request=wanted,
        sides=[_side(wanted, locale) for locale in dict.fromkeys((own, other or own))],
        clock=clock_at(wanted.starts_at, wanted.time_zone),
        is_checked=other is not None,
        in_person="on_site" in wanted.ways,
    )


def clock_at(at: datetime, zone_name: str) -> Clock:
    """Return how the hands of a clock on the wall stand at an instant."""
    local = at.astimezone(ZoneInfo(zone_name))
    minutes = local.minute
    return Clock(
        (local.hour % 12 + minutes / 60) * DEGREES_OF_AN_HOUR, minutes * DEGREES_OF_A_MINUTE
    )


def _side(wanted: InterpretationRequest, locale: str) -> Side:
    zone = wanted.time_zone
    begins, ends = (time_in(at, zone, locale) for at in (wanted.starts_at, wanted.ends_at))
    with force_locale(locale):
        return Side(
            locale=locale,
            title=_("Your appointment"),
            day=date_in(wanted.starts_at, zone, locale),
            time=f"{begins}–{ends}",
            place=[wanted.site.name, f"{wanted.site.address}, {wanted.site.postcode}".rstrip(", ")],
            room=_("Room: %(room)s", room=wanted.room) if wanted.room else "",
        )
