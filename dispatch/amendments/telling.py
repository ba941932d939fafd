"""What a reader is told of somebody who cannot come as a change wants it.

The office reads the reason. Those who ask must not learn when somebody is away or works elsewhere,
not even by trying one time after another: they read the nearest start that would do, whatever the
reason was.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.amendments.ability import why_not_so
from dispatch.amendments.foreseeing import Concerned, Foreseen
from dispatch.amendments.rules import Fate
from dispatch.assignments.models import Assignment
from dispatch.web.formats import local_datetime

STEP = timedelta(minutes=15)
STEPS = 16
"""Four hours to either side; each is a look at the person's day."""


def reason_for(role: str, foreseen: Foreseen, one: Concerned, now: datetime) -> Any:
    """Return what a reader of this role is told beside the name; empty where that is nothing."""
    if role == Role.COORDINATOR:
        return one.why
    if one.fate != Fate.LEAVES or one.to_office or not isinstance(one.by, Assignment):
        return ""
    nearest = nearest_start(foreseen, one, now)
    if nearest is None:
        return ""
    zone_name = one.by.interpretation_request.time_zone
    when = LazyString(local_datetime, nearest, zone_name)
    return _l("the nearest start that would do: %(when)s", when=when)


def nearest_start(foreseen: Foreseen, one: Concerned, now: datetime) -> datetime | None:
    """Return the start nearest to the wanted one, of the same day, at which somebody could come."""
    interpretation_request = one.by.interpretation_request
    begins = foreseen.demand.starts_at if interpretation_request.sharing else one.terms.starts_at
    day = clock.at_place(begins, interpretation_request.time_zone).date()
    for shift in _shifts():
        start = begins + shift
        if start <= now or clock.at_place(start, interpretation_request.time_zone).date() != day:
            continue
        terms = replace(
            one.terms,
            starts_at=one.terms.starts_at + shift,
            ends_at=one.terms.ends_at + shift,
        )
        if not why_not_so(one.by, terms, foreseen.names, foreseen.demand, now):
            return start
    return None


def _shifts() -> Iterator[timedelta]:
    for number in range(1, STEPS + 1):
        yield from (number * STEP, -number * STEP)
