"""Backing a database on a server up, and bringing it back: PostgreSQL's own tools do it."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import schema
from dispatch.database import engine_options
from dispatch.errors import Conflict, Refusal

BEGINS = b"PGDMP"
"""How a dump in pg_dump's custom format begins."""
PLAIN = ("--no-owner", "--no-privileges")
WHOLE = ("--exit-on-error", "--single-transaction", "--no-comments", *PLAIN)


def dump(url: str, part: Path) -> None:
    """Write the database at `url`, as it is this moment, to the file `part` (custom format).

    Raises `Refusal` with what the tool said where it cannot; what it wrote is for the caller to
    delete.
    """
    with part.open("wb") as file:
        _run("pg_dump", "--format=custom", *PLAIN, url=url, into=file)
        os.fsync(file.fileno())
    _run("pg_restore", "--list", str(part))


def bring_back(file: Path, url: str, in_doubt: str) -> int:
    """Bring a dump into the empty database at `url`; return how many rows `in_doubt` changed.

    `in_doubt` is the statement for what was on its way when the dump was made. It is carried out
    before the guards are there, without which nothing starts: so whoever is interrupted in between
    sends nothing twice, but has half a database and is told so.
    """
    engine = sa.create_engine(url, **engine_options(url))
    try:
        with engine.connect() as connection:
            _require_empty(connection)
        _run("pg_restore", "--section=pre-data", "--section=data", *WHOLE, str(file), url=url)
        with engine.begin() as connection:
            waiting = connection.execute(sa.text(in_doubt)).rowcount
        _run("pg_restore", "--section=post-data", *WHOLE, str(file), url=url)
    finally:
        engine.dispose()
    schema.migrate(url)
    return waiting


def is_one(file: Path) -> bool:
    """Tell whether a file begins like a dump."""
    with file.open("rb") as content:
        return content.read(len(BEGINS)) == BEGINS


def _require_empty(connection: sa.Connection) -> None:
    tables = sa.inspect(connection).get_table_names()
    if tables:
        raise Conflict(
            "database-not-empty",
            _l(
                "The database of this installation holds something already (%(table)s): "
                "bring the file into an empty one.",
                table=min(tables),
            ),
        )


def _run(tool: str, *arguments: str, url: str | None = None, into: IO[bytes] | None = None) -> None:
    """Call a tool of PostgreSQL; the password goes by the environment, where nobody reads it."""
    path = shutil.which(tool)
    if path is None:
        raise Refusal(
            "tool-missing",
            _l(
                "%(tool)s is not there; install PostgreSQL's programs for clients (Debian: "
                "postgresql-client), not older than the server.",
                tool=tool,
            ),
        )
    environment = dict(os.environ)
    if url is not None:
        place = sa.make_url(url)
        if place.password:
            environment["PGPASSWORD"] = str(place.password)
        plain = place.set(drivername="postgresql")._replace(password=None)  # set() keeps it
        arguments = (f"--dbname={plain.render_as_string(hide_password=False)}", *arguments)
    done = subprocess.run(  # noqa: S603 - a fixed program with arguments of our own
        [path, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=into or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [str(done.returncode)]
        raise Refusal(
            "tool-failed",
            _l("%(tool)s could not do it: %(why)s", tool=tool, why=said[0]),
        )
