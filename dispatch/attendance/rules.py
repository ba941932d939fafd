"""What can be said of an assignment on its day: by whom, when, and what is no word at all."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import count

from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.assignments.rules import (
    AGREED,
    DONE,
    REPORT_WITHIN,
    TRANSITIONS,
    AssignmentState,
    require_to_come,
)
from dispatch.cities import City
from dispatch.cities.working_time import after_quiet, afternoon_before, morning_before
from dispatch.errors import Conflict, Forbidden, Refusal


class Side(StrEnum):
    """Who says it; the office also writes down what somebody else said on the telephone."""

    INTERPRETER = "interpreter"
    WHO_ASKED = "who asked"
    OFFICE = "office"


EVERYBODY = frozenset(Side)
SAYS: dict[AssignmentState, frozenset[Side]] = {
    AssignmentState.ON_THE_WAY: frozenset({Side.INTERPRETER, Side.OFFICE}),
    AssignmentState.ARRIVED: EVERYBODY,
    AssignmentState.RUNNING: EVERYBODY,
    AssignmentState.COMPLETED: EVERYBODY,
    AssignmentState.NO_SHOW_CLIENT: EVERYBODY,
    AssignmentState.NO_SHOW_INTERPRETER: frozenset({Side.WHO_ASKED, Side.OFFICE}),
}
"""Nobody is asked to say of themselves that they did not come: they withdraw before."""

ON_FOOT = frozenset({AssignmentState.ON_THE_WAY, AssignmentState.ARRIVED})
"""Of somebody who takes part by video or telephone there is nothing of this to say."""

BEFORE_THE_START: dict[AssignmentState, timedelta] = {
    AssignmentState.ON_THE_WAY: timedelta(hours=4),
    AssignmentState.ARRIVED: timedelta(hours=2),
    AssignmentState.RUNNING: timedelta(minutes=30),
    AssignmentState.COMPLETED: timedelta(0),
    AssignmentState.NO_SHOW_CLIENT: timedelta(0),
    AssignmentState.NO_SHOW_INTERPRETER: timedelta(0),
}
"""How long before the start it can be said at the earliest; a slip of the finger is no news."""

LATE_BEFORE_THE_START = timedelta(hours=4)
MOST_LATE_MINUTES = 240


@dataclass(frozen=True)
class Times:
    """When the talk really began and ended, as far as it is said; instants, both aware."""

    began_at: datetime | None = None
    ended_at: datetime | None = None


NO_TIMES = Times()


DAY_BEFORE_LOOKS_AHEAD = timedelta(days=14)
"""Further ahead no last working day before a start can be today, whatever the holidays."""

TOO_LATE_TO_ASK = timedelta(hours=2)


def is_to_be_asked(confirmed_at: datetime, starts_at: datetime, now: datetime, city: City) -> bool:
    """Tell whether somebody is to be asked now whether they come tomorrow.

    From ten o'clock of the last working day before, never in quiet hours, nor so shortly before
    the start that an answer helps nobody. Who has said yes since then need not say it again.
    """
    at = morning_before(starts_at, city)
    in_time = at <= now < starts_at - TOO_LATE_TO_ASK
    return in_time and confirmed_at < at and after_quiet(now, city) == now


def is_missing_by(starts_at: datetime, city: City) -> datetime:
    """Return from when on the office has to call whoever has not confirmed."""
    return afternoon_before(starts_at, city)


def require_still_to_come(state: str, starts_at: datetime, now: datetime) -> None:
    """Refuse a confirmation of what has begun, or is not to come any more."""
    require_to_come(state)
    if starts_at <= now:
        raise Conflict("assignment-begun", _l("It has begun already; nothing has to be said."))


def side_of(role: str) -> Side:
    """Return for whom somebody of this role speaks."""
    if role == Role.INTERPRETER:
        return Side.INTERPRETER
    return Side.WHO_ASKED if role in ASKS else Side.OFFICE


def to_be_said(state: str, side: Side) -> list[AssignmentState]:
    """Return what this side can still say of an assignment, whenever its time comes."""
    return [
        wanted
        for wanted, sides in SAYS.items()
        if side in sides and wanted in TRANSITIONS[AssignmentState(state)]
    ]


def earliest(wanted: AssignmentState, starts_at: datetime) -> datetime:
    """Return from when on something can be said of what begins then."""
    return starts_at - BEFORE_THE_START[wanted]


def late_from(starts_at: datetime) -> datetime:
    """Return from when on somebody can say that they come late."""
    return starts_at - LATE_BEFORE_THE_START


def possible(
    state: str, starts_at: datetime, ends_at: datetime, side: Side, now: datetime
) -> list[AssignmentState]:
    """Return what this side can say now, in the order of a day."""
    return [
        wanted
        for wanted in to_be_said(state, side)
        if earliest(wanted, starts_at) <= now < ends_at + REPORT_WITHIN
    ]


def require_possible(
    wanted: AssignmentState, starts_at: datetime, side: Side, now: datetime
) -> None:
    """Refuse what is not for this side to say, or cannot be so yet."""
    if side not in SAYS.get(wanted, frozenset()):
        raise Forbidden("not-yours-to-say", _l("This is for somebody else to say."))
    if now < earliest(wanted, starts_at):
        raise Conflict("too-early", _l("It is too early for this; it has not begun yet."))


def require_office(side: Side) -> None:
    """Refuse to correct what was written down to anybody but the office."""
    if side != Side.OFFICE:
        raise Forbidden("not-yours-to-say", _l("This is for somebody else to say."))


def require_reason(text: str) -> None:
    """Refuse a correction without a reason for the office."""
    if not text.strip():
        raise Refusal(
            "reason-missing",
            _l("Say in a few words why; the record needs it."),
            field="reason_office",
        )


def require_correctable(state: str, wanted: AssignmentState) -> None:
    """Refuse to correct what is not over, to something that is no end, or to what stands there."""
    if state not in DONE or wanted not in DONE:
        raise Conflict(
            "not-over", _l("Only what is written down as over can be corrected; say it as usual.")
        )
    if state == wanted:
        raise Conflict("stands-so", _l("It stands there like this already; nothing changed."))


def times_at(agreed: tuple[datetime, datetime], began: time, ended: time, zone_name: str) -> Times:
    """Return the instants two wall times mean of an assignment `agreed` from, until.

    It began about the agreed start, and ended at the same time or the next one after it. In the
    hour that comes twice at the end of summer the instant nearest to what was agreed is meant.
    """
    starts_at, ends_at = agreed
    soonest = starts_at - BEFORE_THE_START[AssignmentState.RUNNING]
    began_at = _nearest(starts_at, soonest, began, zone_name)
    return Times(began_at, _nearest(ends_at, began_at, ended, zone_name))


def _nearest(agreed_at: datetime, soonest: datetime, wall: time, zone_name: str) -> datetime:
    """Return when, on the first day it is so at `soonest` or later, clocks show a wall time."""
    day = clock.at_place(soonest, zone_name).date()
    for days in count():
        at = datetime.combine(day + timedelta(days=days), wall)
        both = (clock.localize(at, zone_name, second=second) for second in (False, True))
        if found := [instant for instant in both if instant >= soonest]:
            return min(found, key=lambda instant: abs(instant - agreed_at))
    raise AssertionError("unreachable: days never end")


def require_times(times: Times, starts_at: datetime, now: datetime) -> None:
    """Refuse times that cannot be: an end before the begin, or what is still to come."""
    earliest = starts_at - BEFORE_THE_START[AssignmentState.RUNNING]
    if times.began_at is not None and not earliest <= times.began_at <= now:
        raise Refusal(
            "begin-impossible",
            _l("It cannot have begun then; write the time it really began, until now."),
            field="began",
        )
    if times.ended_at is not None and not (times.began_at or earliest) < times.ended_at <= now:
        raise Refusal(
            "end-impossible",
            _l("It cannot have ended then; write a time after the begin, until now."),
            field="ended",
        )


def can_be_late(state: str, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Tell whether it is news that somebody comes late: not there yet, and near enough."""
    on_the_way = state in AGREED - {AssignmentState.ARRIVED, AssignmentState.RUNNING}
    return on_the_way and starts_at - LATE_BEFORE_THE_START <= now < ends_at


