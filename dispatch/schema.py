"""All tables at once: bringing a database to the current schema, and whether it is there.

Every command asks the latter, so Alembic is loaded only for the former.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from time import sleep
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch.database import Base, engine_options
from dispatch.engine import are_there, create_tables
from dispatch.errors import Refusal
from dispatch.settings import ROOT

__all__ = [
    "Base",
    "current_revision",
    "migrate",
    "missing_guards",
    "newest_revision",
    "require_current",
]

# every room that has tables: a new room needs no line here
for _models in sorted((ROOT / "dispatch").rglob("models.py")):
    import_module(".".join(_models.relative_to(ROOT).with_suffix("").parts))

MIGRATIONS = ROOT / "migrations"
SQLITE_GUARDS = frozenset(
    {
        "no_double_booking_insert",
        "no_double_booking_update",
        "changes_no_update",
        "changes_no_delete",
    }
)
MIGRATING: Final = int.from_bytes(b"migrate")
"""The lock of PostgreSQL for whoever migrates."""
LOOK_AGAIN_SECONDS: Final = 0.2
POSTGRESQL_GUARDS = frozenset({"no_double_booking", "changes_append_only"})


def migrate(url: str) -> str:
    """Bring the database at `url` to the newest schema; return its revision. Safe to repeat.

    Interrupted at any moment it can be done again; of several at once each waits for the one
    before. Raises `Refusal` for a newer schema.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = sa.create_engine(url, **engine_options(url))
    try:
        with _alone(engine):
            with engine.begin() as connection:
                if connection.dialect.name == "sqlite":
                    # the driver begins by itself only before rows change: half a table would stay
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                _require_known(current_revision(connection))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
            create_tables(url)
        with engine.connect() as connection:
            reached = current_revision(connection)
            _require_guards(connection)
    finally:
        engine.dispose()
    return reached or ""


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[None]:
    """Wait until nobody else migrates; SQLite has one writer anyway.

    PostgreSQL lets two make the same table, and fails the second when the first is done. The lock
    lasts as long as the connection and is asked for again and again: no transaction and no
    statement is open that the making of an index would wait for.
    """
    if engine.dialect.name == "sqlite":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(MIGRATING))):
            sleep(LOOK_AGAIN_SECONDS)
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(MIGRATING)))


def current_revision(connection: sa.Connection) -> str | None:
    """Return the schema revision a database is at; None for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return revision


def is_current(connection: sa.Connection) -> bool:
    """Tell whether the database has the schema this program was written for."""
    return current_revision(connection) == newest_revision()


@cache
def newest_revision() -> str:
    """Return the schema revision this program was written for."""
    return max(_known_revisions())


def _known_revisions() -> set[str]:
    """Return the revisions of all migrations; the name of each file begins with its own."""
    return {file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("*_*.py")}


def missing_guards(connection: sa.Connection) -> list[str]:
    """Return which guards the database lost: against double bookings, and of the record.

    SQLite drops triggers silently when a migration rebuilds a table, so this is asked at every
    start.
    """
    if connection.dialect.name == "sqlite":
        query, needed = "SELECT name FROM sqlite_master WHERE type = 'trigger'", SQLITE_GUARDS
    else:
        query = (
            "SELECT conname FROM pg_constraint WHERE contype = 'x' "
            "UNION SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        )
        needed = POSTGRESQL_GUARDS
    return sorted(needed - set(connection.scalars(sa.text(query))))


def require_current(url: str) -> None:
    """Refuse to work with a database that is behind this program or has lost a guard."""
    engine = sa.create_engine(url, **engine_options(url))
    try:
        with engine.connect() as connection:
            current, newest = current_revision(connection), newest_revision()
            _require_known(current)
            if current == newest and not are_there(connection):
                raise Refusal(
                    "schema-half",
                    _l("The database was not migrated to its end; run dragoman migrate."),
                )
            if current != newest:
                raise Refusal(
                    "schema-behind",
                    _l(
                        "The database is at schema %(current)s and this program needs %(newest)s; "
                        "run dragoman migrate.",
                        current=current or "-",
                        newest=newest,
                    ),
                )
            _require_guards(connection)
    finally:
        engine.dispose()


def _require_known(current: str | None) -> None:
    """Refuse a database that a newer program has migrated: this one would write what is wrong."""
    if current is not None and current not in _known_revisions():
        raise Refusal(
            "schema-newer",
            _l(
                "The database is at schema %(current)s, which this program does not know: a newer "
                "one made it. Install that version again, or restore a backup from before.",
                current=current,
            ),
        )


def _require_guards(connection: sa.Connection) -> None:
    missing = missing_guards(connection)
    if missing:
        raise Refusal(
            "guard-missing",
            _l(
                "The database has lost what keeps it from double bookings or changed records "
                "(%(missing)s); restore the last backup.",
                missing=", ".join(missing),
            ),
        )
