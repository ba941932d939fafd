"""What is drawn of a day: blocks, the rows they stand in, and what lies behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from dispatch.assignments.models import Assignment
from dispatch.assignments.overriding import Wish
from dispatch.availability.rules import Way
from dispatch.interpreters.models import Interpreter
from dispatch.languages.rules import name_of
from dispatch.offers.schedules import Taken
from dispatch.pages.coordinator.board.geometry import (
    LETTER,
    MINUTES_OF_A_DAY,
    Hours,
    Span,
    clock_of,
    place_of,
    written_on,
)
from dispatch.pages.coordinator.board.marks import STATES, Mark, mark_of
from dispatch.pages.coordinator.board.reading import Day, Missing
from dispatch.pages.states import state_name
from dispatch.pages.words import WISHES
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.states import RequestState
from dispatch.requests.ways import WAY_NAMES
from dispatch.web.formats import local_time

PIXELS = 1140
"""So wide are the hours in a window of 1440 pixels; a name that has no room there is shorter."""

TENTHS = 10


@dataclass(frozen=True)
class Block:
    """One assignment, question or open seat: where it lies, and what stands on it.

    `label` stands for the language, and `size` says where: "" and `medium` beside the time, over
    the site; `narrow` under the time; `coded` and `small` as a code, before the site or without
    it. `deadline` is how much of the time for an answer is left, in tenths; `earliest` and `latest`
    are the minutes of the day between which a window lets it begin; of one that `asks`, those who
    asked can be asked about another start.
    """

    id: str
    request_id: int
    place: str
    mark: Mark
    state: str
    start: str
    end: str
    language: str
    label: str
    size: str
    site: str
    words: str
    url: str
    pinned: bool = False
    against_wish: bool = False
    deadline: int | None = None
    earliest: int | None = None
    latest: int | None = None
    asks: bool = False


@dataclass(frozen=True)
class OpenRow:
    """An open request in the lane on top."""

    id: str
    language: str
    note: str
    seats: int
    urgent: bool
    block: Block


@dataclass(frozen=True)
class Row:
    """One person's day; `words` is what stands behind the blocks, for those who do not see it."""

    id: int
    name: str
    url: str
    codes: str
    languages: str
    district: str
    words: str
    load: int
    blocks: Sequence[Block]
    hours: Sequence[str]
    away: Sequence[str]
    busy: Sequence[str]
    travel: Sequence[str]

    @property
    def is_idle(self) -> bool:
        """Whether nothing is on that day."""
        return not self.blocks


