"""Asking how long ways take: the one place where plan, check, offer and page ask."""

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from dispatch.database import db, remembered
from dispatch.travel.estimate import Mode, Point
from dispatch.travel.models import Timetable, TravelPlace, TravelRow
from dispatch.travel.times import TravelTime, TravelTimes, Whole

MOST_ASKED = 10_000
"""More points than this are not named one by one to the database."""


def travel_time(start: Point, end: Point, mode: Mode) -> TravelTime:
    """Return the minutes of one way and where they come from."""
    if start == end:
        return TravelTimes().one(start, end, mode)
    return travel_times([start, end], [mode]).one(start, end, mode)


def travel_times(points: Iterable[Point], modes: Collection[Mode] = tuple(Mode)) -> TravelTimes:
    """Return what is known of the ways among the points, in one statement.

    What the transaction under way has read before is not read again.
    """
    wanted, modes = set(points), set(modes)
    pairs = {(point, mode) for point in wanted for mode in modes}
    if new := {point for point, _mode in pairs - _kept().looked_up}:
        found = _read(new, modes)
        _kept().add(found, new, modes)
    kept = _kept()
    numbers = {point: kept.numbers[point] for point in wanted if point in kept.numbers}
    known = {(mode, number) for mode in modes for number in numbers.values()}
    return TravelTimes(numbers, {one: kept.rows[one] for one in known & kept.rows.keys()})


@dataclass
class _Kept:
    """What one transaction has read of ways, and of which points and modes."""

    looked_up: set[tuple[Point, Mode]] = field(default_factory=set)
    numbers: dict[Point, int] = field(default_factory=dict)
    rows: dict[tuple[Mode, int], Whole] = field(default_factory=dict)

    def add(self, found: Iterable[Any], points: Set[Point], modes: Set[Mode]) -> None:
        self.looked_up.update((point, mode) for point in points for mode in modes)
        for place_id, latitude, longitude, mode, packed in found:
            point = Point(latitude, longitude)
            if point in points:
                self.numbers[point] = place_id
                if packed is not None:
                    self.rows[Mode(mode), place_id] = unpacked(packed)


def _kept() -> _Kept:
    kept: _Kept = remembered("ways").setdefault("all", _Kept())
    return kept


def _read(points: Set[Point], modes: Set[Mode]) -> Iterable[Any]:
    query = sa.select(
        TravelPlace.id,
        TravelPlace.latitude,
        TravelPlace.longitude,
        TravelRow.mode,
        TravelRow.minutes,
    ).outerjoin(
        TravelRow,
        sa.and_(TravelRow.place_id == TravelPlace.id, TravelRow.mode.in_(sorted(modes))),
    )
    if len(points) <= MOST_ASKED:
        query = query.where(TravelPlace.latitude.in_({point.latitude for point in points}))
    return db.session.execute(query)


def timetable() -> Timetable | None:
    """Return the timetable that counts, None before one was imported."""
    return db.session.scalar(sa.select(Timetable).order_by(Timetable.id.desc()).limit(1))


def origins() -> tuple[Timetable | None, list[Mode]]:
    """Return the timetable that counts, and the ways of travelling of which minutes are known.

    One statement: the pages that ask have a budget of fifteen.
    """
    modes = sa.select(TravelRow.mode).distinct().subquery()
    known = sa.select(sa.func.aggregate_strings(modes.c.mode, ",").label("modes")).subquery()
    newest = sa.select(sa.func.max(Timetable.id)).scalar_subquery()
    counts, words = db.session.execute(
        sa.select(Timetable, known.c.modes)
        .select_from(known)
        .outerjoin(Timetable, Timetable.id == newest)
    ).one()
    return counts, [mode for mode in Mode if mode in (words or "").split(",")]


def unpacked(row: bytes) -> Whole:
    """Return the minutes of a stored row."""
    import numpy as np  # loaded for whoever asks how long a way takes, not with every start

    return np.frombuffer(row, dtype="<u2").astype(np.uint16)


def packed(row: Whole) -> bytes:
    """Return a row as it is stored."""
    return row.astype("<u2").tobytes()
