"""The worker: does jobs, starts sweeps, resumes what dead workers had begun."""

import logging
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from flask import Flask

from dispatch.database import db
from dispatch.engine import jobs
from dispatch.engine.deadlines import MAKE_UP_SECONDS, make_up_for_missed
from dispatch.engine.liveness import Locks, locks_for
from dispatch.engine.trouble import where

CONCURRENCY: Final = 16
HEAVY_CONCURRENCY: Final = 2
POLL_SECONDS: Final = 0.2
WATCH_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 900.0
STOP_SECONDS: Final = 10
REMEMBER: Final = timedelta(days=7)

_log = logging.getLogger(__name__)


@dataclass
class _Worker:
    app: Flask
    executor_id: str
    locks: Locks
    stopping: threading.Event = field(default_factory=threading.Event)
    swept: dict[str, int] = field(default_factory=dict)


_worker: _Worker | None = None
_watcher: threading.Thread | None = None


def run(app: Flask) -> None:
    """Start working in this process, in threads of its own, and return at once.

    A process can have one worker. Call it after a server has forked, never before.
    """
    global _worker, _watcher
    if _worker is not None:
        raise RuntimeError("this process is working already")
    executor_id = uuid.uuid4().hex
    with app.app_context():
        url = db.engine.url
        _worker = _Worker(app, executor_id, locks_for(db.engine, executor_id))
    DBOS(config=_config(url, executor_id))
    DBOS.launch()
    for queue, at_once in ((jobs.QUEUE, CONCURRENCY), (jobs.HEAVY_QUEUE, HEAVY_CONCURRENCY)):
        DBOS.register_queue(
            queue,
            worker_concurrency=at_once,
            polling_interval_sec=POLL_SECONDS,
            on_conflict="always_update",
        )
    _watcher = threading.Thread(target=_watch, args=(_worker,), name="watcher", daemon=True)
    _watcher.start()


def stop() -> None:
    """Take no more work, wait up to 10 seconds for what has begun, and let go of the rest."""
    global _worker, _watcher
    if _worker is None or _watcher is None:
        return
    _worker.stopping.set()
    _watcher.join()
    DBOS.destroy(workflow_completion_timeout_sec=STOP_SECONDS)
    _worker.locks.close()
    _worker = _watcher = None


def _config(url: sa.URL, executor_id: str) -> DBOSConfig:
    return DBOSConfig(
        name=jobs.APPLICATION,
        system_database_url=url.render_as_string(hide_password=False),
        executor_id=executor_id,
        application_version=jobs.VERSION,
        serializer=DBOSPortableJSONSerializer(),
        run_migrations=False,
        log_level="WARNING",
    )


@DBOS.workflow(name=jobs.WORKFLOW, max_recovery_attempts=None)
def _work(name: str, arguments: list[jobs.Argument], priority: int, failures: int) -> None:
    """Do one job; one that has to be done again is remembered as the next link of a chain."""
    if _worker is None:
        raise RuntimeError("there is no worker in this process")
    with _worker.app.app_context():
        pause, failures = _try(name, arguments, failures)
        if pause is not None:
            first, _, link = str(DBOS.workflow_id).partition("+")
            jobs.client().enqueue(
                jobs.options(name, f"{first}+{int(link or 0) + 1}", priority, pause),
                *jobs.inputs(name, arguments, priority, failures=failures),
            )


def _try(name: str, arguments: list[jobs.Argument], failures: int) -> tuple[float | None, int]:
    """Return the pause before the next call, if there is to be one, and the failures in a row."""
    try:
        return jobs.jobs[name](*arguments), 0
    except Exception as failure:
        _log.error(
            "job %s%s failed, %s failures before: %s", name, arguments, failures, where(failure)
        )
        db.session.rollback()
    if name in jobs.sweeps:
        return None, 0
    return min(2.0**failures, LONGEST_PAUSE_SECONDS), failures + 1


def _watch(worker: _Worker) -> None:
    while not worker.stopping.wait(WATCH_SECONDS):
        try:
            with worker.app.app_context():
                worker.locks.keep()
                _resume_work_of_the_dead(worker)
                _start_sweeps(worker)
        except Exception:
            _log.exception("watching over the work failed")


def _resume_work_of_the_dead(worker: _Worker) -> None:
    begun = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    for executor_id in {workflow.executor_id or "" for workflow in begun}:
        if executor_id in {"", worker.executor_id} or not worker.locks.take(executor_id):
            continue
        try:
            DBOS._recover_pending_workflows([executor_id])
        finally:
            worker.locks.release(executor_id)


def _start_sweeps(worker: _Worker) -> None:
    for name, seconds in jobs.sweeps.items():
        interval = int(time.time() // seconds)
        if worker.swept.get(name) != interval:
            jobs.client().enqueue(
                jobs.options(name, f"{name}-{interval}", jobs.URGENT),
                *jobs.inputs(name, [], jobs.URGENT, failures=0),
            )
            worker.swept[name] = interval


@jobs.every(3600, "forget_done_work")
def _forget_done_work() -> None:
    long_done = jobs.client().list_workflows(
        completed_before=(datetime.now(UTC) - REMEMBER).isoformat(),
        limit=10_000,
        load_input=False,
        load_output=False,
    )
    jobs.client().delete_workflows([workflow.workflow_id for workflow in long_done])


jobs.every(MAKE_UP_SECONDS, "make_up_for_missed")(make_up_for_missed)
