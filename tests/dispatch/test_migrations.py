"""The schema that migrations make is the one the models describe, guards included."""

import multiprocessing
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from dispatch import schema
from dispatch.database import Base, engine_options
from dispatch.errors import Refusal
from dispatch.settings import ROOT


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


def test_a_schema_of_a_newer_program_is_refused_with_the_right_advice(empty: str) -> None:
    schema.migrate(empty)
    run(empty, "UPDATE alembic_version SET version_num = '9999'")
    for start in (schema.migrate, schema.require_current):
        with pytest.raises(Refusal, match=r"9999.*newer.*Install that version"):
            start(empty)


KILLS = 12
MORE = """
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    for number in range(30):
        op.execute(f"CREATE TABLE extra_{number} (a INTEGER)")
        op.execute(f"INSERT INTO extra_{number} SELECT id FROM organisations")
"""


def described(path: Path) -> list[tuple[str, str]]:
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master ORDER BY 1, 2")
        found = [(str(name), str(sql)) for name, sql in rows]
    engine.dispose()
    return found


def kill_while_migrating(url: str, seconds: float) -> None:
    """Migrate in a process of its own and kill it after so long, as a power cut would."""
    child = multiprocessing.get_context("fork").Process(target=schema.migrate, args=(url,))
    child.start()
    child.join(seconds)
    child.kill()
    child.join()


@pytest.mark.parametrize("with_data", [False, True])
def test_a_migration_killed_at_any_moment_can_be_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_data: bool
) -> None:
    begun, whole = tmp_path / "begun.sqlite", tmp_path / "whole.sqlite"
    begun.touch()
    if with_data:
        schema.migrate(f"sqlite:///{begun}")
        run(f"sqlite:///{begun}", "INSERT INTO workers VALUES ('a', '2027-03-01')")
        shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
        (tmp_path / "migrations" / "versions" / "0002_more.py").write_text(MORE)
        monkeypatch.setattr(schema, "ROOT", tmp_path)
    shutil.copy(begun, whole)
    started = monotonic()
    schema.migrate(f"sqlite:///{whole}")
    takes, chance = monotonic() - started, random.Random(31)
    for number in range(KILLS):
        path = tmp_path / f"killed-{number}.sqlite"
        shutil.copy(begun, path)
        kill_while_migrating(f"sqlite:///{path}", takes * chance.uniform(0.05, 1))
        schema.migrate(f"sqlite:///{path}")
        assert described(path) == described(whole)
