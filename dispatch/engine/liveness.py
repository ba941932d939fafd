"""Which workers are alive: each holds a lock that the system takes away when it dies."""

import fcntl
from pathlib import Path

import sqlalchemy as sa


def _number(executor_id: str) -> int:
    return int(executor_id[:15], 16)


class FileLocks:
    """For SQLite: each worker locks one byte of a file beside the database (POSIX record locks).

    A process loses such a lock when it ends, however it ends. One's own lock can be taken again.
    """

    def __init__(self, path: Path, own: str) -> None:
        self._file = path.open("a+b")
        self.take(own)

    def keep(self) -> None:
        """Have one's own lock still; the system sees to it."""

    def take(self, executor_id: str) -> bool:
        """Tell whether the worker is dead; if so, its lock is ours until `release`."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _number(executor_id))
        except OSError:
            return False
        return True

    def release(self, executor_id: str) -> None:
        """Give back what was taken."""
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _number(executor_id))

    def close(self) -> None:
        """Give back everything."""
        self._file.close()


class AdvisoryLocks:
    """For PostgreSQL: session locks, which the server takes away when the connection ends."""

    def __init__(self, engine: sa.Engine, own: str) -> None:
        self._engine = engine
        self._own = own
        self._connect()

    def _connect(self) -> None:
        self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self.take(self._own)

    def keep(self) -> None:
        """Have one's own lock still, or again after the connection was lost."""
        try:
            self._connection.scalar(sa.select(1))
        except sa.exc.DBAPIError:
            self._connection.close()
            self._connect()

    def take(self, executor_id: str) -> bool:
        """Tell whether the worker is dead; if so, its lock is ours until `release`."""
        return bool(
            self._connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_number(executor_id))))
        )

    def release(self, executor_id: str) -> None:
        """Give back what was taken."""
        self._connection.scalar(sa.select(sa.func.pg_advisory_unlock(_number(executor_id))))

    def close(self) -> None:
        """Give back everything; the connection itself is not used again."""
        self._connection.detach()
        self._connection.close()


Locks = FileLocks | AdvisoryLocks


def locks_for(engine: sa.Engine, own: str) -> Locks:
    """Return the locks of this database, with the one of the worker called `own` taken."""
    if engine.dialect.name == "sqlite":
        return FileLocks(Path(f"{engine.url.database}-workers"), own)
    return AdvisoryLocks(engine, own)
