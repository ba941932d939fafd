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
    engine.dispose()
    assert differences == []
    assert missing == []


def test_migrating_again_changes_nothing(empty: str) -> None:
    assert schema.migrate(empty) == schema.migrate(empty)
