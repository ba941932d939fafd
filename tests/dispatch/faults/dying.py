"""A process that is killed (kill -9) at one of its statements."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from dispatch.database import db


@contextmanager
def counted(dies_at: int = 0) -> Iterator[list[int]]:
    """Count the statements of what is inside, in the first item; be killed at one of them."""
    seen = [0]

    def count(*_about: object) -> None:
        seen[0] += 1
        if seen[0] == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(db.engine, "before_cursor_execute", count)
    yield seen
    sa.event.remove(db.engine, "before_cursor_execute", count)


def killed_at(statement: int, act: Callable[[], object]) -> bool:
    """Do something in a process of its own until this statement; tell whether it was killed."""

    def die() -> None:
        db.session.remove()
        db.engine.dispose(close=False)  # what was opened here belongs to the one who stays
        with counted(statement):
            act()

    child = multiprocessing.get_context("fork").Process(target=die)
    child.start()
    child.join()
    return child.exitcode == -signal.SIGKILL
