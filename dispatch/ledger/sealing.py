"""Seals on the record: each holds the digest of the changes up to one and of the seal before.

A change that is altered, taken away or slipped in under a seal breaks that seal and so all later
ones. Whoever may write to the database could make a new chain: a digest that was noted elsewhere
(on paper, in another system) shows that, too.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from dispatch.database import db, one_at_a_time
from dispatch.ledger.models import Change, Seal

SETTLED_AFTER = timedelta(minutes=10)
"""Numbers are given before they are committed: what is younger may still get one in between."""

AT_ONCE = 2_000
FIELDS = tuple(column.key for column in sa.inspect(Change).columns if column.key != "id")


@dataclass(frozen=True)
class Proof:
    """What looking at every sealed change has shown; `broken` is the first seal that is wrong.

    `changes` lie under seals, `later` are not sealed yet.
    """

    changes: int
    later: int
    last: Seal | None
    broken: Seal | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every change under a seal is as it was when it was sealed."""
        return self.broken is None


def seal(*, now: datetime) -> Seal | None:
    """Put a seal on what was written down since the last one; None where nothing was."""
    one_at_a_time("seal")
    before = last()
    first = before.last_change_id if before else 0
    upto = _settled(now)
    if upto is None or upto <= first:
        return None
    count, digest = _digest(before.digest if before else "", first, upto)
    made = Seal(last_change_id=upto, changes=count, digest=digest, sealed_at=now)
    db.session.add(made)
    db.session.flush()
    return made


def last() -> Seal | None:
    """Return the newest seal."""
    return db.session.scalar(sa.select(Seal).order_by(Seal.id.desc()).limit(1))


def prove() -> Proof:
    """Read every change under a seal and compare; the cost grows with the record."""
    digest, first, changes = "", 0, 0
    seals = db.session.scalars(sa.select(Seal).order_by(Seal.id)).all()
    for one in seals:
        count, digest = _digest(digest, first, one.last_change_id)
        if (count, digest) != (one.changes, one.digest):
            return Proof(changes, 0, seals[-1], broken=one)
        first, changes = one.last_change_id, changes + count
    later = db.session.scalar(sa.select(sa.func.count(Change.id)).where(Change.id > first))
    return Proof(changes, later or 0, seals[-1] if seals else None)


def _settled(now: datetime) -> int | None:
    young = sa.select(sa.func.min(Change.id)).where(Change.at > now - SETTLED_AFTER)
    first_young = db.session.scalar(young)
    query = sa.select(sa.func.max(Change.id))
    return db.session.scalar(query if first_young is None else query.where(Change.id < first_young))


def _digest(before: str, first: int, upto: int) -> tuple[int, str]:
    """Return how many changes lie in `(first, upto]`, and the digest of the one before and them."""
    found, count = hashlib.sha256(before.encode()), 0
    for change in _between(first, upto):
        found.update(json.dumps(change, separators=(",", ":"), ensure_ascii=True).encode())
        found.update(b"\n")
        count += 1
    return count, found.hexdigest()


def _between(first: int, upto: int) -> Iterator[list[object]]:
    columns = [Change.id, *(getattr(Change, name) for name in FIELDS)]
    while True:
        rows = db.session.execute(
            sa.select(*columns)
            .where(Change.id > first, Change.id <= upto)
            .order_by(Change.id)
            .limit(AT_ONCE)
        ).all()
        for row in rows:
            yield [_plain(value) for value in row]
        if len(rows) < AT_ONCE:
            return
        first = rows[-1].id


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
