"""Checked rows become requests: all of a file or none, and nobody else waits for it.

Rows are staged slice by slice, each in a short transaction, where no page and no plan sees them.
Then a few statements of one transaction make requests of all of them and delete what was staged.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import engine
from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.ledger import service as ledger
from dispatch.requests import messages, queries, service
from dispatch.requests.importing import Checked
from dispatch.requests.models import STAGED, InterpretationRequest
from dispatch.tables import at_most_a_hundred
from dispatch.web.formats import local_datetime

SLICE = 500
MOST_LISTED = 100
"""So many requests stand one by one in the receipt; of the others it tells the number."""
STAGED_FOR = timedelta(hours=1)
"""What a process that was killed has left; a file takes minutes at most."""
HOW_TO_REPEAT = _l(
    "They were not taken again; if second ones are meant, write yes into a column again, "
    "or import with the choice to take them too."
)
KEPT = tuple(one.name for one in InterpretationRequest.__table__.columns if one.name != "id")
"""The columns of a request that are staged."""
Slices = Callable[[Sequence[Sequence[Checked]]], Iterable[Sequence[Checked]]]
"""Goes through slices and may tell somebody how far it is."""


@dataclass
class Found:
    """What of a file is new and what is there, as things stood when the newest was `last`."""

    new: list[Checked]
    last: int
    there: list[str] = field(default_factory=list)
    """A sentence for each row that is there already; one tells the number beyond a hundred."""


@dataclass(frozen=True)
class Taken:
    """The ids of what was stored, in the order of the file, and sentences on what is there."""

    ids: list[int]
    there: list[str]


def look(checked: Sequence[Checked], *, again: bool = False) -> Found:
    """Sort out which rows are there already; with `again` whatever is there is meant once more."""
    last = db.session.scalar(sa.select(sa.func.max(InterpretationRequest.id))) or 0
    same = queries.same_as([one.interpretation_request for one in checked])
    new: dict[tuple[object, ...], Checked] = {}
    there: list[tuple[Checked, InterpretationRequest | Checked]] = []
    for one, stored in zip(checked, same, strict=True):
        meant = again or one.again
        all_of_it = _all_of(one)
        earlier = new.get(all_of_it)
        if stored and not meant:
            there.append((one, stored))
        elif earlier and not meant:
            there.append((one, earlier))
        else:
            new[(*all_of_it, one.number) if earlier else all_of_it] = one
    return Found(list(new.values()), last, at_most_a_hundred(there, lambda pair: _is_there(*pair)))


def new_batch() -> str:
    """Return a name for what is staged together."""
    return uuid.uuid4().hex


def stage(batch: str, found: Found, *, now: datetime, watch: Slices = iter) -> None:
    """Write what is new where nobody sees it, in a short transaction for each slice."""
    slices = [found.new[first : first + SLICE] for first in range(0, len(found.new), SLICE)]
    for some in watch(slices):
        rows = _rows(batch, some, now)
        with transaction():
            db.session.execute(sa.insert(STAGED), rows)


def take(batch: str, found: Found, *, now: datetime) -> Taken:
    """Make requests of what is staged, in the caller's transaction, and delete it there.

    What was asked for since somebody looked is left out and named. Raises `Conflict` when what was
    staged is not there any more.
    """
    for organisation_id in sorted(
        {one.interpretation_request.organisation_id for one in found.new}
    ):
        service.lock_asking(organisation_id)
    _leave_out_what_came_since(batch, found)
    ids = _publish(batch, now)
    if len(ids) != len(found.new):
        raise Conflict("staged-rows-gone", _l("This took too long; import the file once more."))
    for listed, more in _listed(found.new, ids):
        for one in listed[:-1]:
            messages.received(one, now)
        messages.received(listed[-1], now, besides=more)
    return Taken(ids, found.there)


def begin_in_slices(ids: Sequence[int], *, now: datetime) -> None:
    """Have the rounds begin of what was taken over, each slice in a transaction of its own."""
    for first in range(0, len(ids), SLICE):
        with transaction():
            begin(ids[first : first + SLICE], now=now)


def store(checked: Sequence[Checked], *, now: datetime, again: bool = False) -> Taken:
    """Store what was read and is not there yet, all in the caller's transaction: for a few rows."""
    found, batch = look(checked, again=again), new_batch()
    if not found.new:
        return Taken([], found.there)
    db.session.execute(sa.insert(STAGED), _rows(batch, found.new, now))
    taken = take(batch, found, now=now)
    begin(taken.ids, now=now)
    return taken


def begin(ids: Sequence[int], *, now: datetime) -> None:
    """Have the rounds begin that begin by themselves; a sweep makes up for what is missed here."""
    for one in db.session.scalars(_by_ids(ids)):
        if service.begins_by_itself(one):
            engine.fall_due(service.BEGIN_ROUND, one.id, now)


