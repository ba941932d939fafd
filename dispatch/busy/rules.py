"""How far private calendars are read, and that one cannot be read.

Nothing that reads calendars is known here: that is loaded in the process that reads them only.
"""

from datetime import timedelta

LARGEST_OCTETS = 5 * 1024 * 1024
"""The most a calendar may have, at an address (unpacked) or as a file."""
LONGEST_LOOK = timedelta(days=400)
"""How far ahead private calendars are read."""


NAME = b"VCALENDAR"
"""What stands in every calendar (RFC 5545, 3.4), whatever else it is."""
MAY_LIE_BETWEEN = b"\0\r\n\t "
"""What may part its letters: lines are folded anywhere, and UTF-16 has two octets for each."""


class Unreadable(Exception):
    """The calendar cannot be read; `code` says why (`words.py`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def require_one(octets: bytes) -> None:
    """Refuse what is obviously no calendar, before any of it is read.

    Raises `Unreadable`.
    """
    if NAME not in octets.translate(None, MAY_LIE_BETWEEN).upper():
        raise Unreadable("no-calendar")
