"""Whether something has changed on a day since somebody looked: one statement, by the record."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from dispatch import clock
from dispatch.database import db
from dispatch.ledger.models import Change
from dispatch.pages.coordinator.board.reading import LONGEST
from dispatch.requests.models import InterpretationRequest

MOVES = "request.changed"
"""What may take a request away from the day: where it lies now tells nothing of that."""


@dataclass(frozen=True)
class News:
    """The newest change there is, and whether one since then touches the day."""

    newest: int
    touches: bool


def newest_change() -> int:
    """Return the number of the newest change; read it before what it stands for is read."""
    return db.session.scalar(sa.select(sa.func.max(Change.id))) or 0


def news_of(day: date, zone_name: str, since: int) -> News | None:
    """Return what there is since the change of that number; None where nothing has happened."""
    first, after = clock.day_bounds(day, zone_name)
    on_the_day = sa.and_(
        InterpretationRequest.starts_at >= first - LONGEST,
        InterpretationRequest.starts_at < after,
    )
    of_a_person = sa.and_(InterpretationRequest.id.is_(None), Change.interpreter_id.is_not(None))
    touches = sa.or_(on_the_day, of_a_person, Change.kind == MOVES)
    newest, touched = db.session.execute(
        sa.select(sa.func.max(Change.id), sa.func.max(sa.case((touches, 1), else_=0)))
        .outerjoin(
            InterpretationRequest, InterpretationRequest.id == Change.interpretation_request_id
        )
        .where(Change.id > since)
    ).one()
    return None if newest is None else News(newest, bool(touched))
