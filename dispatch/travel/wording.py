"""How pages and commands say which timetable ways come from."""

from flask_babel import gettext as _

from dispatch.travel.models import Timetable
from dispatch.web.formats import local_date


def origin_of(timetable: Timetable | None) -> str:
    """Return in a sentence where the minutes of ways come from."""
    if timetable is None:
        return _("Ways are estimated from the straight line.")
    return _("%(name)s; other ways are estimated from the straight line.", name=name_of(timetable))


def name_of(timetable: Timetable) -> str:
    """Return which timetable it is: from which day, whose, of which working day."""
    known = [part for part in (timetable.publisher, timetable.feed_version) if part]
    return _(
        "By public transport: timetable of %(day)s (%(source)s)",
        day=local_date(timetable.valid_from),
        source=", ".join(known) or timetable.file_name,
    )
