"""A backup is one moment, made while everybody works; brought back, it sends nothing twice."""

import itertools
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from dispatch.database import db, transaction
from dispatch.messaging import service
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.settings import Settings
from tests import factories
from tests.dispatch.cli.conftest import Dragoman
from tests.dispatch.messaging.outbox import queued

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
    assert "1 messages wait for a person" in dragoman("restore", str(file)).out
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
