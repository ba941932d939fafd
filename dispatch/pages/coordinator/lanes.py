"""The geometry of a day: minutes since midnight, lanes without overlap, ways between stops."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from dispatch.clock import at_place

Span = tuple[int, int]
MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True)
class Block:
    """One assignment or open seat on the board, in minutes since the day's midnight there."""

    start: int
    end: int
    state: str
    text: str
    title: str
    url: str


@dataclass(frozen=True)
class Row:
    """One interpreter's day, or everything that is open."""

    name: str
    url: str | None
    note: str
    bands: list[Span] = field(default_factory=list)
    busy: list[Span] = field(default_factory=list)
    travel: list[Span] = field(default_factory=list)
    lanes: list[list[Block]] = field(default_factory=list)


@dataclass(frozen=True)
class Board:
    """A day: what is open on top, then a row per interpreter; hours shown (first, last).

    Of many rows these are one page: `before` and `after` are the interpreters from whom one turns
    back and on. `counts` is how many blocks of the whole day are in each state, `more_open` how
    many open seats are not drawn.
    """

    open_row: Row | None
    rows: Sequence[Row]
    hours: tuple[int, int]
    counts: Mapping[str, int] = field(default_factory=dict)
    more_open: int = 0
    before: int | None = None
    after: int | None = None


def minute_of_day(instant: datetime, day: date, zone_name: str) -> int:
    """Return the wall time at the place as minutes since the day's first midnight.

    Of a night that began the day before they are negative, after the next midnight over 1440.
    """
    local = at_place(instant, zone_name)
    return (local.date() - day).days * MINUTES_OF_A_DAY + local.hour * 60 + local.minute


def lanes(blocks: Sequence[Block]) -> list[list[Block]]:
    """Lay blocks into as few lanes as need be so that none overlaps another in its lane."""
    laid: list[list[Block]] = []
    for block in sorted(blocks, key=lambda block: (block.start, block.end)):
        free = next((lane for lane in laid if lane[-1].end <= block.start), None)
        if free is None:
            laid.append([block])
        else:
            free.append(block)
    return laid


def hours_shown(spans: Iterable[Span]) -> tuple[int, int]:
    """Return the hours that show all these spans, and at least 7 to 19."""
    first, last = 7, 19
    for start, end in spans:
        first, last = min(first, max(start, 0) // 60), max(last, -(-end // 60))
    return first, min(last, 24)
