"""Long lists in pages: from a row on, never by counting, so that every page costs the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from dispatch.database import db

Row = TypeVar("Row")
MOST_ON_A_PAGE = 25


@dataclass(frozen=True)
class Turn:
    """Where a page begins: after the row of this id, or before it; neither: at the beginning."""

    after: int | None = None
    before: int | None = None


BEGINNING = Turn()


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows in their order, and the ids from which one turns back and on (None: no more)."""

    rows: Sequence[Row]
    before: int | None
    after: int | None


def page(
    query: Any,
    order: Sequence[Any],
    turn: Turn = BEGINNING,
    *,
    latest_first: bool = False,
    most: int = MOST_ON_A_PAGE,
) -> Page[Any]:
    """Return one page of the entities `query` selects, in the order of these columns.

    The last column is the id, so that rows of one moment keep their place. A row that is not there
    any more leads to the beginning.
    """
    back = turn.before is not None
    place = _place(order, turn.before if back else turn.after)
    back = back and place is not None
    downwards = latest_first != back
    if place is not None:
        here = sa.tuple_(*order)
        query = query.where(here < place if downwards else here > place)
    ordered = query.order_by(*((column.desc() if downwards else column) for column in order))
    found = db.session.scalars(ordered.limit(most + 1)).all()
    more, rows = len(found) > most, list(found[:most])
    if back:
        rows.reverse()
    led_here, goes_on = (more, True) if back else (place is not None, more)
    return Page(
        rows,
        before=rows[0].id if rows and led_here else None,
        after=rows[-1].id if rows and goes_on else None,
    )


def part_of(rows: Sequence[Row], turn: Turn, most: int) -> Page[Row]:
    """Return one page of rows with an `id` that had to be read and ordered as a whole.

    A row that is not there any more leads to the beginning.
    """
    places = {row.id: place for place, row in enumerate(rows)}  # type: ignore[attr-defined]
    if turn.before in places:
        first = max(0, places[turn.before] - most)
    else:
        first = places[turn.after] + 1 if turn.after in places else 0
    shown = rows[first : first + most]
    ids = [row.id for row in shown]  # type: ignore[attr-defined]
    return Page(
        shown,
        before=ids[0] if ids and first > 0 else None,
        after=ids[-1] if first + most < len(rows) else None,
    )


def _place(order: Sequence[Any], row_id: int | None) -> Any:
    if row_id is None:
        return None
    found = db.session.execute(sa.select(*order).where(order[-1] == row_id)).one_or_none()
    if found is None:
        return None
    return sa.tuple_(*(sa.literal(v, c.type) for v, c in zip(found, order, strict=True)))
