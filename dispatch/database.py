"""Rows, transactions, and what the database refuses."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import exc as sa_exc
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm.exc import StaleDataError

from dispatch.errors import Conflict, NotFound

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_MILLISECONDS = 20_000
ONE_PLANNING_RUN = "one_planning_run_per_day"
"""The name of the guard that refuses a second planning run over the same day."""

T = TypeVar("T", bound="Base")


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
        ):
            connection.execute(f"PRAGMA {pragma}")


def engine_options(url: str) -> dict[str, Any]:
    """Return how the pool for this database is set up."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False}}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20}


@contextmanager
def transaction() -> Iterator[None]:
    """Do everything inside or nothing: one per web request or job.

    Starts from what is committed, so nothing read earlier is trusted. On SQLite the write lock is
    taken at once, so a check and the change it allows cannot be separated. What the database
    refuses because somebody else was first becomes a `Conflict`.
    """
    session = db.session
    session.rollback()
    try:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        session.commit()
    except StaleDataError as stale:
        session.rollback()
        raise changed_meanwhile() from stale
    except sa_exc.DBAPIError as refused:
        session.rollback()
        conflict = _as_conflict(refused)
        if conflict is None:
            raise
        raise conflict from refused
    except BaseException:
        session.rollback()
        raise


def _as_conflict(refused: sa_exc.DBAPIError) -> Conflict | None:
    code = getattr(refused.orig, "sqlstate", None)
    text = str(refused.orig)
    if "no_double_booking" in text or "double booking" in text:
        return Conflict(
            "double-booking",
            _l("The interpreter was given another assignment at this time a moment ago."),
        )
    if code in {"40P01", "40001", "55P03"} or "locked" in text or "busy" in text:
        return Conflict(
            "at-the-same-moment",
            _l("Somebody else was changing this at the same moment; please try again."),
        )
    if code == "23505" or "UNIQUE constraint failed" in text or ONE_PLANNING_RUN in text:
        return Conflict(
            "already-there", _l("This was done a moment ago already; look at the page again.")
        )
    return None


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


def get(model: type[T], identity: int) -> T:
    """Return the row, or refuse with 404."""
    row = db.session.get(model, identity)
    if row is None:
        raise NotFound("not-found", _l("There is nothing here, or it is not yours to see."))
    return row
