"""Why a private calendar cannot be read, in sentences."""

from typing import Any

from flask_babel import lazy_gettext as _l

REASONS: dict[str, Any] = {
    "no-calendar": _l("What is there is no calendar; give the address or file of an iCalendar."),
    "too-much": _l("The calendar repeats too often or has too many entries to be read."),
    "too-large": _l("The calendar is larger than 5 MB."),
    "too-slow": _l("The server took too long to answer."),
    "not-given": _l("The server does not give the calendar to us; is the address still right?"),
    "away": _l("The calendar cannot be fetched from this address."),
}


def reason(code: str) -> str:
    """Return the sentence for a code."""
    return str(REASONS.get(code, REASONS["away"]))
