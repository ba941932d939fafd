"""Rows, transactions, and what the database refuses."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import exc as sa_exc
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm.exc import StaleDataError

from dispatch.database_refusals import as_conflict, as_outage, busy
from dispatch.errors import Conflict, NotFound
from dispatch.turns import Turns

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_MILLISECONDS = 20_000
CACHE_KILOBYTES = 500
"""What each connection keeps of the file; twenty of them would keep the same forty megabytes by
SQLite's own measure, which the operating system keeps once for all of them."""
MOST_JOURNAL_BYTES = 64 * 1024 * 1024
"""What is left of SQLite's journal once it was written back; while somebody reads it may grow."""
WAIT_SECONDS = 30
"""How long a thread waits for a connection when all are in use."""

T = TypeVar("T", bound="Base")
_writing = Turns()
"""Held by the thread of this process that writes to SQLite: whoever waits is woken at once and in
turn, while SQLite itself has everybody sleep and look again, longer each time."""


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite keeps it as text that sorts in time order."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The one registry all tables are in."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: Instant(),
        Decimal: sa.Numeric(12, 2),
        dict[str, Any]: sa.JSON(),
        list[str]: sa.JSON(),
        list[list[str]]: sa.JSON(),
    }


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


@sa.event.listens_for(sa.Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = "IMMEDIATE"
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"busy_timeout={BUSY_MILLISECONDS}",
            f"cache_size=-{CACHE_KILOBYTES}",
            f"journal_size_limit={MOST_JOURNAL_BYTES}",
        ):
            connection.execute(f"PRAGMA {pragma}")


def engine_options(url: str) -> dict[str, Any]:
    """Return how the pool for this database is set up."""
    # parameters are what people typed: no error, and so no log, may show them
    options: dict[str, Any] = {"hide_parameters": True, "pool_timeout": WAIT_SECONDS}
    # the connection used last knows most of what is asked next; in turn, all would have to read it
    options["pool_use_lifo"] = True
    if url.startswith("sqlite"):
        arguments = {"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False}
        return options | {"connect_args": arguments, "pool_size": 10, "max_overflow": 30}
    return options | {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20}


def one_of(column: str, choices: Iterable[str]) -> sa.CheckConstraint:
    """Return the constraint that a column holds one of the choices, or nothing if it may."""
    listed = ", ".join(f"'{choice}'" for choice in choices)
    return sa.CheckConstraint(f"{column} IN ({listed})", f"known_{column}")


@contextmanager
def transaction() -> Iterator[None]:
    """Do everything inside or nothing: one per web request or job.

    Starts from what is committed, so nothing read earlier is trusted. On SQLite the write lock is
    taken at once, so a check and the change it allows cannot be separated. What the database
    refuses because somebody else was first becomes a `Conflict`.
    """
    session = db.session
    session.rollback()
    _waiting().clear()
    is_sqlite = db.engine.dialect.name == "sqlite"
    with _one_writer() if is_sqlite else nullcontext():
        yield from _committed(is_sqlite)


@contextmanager
def _one_writer() -> Iterator[None]:
    if not _writing.acquire(timeout=BUSY_MILLISECONDS / 1000):
        raise busy()
    try:
        yield
    finally:
        _writing.release()


def _committed(is_sqlite: bool) -> Iterator[None]:
    session = db.session
    try:
        connection = session.connection()
        if is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        finish()
        session.commit()
    except StaleDataError as stale:
        session.rollback()
        raise changed_meanwhile() from stale
    except sa_exc.DBAPIError as refused:
        session.rollback()
        refusal = as_conflict(refused) or as_outage(refused)
        if refusal is None:
            raise
        raise refusal from refused
    except BaseException:
        session.rollback()
        raise


Items = list[Any]


def at_end(work: Callable[[Items], None], item: object) -> None:
    """Have `work` called once, with this and all other items, when the verbs are done.

    It is called in the same transaction, right before it is committed; an item whose savepoint is
    undone is forgotten with it.
    """
    _waiting().setdefault(work, []).append(item)


def finish() -> None:
    """Do what was left for the end of the transaction; `transaction` calls it before it commits."""
    waiting = _waiting()
    while waiting:
        work = next(iter(waiting))
        work(waiting.pop(work))


@contextmanager
def savepoint() -> Iterator[None]:
    """Do everything inside or nothing of it, without giving up the transaction around it."""
    waiting, locked = _waiting(), _locked()
    before = {work: list(items) for work, items in waiting.items()}
    locked_before = dict(locked)
    try:
        with db.session.begin_nested():
            yield
    except BaseException:
        waiting.clear()
        waiting.update(before)
        locked.clear()  # PostgreSQL lets go of what was locked inside
        locked.update(locked_before)
        raise


def _waiting() -> dict[Callable[[Items], None], Items]:
    return cast(
        dict[Callable[[Items], None], Items], db.session.info.setdefault("dispatch.at_end", {})
    )


def one_at_a_time(what: str) -> None:
    """Let one transaction at a time pass here until it ends; on SQLite there is only one."""
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(what))))


