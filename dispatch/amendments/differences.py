"""What is different after a change, old and new in words, as far as a message may say it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from dispatch.amendments.rules import ONLY_BY, TIMES, TO_KNOW, Demand
from dispatch.assignments.rules import Way
from dispatch.database import db
from dispatch.languages.rules import name_of
from dispatch.requests.rules import SETTING_NAMES
from dispatch.requests.ways import WAY_NAMES, ranked
from dispatch.requests.wording import DEMANDS, GENDER_NAMES, LEVEL_NAMES, QUALIFICATION_NAMES
from dispatch.sites.models import Site
from dispatch.web.formats import date_in, time_in

WHEN = TIMES | {"duration_minutes"}
NEVER_IN_A_MESSAGE = frozenset(
    {"language_in_words", "alone_because", "contact", "note", "case_reference", "cost_centre"}
)
"""Somebody may have written of a client there: only that it is new is said."""
WORDS: dict[str, dict[Any, Any]] = {
    "gender_required": GENDER_NAMES,
    "gender_wished": GENDER_NAMES,
    "qualification_required": QUALIFICATION_NAMES,
    "qualification_wished": QUALIFICATION_NAMES,
    "level_required": LEVEL_NAMES,
    "level_wished": LEVEL_NAMES,
    "setting": SETTING_NAMES,
}


@dataclass(frozen=True)
class Difference:
    """One thing that changed: its name, what it is and was; without both only that it is new."""

    name: str
    new: str = ""
    old: str = ""


def for_who_asked(
    before: Demand, after: Demand, names: Collection[str], locale: str
) -> tuple[Difference, ...]:
    """Return everything that is different, in words of a language."""
    with force_locale(locale):
        return tuple(_all(before, after, names, locale))


def together(earlier: Sequence[Difference], later: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return what two changes, one after the other, have made different in the end."""
    old = {one.name: one.old for one in earlier}
    named = {one.name for one in later}
    both = [replace(one, old=old.get(one.name, one.old)) for one in later]
    return (
        *(one for one in earlier if one.name not in named),
        *(one for one in both if one.new != one.old or not one.new),
    )


def for_who_comes(
    before: Demand, after: Demand, names: Collection[str], way: Way, locale: str
) -> tuple[Difference, ...]:
    """Return what is different beside the terms, as far as it concerns who comes by this way.

    Of the setting only that it is new: it says what the talk is about.
    """
    to_know = {name for name in TO_KNOW & set(names) if ONLY_BY.get(name, way) == way}
    with force_locale(locale):
        return tuple(
            Difference(str(DEMANDS[name]))
            if name == "setting"
            else _of_field(name, before, after, locale)
            for name in DEMANDS
            if name in to_know
        )


def only_that_new(names: Collection[str], way: str, locale: str) -> tuple[Difference, ...]:
    """Return what of these concerns who comes by this way, without what it was before."""
    to_know = {name for name in TO_KNOW & set(names) if ONLY_BY.get(name, way) == way}
    with force_locale(locale):
        return tuple(Difference(str(DEMANDS[name])) for name in DEMANDS if name in to_know)


def _all(
    before: Demand, after: Demand, names: Collection[str], locale: str
) -> Iterator[Difference]:
    if WHEN & set(names):
        yield Difference(str(_l("When")), _when(after, locale), _when(before, locale))
    for name in DEMANDS:
        if name == "site_id" and name in names:
            yield _place(before, after)
        elif name in names and name not in WHEN:
            yield _of_field(name, before, after, locale)


def _of_field(name: str, before: Demand, after: Demand, locale: str) -> Difference:
    title = str(DEMANDS[name])
    if name in NEVER_IN_A_MESSAGE:
        return Difference(title)
    new, old = (_said(name, getattr(one, name), locale) for one in (after, before))
    return Difference(title, new, old)


def _said(name: str, value: Any, locale: str) -> str:
    """Return a value in words; what is not given is a dash."""
    if name == "language":
        return name_of(value, locale)
    if name == "ways":
        return ", ".join(str(WAY_NAMES[way]) for way in ranked(value))
    if name in WORDS:
        return str(WORDS[name].get(str(value or ""), value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value in (None, "") else str(value)


def _when(demand: Demand, locale: str) -> str:
    zone = db.session.get_one(Site, demand.site_id).time_zone

    def at(instant: datetime) -> str:
        return time_in(instant, zone, locale)

    if demand.latest_start_at != demand.starts_at:
        time = _(
            "start between %(first)s and %(latest)s",
            first=at(demand.starts_at),
            latest=at(demand.latest_start_at),
        )
    else:
        time = f"{at(demand.starts_at)}–{at(demand.ends_at)}"
    return f"{date_in(demand.starts_at, zone, locale)}, {time}"


def _place(before: Demand, after: Demand) -> Difference:
    """Return which place it is; of one that is not public only the district, as everywhere."""
    new, old = (db.session.get_one(Site, one.site_id) for one in (after, before))
    said, was = (
        f"{one.name}, {one.district}" if one.is_public else one.district for one in (new, old)
    )
    if said == was:
        said = _("another place in %(district)s", district=new.district)
    return Difference(str(DEMANDS["site_id"]), said, was)
