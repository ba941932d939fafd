"""When DBOS looks for work: at once after a bell rang, otherwise hardly ever.

DBOS asks the database several times a second whether there is something to do, which keeps a core
warm on a system where nothing happens. Its loops wait on an event; ours ends the waiting when work
was committed. This file and `dispatch.engine.work` are all that know what lies inside DBOS.
"""

import threading
from time import monotonic
from typing import Final

from dbos import DBOS
from dbos import _queue as dbos_queue
from dbos import _workflow_commands as dbos_jobs
from dbos._dbos import _get_dbos_instance

from dispatch.engine.jobs import QUEUE

BUSY_SECONDS: Final = 0.2
LINGER_SECONDS: Final = 0.5
IDLE_SECONDS: Final = 60.0


class Bell(threading.Event):
    """An event that says stop when it is set; a ring ends the waiting without that.

    For half a second after a ring, and as long as something is being done, waits are short: what
    was committed may not be seen yet, and what is done makes room for what waits.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rung = threading.Event()
        self._until = 0.0
        self._working: set[str] = set()

    def begun(self, job_id: str) -> None:
        """Have waits be short as long as this job is being done."""
        self._working.add(job_id)

    def done(self, job_id: str) -> None:
        """Let waits be long again, once it has been seen what else there is to do."""
        self._working.discard(job_id)
        self.ring()

    def ring(self) -> None:
        """End the waiting."""
        self._until = monotonic() + LINGER_SECONDS
        self._rung.set()

    def set(self) -> None:
        """Say stop, and end the waiting."""
        super().set()
        self._rung.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for a ring, at most so long; tell whether to stop."""
        busy = self._working or monotonic() < self._until
        self._rung.wait(BUSY_SECONDS if busy else timeout)
        self._rung.clear()
        return self.is_set()


def make_quiet() -> None:
    """Before DBOS is launched: have it listen to no queue and look after delays rarely."""
    DBOS.listen_queues([])
    internal = _get_dbos_instance()._registry.get_internal_queue()
    internal._polling_interval_sec = IDLE_SECONDS
    dbos_jobs._BACKGROUND_JOBS_INTERVAL_SEC = IDLE_SECONDS


def serve_queue(name: str, at_once: int) -> tuple[Bell, threading.Thread]:
    """Have DBOS do the work of a queue, so much of it at once, whenever the bell rings."""
    DBOS.register_queue(
        name,
        worker_concurrency=at_once,
        polling_interval_sec=IDLE_SECONDS,
        on_conflict="always_update",
    )
    bell, queue = Bell(), DBOS.retrieve_queue(name)
    thread = threading.Thread(
        target=dbos_queue.queue_worker_thread,
        args=(bell, _get_dbos_instance(), queue),
        name=f"queue {name}",
        daemon=True,
    )
    thread.start()
    return bell, thread


def being_done() -> set[str]:
    """Return the ids of the jobs that threads of this process do."""
    return set(_get_dbos_instance()._active_workflows_set.activeList())


def give_back(job_id: str, executor_id: str) -> None:
    """Have a job that this worker has begun wait in its queue again; nothing for any other."""
    _get_dbos_instance()._sys_db.reenqueue_for_recovery(job_id, [executor_id], QUEUE)


def begin_what_was_delayed() -> None:
    """Let the delayed jobs whose time has come be done."""
    _get_dbos_instance()._sys_db.transition_delayed_workflows()
