"""The life of an offer, and by when an answer is due."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from dispatch.clock import at_place, localize
from dispatch.errors import Conflict, Gone


class OfferState(StrEnum):
    """Where an offer stands; only `made` is still a question."""

    MADE = "made"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    LOST = "lost"


class Via(StrEnum):
    """The way an answer came."""

    LINK = "link"
    PAGE = "page"


URGENT_ANSWER_WITHIN = timedelta(minutes=60)
REMIND_BEFORE_DEADLINE = timedelta(hours=2)
IsWorkingDay = Callable[[date], bool]


def require_answerable(state: str, answer_by: datetime, now: datetime) -> None:
    """Refuse an answer to something that is no longer a question."""
    if state == OfferState.ACCEPTED:
        raise Conflict("already-accepted", _l("You have accepted this already; nothing changed."))
    if state == OfferState.DECLINED:
        raise Conflict("already-declined", _l("You have declined this already; nothing changed."))
    if state == OfferState.LOST:
        raise Conflict("taken", _l("Somebody else accepted first. Thank you for answering."))
    if state == OfferState.WITHDRAWN:
        raise Gone("withdrawn", _l("This is no longer needed. Thank you for answering."))
    if state == OfferState.EXPIRED or now >= answer_by:
        raise Gone("expired", _l("The time to answer has run out; nothing was assigned."))


def answer_deadline(
    now: datetime, starts_at: datetime, zone_name: str, is_working_day: IsWorkingDay
) -> datetime:
    """Return by when an answer is due (UTC), never later than the start.

    By lead time in working days, as Sweden's national service does: more than 20 ahead 4 working
    days, more than 10 ahead 2, from 2 on the next working day 15:00, a day ahead and asked before
    14:00 the same day 16:30; otherwise urgent: an hour, or half of what is left.
    """
    local = at_place(now, zone_name)
    ahead = _working_days_between(
        local.date(), at_place(starts_at, zone_name).date(), is_working_day
    )
    if ahead > 20:
        due = _wall(_add_working_days(local.date(), 4, is_working_day), time(15), zone_name)
    elif ahead > 10:
        due = _wall(_add_working_days(local.date(), 2, is_working_day), time(15), zone_name)
    elif ahead >= 2:
        due = _wall(_add_working_days(local.date(), 1, is_working_day), time(15), zone_name)
    elif ahead == 1 and local.time() < time(14):
        due = _wall(local.date(), time(16, 30), zone_name)
    else:
        due = now + min(URGENT_ANSWER_WITHIN, (starts_at - now) / 2)
    return min(due, starts_at)


def _wall(day: date, at: time, zone_name: str) -> datetime:
    return localize(datetime.combine(day, at), zone_name)


def _working_days_between(first: date, last: date, is_working_day: IsWorkingDay) -> int:
    days = (last - first).days
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, days + 1))


def _add_working_days(day: date, count: int, is_working_day: IsWorkingDay) -> date:
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
