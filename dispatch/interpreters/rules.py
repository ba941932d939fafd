"""What the pool knows about a person: employment, qualification, level, gender, free times."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from dispatch.clock import minutes_between, zone


class Employment(StrEnum):
    """How somebody is paid; also the order in which tiers are asked."""

    STAFF = "staff"
    FREELANCE = "freelance"
    VOLUNTEER = "volunteer"


class Qualification(StrEnum):
    """From pool training to the oath (ISO 13611:2024, DIN 19457, ISO 20228)."""

    VOLUNTEER = "volunteer"
    SPRINT = "sprint"
    STATE_CERTIFIED = "state_certified"
    SWORN = "sworn"


QUALIFICATION_RANK = {qualification: rank for rank, qualification in enumerate(Qualification)}


class Gender(StrEnum):
    """Only ever used when a client asks for it."""

    FEMALE = "female"
    MALE = "male"
    DIVERSE = "diverse"


MINIMUM_LEVEL, MAXIMUM_LEVEL = 1, 5
"""Language level of an interpreter: 1 just usable, 3 sure in the field, 5 native and trained."""

SOME_MONDAY = date(2001, 1, 1)
HIGHEST_FEE_CENTS_PER_HOUR = 50_000
"""Above this a fee is a slip of the pen (JVEG pays 93 EUR per hour)."""


class Held(Protocol):
    """A qualification with its first and its last valid day (None: for ever)."""

    @property
    def qualification(self) -> str: ...  # noqa: D102
    @property
    def valid_from(self) -> date: ...  # noqa: D102
    @property
    def valid_until(self) -> date | None: ...  # noqa: D102


class Hours(Protocol):
    """Wall times on a weekday (0 is Monday); an end at 00:00 is midnight."""

    @property
    def weekday(self) -> int: ...  # noqa: D102
    @property
    def start(self) -> time: ...  # noqa: D102
    @property
    def end(self) -> time: ...  # noqa: D102


Span = tuple[datetime, datetime]
"""A half-open interval of instants."""


def highest(held: Iterable[Held], on_day: date) -> Qualification | None:
    """Return the highest qualification that is valid on the day."""
    valid = [
        Qualification(proof.qualification)
        for proof in held
        if proof.valid_from <= on_day and (proof.valid_until is None or on_day <= proof.valid_until)
    ]
    return max(valid, key=QUALIFICATION_RANK.__getitem__, default=None)


def holds(held: Iterable[Held], wanted: Qualification, on_day: date) -> bool:
    """Tell whether somebody holds at least the wanted qualification on the day."""
    best = highest(held, on_day)
    return best is not None and QUALIFICATION_RANK[best] >= QUALIFICATION_RANK[wanted]


def minutes_a_week(hours: Iterable[Hours]) -> int:
    """Return how many minutes a week somebody offers; hours told twice count once."""
    spans = _merged(
        (
            datetime.combine(SOME_MONDAY + timedelta(days=hour.weekday), hour.start),
            datetime.combine(
                SOME_MONDAY + timedelta(days=hour.weekday + (hour.end == time.min)), hour.end
            ),
        )
        for hour in hours
    )
    return sum(minutes_between(start, end) for start, end in spans)


def free_times(
    hours: Iterable[Hours], absences: Iterable[Span], day: date, zone_name: str
) -> list[Span]:
    """Return when somebody can be asked on a local day: weekly hours less absences, in UTC.

    On days with a clock change nobody is asked outside the agreed wall times: hours begin after
    the gap or at the second of two equal times, and end before the gap or at the first.
    """
    today = (hour for hour in hours if hour.weekday == day.weekday())
    spans = _merged(
        (_begins(day, hour.start, zone_name), _ends(day, hour.end, zone_name)) for hour in today
    )
    for absent_from, absent_until in absences:
        spans = [
            piece
            for start, end in spans
            for piece in ((start, min(end, absent_from)), (max(start, absent_until), end))
            if piece[0] < piece[1]
        ]
    return spans


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _begins(day: date, wall: time, zone_name: str) -> datetime:
    return max(_possible(datetime.combine(day, wall), zone_name))


def _ends(day: date, wall: time, zone_name: str) -> datetime:
    last = day + timedelta(days=1) if wall == time.min else day
    return min(_possible(datetime.combine(last, wall), zone_name))


def _possible(wall: datetime, zone_name: str) -> list[datetime]:
    """Return the one or two instants of a wall time; of one in a gap, the instant of the gap."""
    place = zone(zone_name)
    instants = [wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)]
    if instants[0].astimezone(place).replace(tzinfo=None) == wall:
        return instants
    moment, after = min(instants), max(instants).astimezone(place).utcoffset()
    while moment.astimezone(place).utcoffset() != after:
        moment += timedelta(minutes=1)
    return [moment]
