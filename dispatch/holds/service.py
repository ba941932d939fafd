"""Taking an interpreter's time and giving it back. Lock the request and the interpreter before."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.holds.models import Hold
from dispatch.holds.rules import Cause


def take(
    *,
    interpreter_id: int,
    interpretation_request_id: int,
    seat: int,
    site_id: int,
    way: str,
    starts_at: datetime,
    ends_at: datetime,
    cause: Cause,
) -> Hold:
    """Take the time `[starts_at, ends_at)` and the seat.

    Raises `Conflict` when the seat, or the interpreter's time, is taken already; the database
    refuses the same to whoever did not hold the locks.
    """
    on_the_seat = sa.and_(
        Hold.interpretation_request_id == interpretation_request_id, Hold.seat == seat
    )
    at_the_time = _shares_a_moment(interpreter_id, starts_at, ends_at)
    taken = db.session.scalars(sa.select(Hold).where(sa.or_(on_the_seat, at_the_time))).all()
    if (interpretation_request_id, seat) in {
        (one.interpretation_request_id, one.seat) for one in taken
    }:
        raise Conflict("seat-taken", _l("Somebody else was asked for this request already."))
    if taken:
        raise Conflict("overlap", _l("At this time there is another assignment already."))
    hold = Hold(
        interpreter_id=interpreter_id,
        interpretation_request_id=interpretation_request_id,
        seat=seat,
        site_id=site_id,
        way=way,
        starts_at=starts_at,
        ends_at=ends_at,
        cause=cause,
    )
    db.session.add(hold)
    db.session.flush()
    return hold


def move(
    hold_id: int,
    *,
    seat: int,
    site_id: int,
    way: str,
    starts_at: datetime,
    ends_at: datetime,
    cause: Cause,
) -> None:
    """Let a hold take `[starts_at, ends_at)` at this place and seat instead of what it took.

    Raises `Conflict` where the interpreter's time is taken; then it takes what it took before.
    """
    hold = db.session.get_one(Hold, hold_id)
    if between(hold.interpreter_id, starts_at, ends_at, ignoring=hold_id):
        raise Conflict("overlap", _l("At this time there is another assignment already."))
    hold.seat, hold.site_id, hold.way, hold.cause = seat, site_id, way, cause
    hold.starts_at, hold.ends_at = starts_at, ends_at
    db.session.flush()


def sit(hold_id: int, seat: int) -> Hold:
    """Let a hold take another seat of its request, and return it."""
    hold = db.session.get_one(Hold, hold_id)
    hold.seat = seat
    db.session.flush()
    return hold


def let_go(hold_id: int) -> None:
    """Give the time back; whoever pointed to the hold must no longer do so."""
    # The rows that pointed to it are written first, or their foreign key refuses the delete.
    db.session.flush()
    db.session.execute(sa.delete(Hold).where(Hold.id == hold_id))


def of_request(interpretation_request_id: int) -> Sequence[Hold]:
    """Return the holds on a request's seats, by seat."""
    return db.session.scalars(
        sa.select(Hold)
        .where(Hold.interpretation_request_id == interpretation_request_id)
        .order_by(Hold.seat)
    ).all()


def people_on(request_ids: Collection[int]) -> Mapping[int, set[int]]:
    """Return whose time each of these requests takes, by the ids of both; often nobody's."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = db.session.execute(
        sa.select(Hold.interpretation_request_id, Hold.interpreter_id).where(
            Hold.interpretation_request_id.in_(request_ids)
        )
    )
    for request_id, interpreter_id in rows:
        found[request_id].add(interpreter_id)
    return found


def between(
    interpreter_id: int, first: datetime, after: datetime, *, ignoring: int | None = None
) -> Sequence[Hold]:
    """Return the interpreter's holds that share a moment with `[first, after)`, in time order."""
    return db.session.scalars(
        sa.select(Hold)
        .where(_shares_a_moment(interpreter_id, first, after), Hold.id != (ignoring or 0))
        .order_by(Hold.starts_at)
    ).all()


def _shares_a_moment(
    interpreter_id: int, first: datetime, after: datetime
) -> sa.ColumnElement[bool]:
    return sa.and_(
        Hold.interpreter_id == interpreter_id, Hold.starts_at < after, Hold.ends_at > first
    )


def of_people(column: Any, who: Collection[int] | None, on: int | None) -> sa.ColumnElement[bool]:
    """Return the condition that an interpreter is one of these, or holds a seat of a request.

    Without `who` it is anybody.
    """
    if who is None:
        return sa.true()
    there = sa.select(Hold.interpreter_id).where(Hold.interpretation_request_id == on)
    return sa.or_(column.in_(who), column.in_(there))
