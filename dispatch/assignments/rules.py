"""The life of an assignment, and whether one more fits into somebody's day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from dispatch.errors import Conflict, Refusal
from dispatch.travel.estimate import Mode, Point, gap_needed


class AssignmentState(StrEnum):
    """Where an assignment stands; a seat nobody was asked for has none, see decision 0004."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    RELEASED = "released"
    CANCELLED = "cancelled"


TRANSITIONS: dict[AssignmentState, frozenset[AssignmentState]] = {
    AssignmentState.OFFERED: frozenset(
        {AssignmentState.CONFIRMED, AssignmentState.RELEASED, AssignmentState.CANCELLED}
    ),
    AssignmentState.CONFIRMED: frozenset(
        {AssignmentState.COMPLETED, AssignmentState.RELEASED, AssignmentState.CANCELLED}
    ),
    AssignmentState.COMPLETED: frozenset(),
    AssignmentState.RELEASED: frozenset(),
    AssignmentState.CANCELLED: frozenset(),
}

BLOCKING = frozenset({AssignmentState.OFFERED, AssignmentState.CONFIRMED})
"""States in which the interpreter's time is taken; the database refuses overlaps among them."""

REPORT_WITHIN = timedelta(hours=72)
REMIND_BEFORE = timedelta(hours=24)


@dataclass(frozen=True)
class Stop:
    """A place and time in somebody's day; buffers in minutes around `[starts_at, ends_at)`."""

    starts_at: datetime
    ends_at: datetime
    point: Point
    buffer_before_minutes: int
    buffer_after_minutes: int


def require_known(wanted: Collection[int], known: Collection[int]) -> None:
    """Refuse a wish for somebody who has not interpreted for those who ask before."""
    if not set(wanted) <= set(known):
        raise Refusal(
            "not-known-here",
            _l("Only somebody who has interpreted for you before can be wished for."),
        )


def require_transition(current: str, wanted: AssignmentState) -> None:
    """Refuse a change of state that the table does not know."""
    if wanted not in TRANSITIONS[AssignmentState(current)]:
        raise Conflict(
            "assignment-cannot-become",
            _l("This assignment changed meanwhile; look at where it stands now."),
        )


def require_fits(new: Stop, day: Iterable[Stop], mode: Mode) -> None:
    """Refuse a stop that overlaps another of the same day, or cannot be reached between them.

    `day` holds the other stops of one interpreter; the travel is the estimate for the mode.
    """
    for other in day:
        if new.starts_at < other.ends_at and other.starts_at < new.ends_at:
            raise Conflict(
                "overlap",
                _l("At this time there is another assignment already."),
            )
        first, then = (other, new) if other.starts_at < new.starts_at else (new, other)
        missing = minutes_short(first, then, mode)
        if missing > 0:
            raise Conflict(
                "travel",
                _l(
                    "The way from one assignment to the other takes %(missing)d minutes longer "
                    "than there is time (estimate).",
                    missing=missing,
                ),
            )


def minutes_short(first: Stop, then: Stop, mode: Mode) -> int:
    """Return by how many minutes travel and buffers exceed the gap between two stops."""
    gap = int((then.starts_at - first.ends_at).total_seconds() // 60)
    return gap_needed(first, then, mode) - gap
