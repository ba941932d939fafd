"""Keeping what is known of ways: the timetable, the places, the minutes between them."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dispatch import database, engine, settings
from dispatch.database import db
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.travel import queries
from dispatch.travel.estimate import Mode, Point
from dispatch.travel.models import Timetable, TravelPlace, TravelRow
from dispatch.travel.queries import packed, unpacked
from dispatch.travel.times import UNKNOWN, Whole

if TYPE_CHECKING:
    from dispatch.travel.gtfs import Feed

MOST_PLACES = 3000
"""Of more places no table is kept: it grows with their square. Every way is estimated then."""


def know(points: Sequence[Point]) -> list[TravelPlace]:
    """Give every point a place, and return all places there are, in order of their number."""
    database.one_at_a_time("travel")
    known = {(place.latitude, place.longitude) for place in _places()}
    new = [point for point in dict.fromkeys(points) if tuple(point) not in known]
    db.session.add_all(
        TravelPlace(latitude=point.latitude, longitude=point.longitude) for point in new
    )
    db.session.flush()
    return _places()


def keep_timetable(
    actor: Actor,
    feed: "Feed",
    path: Path,
    places: Sequence[TravelPlace],
    minutes: Whole,
    *,
    now: datetime,
) -> Timetable:
    """Put a timetable and the minutes among the places in place of what there was, at once."""
    database.one_at_a_time("travel")
    db.session.execute(sa.delete(TravelRow).where(TravelRow.mode == Mode.PUBLIC_TRANSPORT))
    db.session.execute(sa.delete(Timetable))
    timetable = Timetable(
        publisher=feed.publisher,
        feed_version=feed.version,
        file_name=path.name,
        valid_from=feed.valid_from,
        valid_until=feed.valid_until,
        day=feed.day,
        imported_at=now,
        network=feed.network.packed(),
    )
    db.session.add(timetable)
    db.session.flush()
    keep(Mode.PUBLIC_TRANSPORT, places, places, minutes, now=now)
    ledger.record(actor, "timetable.imported", Concerning(), now=now)
    return timetable


def keep(
    mode: Mode,
    origins: Sequence[TravelPlace],
    targets: Sequence[TravelPlace],
    minutes: Whole,
    *,
    now: datetime,
) -> None:
    """Keep the minutes from every origin to every target; what else is known of them stays."""
    import numpy as np  # loaded with the ways, not with every start

    database.one_at_a_time("travel")
    columns = np.array([target.id for target in targets], dtype=np.intp)
    rows = {
        row.place_id: row
        for row in db.session.scalars(sa.select(TravelRow).where(TravelRow.mode == mode))
    }
    for origin, found in zip(origins, minutes, strict=True):
        row = rows.get(origin.id)
        known = unpacked(row.minutes) if row else np.empty(0, dtype=np.uint16)
        whole = np.full(max(len(known), int(columns.max(initial=0)) + 1), UNKNOWN, dtype=np.uint16)
        whole[: len(known)] = known
        whole[columns] = found
        if row is None:
            row = TravelRow(mode=mode, place_id=origin.id)
            db.session.add(row)
        row.minutes, row.found_at = packed(whole), now
    db.session.flush()


def places_changed() -> None:
    """Have the ways of new places looked up once the caller's transaction is committed."""
    if settings.active().routing or queries.timetable() is not None:
        engine.enqueue("fill_travel_times")


def without(mode: Mode) -> list[TravelPlace]:
    """Return the places from which no way of this mode was looked for yet."""
    known = sa.select(TravelRow.place_id).where(TravelRow.mode == mode)
    return list(
        db.session.scalars(
            sa.select(TravelPlace).where(TravelPlace.id.not_in(known)).order_by(TravelPlace.id)
        )
    )


def point_of(place: TravelPlace) -> Point:
    """Return where a place is."""
    return Point(place.latitude, place.longitude)


def _places() -> list[TravelPlace]:
    return list(db.session.scalars(sa.select(TravelPlace).order_by(TravelPlace.id)))
