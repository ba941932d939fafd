"""The nearest start at which somebody could come, where the one that is wanted does not fit."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.assignments.rules import Stop, require_reachable
from dispatch.errors import Conflict
from dispatch.travel.estimate import Mode, gap_needed
from dispatch.travel.times import TravelTimes

STEP = timedelta(minutes=5)
"""People name no time more exactly than that."""


def nearest_start(
    new: Stop, day: Collection[Stop], times: TravelTimes, mode: Mode
) -> datetime | None:
    """Return the start nearest to a stop's own at which it would fit among those of `day`.

    It lies as soon after or as late before another stop as the way and the buffers between allow,
    in whole steps, as people name times; None where none of these fits.
    """
    length = new.ends_at - new.starts_at
    starts = [
        start
        for other in day
        for start in (
            _stepped(other.ends_at + _gap(other, new, times, mode), up=True),
            _stepped(other.starts_at - _gap(new, other, times, mode) - length, up=False),
        )
    ]
    fitting = [one for one in starts if _fits(new, one, day, times, mode)]
    return min(fitting, key=lambda one: (abs(one - new.starts_at), one), default=None)


def _stepped(at: datetime, *, up: bool) -> datetime:
    """Return the whole step at, or next after or before, an instant."""
    over = timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond) % STEP
    return at - over + (STEP if up and over else timedelta())


def _gap(first: Stop, then: Stop, times: TravelTimes, mode: Mode) -> timedelta:
    way = times.one(first.point, then.point, mode).minutes
    return timedelta(minutes=gap_needed(first, then, way))


def _fits(
    new: Stop, start: datetime, day: Collection[Stop], times: TravelTimes, mode: Mode
) -> bool:
    moved = replace(new, starts_at=start, ends_at=start + (new.ends_at - new.starts_at))
    try:
        require_reachable(moved, day, times, mode)
    except Conflict:
        return False
    return True


def require_fitting(
    new: Stop,
    day: Collection[Stop],
    times: TravelTimes,
    mode: Mode,
    written: Callable[[datetime], Any],
) -> None:
    """Refuse as `require_reachable`, and name the nearest start that fits as it is `written`."""
    try:
        require_reachable(new, day, times, mode)
    except Conflict as refused:
        nearest = nearest_start(new, day, times, mode)
        if nearest is None:
            raise
        text = _l(
            "%(why)s The nearest start that fits is %(when)s.",
            why=refused.text,
            when=written(nearest),
        )
        raise Conflict(refused.code, text) from refused
