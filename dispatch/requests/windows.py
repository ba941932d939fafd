"""A window of starts instead of one: what a window is, which starts it has, how it closes."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Protocol

from flask_babel import lazy_gettext as _l

from dispatch.errors import Conflict, Refusal
from dispatch.web.formats import local_time

LONGEST = timedelta(hours=8)
_HOURS = LONGEST // timedelta(hours=1)
LONGEST_SPAN = timedelta(days=1)
"""The longest window with the longest talk behind it is shorter."""

STEP = timedelta(minutes=15)
"""Starts a window offers lie so far apart, from its first one on; as the solver counts them."""


class Window(Protocol):
    """Earliest and latest start of a request, the same where its time is sure."""

    @property
    def starts_at(self) -> datetime: ...  # noqa: D102
    @property
    def latest_start_at(self) -> datetime: ...  # noqa: D102
    @property
    def ends_at(self) -> datetime: ...  # noqa: D102
    @property
    def time_zone(self) -> str: ...  # noqa: D102


def wall_of_latest(wall_start: datetime, latest: time) -> datetime:
    """Return the wall time of the latest start: of the next day where a night lies between.

    A time before the first start is the next day's as far as a window reaches; else it stands
    for a mistake and is left to be refused.
    """
    same_day = datetime.combine(wall_start.date(), latest)
    next_day = same_day + timedelta(days=1)
    is_night = same_day < wall_start and next_day - wall_start <= LONGEST
    return next_day if is_night else same_day


def require_window(first: datetime, latest: datetime) -> None:
    """Refuse a latest start that is none, or lies so late that nobody can plan with it."""
    if latest <= first:
        raise Refusal(
            "latest-start-before-earliest",
            _l(
                "The latest start is not after the earliest; leave it empty if there is only one, "
                "or give a later time, at most %(hours)d hours after it.",
                hours=_HOURS,
            ),
            field="latest_start",
        )
    if latest - first > LONGEST:
        raise Refusal(
            "window-too-long",
            _l(
                "Between the earliest and the latest start lie at most %(hours)d hours.",
                hours=_HOURS,
            ),
            field="latest_start",
        )


def first_start(window: Window, now: datetime) -> datetime:
    """Return the first start of a window that is still to come, as long as there is one."""
    if now < window.starts_at:
        return window.starts_at
    passed = (now - window.starts_at) // STEP + 1
    return min(window.starts_at + passed * STEP, window.latest_start_at)


def starts(window: Window) -> list[datetime]:
    """Return the starts of a window, the first one before the others."""
    count = (window.latest_start_at - window.starts_at) // STEP + 1
    return [window.starts_at + number * STEP for number in range(count)]


def start_for(
    window: Window, wanted: datetime | None, taken: Collection[datetime], now: datetime
) -> datetime:
    """Return the one start somebody is asked for: as wanted, else as others, else the first left.

    `taken` are the starts others of the team are asked for or have agreed to.
    """
    if wanted is not None:
        return wanted
    return min(taken) if taken else first_start(window, now)


def require_time(
    window: Window, starts_at: datetime, ends_at: datetime, taken: Collection[datetime]
) -> None:
    """Refuse (409) a time outside what was asked for, or another than the rest of a team has.

    `taken` are the starts others are asked for or have agreed to; they count while a window is
    open, for where there is one start all have it.
    """
    has_window = window.latest_start_at > window.starts_at
    if has_window and set(taken) - {starts_at}:
        raise Conflict(
            "time-agreed",
            _l(
                "The others of the team begin at %(time)s; a team begins together.",
                time=local_time(min(taken), window.time_zone),
            ),
        )
    if not (window.starts_at <= starts_at and ends_at <= window.ends_at):
        raise Conflict(
            "outside-window",
            _l(
                "%(time)s is not among the times asked for any more; look at the request again.",
                time=local_time(starts_at, window.time_zone),
            ),
        )
