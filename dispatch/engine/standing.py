"""How the work stands: what waits for too long, what dead workers left behind, who is alive."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from dispatch.database import db
from dispatch.engine.models import Worker
from dispatch.engine.tables import DELAYED, ENQUEUED, PENDING, statuses

ALIVE_WITHIN = timedelta(minutes=1)
LIVING_COME_AGAIN = timedelta(minutes=5)
"""Whoever was seen later than this from now has died before the clock was set back that far.

Those who live leave another sign within seconds; a small step shall not make them dead meanwhile.
"""
LONGEST_WAIT_MINUTES = 5
STOOD_STILL = "say_it_stood_still"
"""The job that is asked for when no worker has left a sign of life for long."""


@dataclass(frozen=True)
class Standing:
    """Jobs nobody has begun, the age of the oldest of them in minutes, jobs of dead workers.

    `workers` are those that have watched over the work within a minute.
    """

    waiting: int
    oldest_minutes: int
    abandoned: int
    workers: int

    @property
    def is_late(self) -> bool:
        """Whether something waits longer than it should."""
        return bool(self.waiting) and self.oldest_minutes >= LONGEST_WAIT_MINUTES


def standing() -> Standing:
    """Return how the work stands now, by the real clock; one query, nothing is changed."""
    now = datetime.now(UTC)
    milliseconds = int(now.timestamp() * 1000)
    job = statuses(db.engine)
    alive = sa.select(Worker.executor_id).where(
        Worker.seen_at > now - ALIVE_WITHIN,
        Worker.seen_at < now + LIVING_COME_AGAIN,
    )
    since = sa.case(
        (job.c.delay_until_epoch_ms > job.c.created_at, job.c.delay_until_epoch_ms),
        else_=job.c.created_at,
    )
    waits = sa.or_(
        job.c.status == ENQUEUED,
        sa.and_(job.c.status == DELAYED, job.c.delay_until_epoch_ms <= milliseconds),
    )
    left = sa.and_(job.c.status == PENDING, job.c.executor_id.not_in(alive))
    waiting, oldest, abandoned, workers = db.session.execute(
        sa.select(
            sa.func.count(sa.case((waits, 1))),
            sa.func.min(sa.case((waits, since))),
            sa.func.count(sa.case((left, 1))),
            sa.select(sa.func.count()).select_from(alive.subquery()).scalar_subquery(),
        ).where(job.c.status.in_([ENQUEUED, DELAYED, PENDING]))
    ).one()
    age = timedelta(milliseconds=milliseconds - (oldest or milliseconds))
    return Standing(waiting, max(0, int(age.total_seconds() // 60)), abandoned, workers)