def minutes_late(
    minutes: int, state: str, agreed: tuple[datetime, datetime], said_at: datetime, now: datetime
) -> int:
    """Return how long after its start, in minutes, somebody comes who says "so many minutes later".

    Later than agreed (from, until); once it has begun, from when it was said. Raises `Conflict` for
    a delay that is none, of somebody who is there or not to come, or to a time that is over by now.
    """
    starts_at, ends_at = agreed
    if not 1 <= minutes <= MOST_LATE_MINUTES:
        raise Conflict(
            "late-minutes",
            _l("Say in minutes how late, from 1 to %(most)d.", most=MOST_LATE_MINUTES),
        )
    if not can_be_late(state, starts_at, ends_at, now):
        raise Conflict(
            "not-late",
            _l("This can be said from four hours before the start until somebody is there."),
        )
    expected_at = max(starts_at, said_at) + timedelta(minutes=minutes)
    if expected_at <= now:
        raise Conflict("late-until-past", _l("That time is over already; say it from now on."))
    late = -((starts_at - expected_at) // timedelta(minutes=1))
    if late > MOST_LATE_MINUTES:
        raise Conflict(
            "much-too-late",
            _l("That is more than %(most)d minutes after the start.", most=MOST_LATE_MINUTES),
        )
    return late


def ends_then(minutes: int, state: str, ends_at: datetime, now: datetime) -> datetime:
    """Return when a talk ends that runs so many minutes longer: than agreed, or from now on.

    From now on where the agreed time is over. Raises `Conflict` for a number that is none, and
    when it does not run.
    """
    if not 1 <= minutes <= MOST_LATE_MINUTES:
        raise Conflict(
            "longer-minutes",
            _l("Say in minutes how much longer, from 1 to %(most)d.", most=MOST_LATE_MINUTES),
        )
    if not can_last_longer(state):
        raise Conflict("not-running", _l("This can be said while the talk runs."))
    return max(ends_at, now) + timedelta(minutes=minutes)


def can_last_longer(state: str) -> bool:
    """Tell whether it is news that a talk takes longer: it has begun and is not over."""
    return state == AssignmentState.RUNNING
