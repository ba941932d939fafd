"""How pages and commands say where ways come from."""

from collections.abc import Iterable

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from dispatch.travel.estimate import Mode
from dispatch.travel.models import Timetable
from dispatch.web.formats import local_date

MODES = {
    Mode.CAR: _l("by car"),
    Mode.BICYCLE: _l("by bicycle"),
    Mode.ON_FOOT: _l("on foot"),
    Mode.PUBLIC_TRANSPORT: _l("by public transport"),
}


def origin_of(timetable: Timetable | None, by_engine: Iterable[Mode]) -> str:
    """Return in sentences where the minutes of ways come from."""
    said = [f"{name_of(timetable)}."] if timetable else []
    modes = [str(MODES[mode]) for mode in by_engine]
    if modes:
        said.append(
            _(
                "A routing engine knows the ways %(modes)s.",
                modes=format_list(modes, locale=get_locale()),
            )
        )
    if not said:
        return _("Ways are estimated from the straight line.")
    return " ".join([*said, _("Other ways are estimated from the straight line.")])


def name_of(timetable: Timetable) -> str:
    """Return which timetable it is: from which day, whose, of which working day."""
    known = [part for part in (timetable.publisher, timetable.feed_version) if part]
    return _(
        "By public transport: timetable of %(day)s (%(source)s)",
        day=local_date(timetable.valid_from),
        source=", ".join(known) or timetable.file_name,
    )
