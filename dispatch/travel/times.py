"""How long a way takes and where that is known from: timetable, routing engine or estimate.

Numpy is imported where ways are looked up: everything knows these words, few commands a way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from flask_babel import lazy_gettext as _l

from dispatch.travel.estimate import Mode, Point, minutes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Whole: TypeAlias = "NDArray[np.uint16]"
UNKNOWN = 65535
"""No minutes are known for a way: the estimate counts."""


class Source(StrEnum):
    """Where the minutes of a way come from."""

    TIMETABLE = "timetable"
    ROUTING_ENGINE = "routing_engine"
    ESTIMATE = "estimate"


SOURCE_NAMES: dict[Source, Any] = {
    Source.TIMETABLE: _l("timetable"),
    Source.ROUTING_ENGINE: _l("routing engine"),
    Source.ESTIMATE: _l("estimate"),
}


class TravelTime(NamedTuple):
    """Whole minutes from door to door, rounded up, and where they come from."""

    minutes: int
    source: Source


@dataclass(frozen=True)
class TravelTimes:
    """What is known of the ways among some points; whatever is not known is estimated.

    `numbers` are those of the places that are known, `rows` the minutes from a place by mode to
    every place by its number. Ways need be neither as long back as there nor the shorter for
    having no stop in between: plan and check look at neighbours only.
    """

    numbers: Mapping[Point, int] = field(default_factory=dict)
    rows: Mapping[tuple[Mode, int], Whole] = field(default_factory=dict)

    def one(self, start: Point, end: Point, mode: Mode) -> TravelTime:
        """Return how long it takes from `start` to `end`; 0 for the same point."""
        if start == end:
            return TravelTime(0, Source.ESTIMATE)
        row = self.rows.get((mode, self.numbers.get(start, -1)))
        target = self.numbers.get(end, -1)
        if row is None or not 0 <= target < len(row) or row[target] == UNKNOWN:
            return TravelTime(minutes(start, end, mode), Source.ESTIMATE)
        return TravelTime(int(row[target]), source_of(mode))

    def matrix(self, points: Sequence[Point], mode: Mode) -> list[list[int]]:
        """Return the minutes from every point to every point, as `one` says them."""
        import numpy as np

        nothing: Whole = np.empty(0, dtype=np.uint16)
        columns = np.array([self.numbers.get(point, -1) for point in points], dtype=np.intp)
        rows = []
        for number, start in enumerate(points):
            row = self.rows.get((mode, int(columns[number])), nothing)
            inside = (columns >= 0) & (columns < len(row))
            known = np.full(len(points), UNKNOWN, dtype=np.uint16)
            known[inside] = row[columns[inside]]
            known[number] = 0
            rows.append(
                [
                    minutes(start, points[place], mode) if found == UNKNOWN else found
                    for place, found in enumerate(known.tolist())
                ]
            )
        return rows

    def knows(self, mode: Mode) -> bool:
        """Tell whether any way of this mode is known otherwise than by the estimate."""
        return any(known == mode for known, _place in self.rows)

    def sources(self, points: Iterable[Point], mode: Mode) -> list[Source]:
        """Return where the minutes among the points come from, each source once, in order."""
        among = list(dict.fromkeys(points))
        found = {self.one(a, b, mode).source for a in among for b in among if a != b}
        return [source for source in Source if source in found] or [Source.ESTIMATE]


def named(sources: Iterable[Source]) -> str:
    """Return sources in words, such as: timetable, estimate."""
    return ", ".join(str(SOURCE_NAMES[source]) for source in sources)


def source_of(mode: Mode) -> Source:
    """Return where what is known of a mode comes from."""
    return Source.TIMETABLE if mode == Mode.PUBLIC_TRANSPORT else Source.ROUTING_ENGINE
