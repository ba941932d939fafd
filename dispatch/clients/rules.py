"""When a client is reminded: pure, and by the start as it is."""

from datetime import datetime, timedelta

from dispatch.cities.city import City
from dispatch.cities.working_time import evening_before, local_day

SHORTLY_BEFORE = timedelta(hours=2)
TOO_LATE = timedelta(minutes=30)
"""So long before the start nobody is reminded any more."""
A_DAY = timedelta(days=1)
MOST_DAYS_EARLIER = 7
MAY_RUN_LATE = timedelta(hours=1)
"""So long after its time a reminder goes although the hours in which people answer have ended
meanwhile: of a Saturday they end when it is due, and a worker is never there to the second."""


def goes_at(starts_at: datetime, consented_at: datetime, city: City) -> datetime | None:
    """Return when a reminder goes, if one does: within answering hours.

    On the evening before; where nobody answers then, on the last evening before it on which people
    do. Whose number came later is reminded two hours before the start.
    """
    evening = evening_before(starts_at, city)
    for days in range(MOST_DAYS_EARLIER):
        if is_answered(evening - days * A_DAY, city):
            evening -= days * A_DAY
            break
    if consented_at < evening:
        return evening
    shortly = starts_at - SHORTLY_BEFORE
    return shortly if consented_at < shortly and is_answered(shortly, city) else None


def still_goes_at(
    starts_at: datetime, consented_at: datetime, now: datetime, city: City
) -> datetime | None:
    """Return when a reminder goes, None when it is too late for one by now.

    Of one that could not go at its time it is when people answer next.
    """
    at, too_late = goes_at(starts_at, consented_at, city), starts_at - TOO_LATE
    if at is None or now >= too_late:
        return None
    if now < at + MAY_RUN_LATE:
        return at
    days = (local_day(now, city) + number * A_DAY for number in range(MOST_DAYS_EARLIER))
    spans = [span for day in days if (span := city.answering_span(day)) and now <= span[1]]
    again = max(now, spans[0][0]) if spans else too_late
    return again if again < too_late else None


def is_due(starts_at: datetime, consented_at: datetime, now: datetime, city: City) -> bool:
    """Tell whether the reminder is to go now, late or not."""
    at = goes_at(starts_at, consented_at, city)
    if at is None or not at <= now < starts_at - TOO_LATE:
        return False
    return now < at + MAY_RUN_LATE or is_answered(now, city)


def is_answered(at: datetime, city: City) -> bool:
    """Tell whether people answer at an instant; the last minute of their hours counts."""
    span = city.answering_span(local_day(at, city))
    return span is not None and span[0] <= at <= span[1]
