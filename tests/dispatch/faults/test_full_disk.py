"""A disk that is full, a file that was damaged, a journal that grows while somebody reads."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch import database
from dispatch.database import db, transaction
from dispatch.requests.models import InterpretationRequest
from dispatch.sites.models import Site
from tests import factories
from tests.browsing import sign_in
from tests.dispatch.faults import asking
from tests.dispatch.faults.asking import Answer, Record
from tests.dispatch.faults.test_killed import InProcess

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
READS = ("/", "/requests", "/requests/new")


@pytest.mark.usefixtures("frozen_clock")
def test_pages_are_read_and_forms_are_refused_in_words_until_there_is_room_again(
    app: Flask,
) -> None:
    account, wanted = asking.set_up(app)
    client, record = sign_in(app, account), Record()
    browser = InProcess(client)
    asking.ask(browser, wanted | {"start": "10:00"}, record, lambda: None, times=20)
    with app.app_context():
        disk = Disk(db.engine, int(db.session.scalar(sa.text("PRAGMA page_count")) or 0))
        db.session.remove()
    refused = _ask_until_refused(client, wanted | {"start": "14:00"}, record)
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert "is full" in refused.text
    assert "x" * 400 in refused.text, "what was typed is still there"
    assert {client.get(path).status_code for path in READS} == {200}
    disk.pages = 1_000_000
    asking.ask(browser, wanted | {"start": "16:00"}, record, lambda: None, times=5)
    with app.app_context():
        stored = db.session.scalars(sa.select(InterpretationRequest.id)).all()
        assert sorted(stored) == sorted(record.taken)
        assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"


class Disk:
    """So many pages have room in the file, whichever connection writes."""

    def __init__(self, engine: sa.Engine, pages: int) -> None:
        self.pages = pages
        sa.event.listen(engine, "checkout", self._limit)

    def _limit(self, connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={self.pages}")


def _ask_until_refused(client: FlaskClient, wanted: dict[str, str], record: Record) -> TestResponse:
    for number in range(300):
        form = wanted | {"day": f"{asking.FIRST_DAY + timedelta(days=number)}", "note": "x" * 400}
        hidden = asking.marks(InProcess(client), record, lambda: None)
        answer = client.post(asking.PAGE, data=form | hidden)
        if answer.status_code != 302:
            assert answer.status_code == 503, answer.text
            return answer
        record.note(Answer(302, answer.location or ""))
    raise AssertionError("the disk was never full")


def test_a_journal_that_grew_while_somebody_read_is_small_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "MOST_JOURNAL_BYTES", 1_000_000)
    with app.app_context():
        db.engine.dispose()
        journal = Path(f"{db.engine.url.database}-wal")
        with db.engine.connect() as reader:
            reader.exec_driver_sql("BEGIN")
            assert reader.scalar(sa.select(sa.func.count()).select_from(Site)) == 0
            for _ in range(3):
                _write(2_000_000)
            grown = journal.stat().st_size
        for _ in range(3):
            _write(1)
        assert grown > 4_000_000
        assert journal.stat().st_size <= 1_000_000


def _write(characters: int) -> None:
    with transaction():
        factories.site("x" * characters)
