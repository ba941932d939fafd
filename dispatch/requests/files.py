"""A file with many requests: brought on a page, checked and stored in the background.

Whoever brought it can look how far it is. Killed anywhere, nothing of it is taken, and the job
begins again with what was brought.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import TypeVar

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from dispatch import clock, database, engine
from dispatch.accounts.models import Account
from dispatch.database import changed_meanwhile, db, transaction
from dispatch.errors import Conflict, Forbidden, Refusal, Several, Unavailable
from dispatch.requests import importing, taking
from dispatch.requests.models import RequestFile
from dispatch.requests.states import FILES_UNDER_WAY, FileState

TAKE_FILE = "take_request_file"
"""The job that takes a file over."""
MOST_AT_ONCE = 500
"""So many rows are checked and stored while the page waits: it takes a moment."""
TELL_SECONDS = 0.5
KEPT_FOR = timedelta(days=1)
T = TypeVar("T")


def bring(
    account: Account, content: bytes, *, row_count: int, again: bool, now: datetime
) -> RequestFile:
    """Keep a file until it is taken over in the background, and return it.

    Raises `Conflict` while another of the same account is under way.
    """
    database.lock(Account, account.id)
    under_way = sa.select(RequestFile.id).where(
        RequestFile.account_id == account.id, RequestFile.state.in_(FILES_UNDER_WAY)
    )
    if db.session.scalar(under_way.limit(1)) is not None:
        raise Conflict(
            "file-under-way",
            _l("A file of yours is still being taken over; wait until it is done."),
            field="file",
        )
    file = RequestFile(
        account_id=account.id,
        content=content,
        again=again,
        state=FileState.WAITING,
        row_count=row_count,
        told=[],
        brought_at=now,
    )
    db.session.add(file)
    db.session.flush()
    engine.enqueue(TAKE_FILE, file.id, key=f"{TAKE_FILE}-{file.id}")
    return file


def find(account_id: int, file_id: int) -> RequestFile:
    """Return a file for whoever brought it; what others brought does not exist."""
    file = db.session.get(RequestFile, file_id)
    if file is None or file.account_id != account_id:
        raise database.not_there()
    return file


def latest(account_id: int) -> RequestFile | None:
    """Return the file somebody brought last, as long as it is kept."""
    own = sa.select(RequestFile).where(RequestFile.account_id == account_id)
    return db.session.scalar(own.order_by(RequestFile.id.desc()).limit(1))


def take_over(file_id: int) -> None:
    """Take all rows of a file over, or none and keep what is wrong; nothing where that is done.

    Raises `Conflict` and `Unavailable` for what may go well when it is done again.
    """
    file = db.session.get(RequestFile, file_id)
    if file is None or file.state not in FILES_UNDER_WAY:
        return
    with force_locale(file.account.locale):
        try:
            _take_over(file_id)
        except (Conflict, Unavailable):
            raise
        except Refusal as refusal:
            _refuse(file_id, refusal)


def forget_old(now: datetime) -> None:
    """Delete files after a day, whatever became of them, and what somebody killed left staged."""
    db.session.execute(sa.delete(RequestFile).where(RequestFile.brought_at <= now - KEPT_FOR))
    taking.forget_old(now)


def _take_over(file_id: int) -> None:
    file, now = db.session.get_one(RequestFile, file_id), clock.now()
    account, content, again = file.account, file.content or b"", file.again
    if not account.active:
        raise Forbidden("no-account", _l("The account this file came from is closed."))
    batch = f"file-{file_id}"
    with transaction():
        taking.drop(batch)  # of somebody who was killed here
        _become(file_id, FileState.CHECKING)
    rows = importing.rows_in(account, content)
    checked = importing.check(account, rows, now=now, watch=_telling(file_id, 1))
    found = taking.look(checked, again=again)
    with transaction():
        _become(file_id, FileState.STORING)
    taking.stage(batch, found, now=now, watch=_telling(file_id, taking.SLICE))
    with transaction():
        file = _become(file_id, FileState.TAKEN)
        taken = taking.take(batch, found, now=now)
        file.content, file.taken, file.told = None, len(taken.ids), taken.there
    taking.begin_in_slices(taken.ids, now=now)


def _refuse(file_id: int, refusal: Refusal) -> None:
    """Keep what is wrong for whoever brought the file, and nothing of what stood in it."""
    singles = refusal.refusals if isinstance(refusal, Several) else [refusal]
    with transaction():
        file = _become(file_id, FileState.REFUSED)
        file.content, file.told = None, [str(single.text) for single in singles]


def _become(file_id: int, state: FileState) -> RequestFile:
    """Move a (then locked) file that is under way on.

    Raises `Conflict` where another worker has ended it: the job looks again and finds it done.
    """
    file = database.lock(RequestFile, file_id)
    if file.state not in FILES_UNDER_WAY:
        raise changed_meanwhile()
    file.state, file.done = state, 0
    return file


def _telling(file_id: int, each: int) -> Callable[[Sequence[T]], Iterator[T]]:
    """Return what goes through things that stand for so many rows `each` and tells how far it is.

    By a connection of its own, for what is read meanwhile is one transaction.
    """

    def watch(things: Sequence[T]) -> Iterator[T]:
        told = monotonic()
        for number, thing in enumerate(things):
            if monotonic() - told >= TELL_SECONDS:
                told = monotonic()
                with db.engine.begin() as connection:
                    connection.execute(
                        sa.update(RequestFile)
                        .where(RequestFile.id == file_id)
                        .values(done=number * each)
                    )
            yield thing

    return watch
