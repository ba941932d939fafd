"""Why nothing has to help a request."""

from enum import StrEnum


class Settled(StrEnum):
    """Why nothing has to help a request."""

    COVERED = "covered"
    NOT_NEEDED = "not_needed"
    CAN_BE_ASKED = "can_be_asked"
