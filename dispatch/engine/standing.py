"""How the work stands: what waits for too long, and what dead workers left behind."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from dispatch.database import db
from dispatch.engine.jobs import client
from dispatch.engine.liveness import locks_for

ENQUEUED, PENDING = "ENQUEUED", "PENDING"


@dataclass(frozen=True)
class Standing:
    """Jobs nobody has begun, the age of the oldest of them in minutes, jobs of dead workers."""

    waiting: int
    oldest_minutes: int
    abandoned: int


def standing() -> Standing:
    """Return how the work stands now; asks only, and needs an application context."""
    queued = client().list_workflows(
        status=[ENQUEUED, PENDING], load_input=False, load_output=False
    )
    waiting = [job.updated_at or job.created_at or 0 for job in queued if job.status == ENQUEUED]
    begun = [job.executor_id or "" for job in queued if job.status == PENDING]
    now = datetime.now(UTC).timestamp()
    dead = _dead(set(begun) - {""})
    return Standing(
        waiting=len(waiting),
        oldest_minutes=int((now - min(waiting, default=now * 1000) / 1000) // 60),
        abandoned=sum(executor_id in dead for executor_id in begun),
    )


def _dead(executor_ids: set[str]) -> set[str]:
    locks = locks_for(db.engine, uuid.uuid4().hex)
    try:
        dead = {executor_id for executor_id in executor_ids if locks.take(executor_id)}
        for executor_id in dead:
            locks.release(executor_id)
    finally:
        locks.close()
    return dead
