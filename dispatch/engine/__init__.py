"""Work done in the background: remembered in the caller's transaction, done by any worker.

Only this package knows DBOS. Its tables lie in our database, so a job and the change it belongs
to are committed together or not at all. A web process only enqueues. A worker (a process of its
own, or threads beside the web) does the jobs; when it dies, another resumes what it had begun, so
a job may run twice and has to guard itself by its own row. Only who works imports
`dispatch.engine.work`: DBOS takes as long to load as the database.
"""

from dispatch.engine.deadlines import deadline, each, fall_due, make_up_for_missed
from dispatch.engine.doing import current_job, is_to_be_done
from dispatch.engine.jobs import (
    NORMAL,
    URGENT,
    create_tables,
    enqueue,
    every,
    job,
    listener,
    prepare,
    stopping,
)
from dispatch.engine.standing import standing
from dispatch.engine.tables import are_there

__all__ = [
    "NORMAL",
    "URGENT",
    "are_there",
    "create_tables",
    "current_job",
    "deadline",
    "each",
    "enqueue",
    "every",
    "fall_due",
    "is_to_be_done",
    "job",
    "listener",
    "make_up_for_missed",
    "prepare",
    "standing",
    "stopping",
]
