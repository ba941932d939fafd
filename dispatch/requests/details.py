"""What somebody fills in to ask, and everything that has to be right about it."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, time
from functools import partial
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.database import db
from dispatch.errors import Refusal, Several
from dispatch.interpreters.rules import Gender, Qualification
from dispatch.languages import rules as languages
from dispatch.requests import rules, ways, windows
from dispatch.requests.headings import choices_of
from dispatch.requests.rules import Setting
from dispatch.requests.sharing import require_handover
from dispatch.requests.ways import ONLY_ON_SITE
from dispatch.sites.models import Site

T = TypeVar("T")


@dataclass(frozen=True)
class RequestDetails:
    """What somebody asks for; `wall_start` is naive wall time at the site.

    `latest_start` is the latest wall time at which it may begin, early in the night that of the
    next day; None for one start. `ways` are ranked, `video_link` and `dial_in` are for whoever
    takes part by them.
    `second_occurrence` answers which of two equal wall times is meant when clocks go back.
    `accepts_varieties`: a related variety will do where nobody is found for the language.
    `alone_because`: why one is enough for what two interpret as a rule.
    `handover_minutes`: so long after the start the second of two takes over; None: as fits.
    `is_urgent`: it cannot wait, though it comes later than the city wants to be asked.
    """

    language: str
    site_id: int
    wall_start: datetime
    duration_minutes: int
    setting: str
    interpreter_count: int = 1
    case_reference: str = ""
    note: str = ""
    contact: str = ""
    room: str = ""
    cost_centre: str = ""
    gender_required: str | None = None
    qualification_required: str | None = None
    second_occurrence: bool | None = None
    latest_start: time | None = None
    ways: tuple[str, ...] = ONLY_ON_SITE
    video_link: str = ""
    dial_in: str = ""
    gender_wished: str | None = None
    qualification_wished: str | None = None
    level_required: int | None = None
    level_wished: int | None = None
    decides_on_rights: bool = False
    is_signed: bool = False
    only_same_person: bool = False
    language_in_words: str = ""
    accepts_varieties: bool = False
    is_urgent: bool = False
    alone_because: str = ""
    relay_allowed: bool = False
    handover_allowed: bool = False
    handover_minutes: int | None = None


CHOICES = frozenset(
    {"gender_required", "qualification_required", "gender_wished", "qualification_wished"}
)
"""Left empty they are none."""
READ = frozenset(
    {
        "language",
        "site_id",
        "wall_start",
        "second_occurrence",
        "latest_start",
        "ways",
        "is_urgent",
    }
)
AS_SAID = tuple(one.name for one in fields(RequestDetails) if one.name not in READ)
"""What is kept under the same name just as it was filled in; the others are read first."""


def as_said(details: RequestDetails) -> dict[str, Any]:
    """Return by name what is kept as it was filled in."""
    said = {name: getattr(details, name) for name in AS_SAID}
    return said | {name: said[name] or None for name in CHOICES}


def checked(
    details: RequestDetails, now: datetime, *, stays_at: int | None = None
) -> tuple[str, Site, datetime]:
    """Return language, site and start; raises `Several` naming every field that has to change.

    A closed site cannot be chosen, unless it is the one where the request `stays_at`.
    """
    refusals = _refused_by_rules(details)
    language = _or_refused(lambda: _language(details), refusals)
    site = _or_refused(lambda: _site(details.site_id, stays_at), refusals)
    starts_at = None
    if site is not None:
        starts_at = _or_refused(partial(_starts_at, details, site, now), refusals)
        if starts_at is not None:
            _or_refused(partial(latest_start_at, details, site), refusals)
    if refusals or language is None or site is None or starts_at is None:
        raise Several(refusals)
    return language, site, starts_at


def _language(details: RequestDetails) -> str:
    """Return the tag; of a language only named in words, that it is still to be settled."""
    if details.language_in_words and details.language in {"", languages.NOT_LISTED}:
        return languages.NOT_LISTED
    return languages.require(details.language).tag


def _refused_by_rules(details: RequestDetails) -> list[Refusal]:
    checks: tuple[Callable[[], None], ...] = (
        lambda: _require_member("setting", details.setting, Setting),
        lambda: rules.require_duration(details.duration_minutes),
        lambda: rules.require_count(details.interpreter_count),
        lambda: rules.require_note(details.note),
        lambda: _require_member("gender_required", details.gender_required, Gender),
        lambda: _require_member(
            "qualification_required", details.qualification_required, Qualification
        ),
        lambda: ways.require_ways(details.ways),
        lambda: ways.require_link(details.video_link),
        lambda: ways.require_dial_in(details.dial_in),
        lambda: _require_member("gender_wished", details.gender_wished, Gender),
        lambda: _require_member(
            "qualification_wished", details.qualification_wished, Qualification
        ),
        lambda: rules.require_level("level_required", details.level_required),
        lambda: rules.require_level("level_wished", details.level_wished),
        lambda: require_handover(
            details.duration_minutes, details.handover_minutes, allowed=details.handover_allowed
        ),
        lambda: rules.require_case(details.case_reference, needed=details.only_same_person),
        *(
            partial(rules.require_length, field, getattr(details, field))
            for field in rules.LONGEST_TEXTS
        ),
    )
    refusals: list[Refusal] = []
    for check in checks:
        _or_refused(check, refusals)
    return refusals


def _or_refused(read: Callable[[], T], refusals: list[Refusal]) -> T | None:
    try:
        return read()
    except Refusal as refusal:
        refusals.append(refusal)
        return None


def _starts_at(details: RequestDetails, site: Site, now: datetime) -> datetime:
    starts_at = clock.localize(details.wall_start, site.time_zone, second=details.second_occurrence)
    rules.require_future(starts_at, now)
    return starts_at


def starts_of(details: RequestDetails, site: Site, now: datetime) -> tuple[datetime, datetime]:
    """Return its first and its latest start; raises `Refusal` for times that are none or over."""
    return _starts_at(details, site, now), latest_start_at(details, site)


def latest_start_at(details: RequestDetails, site: Site) -> datetime:
    """Return when it begins at the latest; raises `Refusal` for a window that is none."""

    def instant(wall: datetime) -> datetime:
        return clock.localize(wall, site.time_zone, second=details.second_occurrence)

    first = instant(details.wall_start)
    if details.latest_start is None:
        return first
    try:
        latest = instant(windows.wall_of_latest(details.wall_start, details.latest_start))
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.text, field="latest_start") from refusal
    windows.require_window(first, latest)
    return latest


def _site(site_id: int, stays_at: int | None) -> Site:
    site = db.session.get(Site, site_id)
    if site is None:
        raise Refusal(
            "unknown-site",
            _l("This site is not in the register; search for it by name or street."),
            field="site",
        )
    if not site.active and site_id != stays_at:
        raise Refusal(
            "site-closed",
            _l("%(name)s is closed; choose another place.", name=site.name),
            field="site",
        )
    return site


def _require_member(
    field: str, value: str | None, choices: type[Setting | Gender | Qualification]
) -> None:
    if value and value not in set(choices):
        raise Refusal(
            f"unknown-{field.replace('_', '-')}",
            _l(
                "“%(value)s” is not known here; the choices are %(choices)s.",
                value=value,
                choices=choices_of(field, choices),
            ),
            field=field,
        )
    if not value and field == "setting":
        raise Refusal("setting-missing", _l("Choose the setting of the talk."), field=field)
