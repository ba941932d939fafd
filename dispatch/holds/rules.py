"""What takes somebody's time."""

from enum import StrEnum


class Cause(StrEnum):
    """By what time is taken."""

    OFFER = "offer"
    ASSIGNMENT = "assignment"
