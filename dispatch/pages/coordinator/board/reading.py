"""Reading a day for its board, in few statements however many people and requests there are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter

from dispatch import clock
from dispatch.assignments.rules import DONE, AssignmentState
from dispatch.availability.rules import Way
from dispatch.availability.times import busy_between
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.offers import schedules
from dispatch.offers.schedules import Taken
from dispatch.pages.coordinator.board.geometry import Span, minute_of_day
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import LONGEST_MINUTES, RequestState
from dispatch.sites import queries as sites
from dispatch.travel.estimate import Mode, Point
from dispatch.travel.queries import travel_times
from dispatch.travel.times import TravelTimes

LONGEST = timedelta(minutes=LONGEST_MINUTES)
"""What began so long before midnight may still go on."""


@dataclass(frozen=True)
class Missing:
    """An open request, and how many are still to be found for it."""

    interpretation_request: InterpretationRequest
    seats: int


@dataclass(frozen=True)
class Day:
    """Rows about a day: who there is and when, whose time is taken, what is open.

    `taken` is by the id of the interpreter and in order of time, `districts` by postcode.
    """

    date: date
    zone_name: str
    pool: Sequence[Interpreter]
    taken: Mapping[int, Sequence[Taken]]
    missing: Sequence[Missing]
    districts: Mapping[str, str]
    times: TravelTimes

    def minute(self, at: datetime) -> int:
        """Return the wall time as minutes since the day's midnight."""
        return minute_of_day(at, self.date, self.zone_name)

    def span(self, one: Taken | InterpretationRequest) -> Span:
        """Return from which minute to which something lasts.

        Where clocks go back in between, the wall may show no later time at its end: then it is as
        long as it really lasts, so that it is drawn at all.
        """
        start, end = self.minute(one.starts_at), self.minute(one.ends_at)
        lasts = (one.ends_at - one.starts_at) // timedelta(minutes=1)
        return start, end if end > start else start + lasts

    def home_of(self, one: Interpreter) -> str:
        """Return the district somebody lives in, as far as a site there tells it."""
        return self.districts.get(one.home_postcode, "")

    def hours_of(self, one: Interpreter) -> list[Span]:
        """Return when somebody can be asked."""
        free = interpreters.availability(one, self.date, self.zone_name)
        return [(self.minute(start), self.minute(end)) for start, end in free]

    def away(self, one: Interpreter) -> list[Span]:
        """Return when somebody is absent, as far as it lies on the day."""
        absences = one.availability.absences
        return self._on_the_day((absence.starts_at, absence.ends_at) for absence in absences)

    def busy(self, one: Interpreter) -> list[Span]:
        """Return when private calendars say that somebody is busy, as far as it lies on the day."""
        first, after = clock.day_bounds(self.date, self.zone_name)
        return self._on_the_day(busy_between(one.availability, first, after))

    def ways(self, interpreter: Interpreter) -> list[Span]:
        """Return the ways from home, between and home again to all that is on site."""
        home = Point(interpreter.home_latitude, interpreter.home_longitude)
        mode, ways, here, left = Mode(interpreter.travel_mode), [], home, 0
        for one in sorted(self.taken.get(interpreter.id, ()), key=attrgetter("starts_at")):
            if one.way != Way.ON_SITE or one.state in DONE - {AssignmentState.COMPLETED}:
                continue
            there = Point(one.site.latitude, one.site.longitude)
            start, end = self.span(one)
            arrive = start - one.site.buffer_before_minutes
            minutes = self.times.one(here, there, mode).minutes
            if minutes:
                ways.append((arrive - minutes, arrive))
            here, left = there, end + one.site.buffer_after_minutes
        if here != home:
            ways.append((left, left + self.times.one(here, home, mode).minutes))
        return ways

    def _on_the_day(self, spans: Iterable[tuple[datetime, datetime]]) -> list[Span]:
        first, after = clock.day_bounds(self.date, self.zone_name)
        return [
            (self.minute(max(start, first)), self.minute(min(end, after)))
            for start, end in spans
            if start < after and end > first
        ]


def day_of(day: date, zone_name: str) -> Day:
    """Read everything that lies on a local day, from both sides of midnight."""
    first, after = clock.day_bounds(day, zone_name)
    taken = defaultdict(list)
    for one in schedules.schedule_between(first - LONGEST, after).taken:
        if one.ends_at > first:
            taken[one.interpreter_id].append(one)
    pool = interpreters.active_with_languages()
    return Day(
        day,
        zone_name,
        pool,
        taken,
        _missing(first, after, [one for several in taken.values() for one in several]),
        sites.district_by_postcode(),
        travel_times(_points(pool, taken)),
    )


def _missing(first: datetime, after: datetime, taken: Iterable[Taken]) -> list[Missing]:
    held = Counter(one.interpretation_request_id for one in taken if one.state not in DONE)
    found = requests.starting_between(first - LONGEST, after, (RequestState.OPEN,), wishes=False)
    return [
        Missing(one, one.seats_of_pool - held[one.id])
        for one in found
        if one.ends_at > first and one.seats_of_pool > held[one.id]
    ]


def _points(pool: Iterable[Interpreter], taken: Mapping[int, Sequence[Taken]]) -> Iterator[Point]:
    for one in pool:
        if one.id in taken:
            yield Point(one.home_latitude, one.home_longitude)
            yield from (Point(each.site.latitude, each.site.longitude) for each in taken[one.id])
