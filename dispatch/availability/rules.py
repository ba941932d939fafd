"""What somebody may say about when to be asked, and what stops an offer because of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from flask_babel import lazy_gettext as _l

from dispatch.cities import City
from dispatch.cities.working_time import local_day, working_days_between
from dispatch.clock import require_plausible
from dispatch.errors import Conflict, Refusal

LONGEST_NIGHT_MINUTES = 14 * 60
"""Longer hours over midnight are two times in the wrong order."""

MOST_NOTICE = {"hours": 24 * 14, "working_days": 20}
MIDNIGHT = time.min


class Way(StrEnum):
    """How an interpreter takes part."""

    ON_SITE = "on_site"
    VIDEO = "video"
    TELEPHONE = "telephone"


class Exceptional(StrEnum):
    """What is otherwise on one day."""

    INSTEAD = "instead"
    """These hours and not those of the week."""

    OFF = "off"
    """Not at all."""

    ALSO = "also"
    """These hours, too."""


class NoticeUnit(StrEnum):
    """In what notice is counted."""

    HOURS = "hours"
    WORKING_DAYS = "working_days"


class Conditions(Protocol):
    """How long before, and where to somebody wants to be asked; no regions are all of them."""

    @property
    def notice(self) -> int: ...  # noqa: D102
    @property
    def notice_unit(self) -> str: ...  # noqa: D102
    @property
    def regions(self) -> Sequence[str]: ...  # noqa: D102


@dataclass(frozen=True)
class WeeklyDetails:
    """Hours on some weekdays (0 is Monday), for some ways, from a day until a day (None: open)."""

    weekdays: Collection[int]
    start: time
    end: time
    valid_from: date | None = None
    valid_until: date | None = None
    ways: Collection[str] = tuple(Way)


@dataclass(frozen=True)
class DayDetails:
    """What is otherwise on one day; no times on a day off."""

    day: date
    kind: Exceptional
    start: time | None = None
    end: time | None = None
    ways: Collection[str] = tuple(Way)


@dataclass(frozen=True)
class ConditionDetails:
    """What holds for every question: notice, regions, holidays."""

    notice: int
    notice_unit: NoticeUnit
    regions: Collection[str]
    on_public_holidays: bool
    in_school_holidays: bool


def why_not_asked(
    conditions: Conditions, starts_at: datetime, district: str, way: Way, now: datetime, city: City
) -> Refusal | None:
    """Return why somebody does not want to be asked for this although there is time; None if so."""
    if not _is_early_enough(conditions, starts_at, now, city):
        return Conflict(
            "too-short-notice", _l("The interpreter wants to be asked longer before the start.")
        )
    if way == Way.ON_SITE and conditions.regions and district not in conditions.regions:
        return Conflict(
            "not-in-region",
            _l("The interpreter does not go to %(district)s.", district=district),
        )
    return None


def require_weekly(details: WeeklyDetails) -> None:
    """Refuse hours that have no weekday, length, order or way."""
    if not details.weekdays or not set(details.weekdays) <= set(range(7)):
        raise Refusal("no-weekday", _l("Choose at least one weekday."), field="weekdays")
    require_order(details.start, details.end)
    _require_ways(details.ways)
    for day in (details.valid_from, details.valid_until):
        if day is not None:
            require_plausible(day)
    if details.valid_from and details.valid_until and details.valid_until < details.valid_from:
        raise Refusal(
            "ends-before-it-begins",
            _l("The last day lies before the first one; choose a later day."),
            field="valid_until",
        )


def require_day(details: DayDetails, today: date) -> None:
    """Refuse an exception in the past, or without the times it needs."""
    require_plausible(details.day)
    if details.day < today:
        raise Refusal(
            "day-over", _l("This day is over; choose today or a day to come."), field="day"
        )
    if details.kind == Exceptional.OFF:
        return
    if details.start is None or details.end is None:
        raise Refusal(
            "times-missing",
            _l("Give the times from when to when, such as 09:00 and 12:30."),
            field="start" if details.start is None else "end",
        )
    require_order(details.start, details.end)
    _require_ways(details.ways)


def require_order(start: time, end: time) -> None:
    """Refuse times of no length, and an end so long before the start that it is no night.

    From midnight to midnight is the whole day.
    """
    if start == end != MIDNIGHT:
        raise Refusal(
            "no-length",
            _l("Begin and end are the same time; give a later end, or 00:00 to 00:00 all day."),
            field="end",
        )
    length = (end.hour - start.hour) * 60 + end.minute - start.minute
    if end != MIDNIGHT and length < 0 and length + 24 * 60 > LONGEST_NIGHT_MINUTES:
        raise Refusal(
            "end-before-begin",
            _l(
                "%(end)s lies before %(start)s. Hours over midnight may have %(most)d hours; "
                "give a later end.",
                start=start.strftime("%H:%M"),
                end=end.strftime("%H:%M"),
                most=LONGEST_NIGHT_MINUTES // 60,
            ),
            field="end",
        )


def require_conditions(details: ConditionDetails, districts: Collection[str]) -> None:
    """Refuse a notice nobody could keep and districts the register of sites does not know."""
    most = MOST_NOTICE[details.notice_unit]
    if not 0 <= details.notice <= most:
        raise Refusal(
            "notice-too-long", _l("Give a number from 0 to %(most)d.", most=most), field="notice"
        )
    unknown = set(details.regions) - set(districts)
    if unknown:
        raise Refusal(
            "unknown-district",
            _l("There is no district “%(name)s” with a site.", name=min(unknown)),
            field="regions",
        )


def _is_early_enough(
    conditions: Conditions, starts_at: datetime, now: datetime, city: City
) -> bool:
    if not conditions.notice:
        return True
    if conditions.notice_unit == NoticeUnit.HOURS:
        return starts_at - now >= timedelta(hours=conditions.notice)
    first, last = local_day(now, city), local_day(starts_at, city)
    return working_days_between(first, last, city) >= conditions.notice


def _require_ways(ways: Collection[str]) -> None:
    if not ways or not set(ways) <= set(Way):
        raise Refusal("no-way", _l("Choose at least one way to take part."), field="ways")
