"""The schema that migrations make is the one the models describe, guards included."""

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from dispatch import schema
from dispatch.database import Base, engine_options
from dispatch.errors import Refusal
from dispatch.settings import ROOT
from tests import databases


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


MIGRATE = "import sys; from dispatch import schema; print(schema.migrate(sys.argv[1]))"


def test_of_three_who_migrate_at_once_each_ends_well(empty: str) -> None:
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, empty],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(3)
    ]
    said = [one.communicate()[0].strip() for one in begun]
    assert said == [schema.newest_revision()] * 3


def test_what_was_not_migrated_to_its_end_is_served_by_nobody(empty: str) -> None:
    schema.migrate(empty)
    jobs = "DROP TABLE workflow_status" if "sqlite" in empty else "DROP SCHEMA dbos CASCADE"
    run(empty, jobs)
    with pytest.raises(Refusal, match="dragoman migrate"):
        schema.require_current(empty)


KILLS = int(os.environ.get("DRAGOMAN_TEST_ROUNDS", "3"))
MORE = """
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    for number in range(30):
        op.execute(f"CREATE TABLE extra_{number} (a INTEGER)")
        op.execute(f"INSERT INTO extra_{number} SELECT id FROM organisations")
"""


def described(url: str) -> list[tuple[str, ...]]:
    """Return what tables, columns, keys and guards there are, of ours and of the engine."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            asked = "SELECT name, sql FROM sqlite_master ORDER BY 1, 2"
        else:
            asked = f"SELECT part FROM ({databases.PARTS}) AS parts ORDER BY 1"
        found = [tuple(map(str, row)) for row in connection.exec_driver_sql(asked)]
    engine.dispose()
    return found


def statements_of_migrating(url: str) -> int:
    """Migrate and return how many statements that took."""
    count = 0

    def one_more(*_about: object) -> None:
        nonlocal count
        count += 1

    sa.event.listen(sa.Engine, "before_cursor_execute", one_more)
    try:
        schema.migrate(url)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", one_more)
    return count


def migrate_until(url: str, statement: int) -> None:
    """Migrate, and die at a statement as in a power cut."""
    left = statement

    def die(*_about: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "before_cursor_execute", die)
    schema.migrate(url)


@pytest.fixture(params=[False, True])
def begun(
    request: pytest.FixtureRequest, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A database to migrate: an empty one, or one with rows to which a second migration comes."""
    if request.param:
        schema.migrate(empty)
        run(
            empty,
            "INSERT INTO organisations"
            " VALUES (1, 'Schule', 'school', 'direct', true, false, NULL, NULL, true, 1)",
        )
        shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
        (tmp_path / "migrations" / "versions" / "0002_more.py").write_text(MORE)
        monkeypatch.setattr(schema, "MIGRATIONS", tmp_path / "migrations")
    return empty


def test_a_migration_killed_at_any_statement_can_be_done_again(
    begun: str, copies: "Copies"
) -> None:
    whole = copies(begun)
    count, chance = statements_of_migrating(whole), random.Random(31)
    assert count > 30
    for at in sorted(chance.sample(range(1, count + 1), KILLS)):
        killed = copies(begun)
        child = multiprocessing.get_context("fork").Process(target=migrate_until, args=(killed, at))
        child.start()
        child.join()
        assert child.exitcode == -signal.SIGKILL
        schema.migrate(killed)
        assert described(killed) == described(whole), f"killed at statement {at} of {count}"


Copies = Callable[[str], str]


@pytest.fixture
def copies(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Copies]:
    """Return how to copy a database; the copies are forgotten at the end."""
    with ExitStack() as lent:

        def copy(url: str) -> str:
            name = f"copy_{uuid.uuid4().hex}"
            if url.startswith("sqlite"):
                source = Path(url.removeprefix("sqlite:///"))
                source.touch()
                return f"sqlite:///{shutil.copy(source, tmp_path / name)}"
            server = request.getfixturevalue("postgresql_server")
            return str(lent.enter_context(server.copy_of(url)))

        yield copy


def test_the_file_of_each_migration_begins_with_its_revision() -> None:
    """Every start compares revisions by these names, because Alembic takes long to load."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    for one in script.walk_revisions():
        assert Path(one.path).name.startswith(f"{one.revision}_")
    assert script.get_heads() == [schema.newest_revision()]
