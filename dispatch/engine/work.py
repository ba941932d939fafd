"""The worker: does jobs in threads of its own, watched over by `dispatch.engine.watch`."""

import logging
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Final

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from flask import Flask

from dispatch.database import db
from dispatch.engine import jobs, outage_lines, polling
from dispatch.engine.deadlines import MAKE_UP_SECONDS, make_up_for_missed
from dispatch.engine.doing import doing
from dispatch.engine.liveness import hold_for
from dispatch.engine.polling import Bell
from dispatch.engine.trouble import where
from dispatch.engine.watch import Watcher

LONGEST_PAUSE_SECONDS: Final = 900.0
LISTEN_AGAIN_SECONDS: Final = 60.0
STOP_SECONDS: Final = 8.0
"""Together with what lies around it a process ends within the ten that are usual before a kill."""
LOOK_SECONDS: Final = 0.05
REMEMBER: Final = timedelta(days=7)

_log = logging.getLogger(__name__)


@dataclass
class _Worker:
    app: Flask
    watcher: Watcher
    bells: dict[str, Bell] = field(default_factory=dict)
    threads: list[threading.Thread] = field(default_factory=list)
    listeners: list[threading.Thread] = field(default_factory=list)
    ends_at: float = 0.0
    """When what has begun is waited for no more, once it is to stop (monotonic)."""


_worker: _Worker | None = None


def run(app: Flask) -> None:
    """Start working in this process, in threads of its own, and return at once.

    A process can have one worker. Call it after a server has forked, never before.
    """
    global _worker
    if _worker is not None:
        raise RuntimeError("this process is working already")
    jobs.stopping.clear()
    executor_id = uuid.uuid4().hex
    with app.app_context():
        url = db.engine.url
        _worker = _Worker(app, Watcher(app, executor_id, hold_for(db.engine, executor_id)))
    outage_lines.keep_from_repeating()
    DBOS(config=_config(url, executor_id))
    polling.make_quiet()
    DBOS.launch()
    for queue, at_once in jobs.queues.items():
        bell, thread = polling.serve_queue(queue, at_once)
        _worker.bells[queue] = bell
        _worker.threads.append(thread)
    _worker.watcher.start(_worker.bells)
    for name, function in jobs.listeners.items():
        thread = threading.Thread(target=_listen, args=(app, name, function), name=name)
        thread.daemon = True
        thread.start()
        _worker.listeners.append(thread)


def take_no_more() -> None:
    """Begin no more work; what has begun has so many seconds from now (`stop`)."""
    if _worker is None or jobs.stopping.is_set():
        return
    _worker.ends_at = monotonic() + STOP_SECONDS
    jobs.stopping.set()
    for bell in _worker.bells.values():
        bell.set()


def stop() -> bool:
    """Take no more work, wait up to 8 seconds for what has begun, and let go of the rest.

    Tells whether all of it has ended: a process in which threads still hang would wait for them
    at its end.
    """
    global _worker
    if _worker is None:
        return True
    take_no_more()
    for thread in _worker.threads:
        thread.join(max(0.0, _worker.ends_at - monotonic()))
    while polling.being_done() and monotonic() < _worker.ends_at:
        sleep(LOOK_SECONDS)
    for thread in _worker.listeners:  # one that waits for a server that hangs is let go of
        thread.join(max(0.0, _worker.ends_at - monotonic()))
    _worker.watcher.stop(max(1.0, _worker.ends_at - monotonic()))
    is_done = not polling.being_done()
    DBOS.destroy()
    _worker.watcher.let_go()
    _worker = None
    return is_done


def end() -> None:
    """Stop, and where threads hang end the process at once: Python would wait for them.

    What they were at is done again, as after a kill.
    """
    if stop():
        return
    _log.warning("what was begun is not done; it is done again after the next start")
    logging.shutdown()
    os._exit(0)


def _listen(app: Flask, name: str, function: Callable[[], float]) -> None:
    pause = 0.0
    while not jobs.stopping.wait(pause):
        try:
            with app.app_context():
                pause = function()
        except Exception as failure:
            _log.error("%s failed: %s", name, where(failure))
            pause = LISTEN_AGAIN_SECONDS


def _config(url: sa.URL, executor_id: str) -> DBOSConfig:
    return DBOSConfig(
        name=jobs.APPLICATION,
        system_database_url=url.render_as_string(hide_password=False),
        executor_id=executor_id,
        application_version=jobs.VERSION,
        serializer=DBOSPortableJSONSerializer(),
        run_migrations=False,
        log_level="WARNING",
        db_engine_kwargs={"hide_parameters": True},
        notification_coalesce_sec=1.0,  # nothing here waits for notifications of DBOS
    )


@DBOS.workflow(name=jobs.WORKFLOW, max_recovery_attempts=None)
def _work(name: str, arguments: list[jobs.Argument], priority: int, failures: int) -> None:
    """Do one job; one that has to be done again is remembered as the next link of a chain."""
    if _worker is None:
        raise RuntimeError("there is no worker in this process")
    with _worker.app.app_context(), _busy(_worker.bells[jobs.queue_of(name)]):
        pause, failures = _try(name, arguments, failures)
        if pause is not None:
            first, _, link = str(DBOS.workflow_id).partition("+")
            jobs.client().enqueue(
                jobs.options(name, f"{first}+{int(link or 0) + 1}", priority, pause),
                *jobs.inputs(name, arguments, priority, failures=failures),
            )
            _worker.watcher.look()


@contextmanager
def _busy(bell: Bell) -> Iterator[None]:
    """Have the queue look for more work while a job is done, and once it is."""
    job_id = str(DBOS.workflow_id)
    bell.begun(job_id)
    try:
        with doing(job_id):
            yield
    finally:
        bell.done(job_id)


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
