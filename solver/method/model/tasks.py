"""Everything there is to do, as arrays: each seat of each variant of each request, by time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.method.model.asks import Ask
from solver.problem.requests import (
    Condition,
    ContinuityCondition,
    ExcludedCondition,
    PreferredCondition,
    Way,
)
from solver.rules.distances import NOWHERE, Distances, Whole
from solver.rules.variants import Seat, Variant

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tasks:
    """All tasks in order of begin, end, request, variant and seat; one entry of each array each.

    `place` is where a job on site is; `remote` jobs are done where the person is; `team` ones with
    others.
    """

    request: Whole
    variant: Whole
    seat: Whole
    begin: Whole
    end: Whole
    busy_from: Whole
    busy_to: Whole
    place: Whole
    remote: Flags
    team: Flags
    by_language: dict[str, OfLanguage]

    @property
    def minutes(self) -> Whole:
        """Return the service time of each task."""
        return self.end - self.begin


class Exceptions(NamedTuple):
    """What is different for one person: at these positions, what to add."""

    positions: Whole
    blocks: Whole
    wishes: Whole
    continuity: Whole


@dataclass(frozen=True, slots=True)
class OfLanguage:
    """The tasks in one language, with what is asked of the person.

    `numbers` are the tasks; all positions count within them. `blocks` is by how many conditions
    somebody who is on no list is ruled out, `wishes` and `continuity` what sending them costs;
    `exceptions` corrects that for those who are on a list. `conditions` name no people.
    """

    numbers: Whole
    conditions: tuple[tuple[Condition, Whole], ...]
    blocks: Whole
    wishes: Whole
    continuity: Whole
    exceptions: dict[str, Exceptions]


class _Place(NamedTuple):
    """A task on its way into the arrays."""

    request: int
    variant: int
    seat: Seat
    chosen: Variant


def tasks_of(asks: Sequence[Ask], distances: Distances) -> Tasks:
    """Return everything there is to do."""
    places = [
        _Place(number, position, seat, variant)
        for number, ask in enumerate(asks)
        for position, variant in enumerate(ask.variants)
        for seat in variant.seats
    ]
    places.sort(key=lambda p: (p.seat.begin, p.seat.end, p.request, p.variant, p.seat.number))
    requests = [asks[place.request].request for place in places]
    sites = [NOWHERE if r.place is None else distances.place(r.place) for r in requests]
    begin, end = _whole(p.seat.begin for p in places), _whole(p.seat.end for p in places)
    return Tasks(
        request=_whole(place.request for place in places),
        variant=_whole(place.variant for place in places),
        seat=_whole(place.seat.number for place in places),
        begin=begin,
        end=end,
        busy_from=begin - _whole(request.buffer_before for request in requests),
        busy_to=end + _whole(request.buffer_after for request in requests),
        place=_whole(sites),
        remote=np.array([p.chosen.way is not Way.ON_SITE for p in places], dtype=np.bool_),
        team=np.array([asks[p.request].team for p in places], dtype=np.bool_),
        by_language=_by_language(asks, places),
    )


def _whole(values: Iterable[int]) -> Whole:
    return np.array(list(values), dtype=np.int64)


def _by_language(asks: Sequence[Ask], places: Sequence[_Place]) -> dict[str, OfLanguage]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        numbers[place.seat.language].append(number)
    return {
        code: _of_language(own, [places[number] for number in own], asks)
        for code, own in numbers.items()
    }


def _of_language(numbers: list[int], places: Sequence[_Place], asks: Sequence[Ask]) -> OfLanguage:
    base = np.zeros((3, len(numbers)), dtype=np.int64)
    plain: dict[Condition, list[int]] = defaultdict(list)
    named: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for position, place in enumerate(places):
        for condition in asks[place.request].request.conditions:
            match condition:
                case ExcludedCondition():
                    if not condition.concerns(place.chosen.way, place.seat.begin, place.seat.end):
                        continue
                    row, amount = _effect(condition)
                    for id_ in set(condition.interpreters):
                        named[id_].append((position, row, amount))
                case PreferredCondition() | ContinuityCondition():
                    row, amount = _effect(condition)
                    base[row, position] += amount
                    for id_ in set(condition.interpreters):
                        named[id_].append((position, row, -amount))
                case _:
                    plain[condition].append(position)
    return OfLanguage(
        numbers=_whole(numbers),
        conditions=tuple((condition, _whole(own)) for condition, own in plain.items()),
        blocks=base[0],
        wishes=base[1],
        continuity=base[2],
        exceptions={id_: _exceptions(entries) for id_, entries in named.items()},
    )


def _effect(condition: Condition) -> tuple[int, int]:
    """Return which row of (blocks, wishes, continuity) not meeting it raises, and by how much."""
    if condition.penalty is None:
        return 0, 1
    return (2 if isinstance(condition, ContinuityCondition) else 1), condition.penalty


def _exceptions(entries: list[tuple[int, int, int]]) -> Exceptions:
    positions = sorted({position for position, _, _ in entries})
    change = np.zeros((3, len(positions)), dtype=np.int64)
    place = {position: index for index, position in enumerate(positions)}
    for position, row, amount in entries:
        change[row, place[position]] += amount
    return Exceptions(_whole(positions), change[0], change[1], change[2])
