"""Backing the embedded database up while everybody works, and bringing a backup back."""

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask_babel import lazy_gettext as _l

from dispatch import schema, settings
from dispatch.cli import running
from dispatch.cli.moving import move
from dispatch.errors import Conflict, Refusal

IN_DOUBT = """
    UPDATE messages SET state = 'sending', perhaps_repeated = 1 WHERE state IN ('queued', 'sending')
"""
"""Nobody knows whether they left after the backup was made: each waits for a person."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Back the database up while everybody works: as it is this moment, to a new file.

    Example: dragoman backup /backups/dragoman-2027-03-01.sqlite
    """
    _require_absent(file)
    _copy(_database(), file)
    click.echo(f"Backed up to {file}. Encrypt it before it leaves this machine.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Bring a backup back where there is no database: stop what runs, move the old one away.

    An installation whose database lies on a server takes the backup of an embedded one into the
    empty database: so one moves to PostgreSQL. What was to be sent when the backup was made is not
    sent by itself: a person decides.

    Example: dragoman restore /backups/dragoman-2027-03-01.sqlite
    """
    with running.stopped():
        database = running.database_file()
        waiting = _to_server(file) if database is None else _to_file(file, database)
    click.echo(f"Restored from {file}; {waiting} messages wait for a person to decide.")


def _to_file(file: Path, database: Path) -> int:
    _require_absent(database)
    fresh = database.with_name(f"{database.name}.restored")
    waiting = _prepared(file, fresh)
    fresh.replace(database)
    return waiting


def _to_server(file: Path) -> int:
    with TemporaryDirectory() as folder:
        fresh = Path(folder, "restored.sqlite")
        waiting = _prepared(file, fresh)
        moved = move(fresh, settings.active().database_url)
    click.echo(f"{moved:,} rows are in the database on the server now.")
    return waiting


def _prepared(file: Path, fresh: Path) -> int:
    """Copy a backup to `fresh`, bring it to the newest schema; return how many messages wait."""
    fresh.unlink(missing_ok=True)
    _copy(file, fresh)
    schema.migrate(f"sqlite:///{fresh}")
    with closing(sqlite3.connect(fresh)) as restored:
        waiting = restored.execute(IN_DOUBT).rowcount
        restored.commit()
        restored.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return waiting


def _copy(source: Path, target: Path) -> None:
    """Copy a database at one moment; nobody who writes waits, and half a copy is never called one.

    Raises `Refusal` for what is no whole database.
    """
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as here,
            closing(sqlite3.connect(part)) as there,
        ):
            here.backup(there)
            is_whole = there.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        is_whole = False
    if not is_whole:
        part.unlink(missing_ok=True)
        raise Refusal(
            "no-whole-database",
            _l("%(file)s is no whole database; take an earlier backup.", file=str(source)),
        )
    part.replace(target)


def _database() -> Path:
    database = running.database_file()
    if database is None:
        raise Refusal(
            "database-on-a-server",
            _l(
                "The database of this installation lies on a server: back it up with pg_dump "
                "--format=custom, and bring that back with pg_restore into an empty database."
            ),
        )
    return database


def _require_absent(file: Path) -> None:
    if file.exists():
        raise Conflict(
            "file-there", _l("%(file)s is there already; move it away first.", file=str(file))
        )
