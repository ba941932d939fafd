"""Which address the running system of this installation has, if one runs."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import settings
from dispatch.errors import Conflict


@contextmanager
def at(base_url: str) -> Iterator[None]:
    """Say for as long as it lasts that a system runs and where it is reached."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    # The lock ends with the process however that ends, so nothing is left behind by a crash.
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        file.truncate(0)
        file.write(base_url)
        file.flush()
        yield


def address() -> str:
    """Return the address that was set, else that of the running system, else the usual one."""
    active = settings.active()
    if "public_base_url" in active.model_fields_set:
        return active.base_url
    try:
        with _path().open() as file:
            if not _is_free(file.fileno()):
                return file.read() or active.base_url
    except OSError:
        pass
    return active.base_url


@contextmanager
def stopped() -> Iterator[None]:
    """Keep a system from being started meanwhile; refuse while one runs."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        if not _is_free(file.fileno()):
            raise Conflict(
                "still-running",
                _l("The system is still running; stop it first, a demo with Ctrl-C."),
            )
        yield


def database_file() -> Path | None:
    """Return the file of the embedded database; None on a server."""
    url = sa.make_url(settings.active().database_url)
    return Path(url.database or "") if url.drivername == "sqlite" else None


def _path() -> Path:
    database = database_file()
    folder = database.parent if database else settings.INSTANCE
    return folder / f"{database.stem if database else 'dragoman'}.running"


def _is_free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
