"""Backing the database up while everybody works, and bringing a backup back."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask_babel import lazy_gettext as _l

from dispatch import schema, settings
from dispatch.cli import dumps, running
from dispatch.cli.moving import move
from dispatch.errors import Conflict, Refusal

IN_DOUBT = """
    UPDATE messages SET state = 'sending', perhaps_repeated = TRUE
    WHERE state IN ('queued', 'sending')
"""
"""Nobody knows whether they left after the backup was made: each waits for a person."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Back the database up while everybody works: as it is this moment, to a new file.

    A database on a server is backed up by PostgreSQL's own pg_dump, which has to be there.

    Example: dragoman backup /backups/dragoman-2027-03-01
    """
    _require_absent(file)
    database = running.database_file()
    with _written(file) as part:
        if database is None:
            dumps.dump(settings.active().database_url, part)
        else:
            _copy(database, part)
    click.echo(f"Backed up to {file}. Encrypt it before it leaves this machine.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Bring a backup back where there is no database: stop what runs, move the old one away.

    A database on a server has to be empty. It takes the backup of an embedded one as well: so one
    moves to PostgreSQL. What was to be sent when the backup was made is not sent by itself: a
    person decides.

    Example: dragoman restore /backups/dragoman-2027-03-01
    """
    with running.stopped():
        database = running.database_file()
        waiting = _to_server(file) if database is None else _to_file(file, database)
    click.echo(f"Restored from {file}; messages that wait for a person: {waiting}.")


def _to_file(file: Path, database: Path) -> int:
    if dumps.is_one(file):
        raise Refusal(
            "backup-of-a-server",
            _l(
                "%(file)s is the backup of a database on a server; name an empty one in "
                "DRAGOMAN_DATABASE_URL.",
                file=str(file),
            ),
        )
    for left in _with_journals(database):  # an old journal would be read into the new file
        _require_absent(left)
    with _written(database) as part:
        return _prepared(file, part)


def _to_server(file: Path) -> int:
    url = settings.active().database_url
    if dumps.is_one(file):
        return dumps.bring_back(file, url, IN_DOUBT)
    with TemporaryDirectory() as folder:
        fresh = Path(folder, "restored.sqlite")
        waiting = _prepared(file, fresh)
        moved = move(fresh, url)
    click.echo(f"{moved:,} rows are in the database on the server now.")
    return waiting


def _prepared(file: Path, fresh: Path) -> int:
    """Copy a backup to `fresh`, bring it to the newest schema; return how many messages wait."""
    _copy(file, fresh)
    schema.migrate(f"sqlite:///{fresh}")
    with closing(sqlite3.connect(fresh)) as restored:
        waiting = restored.execute(IN_DOUBT).rowcount
        restored.commit()
        restored.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return waiting


def _copy(source: Path, target: Path) -> None:
    """Copy an embedded database at one moment; nobody who writes waits.

    Raises `Refusal` for what is no whole database, and where the copy has no room.
    """
    try:
        here = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
        here.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as broken:
        raise _not_whole(source) from broken
    with closing(here), closing(sqlite3.connect(target)) as there:
        try:
            here.backup(there)
            is_whole = there.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        except sqlite3.OperationalError as full:
            raise _no_room(target, str(full)) from full
        except sqlite3.DatabaseError:
            is_whole = False
    if not is_whole:
        raise _not_whole(source)


@contextmanager
def _written(file: Path) -> Iterator[Path]:
    """Lend a file to write to that becomes `file` once it is whole; else nothing of it is left."""
    part = file.with_name(f"{file.name}.part")
    _forget(part)
    try:
        yield part
        _keep(part)
        part.replace(file)
    except BaseException as failed:
        _forget(part)
        if isinstance(failed, OSError) and failed.filename is None:
            raise _no_room(part, failed.strerror or str(failed)) from failed
        raise


def _keep(part: Path) -> None:
    """Have a file on the disk and not only on its way there."""
    with part.open("rb") as written:
        os.fsync(written.fileno())


def _forget(part: Path) -> None:
    for left in _with_journals(part):
        left.unlink(missing_ok=True)


def _with_journals(database: Path) -> list[Path]:
    """Return a file and what SQLite keeps beside it."""
    return [database.with_name(database.name + end) for end in ("", "-wal", "-shm", "-journal")]


def _not_whole(source: Path) -> Refusal:
    return Refusal(
        "no-whole-database",
        _l("%(file)s is no whole database; take an earlier backup.", file=str(source)),
    )


def _no_room(part: Path, why: str) -> Refusal:
    return Refusal(
        "cannot-be-written",
        _l(
            "%(file)s cannot be written (%(why)s), and nothing of it is kept; see that there is "
            "room, and try again.",
            file=str(part),
            why=why,
        ),
    )


def _require_absent(file: Path) -> None:
    if file.exists():
        raise Conflict(
            "file-there", _l("%(file)s is there already; move it away first.", file=str(file))
        )
