"""The geometry of a day: minutes since midnight, lanes without overlap, ways between stops."""

from collections import Counter
from collections.abc import Sequence
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
    """A whole day: what is open on top, then a row per interpreter; hours shown (first, last)."""

    open_row: Row | None
    rows: list[Row]
    hours: tuple[int, int]

    @property
    def counts(self) -> dict[str, int]:
        """How many blocks of the day are in each state."""
        rows = [*self.rows, *([self.open_row] if self.open_row else [])]
        return Counter(str(block.state) for row in rows for lane in row.lanes for block in lane)


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


def hours_shown(rows: Sequence[Row]) -> tuple[int, int]:
    """Return the hours that show every block, and at least 7 to 19."""
    blocks = [block for row in rows for lane in row.lanes for block in lane]
    first = min([7, *(max(block.start, 0) // 60 for block in blocks)])
    last = max([19, *(-(-block.end // 60) for block in blocks)])
    return first, min(last, 24)
