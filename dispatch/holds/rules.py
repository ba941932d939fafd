"""What takes somebody's time."""

from enum import StrEnum


class Cause(StrEnum):
    """By what time is taken."""

    OFFER = "offer"
    ASSIGNMENT = "assignment"
    TO_RECONFIRM = "to_reconfirm"
    """An assignment whose changed terms nobody has agreed to yet; it holds the changed span."""