def drop(batch: str) -> None:
    """Delete what was staged and is not to become requests."""
    db.session.execute(sa.delete(STAGED).where(STAGED.c.batch == batch))


def forget_old(now: datetime) -> None:
    """Delete what somebody staged who was killed before it was taken."""
    db.session.execute(sa.delete(STAGED).where(STAGED.c.staged_at <= now - STAGED_FOR))


def _rows(batch: str, some: Sequence[Checked], now: datetime) -> list[dict[str, Any]]:
    """Return rows as they are staged: all of a request but its id."""
    references = queries.new_references(len(some), now)
    return [
        {"batch": batch, "number": one.number, "staged_at": now}
        | {name: _value(one, name) for name in KEPT}
        | {"reference": reference}
        for one, reference in zip(some, references, strict=True)
    ]


def _value(one: Checked, name: str) -> Any:
    value = getattr(one.interpretation_request, name)
    default = InterpretationRequest.__table__.columns[name].default
    if value is None and isinstance(default, sa.ColumnDefault):
        return default.arg
    return value


def _publish(batch: str, now: datetime) -> list[int]:
    """Make requests of what is staged, write down who sent them in, and return their ids."""
    table, mine = InterpretationRequest.__table__, STAGED.c.batch == batch
    staged = sa.select(*(STAGED.c[name] for name in KEPT)).where(mine)
    db.session.execute(
        sa.insert(InterpretationRequest).from_select(KEPT, staged.order_by(STAGED.c.number))
    )
    of_batch = sa.and_(mine, table.c.reference == STAGED.c.reference)
    ids = list(db.session.scalars(sa.select(table.c.id).where(of_batch).order_by(STAGED.c.number)))
    sent_in = sa.select(
        STAGED.c.account_id.label("actor_account_id"),
        Account.role.label("actor_role"),
        STAGED.c.organisation_id,
        table.c.id.label("interpretation_request_id"),
    ).where(of_batch, Account.id == STAGED.c.account_id)
    ledger.record_selected("request.submitted", sent_in.order_by(STAGED.c.number), now=now)
    ledger.record_selected("request.urgent", sent_in.where(STAGED.c.is_urgent), now=now)
    drop(batch)
    return ids


def _leave_out_what_came_since(batch: str, found: Found) -> None:
    same = queries.same_as([one.interpretation_request for one in found.new], after=found.last)
    since = [(one, there) for one, there in zip(found.new, same, strict=True) if there is not None]
    if not since:
        return
    numbers = {one.number for one, _there in since}
    db.session.execute(
        sa.delete(STAGED).where(STAGED.c.batch == batch, STAGED.c.number.in_(numbers))
    )
    found.new = [one for one in found.new if one.number not in numbers]
    found.there += at_most_a_hundred(since, lambda pair: _is_there(*pair))


def _listed(
    new: Sequence[Checked], ids: Sequence[int]
) -> Iterable[tuple[list[InterpretationRequest], int]]:
    """Yield for each who asked what stands in the receipt, the urgent first, and how many more."""
    of_account: dict[int, list[int]] = defaultdict(list)
    by_urgency = sorted(
        zip(new, ids, strict=True), key=lambda pair: not pair[0].interpretation_request.is_urgent
    )
    for one, request_id in by_urgency:
        of_account[one.interpretation_request.account_id].append(request_id)
    for all_of_them in of_account.values():
        shown = all_of_them[:MOST_LISTED]
        listed = db.session.scalars(_by_ids(shown)).all()
        yield list(listed), len(all_of_them) - len(shown)


def _by_ids(ids: Sequence[int]) -> sa.Select[InterpretationRequest]:
    return (
        sa.select(InterpretationRequest)
        .where(InterpretationRequest.id.in_(ids))
        .order_by(InterpretationRequest.id)
    )


def _all_of(one: Checked) -> tuple[object, ...]:
    """Return everything a row asks for, to tell whether another row says just the same."""
    return tuple(
        getattr(one.interpretation_request, name)
        for name in KEPT
        if name not in {"reference", "version"}
    )


def _is_there(one: Checked, there: InterpretationRequest | Checked) -> str:
    """Say of a row that it is stored already, or that another row says the same."""
    if isinstance(there, Checked):
        return str(
            _l(
                "Row %(number)d says the same as row %(earlier)d.",
                number=one.number,
                earlier=there.number,
            )
        )
    return str(
        _l(
            "Row %(number)d is there already: %(reference)s, asked for on %(moment)s.",
            number=one.number,
            reference=there.reference,
            moment=local_datetime(there.submitted_at, there.time_zone),
        )
    )
