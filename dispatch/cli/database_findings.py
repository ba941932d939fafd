"""What the doctor finds in the database, looking only."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from dispatch import schema
from dispatch.cli.findings import Finding
from dispatch.database import MOST_JOURNAL_BYTES, engine_options

DURABLE_POSTGRESQL = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
CHECK_URL = "check DRAGOMAN_DATABASE_URL"
LEAST_ROOM_BYTES = 50_000_000
"""Room for a journal of an hour with many pages; below it nothing may be written soon."""


def of_database(url: str) -> Iterator[Finding]:
    """Tell whether the database is there, current, guarded, durable and intact."""
    if url.startswith("sqlite"):
        file = Path(sa.make_url(url).database or "")
        if not file.is_file():
            yield Finding(
                "database", False, f"there is no file {file.name}", "run dragoman migrate"
            )
            return
        yield _journal(file)
        yield _journal_size(file)
        yield _room(file)
    engine = sa.create_engine(url, **engine_options(url))
    try:
        with engine.connect() as connection:
            yield Finding("database", True, connection.dialect.name)
            yield _schema(connection)
            yield _guards(connection)
            yield from (_sqlite if connection.dialect.name == "sqlite" else _postgresql)(connection)
    except sa.exc.DBAPIError as away:
        yield Finding("database", False, str(away.orig).splitlines()[0], CHECK_URL)
    finally:
        engine.dispose()


def _journal(file: Path) -> Finding:
    """Read the file's own mode, before a connection of ours sets it right."""
    try:
        with closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        ) as connection:
            mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    except sqlite3.Error as broken:
        return Finding("journal", False, str(broken), CHECK_URL)
    return Finding(
        "journal",
        mode == "wal",
        mode,
        "another program changed the mode to one in which readers and writers wait for each "
        "other; it is set back to wal at the next start",
    )


def _journal_size(file: Path) -> Finding:
    journal = file.with_name(file.name + "-wal")
    size = journal.stat().st_size if journal.exists() else 0
    return Finding(
        "journal size",
        size <= MOST_JOURNAL_BYTES,
        f"{size / 1_000_000:.0f} MB",
        "a program has been reading the database for long; end it, and the journal is written back",
    )


def _room(file: Path) -> Finding:
    room = shutil.disk_usage(file.parent).free
    return Finding(
        "room on the disk",
        room >= LEAST_ROOM_BYTES,
        f"{room / 1_000_000:.0f} MB free for the database",
        "make room on the disk of the database; without it nothing can be written",
    )


def _schema(connection: sa.Connection) -> Finding:
    current, newest = schema.current_revision(connection), schema.newest_revision()
    return Finding(
        "schema",
        current == newest,
        f"{current or 'empty'}, this program needs {newest}",
        "run dragoman migrate",
    )


def _guards(connection: sa.Connection) -> Finding:
    missing = schema.missing_guards(connection)
    return Finding(
        "guards against double bookings and changed records",
        not missing,
        f"missing: {', '.join(missing)}" if missing else "in place",
        "restore the last backup; a guard was dropped",
    )


def _sqlite(connection: sa.Connection) -> Iterator[Finding]:
    synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    yield Finding(
        "durability",
        synchronous == 2,
        f"synchronous {'full' if synchronous == 2 else synchronous}",
        "connections have to set synchronous=FULL; reinstall this program",
    )
    intact = connection.exec_driver_sql("PRAGMA quick_check").scalar()
    yield Finding("integrity", intact == "ok", str(intact), "restore the last backup")


def _postgresql(connection: sa.Connection) -> Iterator[Finding]:
    found = {
        name: str(connection.exec_driver_sql(f"SHOW {name}").scalar())
        for name in DURABLE_POSTGRESQL
    }
    yield Finding(
        "durability",
        found == DURABLE_POSTGRESQL,
        ", ".join(f"{name} {value}" for name, value in found.items()),
        "switch fsync, full_page_writes and synchronous_commit on in postgresql.conf",
    )
