"""In which ways somebody reads what is kept of an interpreter, and how long that is remembered."""

from datetime import timedelta
from enum import StrEnum
from typing import Final


class How(StrEnum):
    """What was opened."""

    PAGES = "pages"
    """The pages of this one person."""
    LIST = "list"
    """The file with everybody in the pool."""


KEPT_FOR: Final = timedelta(days=365)
