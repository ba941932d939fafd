"""How things of the field are written on pages."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from dispatch.assignments import partners
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.overriding import Wish
from dispatch.assignments.partners import Place
from dispatch.assignments.rules import AssignmentState
from dispatch.assignments.terms import is_as_agreed, still_agreed
from dispatch.availability.rules import Way
from dispatch.interpreters.rules import Employment
from dispatch.languages.rules import Language, name_of, sides
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, as_shown
from dispatch.offers.models import Offer
from dispatch.offers.rules import AGENCY, Strategy
from dispatch.offers.schedules import Taken
from dispatch.offers.ways_there import late_arrival
from dispatch.organisations.rules import OrganisationKind
from dispatch.pages.states import state_name
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import SETTING_NAMES
from dispatch.requests.ways import WAY_NAMES
from dispatch.requests.wording import (
    GENDER_NAMES,
    LEVEL_NAMES,
    QUALIFICATION_NAMES,
    language_said,
)
from dispatch.sites.models import Site
from dispatch.travel.estimate import Mode
from dispatch.travel.queries import origins
from dispatch.travel.wording import MODES, origin_of
from dispatch.web.formats import apart, day_of, local_datetime, local_time

WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
CHANNELS = {Channel.EMAIL: _l("mail"), Channel.SMS: _l("SMS")}
STRATEGIES = {
    Strategy.DIRECT: _l("One person"),
    Strategy.CASCADE: _l("One after another"),
    Strategy.BROADCAST: _l("Several at once"),
    Strategy.TIERS: _l("Group after group"),
    Strategy.INTEREST: _l("Who could come"),
}

ORGANISATION_KINDS: dict[str, Any] = {
    OrganisationKind.CITY_DEPARTMENT: _l("City department"),
    OrganisationKind.CLINIC: _l("Clinic"),
    OrganisationKind.COURT: _l("Court"),
    OrganisationKind.JOB_CENTRE: _l("Job centre"),
    OrganisationKind.KINDERGARTEN: _l("Kindergarten"),
    OrganisationKind.POLICE: _l("Police"),
    OrganisationKind.SCHOOL: _l("School"),
    OrganisationKind.WELFARE_ASSOCIATION: _l("Welfare association"),
    OrganisationKind.OTHER: _l("Another one"),
}

WISHES: dict[str, Any] = {
    Wish.HOURS: _l("outside their usual times"),
    Wish.NOTICE: _l("at shorter notice than they wish for"),
    Wish.DISTRICT: _l("outside the districts they wish for"),
}
EMPLOYMENTS: dict[str, Any] = {
    Employment.STAFF: _l("Staff"),
    Employment.FREELANCE: _l("Freelance"),
    Employment.VOLUNTEER: _l("Volunteer"),
}
TIERS: dict[str, Any] = {
    Employment.STAFF: _l("staff"),
    Employment.FREELANCE: _l("freelancers"),
    Employment.VOLUNTEER: _l("volunteers"),
    AGENCY: _l("partner agency"),
}


def register(app: Flask) -> None:
    """Make the words known to the templates."""
    app.add_template_filter(language)
    app.add_template_filter(language_of)
    app.add_template_filter(state_name)
    app.add_template_filter(start_of)
    app.add_template_filter(time_of)
    app.add_template_filter(day_and_time_of)
    app.add_template_filter(where)
    app.add_template_filter(together)
    app.add_template_filter(in_turn)
    app.add_template_filter(share)
    app.add_template_filter(ranked_ways)
    app.add_template_filter(fallback)
    app.add_template_filter(lambda value: SETTING_NAMES.get(value, value), "setting_name")
    app.add_template_filter(lambda value: GENDER_NAMES.get(value, value), "gender_name")
    app.add_template_filter(
        lambda value: QUALIFICATION_NAMES.get(value, value), "qualification_name"
    )
    app.add_template_filter(message_state)
    app.add_template_filter(still_agreed)
    app.add_template_filter(there_at)
    app.add_template_filter(how_late)
    app.add_template_filter(really)
    app.add_template_filter(is_as_agreed)
    app.add_template_filter(lambda level: LEVEL_NAMES.get(str(level), level), "level_name")
    app.add_template_filter(lambda value: CHANNELS.get(value, value), "channel_name")
    app.add_template_filter(lambda value: WAY_NAMES.get(value, value), "way_name")
    app.add_template_filter(lambda number: WEEKDAYS[number], "weekday_name")
    app.add_template_filter(lambda value: MODES.get(value, value), "mode_name")
    app.add_template_filter(lambda value: EMPLOYMENTS.get(value, value), "employment_name")
    app.add_template_filter(lambda value: WISHES.get(value, value), "wish_name")
    app.add_template_filter(lambda value: STRATEGIES.get(value, value), "strategy_name")
    app.add_template_filter(lambda value: ORGANISATION_KINDS.get(value, value), "organisation_kind")
    app.add_template_global(options_of)
    app.add_template_global(tongues_of)
    app.add_template_global(where_ways_come_from)


def message_state(message: Message) -> str:
    """Return how a message stands, for its badge."""
    return as_shown(message.state, message.error_code, may_have_left=message.may_have_left)


def language(tag: str) -> str:
    """Return a language's name in the reader's language."""
    return name_of(tag, str(get_locale()))


def language_of(one: InterpretationRequest) -> str:
    """Return the language of a request, one that is to be settled as those who ask call it."""
    return apart(language_said(one, str(get_locale())))


def where(one: Taken | Confirmation, *, in_full: bool = False) -> str:
    """Return where somebody goes, or that they take part by video or telephone from home."""
    if one.way != Way.ON_SITE:
        return str(WAY_NAMES[one.way])
    return f"{one.site.name}, {one.site.district}" if in_full else one.site.district


def together(one: Taken) -> str:
    """Return to whoever is asked or comes how two share the talk; nothing where nobody does."""
    place = Place(one.interpretation_request, one.seat or 1, one.starts_at)
    return partners.said(place, str(get_locale()), comes=isinstance(one, Assignment))


def in_turn(one: Assignment) -> str:
    """Return to whoever comes with whom they interpret in turn; nothing where alone."""
    return partners.in_turn(one, str(get_locale()))


def how_late(one: Assignment) -> str:
    """Return how late somebody said that they are, and when they are there; nothing otherwise."""
    if not one.late_minutes or one.state not in (
        AssignmentState.CONFIRMED,
        AssignmentState.ON_THE_WAY,
    ):
        return ""
    at = one.starts_at + timedelta(minutes=one.late_minutes)
    return _(
        "%(count)d min late, there at about %(time)s",
        count=one.late_minutes,
        time=local_time(at, one.interpretation_request.time_zone),
    )


def really(one: Assignment) -> str:
    """Return when a talk really began and ended, as far as it is said; nothing otherwise."""
    if one.began_at is None:
        return ""
    zone_name = one.interpretation_request.time_zone
    began = local_time(one.began_at, zone_name)
    if one.ended_at is None:
        return _("since %(time)s", time=began)
    return f"{began}–{local_time(one.ended_at, zone_name)}"


def there_at(one: Assignment) -> str:
    """Return when somebody is there who has said yes too late to be in time; nothing otherwise.

    Nothing either once they are on the way, or have said themselves how late they are.
    """
    if one.state != AssignmentState.CONFIRMED or one.late_minutes:
        return ""
    late = late_arrival(one, one.confirmed_at)
    return local_time(late, one.interpretation_request.time_zone) if late else ""


def share(one: Taken) -> str:
    """Return to everybody else what somebody does of a talk that two share; nothing otherwise."""
    sharing = one.interpretation_request.sharing
    if sharing is None:
        return ""
    if sharing.pivot is not None:
        return _("by relay, %(languages)s", languages=sides(one.language, str(get_locale())))
    zone_name = one.interpretation_request.time_zone
    return f"{local_time(one.starts_at, zone_name)}–{local_time(one.ends_at, zone_name)}"


def ranked_ways(one: InterpretationRequest) -> str:
    """Return by which ways somebody may take part, in words and in their order."""
    first, *others = (str(WAY_NAMES[way]) for way in one.ranked_ways)
    return "; ".join([first, *(_("%(way)s if nobody is found", way=way) for way in others)])


def fallback(one: Assignment | Offer) -> str:
    """Return why somebody takes part by a way that was not the first wish; nothing if it was."""
    ways = one.interpretation_request.ranked_ways
    if one.way == ways[0]:
        return ""
    return _("nobody was found %(way)s", way=WAY_NAMES[ways[0]])


def start_of(interpretation_request: InterpretationRequest) -> str:
    """Return when a request begins: day and time, or the window as long as it is not agreed."""
    one = interpretation_request
    if not one.has_window:
        return local_datetime(one.starts_at, one.time_zone)
    return f"{day_of(one.starts_at, one.time_zone)}, {_window(one)}"


def time_of(interpretation_request: InterpretationRequest) -> str:
    """Return from when to when, or the window as long as the time is not agreed."""
    one = interpretation_request
    if one.has_window:
        return _window(one)
    first, last = (local_time(at, one.time_zone) for at in (one.starts_at, one.ends_at))
    return f"{first}–{last}"


def day_and_time_of(interpretation_request: InterpretationRequest) -> str:
    """Return day and from when to when, or the window as long as the time is not agreed."""
    one = interpretation_request
    start = start_of(one)
    return start if one.has_window else f"{start}–{local_time(one.ends_at, one.time_zone)}"


def _window(one: InterpretationRequest) -> str:
    first, latest = (local_time(at, one.time_zone) for at in (one.starts_at, one.latest_start_at))
    return _("start between %(first)s and %(latest)s", first=first, latest=latest)


def where_ways_come_from() -> str:
    """Return in sentences where the minutes of ways come from."""
    counts, known = origins()
    return origin_of(counts, [mode for mode in known if mode != Mode.PUBLIC_TRANSPORT])


def tongues_of(languages: Iterable[Language]) -> list[tuple[str, str, str]]:
    """Return languages as (value, title, note) for a list to choose from; the note is their own."""
    return [
        (one.tag, language(one.tag), "" if one.own == language(one.tag) else one.own)
        for one in languages
    ]


def _where(site: Site) -> tuple[str, str]:
    return site.address, f"{site.postcode} {site.district}".strip()


def options_of(sites: Iterable[Site]) -> list[tuple[int, str, str]]:
    """Return sites as (value, title, note) for a list to choose from."""
    return [
        (site.id, site.name, ", ".join(part for part in _where(site) if part)) for site in sites
    ]
