"""By when an answer to an offer is due."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from dispatch.cities import City
from dispatch.cities.working_time import (
    add_working_days,
    after_answering,
    answering_between,
    at_wall,
    local_day,
    next_answering_time,
    next_office_hour,
    working_days_between,
)

LEAST = timedelta(minutes=60)
"""Of answering hours that everybody has who is asked, unless the job itself begins earlier."""
TO_ASK_ANOTHER = timedelta(minutes=60)
"""Before the start, in which somebody else can still be asked and get there."""
AFTERNOON, SAME_DAY = time(15), time(16, 30)


class Deadline(NamedTuple):
    """When an answer is due, and whether there is less time for it than there should be."""

    answer_by: datetime
    is_short: bool


def answer_deadline(*, now: datetime, starts_at: datetime, city: City) -> Deadline:
    """Return by when an answer is due to what is asked `now` and starts later; both aware.

    What is asked outside office hours counts as asked when the office opens. The deadline lies in
    the city's answering hours and leaves at least an hour of them. Where the job begins before
    that hour is over, or just then, half of the time left is given. It `is_short` then, and where
    less than an hour is left before the start, to ask somebody else: the office calls as well.
    """
    soonest = after_answering(now, LEAST, city)
    if soonest >= starts_at:
        return Deadline(now + (starts_at - now) / 2, is_short=True)
    due = max(_by_lead_time(next_office_hour(now, city), starts_at, city), soonest)
    due = next_answering_time(due, city)
    if due > starts_at - TO_ASK_ANOTHER:
        # Silence until then would leave nobody to ask, so half of the answering hours are given.
        half = answering_between(now, starts_at, city) / 2
        due = max(soonest, after_answering(now, half, city))
    return Deadline(due, is_short=due > starts_at - TO_ASK_ANOTHER)


def _by_lead_time(asked_at: datetime, starts_at: datetime, city: City) -> datetime:
    """Return the deadline by working days ahead, as Sweden's national service sets them.

    More than 20 ahead 4 working days, more than 10 ahead 2, from 2 on the next working day 15:00;
    for a later day that is nearer the same day 16:30, for the same day an hour.
    """
    today, last = local_day(asked_at, city), local_day(starts_at, city)
    ahead = working_days_between(today, last, city)
    if ahead >= 2:
        days = 4 if ahead > 20 else 2 if ahead > 10 else 1
        return at_wall(add_working_days(today, days, city), AFTERNOON, city)
    hour_later = asked_at + LEAST
    return max(at_wall(today, SAME_DAY, city), hour_later) if last > today else hour_later
