"""Reading a day for the board."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

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

LONGEST = timedelta(minutes=LONGEST_MINUTES)
"""What began so long before midnight may still go on."""


def board_of(day: date, zone_name: str) -> Board:
    """Return the day as it stands: open seats, and every interpreter who works or could."""
    first, after = clock.day_bounds(day, zone_name)
    taken = defaultdict(list)
    for one in offers.schedule_between(first - LONGEST, after).taken:
        if one.ends_at > first:
            taken[one.interpreter_id].append(one)
    pool = interpreters.active_with_languages()
    times = travel_times(_points(pool, taken))
    rows = [_row(interpreter, taken[interpreter.id], times, day, zone_name) for interpreter in pool]
    shown = [row for row in rows if row.lanes or row.bands]
    shown.sort(key=lambda row: (not row.lanes, row.name))
    open_row = _open_row(day, zone_name, taken)
    return Board(open_row, shown, hours_shown([*shown, *([open_row] if open_row else [])]))


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
        ways.append((arrive - way.minutes, arrive))
        here = there
    return ways


def _block_of(assignment: Taken, day: date, zone_name: str) -> Block:
    interpretation_request = assignment.interpretation_request
    return Block(
        start=minute_of_day(assignment.starts_at, day, zone_name),
        end=minute_of_day(assignment.ends_at, day, zone_name),
        state=assignment.state,
        text=name_of(assignment.language, str(get_locale())),
        title=_title(interpretation_request),
        url=url_for("interpreter.assignment", assignment_id=assignment.id)
        if isinstance(assignment, Assignment)
        else url_for("caseworker.request_page", request_id=interpretation_request.id),
    )


def _open_row(day: date, zone_name: str, taken: dict[int, list[Taken]]) -> Row | None:
    held: dict[int, int] = defaultdict(int)
    for several in taken.values():
        for assignment in several:
            if assignment.state not in DONE:
                held[assignment.interpretation_request_id] += 1
    blocks = []
    first, after = clock.day_bounds(day, zone_name)
    for interpretation_request in requests.starting_between(
        first - LONGEST, after, (RequestState.OPEN,)
    ):
        if interpretation_request.ends_at > first:
            missing = interpretation_request.interpreter_count - held[interpretation_request.id]
            blocks.extend([_open_block(interpretation_request, day, zone_name)] * missing)
    if not blocks:
        return None
    return Row(
        _("Open"), None, ngettext("%(num)d seat", "%(num)d seats", len(blocks)), lanes=lanes(blocks)
    )


def _open_block(interpretation_request: InterpretationRequest, day: date, zone_name: str) -> Block:
    return Block(
        start=minute_of_day(interpretation_request.starts_at, day, zone_name),
        end=minute_of_day(interpretation_request.ends_at, day, zone_name),
        state=interpretation_request.state,
        text=name_of(interpretation_request.language, str(get_locale())),
        title=_title(interpretation_request),
        url=url_for("coordinator.candidates", request_id=interpretation_request.id),
    )


def _title(interpretation_request: InterpretationRequest) -> str:
    site, organisation = interpretation_request.site, interpretation_request.organisation
    return f"{interpretation_request.reference}, {site.name}, {organisation.name}"
