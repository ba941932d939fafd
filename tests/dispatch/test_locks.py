"""What a transaction has locked it need not read again; what it let go of it locks anew."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from dispatch import database
from dispatch.database import db, savepoint, transaction
from dispatch.errors import NotFound
from dispatch.sites.models import Site
from tests import factories

pytestmark = pytest.mark.usefixtures("session")


@contextmanager
def selects() -> Iterator[list[str]]:
    """Collect the statements that read."""
    read: list[str] = []

    def note(*about: object) -> None:
        if str(about[2]).startswith("SELECT"):
            read.append(str(about[2]))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield read
    sa.event.remove(db.engine, "before_cursor_execute", note)


def two_sites() -> tuple[int, int]:
    with transaction():
        return factories.site("one").id, factories.site("two").id


def test_several_rows_are_locked_by_one_statement_in_the_order_of_their_ids() -> None:
    first, second = two_sites()
    with transaction(), selects() as read:
        rows = database.lock_all(Site, [second, first, second])
        assert [row.id for row in rows] == [first, second]
        assert database.lock(Site, second) is rows[1]
        assert len(read) == 1


def test_another_transaction_locks_anew_and_sees_what_was_changed_meanwhile() -> None:
    first, _second = two_sites()
    with transaction():
        kept = database.lock(Site, first)
    with db.engine.begin() as other:
        other.execute(sa.update(Site).where(Site.id == first).values(name="changed"))
    with transaction():
        assert database.lock(Site, first).name == "changed"
        assert kept.name == "changed"


def test_what_was_locked_in_a_part_that_was_undone_is_locked_again() -> None:
    first, second = two_sites()
    with transaction():
        database.lock(Site, first)
        with pytest.raises(NotFound), savepoint():
            _change_and_fail(second)
        with selects() as read:
            database.lock(Site, first)
            assert read == []
            assert database.lock(Site, second).name == "two"
            assert len(read) == 1


def _change_and_fail(site_id: int) -> None:
    database.lock(Site, site_id).name = "half done"
    raise database.not_there()


def test_a_row_that_is_missing_is_refused_even_among_others() -> None:
    first, second = two_sites()
    with transaction(), pytest.raises(NotFound):
        database.lock_all(Site, [first, second, second + 1])


def test_a_row_that_was_deleted_since_is_not_there_any_more() -> None:
    first, _second = two_sites()
    with transaction():
        db.session.delete(database.lock(Site, first))
        with pytest.raises(NotFound):
            database.lock(Site, first)