def changed_meanwhile() -> Conflict:
    """Return the refusal for a change that was made from an outdated view."""
    return Conflict(
        "changed-meanwhile",
        _l(
            "Somebody changed this while you were looking at it; look again and repeat your change."
        ),
    )


def expect_version(actual: int, expected: int | None) -> None:
    """Refuse when a person decided on the basis of an older version than the stored one."""
    if expected is not None and actual != expected:
        raise changed_meanwhile()


def lock(model: type[T], identity: int) -> T:
    """Return the row as it is committed now, held until the transaction ends; 404 without one.

    A verb locks what it decides on before it looks: a state read without the lock may be another's
    by the time it is written (PostgreSQL, READ COMMITTED). Order: request, interpreter, then what
    hangs on both; whoever takes them in another order deadlocks with everybody else.
    """
    return lock_all(model, [identity])[0]


def lock_all(model: type[T], identities: Collection[int]) -> list[T]:
    """Return the rows in the order of their ids, locked in this order as `lock` does.

    What this transaction holds already nobody else can have changed: it is not read again.
    """
    # What this transaction changed itself must not be read over.
    db.session.flush()
    wanted = [(model, identity) for identity in sorted(set(identities))]
    held = _locked()
    if missing := [key[1] for key in wanted if not _is_there(held.get(key))]:
        # Not by `get`: what the session read before would be an error there if it changed since.
        row_id = sa.inspect(model).primary_key[0]
        by_id = sa.select(model, row_id).where(row_id.in_(missing)).order_by(row_id)
        as_committed = by_id.with_for_update().execution_options(populate_existing=True)
        found = db.session.execute(as_committed).all()
        if len(found) < len(missing):
            raise not_there()
        held = _locked()  # the transaction may have begun with this very statement
        for row, identity in found:
            held[model, identity] = row
    return [cast(T, held[key]) for key in wanted]


def remembered(what: str) -> dict[Any, Any]:
    """Return what the transaction under way keeps under a name; another's is forgotten."""
    session = db.session()
    begun = session.get_transaction()
    if session.info.get("dispatch.remembered_in") is not begun:
        session.info["dispatch.remembered_in"], session.info["dispatch.remembered"] = begun, {}
    kept: dict[str, dict[Any, Any]] = session.info.setdefault("dispatch.remembered", {})
    return kept.setdefault(what, {})


def _locked() -> dict[tuple[type[Base], int], Base]:
    return remembered("locked")


def _is_there(row: Base | None) -> bool:
    """Tell whether a row is held and was not deleted since."""
    return row is not None and sa.inspect(row).persistent


def not_there() -> NotFound:
    """Return the refusal for what does not exist, or not for the person who asks."""
    return NotFound("not-found", _l("There is nothing here, or it is not yours to see."))


def get(model: type[T], identity: int) -> T:
    """Return the row, or refuse with 404."""
    row = db.session.get(model, identity)
    if row is None:
        raise not_there()
    return row
