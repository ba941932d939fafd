"""What a worker holds while it lives: locks the system takes away when it dies, and an ear.

Each worker holds a lock of its own; whoever can take it knows the worker is dead. The ear tells
when somebody committed something, so that nobody has to ask the database all the time.
"""

import fcntl
import os
import select
import sqlite3
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Protocol

import sqlalchemy as sa

LISTEN_SECONDS = 0.2
CHANNEL = "dragoman_jobs"


class Hold(Protocol):
    """Locks and ear of one worker; everything may raise when the database is away."""

    def renew(self) -> None:
        """Begin anew after a failure: connect, and take one's own lock again."""

    def take(self, name: str) -> bool:
        """Tell whether nobody else alive has the lock called `name`; if so, it is ours."""

    def release(self, name: str) -> None:
        """Give back what was taken."""

    def listen(self, seconds: float) -> bool:
        """Wait until somebody commits work, at most so long; tell whether somebody did."""

    def close(self) -> None:
        """Give back everything."""


def number_of(name: str) -> int:
    """Return the number of a lock; names are hexadecimal."""
    return int(name[:15], 16)


class SqliteHold:
    """Each lock is one byte of a file beside the database (POSIX record locks).

    A process loses such a lock when it ends, however it ends, and when it closes the file
    anywhere: so it is opened once. One's own lock can be taken again.
    """

    def __init__(self, database: Path, own: str) -> None:
        self._database, self._own = database, own
        self._file = os.open(f"{database}-workers", os.O_RDWR | os.O_CREAT, 0o600)
        self._ear: sqlite3.Connection | None = None
        self.renew()

    def renew(self) -> None:
        """Open the ear anew."""
        if self._ear is not None:
            self._ear.close()
        self._ear = sqlite3.connect(self._database, check_same_thread=False)
        self._heard = self._version()
        self.take(self._own)

    def take(self, name: str) -> bool:
        """Tell whether nobody else alive has the lock called `name`; if so, it is ours."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number_of(name))
        except OSError:
            return False
        return True

    def release(self, name: str) -> None:
        """Give back what was taken."""
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, number_of(name))

    def listen(self, seconds: float) -> bool:
        """Wait until any connection but the ear commits something, at most so long."""
        until = monotonic() + seconds
        while (version := self._version()) == self._heard and monotonic() < until:
            sleep(LISTEN_SECONDS)
        heard, self._heard = version != self._heard, version
        return heard

    def close(self) -> None:
        """Give back everything."""
        if self._ear is not None:
            self._ear.close()
        os.close(self._file)

    def _version(self) -> int:
        """Return a number that changes with every commit of others; costs no reading of pages."""
        assert self._ear is not None  # noqa: S101 - open from the first renewal on
        return int(self._ear.execute("PRAGMA data_version").fetchone()[0])


class PostgresqlHold:
    """Session locks, which the server takes away when the connection ends; LISTEN on the same."""

    def __init__(self, engine: sa.Engine, own: str) -> None:
        self._engine, self._own = engine, own
        self._connection: sa.Connection | None = None
        self.renew()

    def renew(self) -> None:
        """Connect anew; what is left of the old connection is thrown away."""
        self.close()
        self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self.take(self._own)
        self._open.exec_driver_sql(f"LISTEN {CHANNEL}")

    def take(self, name: str) -> bool:
        """Tell whether nobody else alive has the lock called `name`; if so, it is ours."""
        return bool(self._open.scalar(sa.select(sa.func.pg_try_advisory_lock(number_of(name)))))

    def release(self, name: str) -> None:
        """Give back what was taken."""
        self._open.scalar(sa.select(sa.func.pg_advisory_unlock(number_of(name))))

    def listen(self, seconds: float) -> bool:
        """Wait until the server passes on that work was committed, at most so long."""
        driver: Any = self._open.connection.driver_connection
        if not _told(driver):  # what came along with the last answer is not on the wire any more
            # psycopg waits by waking ten times a second to see whether somebody pressed Ctrl-C
            wire = select.poll()
            wire.register(driver.fileno(), select.POLLIN)
            return bool(wire.poll(seconds * 1000)) and _told(driver)
        return True

    def close(self) -> None:
        """Give back everything; the connection is not used again, for its locks would live on."""
        if self._connection is not None:
            with suppress(sa.exc.SQLAlchemyError):
                self._connection.detach()
                self._connection.close()
        self._connection = None

    @property
    def _open(self) -> sa.Connection:
        if self._connection is None:
            self.renew()
        assert self._connection is not None  # noqa: S101 - renew connects or raises
        return self._connection


def _told(driver: Any) -> bool:
    """Tell whether the server has passed on anything, without waiting for it."""
    return bool(list(driver.notifies(timeout=0)))


def hold_for(engine: sa.Engine, own: str) -> Hold:
    """Return what the worker called `own` holds in this database, its own lock taken."""
    if engine.dialect.name == "sqlite":
        return SqliteHold(Path(str(engine.url.database)), own)
    return PostgresqlHold(engine, own)
