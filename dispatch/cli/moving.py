"""Bringing all rows of an embedded database into an empty one on a server."""

from pathlib import Path

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import schema
from dispatch.database import Base, engine_options
from dispatch.errors import Conflict

ROWS_AT_ONCE = 1_000


def move(file: Path, url: str) -> int:
    """Copy every row of the SQLite `file` to the empty PostgreSQL at `url`; return how many.

    Both have the newest schema afterwards; rows keep their numbers. All of them arrive or none:
    one transaction. Jobs do not come along, the sweeps find again what falls due. Raises `Conflict`
    where the database holds something already.
    """
    schema.migrate(url)
    here = sa.create_engine(f"sqlite:///{file}", **engine_options("sqlite"))
    there = sa.create_engine(url, **engine_options(url))
    try:
        with here.connect() as source, there.begin() as target:
            _require_empty(target)
            moved = sum(_copied(table, source, target) for table in Base.metadata.sorted_tables)
            for table in Base.metadata.sorted_tables:
                _count_on(table, target)
    finally:
        here.dispose()
        there.dispose()
    return moved


def _require_empty(target: sa.Connection) -> None:
    for table in Base.metadata.sorted_tables:
        if target.scalar(sa.select(sa.exists().select_from(table))):
            raise Conflict(
                "database-not-empty",
                _l(
                    "The database of this installation holds something already (%(table)s): "
                    "bring the file into an empty one.",
                    table=table.name,
                ),
            )


def _copied(table: sa.Table, source: sa.Connection, target: sa.Connection) -> int:
    kept = _as_stored(table)
    rows = source.execution_options(yield_per=ROWS_AT_ONCE).execute(sa.select(kept))
    count = 0
    for some in rows.mappings().partitions():
        target.execute(sa.insert(kept), [dict(row) for row in some])
        count += len(some)
    return count


def _as_stored(table: sa.Table) -> sa.TableClause:
    """Return the columns of a table as rows are copied.

    Where a JSON column holds nothing, it would get JSON's word "null" otherwise: that is something.
    """
    return sa.table(
        table.name,
        *(
            sa.column(
                one.name, sa.JSON(none_as_null=True) if isinstance(one.type, sa.JSON) else one.type
            )
            for one in table.columns
        ),
    )


def _count_on(table: sa.Table, target: sa.Connection) -> None:
    """Have new rows numbered after those that were copied; PostgreSQL begins at one otherwise."""
    if "id" not in table.columns:
        return
    newest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
    sequence = sa.func.pg_get_serial_sequence(table.name, "id")
    target.execute(sa.select(sa.func.setval(sequence, newest)).where(newest.is_not(None)))
