"""What can be done in the background, and how it is asked for.

DBOS is imported when it is needed: it takes as long to load as SQLAlchemy.
"""

import math
import threading
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

import sqlalchemy as sa
from flask import Flask, current_app

from dispatch import clock
from dispatch.database import db
from dispatch.engine.liveness import CHANNEL

if TYPE_CHECKING:
    from dbos import DBOSClient, EnqueueOptions

Argument = int | str
Job = Callable[..., float | None]
AnyJob = TypeVar("AnyJob", bound=Job)
AnyListener = TypeVar("AnyListener", bound=Callable[[], float])
AnySweep = TypeVar("AnySweep", bound=Callable[[], None])

URGENT: Final = 1
NORMAL: Final = 10
APPLICATION: Final = "dragoman"
VERSION: Final = "1"  # the same for every release, so that a new one continues an old one's work
QUEUE: Final = "jobs"
AT_ONCE: Final = 16
WORKFLOW: Final = "job"

stopping: Final = threading.Event()
"""Set while the worker of this process stops: what listens looks at it."""

jobs: dict[str, Job] = {}
sweeps: dict[str, float] = {}
listeners: dict[str, Callable[[], float]] = {}
queues: dict[str, int] = {QUEUE: AT_ONCE}
"""How many jobs of each queue one worker does at a time."""


def job(name: str, *, at_once: int | None = None) -> Callable[[AnyJob], AnyJob]:
    """Declare the function that does the jobs called `name`.

    It runs inside an application context and takes what was given to `enqueue`. It returns None
    when it is done, or the seconds after which it wants to be called again. When it raises, it is
    called again after a growing pause (at most 15 minutes), for as long as it takes. What may take
    long (it computes, or waits for somebody else's server) says how many `at_once` a worker does:
    those have a queue and threads of their own, and keep no other job waiting.
    """

    def declare(function: AnyJob) -> AnyJob:
        if jobs.setdefault(name, function) is not function:
            raise ValueError(f"there are two jobs called {name}")
        if at_once is not None:
            queues[name] = at_once
        return function

    return declare


def every(seconds: float, name: str) -> Callable[[AnySweep], AnySweep]:
    """Declare a function that one worker calls in every interval of so many seconds.

    However many workers there are, one of them starts the calls. A call that raises is written to
    the log and not repeated; the next interval has its own.
    """

    def declare(function: AnySweep) -> AnySweep:
        job(name)(function)
        sweeps[name] = seconds
        return function

    return declare


def listener(name: str) -> Callable[[AnyListener], AnyListener]:
    """Declare a function that waits for something from outside, in a thread of each worker.

    It returns when `stopping` is set at the latest, and otherwise in how many seconds it wants to
    be called again; after a failure, which is written to the log, that is in a minute.
    """

    def declare(function: AnyListener) -> AnyListener:
        listeners[name] = function
        return function

    return declare


def enqueue(
    name: str,
    *arguments: Argument,
    delay_seconds: float = 0,
    at: datetime | None = None,
    priority: int = NORMAL,
    key: str | None = None,
) -> None:
    """Have the job called `name` done once the caller's transaction is committed.

    It is done after `delay_seconds`, or not before `at` (aware) where that is given. Work with a
    lower `priority` number overtakes what is waiting. The same `key` has one effect however often
    it is used within a week; the same key for another instant has another. Raises LookupError when
    nobody declared the job.
    """
    if name not in jobs:
        raise LookupError(f"there is no job called {name}")
    if at is not None:
        # rounded up: a job a moment early would find that nothing is due yet
        delay_seconds = max(0, math.ceil((at - clock.now()).total_seconds()))
        key = key and f"{key}@{at.timestamp():.0f}"
    connection = db.session.connection()
    client().enqueue_in_transaction(
        connection,
        options(name, key or uuid.uuid4().hex, priority, delay_seconds),
        *inputs(name, list(arguments), priority, failures=0),
    )
    if connection.dialect.name == "postgresql":  # the workers hear it once this is committed
        connection.execute(sa.select(sa.func.pg_notify(CHANNEL, "")))


def prepare(app: Flask) -> None:
    """Load now what the first `enqueue` would load, so that no page waits for it."""
    with app.app_context():
        client()


def create_tables(url: str) -> None:
    """Make the engine's own tables in the database at `url`, or bring them up to date."""
    from dbos import DBOS

    DBOS.migrate(url)


def options(
    name: str, workflow_id: str, priority: int, delay_seconds: float = 0
) -> "EnqueueOptions":
    """Say for DBOS under which id, how urgently and how late a job is to be done."""
    chosen: EnqueueOptions = {
        "workflow_name": WORKFLOW,
        "queue_name": queue_of(name),
        "workflow_id": workflow_id,
        "app_version": VERSION,
        "priority": priority,
    }
    if delay_seconds > 0:
        chosen["delay_seconds"] = delay_seconds
    return chosen


def queue_of(name: str) -> str:
    """Return the queue of the jobs called `name`."""
    return name if name in queues else QUEUE


def inputs(
    name: str, arguments: list[Argument], priority: int, *, failures: int
) -> tuple[str, list[Argument], int, int]:
    """Return what the workflow in `dispatch.engine.work` is called with."""
    return name, arguments, priority, failures


def client() -> "DBOSClient":
    """Return the way to DBOS that needs no worker: through the application's own connections."""
    if "engine" not in current_app.extensions:
        import dbos

        current_app.extensions["engine"] = dbos.DBOSClient(
            system_database_engine=db.engine,
            serializer=dbos.DBOSPortableJSONSerializer(),
            application_name=APPLICATION,
            lazy=True,
        )
    found: DBOSClient = current_app.extensions["engine"]
    return found
