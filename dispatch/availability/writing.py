"""Weekly hours as a file or a command line writes them: `mon:08:00-12:00 fri:22:00-06:00`."""

import re
from collections.abc import Iterable
from datetime import time

from flask_babel import lazy_gettext as _l

from dispatch.availability.rules import require_order
from dispatch.errors import Refusal

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GERMAN = ("mo", "di", "mi", "do", "fr", "sa", "so")
_WORD = re.compile(r"(\w{2,3}):(\d\d:\d\d)-(\d\d:\d\d)", re.ASCII)

Written = tuple[int, time, time]
"""A weekday (0 is Monday) and its wall times; an end not after the start is the next day's."""


def read(word: str, field: str = "weekly_hours") -> Written:
    """Return the hours a word means; 24:00 is midnight. Raises `Refusal` naming the word."""
    match = _WORD.fullmatch(word)
    try:
        if match is None:
            raise ValueError(word)
        name = match[1].lower()
        weekday = (GERMAN if len(name) == 2 else WEEKDAYS).index(name)
        start = time.fromisoformat(match[2])
        end = time.min if match[3] == "24:00" else time.fromisoformat(match[3])
        require_order(start, end)
    except (ValueError, Refusal) as wrong:
        raise Refusal(
            "hours-invalid",
            _l("“%(word)s” are no hours of a weekday; write them like mon:08:00-12:00", word=word),
            field=field,
        ) from wrong
    return weekday, start, end


def write(hours: Iterable[Written]) -> str:
    """Return hours as they are read."""
    return " ".join(
        f"{WEEKDAYS[weekday]}:{start.strftime('%H:%M')}-{end.strftime('%H:%M')}"
        for weekday, start, end in hours
    )
