"""Watching over the work: what is committed is begun, what is due is started, the dead are heired.

Nothing here trusts the wall clock where durations count: it may be set back while we wait.
"""

import logging
import threading
import uuid
from datetime import UTC, datetime, timedelta
from time import monotonic, time
from typing import Final

import sqlalchemy as sa
from dbos import DBOS
from flask import Flask

from dispatch.database import db, transaction
from dispatch.engine import jobs, polling
from dispatch.engine.liveness import Hold
from dispatch.engine.models import Worker
from dispatch.engine.polling import Bell
from dispatch.engine.standing import STOOD_STILL
from dispatch.engine.tables import DELAYED, ENQUEUED, PENDING, statuses
from dispatch.engine.trouble import where

LISTEN_SECONDS: Final = 1.0
LOOK_FOR_DEAD_SECONDS: Final = 5.0
LOST_AFTER_SECONDS: Final = 15.0
BEAT_SECONDS: Final = 20.0
LONG_GONE: Final = timedelta(hours=1)
SWEEPER: Final = uuid.uuid5(uuid.NAMESPACE_OID, "dragoman sweeper").hex
"""The name of the lock of the one worker that starts the sweeps."""

_log = logging.getLogger(__name__)


class Watcher:
    """The thread of a worker that watches; what it cannot reach it tries again until it can."""

    def __init__(self, app: Flask, executor_id: str, hold: Hold) -> None:
        self._app, self._executor_id, self._hold = app, executor_id, hold
        self._bells: dict[str, Bell] = {}
        self._stopping = threading.Event()
        self._to_look = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)
        self._next: dict[str, float] = {}
        self._delayed_until: float | None = None
        self._nobody_does: dict[str, float] = {}

    def start(self, bells: dict[str, Bell]) -> None:
        """Begin to watch, and ring the bell of a queue when there is work in it."""
        self._bells = bells
        self._to_look.set()
        self._thread.start()

    def look(self) -> None:
        """Look for work soon, whatever was heard."""
        self._to_look.set()

    def stop(self, seconds: float) -> None:
        """End watching, within so many seconds; the locks are still held."""
        self._stopping.set()
        self._thread.join(seconds)

    def let_go(self) -> None:
        """Give back the locks: whoever looks now finds this worker dead."""
        self._hold.close()

    def _watch(self) -> None:
        failing = False
        while not self._stopping.is_set():
            try:
                with self._app.app_context():
                    if failing:
                        self._hold.renew()
                    self._once()
                if failing:
                    _log.warning("watching over the work again")
                    self._to_look.set()
                failing = False
            except Exception as failure:
                if not failing:
                    _log.error("cannot watch over the work: %s; trying again", where(failure))
                failing = True
                self._stopping.wait(LISTEN_SECONDS)

    def _once(self) -> None:
        if self._is_due("dead", LOOK_FOR_DEAD_SECONDS):
            self._resume_work_of_the_dead()
        if self._is_due("beat", BEAT_SECONDS):
            beat(self._executor_id)
        for name, seconds in jobs.sweeps.items():
            if self._is_due(f"sweep {name}", seconds) and self._hold.take(SWEEPER):
                _start(name)
                self._to_look.set()  # on PostgreSQL only what `enqueue` stores is told to the ear
        if self._to_look.is_set() or (self._delayed_until or time() + 1) <= time():
            self._to_look.clear()
            self._begin_what_is_due()
        if self._hold.listen(LISTEN_SECONDS):
            self._to_look.set()

    def _is_due(self, what: str, seconds: float) -> bool:
        """Tell whether so long has passed since the last time it was due; the first is now."""
        now = monotonic()
        if now < self._next.get(what, now):
            return False
        self._next[what] = now + seconds
        return True

    def _begin_what_is_due(self) -> None:
        first = _first_delayed()
        if first is not None and first <= time():
            polling.begin_what_was_delayed()
            first = _first_delayed()
        self._delayed_until = first
        for queue in _queues_with_work():  # the others would each ask in vain for half a second
            if queue in self._bells:
                self._bells[queue].ring()

    def _resume_work_of_the_dead(self) -> None:
        begun = _begun()
        self._give_back_what_nobody_does(
            {job_id for job_id, executor_id in begun if executor_id == self._executor_id}
        )
        for executor_id in {executor_id for _job_id, executor_id in begun}:
            if executor_id in {"", self._executor_id} or not self._hold.take(executor_id):
                continue
            try:
                if DBOS._recover_pending_workflows([executor_id]):
                    self._to_look.set()  # nobody is told of it on PostgreSQL
            finally:
                self._hold.release(executor_id)

    def _give_back_what_nobody_does(self, own: set[str]) -> None:
        """Have done again what this worker has begun by the database, and no thread of it does.

        When the database goes away in the middle of taking a job, or of writing down its end, the
        job stays begun there for as long as this worker lives.
        """
        now, doing = monotonic(), polling.being_done()
        self._nobody_does = {
            job_id: self._nobody_does.get(job_id, now) for job_id in own if job_id not in doing
        }
        for job_id, since in self._nobody_does.items():
            if now - since >= LOST_AFTER_SECONDS:
                _log.warning("job %s was begun and nobody does it; it begins again", job_id)
                polling.give_back(job_id, self._executor_id)
                self._to_look.set()


def beat(executor_id: str) -> None:
    """Leave a sign of life, and forget the workers that are long gone.

    When no worker has left one for long, the job for that is asked for: with the seconds since
    1970 of the last sign, and of now.
    """
    now = datetime.now(UTC)
    with transaction():
        last = db.session.scalar(sa.select(sa.func.max(Worker.seen_at)))
        if last is not None and now - last > LONG_GONE:
            seconds = int(last.timestamp()), int(now.timestamp())
            jobs.enqueue(STOOD_STILL, *seconds, key=f"{STOOD_STILL}-{seconds[0]}")
        db.session.merge(Worker(executor_id=executor_id, seen_at=now))
        db.session.execute(sa.delete(Worker).where(Worker.seen_at < now - LONG_GONE))


def _first_delayed() -> float | None:
    """Return the instant of the first job that is delayed, in seconds since 1970."""
    status = statuses(db.engine)
    first = db.session.scalar(
        sa.select(sa.func.min(status.c.delay_until_epoch_ms)).where(status.c.status == DELAYED)
    )
    db.session.rollback()
    return None if first is None else first / 1000


def _begun() -> list[tuple[str, str]]:
    """Return the jobs somebody has begun, and who."""
    status = statuses(db.engine)
    job = sa.select(status.c.workflow_uuid, sa.func.coalesce(status.c.executor_id, ""))
    found = db.session.execute(job.where(status.c.status == PENDING)).all()
    db.session.rollback()
    return [(str(job_id), str(executor_id)) for job_id, executor_id in found]


def _queues_with_work() -> set[str]:
    status = statuses(db.engine)
    found = db.session.scalars(
        sa.select(status.c.queue_name).where(status.c.status == ENQUEUED).distinct()
    ).all()
    db.session.rollback()
    return {str(name) for name in found}


def _start(name: str) -> None:
    jobs.client().enqueue(
        jobs.options(name, f"{name}-{uuid.uuid4().hex}", jobs.URGENT),
        *jobs.inputs(name, [], jobs.URGENT, failures=0),
    )
