"""Seals on the record: what is changed, taken away or slipped in afterwards is found."""

import pytest
import sqlalchemy as sa

from dispatch.database import db, transaction
from dispatch.ledger import sealing
from dispatch.ledger import service as ledger
from dispatch.ledger.models import Change, Seal
from dispatch.ledger.rules import SYSTEM, Concerning
from tests.conftest import FrozenClock

pytestmark = pytest.mark.usefixtures("session")


def write(count: int, clock: FrozenClock) -> None:
    with transaction():
        for _number in range(count):
            ledger.record(SYSTEM, "request.submitted", Concerning(site=7), now=clock.now, fields=[])


def seal_later(clock: FrozenClock) -> Seal | None:
    with transaction():
        return sealing.seal(now=clock.advance(minutes=11))


def without_guard(statement: sa.TextClause) -> None:
    """Do what the database refuses, as somebody does who is its owner."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    with transaction():
        if is_sqlite:
            db.session.execute(sa.text("DROP TRIGGER changes_no_update"))
            db.session.execute(sa.text("DROP TRIGGER changes_no_delete"))
        else:
            db.session.execute(sa.text("ALTER TABLE changes DISABLE TRIGGER USER"))
        db.session.execute(statement)
    db.session.expire_all()


def test_what_was_written_is_sealed_once_it_is_settled_and_each_seal_holds_the_one_before(
    frozen_clock: FrozenClock,
) -> None:
    assert sealing.prove() == sealing.Proof(0, 0, None)
    write(3, frozen_clock)
    with transaction():
        assert sealing.seal(now=frozen_clock.now) is None  # a number may still come in between
    first = seal_later(frozen_clock)
    assert first
    assert (first.changes, seal_later(frozen_clock)) == (3, None)
    write(2, frozen_clock)
    second = seal_later(frozen_clock)
    assert second
    write(1, frozen_clock)
    proof = sealing.prove()
    assert proof.is_whole
    assert (proof.changes, proof.later, proof.last) == (5, 1, second)


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE changes SET actor_role = 'coordinator' WHERE id = 2",
        "UPDATE changes SET at = '2020-01-01 00:00:00+00:00' WHERE id = 2",
        "DELETE FROM changes WHERE id = 2",
        "UPDATE changes SET id = 0 WHERE id = 2",
    ],
)
def test_what_was_done_to_an_entry_breaks_its_seal_and_those_after_it(
    frozen_clock: FrozenClock, deed: str
) -> None:
    write(1, frozen_clock)
    seal_later(frozen_clock)
    write(3, frozen_clock)
    second = seal_later(frozen_clock)
    write(1, frozen_clock)
    seal_later(frozen_clock)
    assert sealing.prove().is_whole
    assert len(db.session.scalars(sa.select(Change)).all()) == 5
    without_guard(sa.text(deed))
    broken = sealing.prove().broken
    assert broken
    assert second
    assert broken.id <= second.id
