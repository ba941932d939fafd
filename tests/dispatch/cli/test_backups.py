"""A backup is one moment, made while everybody works; brought back, it sends nothing twice."""

import itertools
import re
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from dispatch.app import create_app
from dispatch.database import db, transaction
from dispatch.messaging import service
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.settings import Settings
from tests import factories
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all
from tests.databases import PostgreSQL
from tests.dispatch.cli.conftest import Dragoman
from tests.dispatch.messaging.outbox import queued
from tests.dispatch.web import stage
from tests.dispatch.web.stage import Stage

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
AT_ONCE = 3


def rows(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_backup_under_load_holds_whole_transactions_and_no_fewer_each_time(
    dragoman: Dragoman, app: Flask, tmp_path: Path
) -> None:
    stopping, written = threading.Event(), threading.Event()

    def write() -> None:
        names = itertools.count()
        with app.app_context():
            while not stopping.is_set():
                with transaction():
                    for _ in range(AT_ONCE):
                        factories.organisation(f"Schule {next(names)}")
                written.set()

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    counts = []
    for number in range(3):
        assert written.wait(20)
        written.clear()
        file = tmp_path / f"{number}.sqlite"
        assert dragoman("backup", str(file)).code == 0
        counts.append(rows(file, "organisations"))
    stopping.set()
    writer.join()
    assert counts == sorted(counts)
    assert [count % AT_ONCE for count in counts] == [0, 0, 0]
    assert counts[0] > 0


def test_what_is_brought_back_is_all_there_and_sends_nothing_twice(
    dragoman: Dragoman, app: Flask, installation: Settings, tmp_path: Path
) -> None:
    database = Path(installation.database_url.removeprefix("sqlite:///"))
    file = tmp_path / "backup.sqlite"
    with app.app_context():
        message_id = queued()
    assert dragoman("backup", str(file)).code == 0
    assert "move it away first" in dragoman("backup", str(file)).err
    assert "move it away first" in dragoman("restore", str(file)).err
    with app.app_context():
        db.engine.dispose()
    for left in database.parent.glob(f"{database.name}*"):
        left.unlink()
    assert "messages that wait for a person: 1." in dragoman("restore", str(file)).out
    assert rows(database, "messages") == 1
    with app.app_context():
        service.deliver(message_id, factories.NOW)
        assert db.session.get_one(Message, message_id).state == MessageState.PERHAPS_SENT
        db.engine.dispose()


def test_what_is_no_whole_database_is_neither_kept_nor_brought_back(
    dragoman: Dragoman, app: Flask, installation: Settings, tmp_path: Path
) -> None:
    database = Path(installation.database_url.removeprefix("sqlite:///"))
    with app.app_context():
        db.engine.dispose()
    for left in database.parent.glob(f"{database.name}*"):
        left.unlink()
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"nothing of the kind")
    assert "take an earlier backup" in dragoman("restore", str(broken)).err
    assert list(database.parent.glob(f"{database.name}*")) == []


def test_what_an_old_database_left_beside_it_is_not_read_into_the_new_one(
    dragoman: Dragoman, app: Flask, installation: Settings, tmp_path: Path
) -> None:
    database = Path(installation.database_url.removeprefix("sqlite:///"))
    file = tmp_path / "backup"
    assert dragoman("backup", file).code == 0
    with app.app_context():
        db.engine.dispose()
    for left in database.parent.glob(f"{database.name}*"):
        left.unlink()
    journal = database.with_name(f"{database.name}-wal")
    journal.write_bytes(b"what was written last")
    assert f"{journal} is there already; move it away first" in dragoman("restore", file).err
    assert not database.exists()
    journal.unlink()


SECRET = re.compile(r'(name="(?:form_key|csrf_token)" value|name="csrf-token" content)="[^"]+"')
ABOUT_THE_DATABASE = {"health.readyz", "administrator.installation"}


def pages(everything: Stage, app: Flask) -> dict[tuple[str, str], tuple[int, str]]:
    """What everybody reads on every page of an application, with the session they have."""
    read = {}
    for reader in ("caseworker", "coordinator", "interpreter", "auditor"):
        browser = everything.browsers[reader]
        browser.application = app
        for rule, path in everything.paths("GET"):
            answer = browser.get(path)
            if rule.endpoint not in ABOUT_THE_DATABASE and answer.mimetype.startswith("text/"):
                read[reader, path] = answer.status_code, SECRET.sub("", answer.text)
    return read


def test_who_moves_to_a_server_finds_everything_there_and_reads_the_same_on_every_page(
    dragoman: Dragoman,
    app: Flask,
    installation: Settings,
    tmp_path: Path,
    postgresql_server: PostgreSQL,
    frozen_clock: FrozenClock,
) -> None:
    file, now, everything = tmp_path / "backup.sqlite", frozen_clock.now, stage.build(app)
    with app.app_context():
        deliver_all()
    before, read_before = everything.rows(), pages(everything, app)
    assert dragoman("backup", file).code == 0
    with postgresql_server.fresh() as url:
        moved = dragoman("restore", file, DRAGOMAN_DATABASE_URL=url)
        assert moved.out.endswith("messages that wait for a person: 0.\n"), moved.err
        assert "holds something already" in dragoman("restore", file).err
        there = create_app(installation.model_copy(update={"database_url": url}))
        frozen_clock.move_to(now)
        everything = replace(everything, app=there)
        after, read_after = everything.rows(), pages(everything, there)
        with there.app_context(), transaction():
            factories.organisation("Neu")  # numbers go on after those that came along
            db.session.remove()
            db.engine.dispose()
    assert [name for name in before if before[name] != after[name]] == []
    assert [page for page, said in read_before.items() if read_after[page] != said] == []
    assert len(read_before) > 300
