"""How far private calendars are read, and that one cannot be read.

Nothing that reads calendars is known here: that is loaded in the process that reads them only.
"""

from datetime import timedelta

LARGEST_OCTETS = 5 * 1024 * 1024
"""The most a calendar may have, at an address (unpacked) or as a file."""
LONGEST_LOOK = timedelta(days=400)
"""How far ahead private calendars are read."""


class Unreadable(Exception):
    """The calendar cannot be read; `code` says why (`words.py`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
