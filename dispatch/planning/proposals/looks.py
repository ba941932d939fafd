"""Looks at a day by several workers: what a later one has found, an earlier one leaves as it is."""

from datetime import date
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from dispatch.database import db, transaction
from dispatch.planning.proposals.models import Look


def begin(day: date) -> int:
    """Return the number of a look that begins now; what it reads afterwards is no older."""
    with transaction():
        is_postgresql = db.session.connection().dialect.name == "postgresql"
        insert = (postgresql if is_postgresql else sqlite).insert(Look)
        first = insert.values(day=day, begun=1, kept=0)
        next_one = first.on_conflict_do_update(
            index_elements=[Look.day], set_={"begun": Look.begun + 1}
        )
        return cast(int, db.session.scalar(next_one.returning(Look.begun)))


def is_newest(day: date, number: int) -> bool:
    """Tell whether no later look was kept yet; if so this one is, when the transaction ends."""
    newer = sa.update(Look).where(Look.day == day, Look.kept < number).values(kept=number)
    return db.session.scalar(newer.returning(Look.kept)) is not None