@dataclass(frozen=True)
class Drawing:
    """Draws rows of a day in the language of whoever reads, as things stand at `now`."""

    day: Day
    hours: Hours
    now: datetime

    def open_row(self, one: Missing) -> OpenRow:
        """Return the row of an open request."""
        interpretation_request = one.interpretation_request
        span = self.day.span(interpretation_request)
        latest, note = None, interpretation_request.site.district
        if interpretation_request.has_window:
            at, zone = interpretation_request.latest_start_at, interpretation_request.time_zone
            latest = self.day.minute(at)
            note = _("start until %(time)s", time=local_time(at, zone))
        return OpenRow(
            id=f"r{interpretation_request.id}",
            language=language_of(interpretation_request.language),
            note=note,
            seats=one.seats,
            urgent=interpretation_request.is_urgent or interpretation_request.priority == 1,
            block=replace(
                self._block(
                    interpretation_request,
                    span,
                    Mark.OPEN,
                    Mark.OPEN,
                    f"o{interpretation_request.id}",
                    url_for("coordinator.candidates", request_id=interpretation_request.id),
                    ngettext("%(num)d seat", "%(num)d seats", one.seats) if one.seats > 1 else "",
                ),
                latest=latest,
            ),
        )

    def row(self, one: Interpreter) -> Row:
        """Return the row of a person."""
        taken = self.day.taken.get(one.id, ())
        hours, away, busy = (
            self.day.hours_of(one),
            self.day.away(one),
            self.day.busy(one),
        )
        return Row(
            id=one.id,
            name=one.name,
            url=url_for("coordinator.person", interpreter_id=one.id),
            codes=" ".join(spoken.tag for spoken in one.working_languages),
            languages=", ".join(language_of(spoken.tag) for spoken in one.working_languages),
            district=self.day.home_of(one),
            words=_behind(hours, away, busy),
            load=min(TENTHS, round(TENTHS * load_of(one, self.day))),
            blocks=[self._taken(each) for each in taken],
            hours=self._places(hours),
            away=self._places(away),
            busy=self._places(busy),
            travel=self._places(self.day.ways(one)),
        )

    def _places(self, spans: Iterable[Span]) -> list[str]:
        return [place for span in spans if (place := place_of(span, self.hours))]

    def _taken(self, one: Taken) -> Block:
        mark = mark_of(one)
        interpretation_request = one.interpretation_request
        if isinstance(one, Assignment):
            url = url_for("interpreter.assignment", assignment_id=one.id)
            more = _("pinned") if one.pinned else ""
            block = self._block(one, self.day.span(one), mark, one.state, f"a{one.id}", url, more)
            against = [str(WISHES[Wish(each)]) for each in one.against_wishes]
            words = ", ".join([block.words, *against])
            return replace(block, pinned=one.pinned, against_wish=bool(against), words=words)
        block = self._block(
            one,
            self.day.span(one),
            mark,
            one.state,
            f"q{one.id}",
            url_for("caseworker.request_page", request_id=interpretation_request.id),
            _(
                "answer by %(time)s",
                time=local_time(one.answer_by, interpretation_request.time_zone),
            ),
            deadline=_left(one.made_at, one.answer_by, self.now),
        )
        if not interpretation_request.has_window:
            return block
        first, latest = interpretation_request.starts_at, interpretation_request.latest_start_at
        return replace(block, earliest=self.day.minute(first), latest=self.day.minute(latest))

    def _block(
        self,
        one: Taken | InterpretationRequest,
        span: Span,
        mark: Mark,
        state: str,
        block_id: str,
        url: str,
        more: str,
        *,
        deadline: int | None = None,
    ) -> Block:
        interpretation_request = (
            one if isinstance(one, InterpretationRequest) else one.interpretation_request
        )
        language, start = language_of(one.language), local_time(one.starts_at, self.day.zone_name)
        # which of two hours of one name it is takes room, too
        room = self._room(span) - LETTER * (len(start) - len(clock_of(span[0])))
        words = [state_name(state), more, _unless_on_site(one), interpretation_request.reference]
        words.append(interpretation_request.organisation.name)
        before, after = span[0] < 0, span[1] > MINUTES_OF_A_DAY
        words.append(_("goes on from the day before") if before else "")
        words.append(_("goes on the day after") if after else "")
        size, label = written_on(language, one.language, room)
        return Block(
            id=block_id,
            request_id=interpretation_request.id,
            place=place_of(span, self.hours),
            mark=mark,
            state=STATES[mark] if mark == Mark.LATE else state,
            start=start,
            end=local_time(one.ends_at, self.day.zone_name),
            language=language,
            label=label,
            size=size,
            site=one.site.name,
            words=", ".join(word for word in words if word),
            url=url,
            deadline=deadline,
            asks=interpretation_request.state == RequestState.OPEN
            and not interpretation_request.has_window,
        )

    def _room(self, span: Span) -> float:
        first, last = (60 * hour for hour in self.hours)
        shown = min(span[1], last) - max(span[0], first)
        return shown * PIXELS / (last - first)


def _unless_on_site(one: Taken | InterpretationRequest) -> str:
    way = one.ranked_ways[0] if isinstance(one, InterpretationRequest) else one.way
    return "" if way == Way.ON_SITE else str(WAY_NAMES[way])


def _behind(hours: Iterable[Span], away: Iterable[Span], busy: Iterable[Span]) -> str:
    works, absent, taken = (_clocks(spans) for spans in (hours, away, busy))
    words = [_("works %(times)s", times=works) if works else _("does not work")]
    if absent:
        words.append(_("absent %(times)s", times=absent))
    if taken:
        words.append(_("privately busy %(times)s", times=taken))
    return "; ".join(words)


def _clocks(spans: Iterable[Span]) -> str:
    return ", ".join(
        _("all day") if clock_of(start) == clock_of(end) else f"{clock_of(start)}–{clock_of(end)}"
        for start, end in spans
    )


def _left(since: datetime, until: datetime, now: datetime) -> int:
    """Return which part of the time from since until is left, in tenths."""
    whole = (until - since).total_seconds()
    return max(0, min(TENTHS, round(TENTHS * (until - now).total_seconds() / max(1.0, whole))))


def load_of(one: Interpreter, day: Day) -> float:
    """Return which share of a day's longest work somebody has."""
    spans = (day.span(each) for each in day.taken.get(one.id, ()))
    return sum(end - start for start, end in spans) / max(1, one.maximum_minutes_per_day)


def language_of(tag: str) -> str:
    """Return the name of a language in the language of whoever reads."""
    return name_of(tag, str(get_locale()))
