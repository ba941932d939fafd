"""What happens to rows at an instant: a job for it, and a sweep for what was missed."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from dispatch import clock
from dispatch.database import at_end, db, transaction
from dispatch.engine import jobs
from dispatch.engine.trouble import where

MAKE_UP_SECONDS = 60
MOST_IN_A_JOB = 25

_log = logging.getLogger(__name__)

Due = Callable[[datetime], Iterable[int]]
"""Tells the ids of the rows whose time has come by then."""

Act = Callable[..., object]
"""Called with an id and `now`: does what is due with the row, nothing if it is not, or no more."""

deadlines: dict[str, tuple[Due, Act]] = {}


def deadline(name: str, due: Due, act: Act) -> None:
    """Declare what happens to a row when its time comes.

    `fall_due(name, id, at)` has it happen at that instant. A sweep every minute makes up for what
    no job was there for. Either way each row has a transaction of its own.
    """
    if deadlines.setdefault(name, (due, act)) != (due, act):
        raise ValueError(f"there are two deadlines called {name}")
    if name not in jobs.jobs:  # every application of a process declares the same
        jobs.job(name)(lambda *ids: _in_turn(act, ids))


def fall_due(name: str, id_: int, at: datetime) -> None:
    """Have what is declared as `name` happen to a row at this (aware) instant, once committed.

    What one transaction has fall due at the same instant shares a few jobs: four hundred offers
    would else be eight hundred jobs, each of which costs more than the row.
    """
    at_end(_enqueue_all, (name, at, id_))


def _enqueue_all(due: list[tuple[str, datetime, int]]) -> None:
    together: dict[tuple[str, datetime], list[int]] = {}
    for name, at, id_ in due:
        together.setdefault((name, at), []).append(id_)
    for (name, at), ids in together.items():
        for first in range(0, len(ids), MOST_IN_A_JOB):
            some = ids[first : first + MOST_IN_A_JOB]
            key = f"{name}-{'-'.join(map(str, some))}"
            jobs.enqueue(name, *some, at=at, key=key)


def _in_turn(act: Act, ids: Iterable[jobs.Argument]) -> None:
    """Do what is due with each row; one that fails stops no other, and is tried again with them."""
    failed: Exception | None = None
    for id_ in ids:
        try:
            _in_transaction(act, int(id_))
        except Exception as failure:
            failed = failure
    if failed is not None:
        raise failed


def make_up_for_missed() -> None:
    """Do what is due; a row that fails is written to the log by its id and stops no other."""
    for name, (due, act) in deadlines.items():
        db.session.rollback()
        each(name, list(due(clock.now())), act)


def each(name: str, ids: Iterable[int], act: Act) -> None:
    """Do something with each row in a transaction of its own, whatever becomes of the others."""
    for id_ in ids:
        try:
            _in_transaction(act, id_)
        except Exception as failure:
            _log.error("%s of %s failed: %s", name, id_, where(failure))


def _in_transaction(act: Act, id_: int) -> None:
    with transaction():
        act(id_, now=clock.now())
