"""Bringing a database of an earlier version to the newest schema keeps what is in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from dispatch import schema
from dispatch.database import engine_options


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    with request.getfixturevalue("postgresql_server").fresh() as url:
        run(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        yield url


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Do the statements in one transaction and return the rows of the last."""
    engine = sa.create_engine(url, **engine_options(url))
    with engine.begin() as connection:
        for statement in statements:
            done = connection.execute(sa.text(statement))
        rows = [tuple(row) for row in done] if done.returns_rows else []
    engine.dispose()
    return rows


def bring_to(url: str, revision: str) -> None:
    """Make the schema of an earlier version."""
    config = schema._config()
    engine = sa.create_engine(url, **engine_options(url))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def test_a_proposal_and_a_run_of_one_day_become_such_of_a_first_and_a_last_day(empty: str) -> None:
    bring_to(empty, "0002")
    run(
        empty,
        "INSERT INTO proposals (id, day, made_at, versions, problem, plan, version) "
        "VALUES (7, '2027-03-02', '2027-03-01 08:00:00', '{}', '{}', '{}', 1)",
        "INSERT INTO planning_runs (id, day, begun_at, heard_at, disturb_at_most, weight, state, "
        "stop_asked, progress, proposal_id) VALUES (3, '2027-03-02', '2027-03-01 08:00:00', "
        "'2027-03-01 08:00:00', 0, 1, 'finished', false, '{}', 7)",
    )
    assert schema.migrate(empty) == schema.newest_revision()
    for table in ("proposals", "planning_runs"):
        [(first, last)] = run(empty, f"SELECT first_day, last_day FROM {table}")
        assert (str(first), str(last)) == ("2027-03-02", "2027-03-02")
