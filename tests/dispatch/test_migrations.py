"""The schema that migrations make is the one the models describe, guards included."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from dispatch import schema
from dispatch.database import Base, engine_options


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    with request.getfixturevalue("postgresql_server").fresh() as url:
        run(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        yield url


def run(url: str, *statements: str) -> None:
    """Do the statements in one transaction."""
    engine = sa.create_engine(url, **engine_options(url))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()


def checks_of(table: sa.Table) -> set[str]:
    """Return the names of what the model has the database check."""
    return {str(one.name) for one in table.constraints if isinstance(one, sa.CheckConstraint)}


def test_models_equal_migrations(empty: str) -> None:
    assert schema.migrate(empty) == schema.newest_revision()
    engine = sa.create_engine(empty, **engine_options(empty))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda _object, name, kind, _reflected, _compare: (
                    kind != "table" or name in Base.metadata.tables
                ),
            },
        )
        differences = compare_metadata(context, Base.metadata)
        missing = schema.missing_guards(connection)
        stored = sa.inspect(connection)
        checks = {
            table: {str(check["name"]) for check in stored.get_check_constraints(table)}
            for table in Base.metadata.tables
        }
    engine.dispose()
    assert differences == []
    assert checks == {name: checks_of(table) for name, table in Base.metadata.tables.items()}
    assert missing == []


def test_migrating_again_changes_nothing(empty: str) -> None:
    assert schema.migrate(empty) == schema.migrate(empty)


def test_what_the_database_checks_is_what_the_models_say(tmp_path: Path) -> None:
    """PostgreSQL writes conditions in words of its own, so the words are compared on SQLite."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    schema.migrate(url)
    engine = sa.create_engine(url)
    stored = sa.inspect(engine)
    for name, table in Base.metadata.tables.items():
        said = {str(c.sqltext) for c in table.constraints if isinstance(c, sa.CheckConstraint)}
        assert {check["sqltext"] for check in stored.get_check_constraints(name)} == said
    engine.dispose()
