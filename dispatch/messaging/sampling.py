"""Facts of a message as examples: what each says, and the same in another language, made up."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from dispatch.settings import active
from dispatch.web.formats import date_in, short_date_in, time_in

STARTS, ENDS, WAS = (
    datetime(2030, 3, 5, 9, tzinfo=UTC), datetime(2030, 3, 5, 10, tzinfo=UTC),
    datetime(2030, 3, 4, 9, tzinfo=UTC),
)  # fmt: skip
LANGUAGES = {
    "de": ("Rumänisch", "Bulgarisch"),
    "en": ("Romanian", "Bulgarian"),
    "el": ("Ρουμανικά", "Βουλγαρικά"),
}
NAMES = {"de": "Mira Beispiel", "en": "Mira Example", "el": "Μίρα Παράδειγμα"}
DISTRICTS = {"de": "Innenstadt", "en": "City centre", "el": "Κέντρο"}
PLACES = {"de": "Beispielplatz 1", "en": "1 Example Square", "el": "Πλατεία Παραδείγματος 1"}

CUT_OUT, TOKEN, CODE = "…", "x" * 22, "123456"
IN_LINK = re.compile(f"(?<=/){CUT_OUT}$")

Said = Callable[[str], str]
"""What a field says in a locale."""


def _day(at: datetime) -> Said:
    return lambda locale: date_in(at, active().time_zone, locale)


def _short_day(at: datetime) -> Said:
    return lambda locale: short_date_in(at, active().time_zone, locale)


def _time(at: datetime) -> Said:
    return lambda locale: time_in(at, active().time_zone, locale)


def _with_time(day: Said) -> Said:
    return lambda locale: f"{day(locale)}, {_time(ENDS)(locale)}"


SAID: dict[str, Said] = {
    "day": _day(STARTS),
    "short_day": _short_day(STARTS),
    "old_day": _day(WAS),
    "old_short_day": _short_day(WAS),
    "start": _time(STARTS),
    "end": _time(ENDS),
    "old_start": _time(WAS),
    "old_end": _time(ENDS),
    "answer_by": _with_time(_day(WAS)),
    "take_back_by": _with_time(_day(WAS)),
    "hear_by": _with_time(_day(WAS)),
    "short_answer_by": _with_time(_short_day(WAS)),
    "language": lambda locale: LANGUAGES[locale][0],
    "old_language": lambda locale: LANGUAGES[locale][1],
    "instead_of": lambda locale: LANGUAGES[locale][1],
    "relay_with": lambda locale: LANGUAGES[locale][1],
    "name": lambda locale: NAMES[locale],
    "interpreter": lambda locale: NAMES[locale],
    "district": lambda locale: DISTRICTS[locale],
    "old_district": lambda locale: DISTRICTS[locale],
    "place": lambda locale: PLACES[locale],
}
"""What people read in their own language, of fields that hold a text of it."""


def _numbered(path: str) -> Said:
    return lambda _locale: f"{active().base_url}/{path}/100"


INVENTED: dict[str, Said | int | bool] = {
    "number": lambda _locale: "100",
    "reference": lambda _locale: f"{active().city.reference_prefix}-2030-ABCDEF",
    "office": lambda _locale: active().city.office.name,
    "phone": lambda _locale: active().city.office_phone,
    "way": lambda _locale: "on_site",
    "wanted_way": lambda _locale: "on_site",
    "way_source": lambda _locale: "estimate",
    "asks": lambda _locale: "one",
    "link": _numbered("assignments"),
    "all_offers": _numbered("offers"),
    "absences": _numbered("absences"),
    "yes_code": lambda _locale: "J7K",
    "no_code": lambda _locale: "N7K",
    **dict.fromkeys(("way_minutes", "minutes", "owed_minutes"), 30),
    "take_back_hours": 24,
    **dict.fromkeys(("wanted", "count", "seats"), 1),
    **dict.fromkeys(("missing", "lost", "asked_again", "asked_now", "came", "others"), 0),
    **dict.fromkeys(("team", "still_number"), 0),
}
"""What else a message says where none of its kind was ever written: the plainest there is."""
LEFT_OUT = frozenset(
    {
        "instead_of", "together", "relay_with", "relay", "arrives", "released", "gone", "still",
        "client_knows", "changed_by", "latest", "part_start", "part_end", "asked_by", "spoken",
        "urgent", "again", "to_review", "to_settle", "client_reminded", "as_agreed", "fallback",
        "link_missing", "is_shared", "other_time", "other_place", "nothing_open", "has_declined",
        "has_agreed", "asked_at_once", "other_comes", "declined_start",
    }
)  # fmt: skip
"""What few messages say: it is empty, so that what is said only with it is not shown."""


def invented(names: Iterable[str], locale: str, say: Said) -> dict[str, Any]:
    """Return made-up facts of these names in a locale; what nothing is made up for, `say` says.

    Of one for several things there are two (`each`); what has changed is one thing.
    """
    facts = {name: _made_up(name, locale, say) for name in names}
    change = {"name": say("changes"), "new": "…", "old": "…"}
    lists = {"changes": [change], "also": []}
    facts |= {name: value for name, value in lists.items() if name in facts}
    if "each" in facts:
        one = {name: value for name, value in facts.items() if name != "each"}
        facts |= {"each": [one, one], "number": 2}
    return facts


def _made_up(name: str, locale: str, say: Said) -> Any:
    if name in LEFT_OUT:
        return ""
    found = SAID.get(name) or INVENTED.get(name, say)
    if isinstance(found, int):
        return found
    return found(name) if found is say else found(locale)


def in_language(facts: Any, locale: str) -> Any:
    """Return facts in which whatever is read in a language is made up in this one."""
    if isinstance(facts, dict):
        return {name: _said(name, value, locale) for name, value in facts.items()}
    if isinstance(facts, list):
        return [in_language(one, locale) for one in facts]
    return facts


def with_stand_ins(facts: Any) -> Any:
    """Return kept facts with something as long in place of each secret, so that they read alike."""
    if isinstance(facts, dict):
        return {name: with_stand_ins(value) for name, value in facts.items()}
    if isinstance(facts, list):
        return [with_stand_ins(one) for one in facts]
    if not isinstance(facts, str):
        return facts
    return IN_LINK.sub(TOKEN, facts) if facts != CUT_OUT else CODE


def shown(facts: dict[str, Any]) -> dict[str, str]:
    """Return what each field says, of lists what their first entry does; nothing where it is so."""
    found: dict[str, str] = {}
    for name, value in facts.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            found = shown(value[0]) | found
        elif isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            found[name] = str(value)
    return found


def _said(name: str, value: Any, locale: str) -> Any:
    if name in SAID and isinstance(value, str) and value:
        return SAID[name](locale)
    return in_language(value, locale)
