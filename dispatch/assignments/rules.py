"""The life of an assignment, and whether one more fits into somebody's day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from dispatch.availability.rules import Way as Way
from dispatch.errors import Conflict, Refusal
from dispatch.requests.rules import UNDECIDED
from dispatch.travel.estimate import Mode, Point, gap_needed
from dispatch.travel.times import SOURCE_NAMES, TravelTime, TravelTimes


class AssignmentState(StrEnum):
    """Where an assignment stands; it begins confirmed, with the interpreter's yes."""

    CONFIRMED = "confirmed"
    TO_RECONFIRM = "to_reconfirm"
    """What was agreed has changed, and the interpreter has not said yes to it yet."""

    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    RUNNING = "running"
    COMPLETED = "completed"
    NO_SHOW_CLIENT = "no_show_client"
    NO_SHOW_INTERPRETER = "no_show_interpreter"
    RELEASED = "released"
    CANCELLED = "cancelled"


OFF = frozenset({AssignmentState.RELEASED, AssignmentState.CANCELLED})
"""Taken back before it took place: the seat is free for somebody else."""

DONE = frozenset(
    {
        AssignmentState.COMPLETED,
        AssignmentState.NO_SHOW_CLIENT,
        AssignmentState.NO_SHOW_INTERPRETER,
    }
)
"""Over, whatever came of it; it is in nobody's way."""

TO_COME = frozenset(AssignmentState) - OFF - DONE
"""It takes the interpreter's time."""

AGREED = TO_COME - {AssignmentState.TO_RECONFIRM}
"""The interpreter has said yes to what holds, and is to come or there."""

TRANSITIONS: dict[AssignmentState, frozenset[AssignmentState]] = {
    AssignmentState.CONFIRMED: DONE
    | OFF
    | {
        AssignmentState.TO_RECONFIRM,
        AssignmentState.ON_THE_WAY,
        AssignmentState.ARRIVED,
        AssignmentState.RUNNING,
    },
    AssignmentState.TO_RECONFIRM: OFF | {AssignmentState.CONFIRMED},
    AssignmentState.ON_THE_WAY: DONE
    | OFF
    | {AssignmentState.TO_RECONFIRM, AssignmentState.ARRIVED, AssignmentState.RUNNING},
    AssignmentState.ARRIVED: DONE | OFF | {AssignmentState.TO_RECONFIRM, AssignmentState.RUNNING},
    AssignmentState.RUNNING: OFF | {AssignmentState.COMPLETED},
    **{state: frozenset() for state in DONE | OFF},
}


class Via(StrEnum):
    """The way an answer came."""

    LINK = "link"
    PAGE = "page"
    TELEPHONE = "telephone"
    """Said on the telephone and written down by the coordinator."""

    CALENDAR = "calendar"
    """Answered in the calendar; the answer came by mail."""

    SMS = "sms"
    """Answered by SMS, with a code or a single word."""

    AGREED = "agreed"
    """Agreed in person; the coordinator assigned directly."""

    KEPT = "kept"
    """Nobody had to answer: what changed lies within what was agreed."""


@dataclass(frozen=True)
class Terms:
    """What an interpreter agrees to: the seat, the place, `[starts_at, ends_at)`, how."""

    seat: int
    site_id: int
    starts_at: datetime
    ends_at: datetime
    language: str
    way: Way = Way.ON_SITE

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when to when."""
        return self.starts_at, self.ends_at


class Sight(StrEnum):
    """How much an interpreter may see of the place, by where the assignment stands.

    The address of a shelter is for whoever goes there, while it is so; for nobody who was merely
    asked, and for nobody afterwards.
    """

    FULL = "full"
    AS_AGREED = "as agreed"
    """The place that was agreed to last; not the one that is asked for now."""
    NOTHING_OF_THE_PLACE = "nothing of the place"


def sight(state: str, ends_at: datetime, now: datetime) -> Sight:
    """Return what its interpreter may see of an assignment in this state.

    `ends_at` is the end that was agreed to last.
    """
    if state not in TO_COME or now >= ends_at:
        return Sight.NOTHING_OF_THE_PLACE
    return Sight.FULL if state in AGREED else Sight.AS_AGREED


REPORT_WITHIN = timedelta(hours=72)
NO_REMINDER_WITHIN = timedelta(hours=2)
REMINDED_AGAIN_BEFORE = timedelta(hours=2)
NO_REMINDER_AGAIN_WITHIN = timedelta(minutes=45)
"""From here on somebody is on the way; also where quiet hours held the reminder back."""
REMINDERS_LOOK_AHEAD = timedelta(hours=36)


@dataclass(frozen=True)
class Stop:
    """A place and time in somebody's day; buffers in minutes around `[starts_at, ends_at)`."""

    starts_at: datetime
    ends_at: datetime
    point: Point
    buffer_before_minutes: int
    buffer_after_minutes: int


