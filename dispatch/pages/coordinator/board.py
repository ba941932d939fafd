"""Reading a day for the board."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from dispatch import clock
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import DONE
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.languages.rules import name_of
from dispatch.offers import queries as offers
from dispatch.offers.queries import Taken
from dispatch.pages.coordinator.lanes import (
    Block,
    Board,
    Row,
    Span,
    hours_shown,
    lanes,
    minute_of_day,
)
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import LONGEST_MINUTES, RequestState
from dispatch.travel.estimate import Mode, Point
from dispatch.travel.queries import travel_times
from dispatch.travel.times import TravelTimes
from dispatch.web.paging import BEGINNING, Turn, part_of

LONGEST = timedelta(minutes=LONGEST_MINUTES)
"""What began so long before midnight may still go on."""
MOST_ROWS = 15
MOST_OPEN_SEATS = 15


def board_of(day: date, zone_name: str, turn: Turn = BEGINNING) -> Board:
    """Return the day as it stands: open seats, and every interpreter who works or could.

    Whoever works that day comes first; of many, one page.
    """
    first, after = clock.day_bounds(day, zone_name)
    taken = defaultdict(list)
    for one in offers.schedule_between(first - LONGEST, after).taken:
        if one.ends_at > first:
            taken[one.interpreter_id].append(one)
    all_taken = [one for several in taken.values() for one in several]
    missing = _missing_seats(first, after, all_taken)
    here = [
        interpreter
        for interpreter in interpreters.active_with_languages()
        if taken[interpreter.id] or interpreters.availability(interpreter, day, zone_name)
    ]
    here.sort(key=lambda interpreter: (not taken[interpreter.id], interpreter.name))
    part = part_of(here, turn, MOST_ROWS)
    times = travel_times(_points(part.rows, taken))
    return Board(
        _open_row(missing, day, zone_name),
        [_row(one, taken[one.id], times, day, zone_name) for one in part.rows],
        hours_shown(_span(one, day, zone_name) for one in [*all_taken, *missing]),
        Counter(str(one.state) for one in [*all_taken, *missing]),
        more_open=max(0, len(missing) - MOST_OPEN_SEATS),
        before=part.before,
        after=part.after,
    )


def _points(pool: Iterable[Interpreter], taken: Mapping[int, Sequence[Taken]]) -> Iterator[Point]:
    for interpreter in pool:
        if taken[interpreter.id]:
            yield Point(interpreter.home_latitude, interpreter.home_longitude)
            for one in taken[interpreter.id]:
                yield Point(one.site.latitude, one.site.longitude)


def _row(
    interpreter: Interpreter,
    taken: Sequence[Taken],
    times: TravelTimes,
    day: date,
    zone_name: str,
) -> Row:
    locale = str(get_locale())
    return Row(
        name=interpreter.name,
        url=None,
        note=", ".join(name_of(spoken.tag, locale) for spoken in interpreter.working_languages),
        bands=[
            (minute_of_day(start, day, zone_name), minute_of_day(end, day, zone_name))
            for start, end in interpreters.availability(interpreter, day, zone_name)
        ],
        busy=[],
        travel=_ways(interpreter, taken, times, day, zone_name),
        lanes=lanes([_block_of(assignment, day, zone_name) for assignment in taken]),
    )


def _ways(
    interpreter: Interpreter,
    taken: Sequence[Taken],
    times: TravelTimes,
    day: date,
    zone_name: str,
) -> list[Span]:
    here = Point(interpreter.home_latitude, interpreter.home_longitude)
    ways = []
    for assignment in taken:
        site = assignment.site
        there = Point(site.latitude, site.longitude)
        arrive = minute_of_day(assignment.starts_at, day, zone_name) - site.buffer_before_minutes
        way = times.one(here, there, Mode(interpreter.travel_mode))
        if way.minutes:
            ways.append((arrive - way.minutes, arrive))
        here = there
    return ways


def _block_of(assignment: Taken, day: date, zone_name: str) -> Block:
    interpretation_request = assignment.interpretation_request
    return Block(
        *_span(assignment, day, zone_name),
        state=assignment.state,
        text=name_of(assignment.language, str(get_locale())),
        title=_title(interpretation_request),
        url=url_for("interpreter.assignment", assignment_id=assignment.id)
        if isinstance(assignment, Assignment)
        else url_for("caseworker.request_page", request_id=interpretation_request.id),
    )


def _span(one: Taken | InterpretationRequest, day: date, zone_name: str) -> Span:
    return minute_of_day(one.starts_at, day, zone_name), minute_of_day(one.ends_at, day, zone_name)


def _missing_seats(
    first: datetime, after: datetime, taken: Iterable[Taken]
) -> list[InterpretationRequest]:
    """Return the open requests of a day, in order of time, each as often as somebody is missing."""
    held = Counter(one.interpretation_request_id for one in taken if one.state not in DONE)
    open_requests = requests.starting_between(
        first - LONGEST, after, (RequestState.OPEN,), wishes=False
    )
    return [
        one
        for one in open_requests
        if one.ends_at > first
        for _seat in range(one.interpreter_count - held[one.id])
    ]


def _open_row(missing: Sequence[InterpretationRequest], day: date, zone_name: str) -> Row | None:
    if not missing:
        return None
    drawn = [_open_block(one, day, zone_name) for one in missing[:MOST_OPEN_SEATS]]
    seats = ngettext("%(num)d seat", "%(num)d seats", len(missing))
    return Row(_("Open"), None, seats, lanes=lanes(drawn))


def _open_block(interpretation_request: InterpretationRequest, day: date, zone_name: str) -> Block:
    return Block(
        *_span(interpretation_request, day, zone_name),
        state=interpretation_request.state,
        text=name_of(interpretation_request.language, str(get_locale())),
        title=_title(interpretation_request),
        url=url_for("coordinator.candidates", request_id=interpretation_request.id),
    )


def _title(interpretation_request: InterpretationRequest) -> str:
    site, organisation = interpretation_request.site, interpretation_request.organisation
    return f"{interpretation_request.reference}, {site.name}, {organisation.name}"
