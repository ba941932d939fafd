"""The picture of a day: the rows that the sieve lets through, in its order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.interpreters.models import Interpreter
from dispatch.offers.schedules import Taken
from dispatch.pages.coordinator.board.drawing import (
    Drawing,
    OpenRow,
    Row,
    language_of,
    load_of,
)
from dispatch.pages.coordinator.board.geometry import Hours, hours_shown, next_free
from dispatch.pages.coordinator.board.marks import Mark, mark_of
from dispatch.pages.coordinator.board.reading import Day, Missing
from dispatch.pages.coordinator.board.sieve import Order, Rank, Sieve
from dispatch.requests.models import InterpretationRequest
from dispatch.web.paging import BEGINNING, Turn, part_of

MOST_ROWS = 200
"""More people than this are turned over in pages."""

NEVER = 3 * 24 * 60
"""Later than any minute of a day."""


@dataclass(frozen=True)
class Picture:
    """What of a day is shown. Of very many people it is one page; figures are of the whole day."""

    open_rows: Sequence[OpenRow]
    rows: Sequence[Row]
    hours: Hours
    figures: Counter[Mark]
    languages: Sequence[tuple[str, str]] = ()
    districts: Sequence[tuple[str, str]] = ()
    people: int = 0
    before: int | None = None
    after: int | None = None


def picture_of(day: Day, sieve: Sieve, now: datetime, turn: Turn = BEGINNING) -> Picture:
    """Return what the sieve lets through of the day, in its order."""
    every = [one for several in day.taken.values() for one in several]
    hours = hours_shown(
        [*map(day.span, every), *(day.span(one.interpretation_request) for one in day.missing)]
    )
    people = _in_order([one for one in day.pool if _is_shown(one, day, sieve)], day, sieve, now)
    part = part_of(people, turn, MOST_ROWS)
    draw = Drawing(day, hours, now)
    return Picture(
        [draw.open_row(one) for one in _ranked(_open(day, sieve), sieve.rank)],
        [draw.row(one) for one in part.rows],
        hours,
        _figures(day, every),
        _languages(day, every),
        [(name, name) for name in _districts(day, every)],
        people=len(people),
        before=part.before,
        after=part.after,
    )


def _figures(day: Day, taken: Iterable[Taken]) -> Counter[Mark]:
    figures = Counter(map(mark_of, taken))
    figures[Mark.OPEN] = sum(one.seats for one in day.missing)
    return figures


def _languages(day: Day, taken: Iterable[Taken]) -> list[tuple[str, str]]:
    tags = {one.language for one in taken}
    tags |= {one.interpretation_request.language for one in day.missing}
    tags |= {spoken.tag for one in day.pool for spoken in one.working_languages}
    return sorted(((tag, language_of(tag)) for tag in tags), key=lambda pair: pair[1].casefold())


def _districts(day: Day, taken: Iterable[Taken]) -> list[str]:
    there = {one.site.district for one in taken} | set(day.districts.values())
    there |= {one.interpretation_request.site.district for one in day.missing}
    return sorted(there - {""}, key=str.casefold)


def _is_shown(one: Interpreter, day: Day, sieve: Sieve) -> bool:
    taken = day.taken.get(one.id, ())
    if not taken and (sieve.busy or not (day.hours_of(one) or day.away(one) or day.busy(one))):
        return False
    spoken = {each.tag for each in one.working_languages} | {each.language for each in taken}
    there = {day.home_of(one)} | {each.site.district for each in taken}
    return (
        (not sieve.language or sieve.language in spoken)
        and (not sieve.district or sieve.district in there)
        and (not sieve.state or sieve.state in {str(mark_of(each)) for each in taken})
        and (not sieve.words or sieve.finds(one.name, *map(_found_by, taken)))
    )


def _open(day: Day, sieve: Sieve) -> list[Missing]:
    def is_shown(one: InterpretationRequest) -> bool:
        return (
            sieve.language in {"", one.language}
            and sieve.district in {"", one.site.district}
            and sieve.state in {"", Mark.OPEN}
            and (not sieve.words or sieve.finds(_found_by(one)))
        )

    return [one for one in day.missing if is_shown(one.interpretation_request)]


def _found_by(one: Taken | InterpretationRequest) -> str:
    interpretation_request = (
        one if isinstance(one, InterpretationRequest) else one.interpretation_request
    )
    organisation = interpretation_request.organisation
    where = f"{one.site.name} {organisation.name}"
    return f"{interpretation_request.reference} {where} {language_of(one.language)}"


def _ranked(missing: Sequence[Missing], rank: str) -> list[Missing]:
    def by_time(one: Missing) -> tuple[datetime, int]:
        return one.interpretation_request.starts_at, one.interpretation_request.id

    def by_urgency(one: Missing) -> tuple[int, datetime, int]:
        return one.interpretation_request.priority, *by_time(one)

    return sorted(missing, key=by_time if rank == Rank.TIME else by_urgency)


def _in_order(
    people: Sequence[Interpreter], day: Day, sieve: Sieve, now: datetime
) -> list[Interpreter]:
    by_name = sorted(people, key=lambda one: (one.id not in day.taken, one.name.casefold()))
    if sieve.order == Order.LOAD:
        return sorted(by_name, key=lambda one: load_of(one, day))
    if sieve.order == Order.FREE:
        since = max(0, day.minute(now))
        return sorted(by_name, key=lambda one: _free_at(one, day, since))
    return by_name


def _free_at(one: Interpreter, day: Day, since: int) -> int:
    taken = map(day.span, day.taken.get(one.id, ()))
    minute = next_free(taken, day.hours_of(one), since)
    return NEVER if minute is None else minute
