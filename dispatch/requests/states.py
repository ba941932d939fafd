"""The life of a request: where it can stand, and what can follow."""

from enum import StrEnum


class RequestState(StrEnum):
    """Where a request stands."""

    IN_REVIEW = "in_review"
    """The office looks at it first; nobody is asked before."""

    OPEN = "open"
    FILLED = "filled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNFILLED = "unfilled"
    REFUSED = "refused"


TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.IN_REVIEW: frozenset(
        {
            RequestState.OPEN,
            RequestState.REFUSED,
            RequestState.CANCELLED,
            RequestState.UNFILLED,
        }
    ),
    RequestState.REFUSED: frozenset(),
    RequestState.OPEN: frozenset(
        {
            RequestState.FILLED,
            RequestState.CANCELLED,
            RequestState.UNFILLED,
            # Only where nobody could find out which language it is.
            RequestState.REFUSED,
        }
    ),
    RequestState.FILLED: frozenset(
        {
            RequestState.OPEN,
            RequestState.COMPLETED,
            RequestState.CANCELLED,
            RequestState.UNFILLED,
        }
    ),
    # What is over stays over; only whether somebody came can be corrected.
    RequestState.COMPLETED: frozenset({RequestState.UNFILLED}),
    RequestState.CANCELLED: frozenset({RequestState.OPEN, RequestState.IN_REVIEW}),
    RequestState.UNFILLED: frozenset({RequestState.COMPLETED}),
}

ALIVE = frozenset({RequestState.OPEN, RequestState.FILLED})
"""Somebody is looked for, or comes."""

WANTED = ALIVE | {RequestState.IN_REVIEW}
"""It can still be changed and cancelled."""

UNDECIDED = frozenset({RequestState.IN_REVIEW, RequestState.OPEN})
"""Those who asked do not know yet whether somebody comes."""


class FileState(StrEnum):
    """How far a file with requests is."""

    WAITING = "waiting"
    CHECKING = "checking"
    STORING = "storing"
    TAKEN = "taken"
    REFUSED = "refused"


FILES_UNDER_WAY = frozenset({FileState.WAITING, FileState.CHECKING, FileState.STORING})