def require_known(wanted: Collection[int], known: Collection[int]) -> None:
    """Refuse to name somebody who neither has interpreted for those who ask nor is to come."""
    if not set(wanted) <= set(known):
        raise Refusal(
            "not-known-here",
            _l("Only somebody who has interpreted for you, or is to, can be named."),
        )


def require_somebody(wanted: Collection[int], *, only: bool) -> None:
    """Refuse that nobody else may come where nobody is wished for."""
    if only and not wanted:
        raise Refusal(
            "nobody-named",
            _l("Tick whom you would like to come, or leave open that others may come as well."),
        )


def require_still_wanted(state: str, starts_at: datetime, now: datetime) -> None:
    """Refuse a wish for a request that needs nobody any more; the office may look at it still."""
    if state not in UNDECIDED or starts_at <= now:
        raise Conflict("request-not-open", _l("Nobody is needed for this request any more."))


def require_to_come(state: str) -> None:
    """Refuse what only makes sense while the interpreter is to come."""
    if state not in TO_COME:
        raise Conflict(
            "assignment-cannot-become",
            _l("This assignment changed meanwhile; look at where it stands now."),
        )


def require_transition(current: str, wanted: AssignmentState) -> None:
    """Refuse a change of state that the table does not know."""
    if wanted not in TRANSITIONS[AssignmentState(current)]:
        raise Conflict(
            "assignment-cannot-become",
            _l("This assignment changed meanwhile; look at where it stands now."),
        )


def require_reachable(new: Stop, day: Iterable[Stop], times: TravelTimes, mode: Mode) -> None:
    """Refuse a stop that overlaps another of the same day, or cannot be reached between them.

    `day` holds the other stops of one interpreter. Only the ways from the one before and to the
    one after count: by a third place it may be quicker than `times` say of the way past it.
    """
    others = sorted(day, key=lambda stop: stop.starts_at)
    for other in others:
        if new.starts_at < other.ends_at and other.starts_at < new.ends_at:
            raise _overlap(times.one(other.point, new.point, mode))
    before = [(other, new) for other in others if other.starts_at < new.starts_at][-1:]
    after = [(new, other) for other in others if other.starts_at > new.starts_at][:1]
    for first, then in before + after:
        way = times.one(first.point, then.point, mode)
        missing = minutes_short(first, then, way.minutes)
        if missing > 0:
            raise Conflict(
                "travel",
                _l(
                    "The way from one assignment to the other takes %(way)d min (%(source)s); "
                    "with arriving and leaving that is %(missing)d min more than there is "
                    "time.",
                    way=way.minutes,
                    missing=missing,
                    source=SOURCE_NAMES[way.source],
                ),
            )


def _overlap(way: TravelTime) -> Conflict:
    if not way.minutes:
        return Conflict("overlap", _l("At this time there is another assignment already."))
    return Conflict(
        "overlap",
        _l(
            "At this time there is another assignment already, %(way)d min away (%(source)s).",
            way=way.minutes,
            source=SOURCE_NAMES[way.source],
        ),
    )


def minutes_short(first: Stop, then: Stop, way: int) -> int:
    """Return by how many minutes the way and the buffers exceed the gap between two stops."""
    gap = int((then.starts_at - first.ends_at).total_seconds() // 60)
    return gap_needed(first, then, way) - gap
