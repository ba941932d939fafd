"""Which job this is, and whether another one is still to be done, as the database has it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import sqlalchemy as sa

from dispatch.database import db
from dispatch.engine.tables import DELAYED, ENQUEUED, PENDING, statuses

_job_id: ContextVar[str] = ContextVar("job_id", default="")


@contextmanager
def doing(job_id: str) -> Iterator[None]:
    """Say in here which job is being done."""
    before = _job_id.set(job_id)
    try:
        yield
    finally:
        _job_id.reset(before)


def current_job() -> str:
    """Return the id of the job that is being done, "" outside of any.

    One that is resumed because its worker died has the id it had.
    """
    return _job_id.get()


def is_to_be_done(job_id: str) -> bool:
    """Tell whether a job is being done, or will be: by its worker, or by who resumes it."""
    status = statuses(db.engine)
    alive = sa.select(status.c.workflow_uuid).where(
        status.c.workflow_uuid == job_id, status.c.status.in_([ENQUEUED, DELAYED, PENDING])
    )
    return db.session.scalar(alive) is not None
