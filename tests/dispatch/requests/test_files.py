"""A large file is taken over in the background: whole or not at all, and nobody else waits."""

import io
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.messaging.models import Message
from dispatch.requests import files, importing, taking
from dispatch.requests.models import STAGED, InterpretationRequest, RequestFile
from tests import factories
from tests.browsing import send, sign_in
from tests.conftest import FrozenClock
from tests.dispatch.faults.dying import counted
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock")
ROWS = files.MOST_AT_ONCE + 1
HEADING = "language,site,day,start,duration,setting,note"
CANARY = "Kanarienvogel"
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Desk:
    """Somebody who asks for interpreters, and their browser."""

    app: Flask
    account: Account
    site: str
    client: FlaskClient

    def file(self, rows: int = ROWS, language: str = "ro") -> bytes:
        first = TOMORROW_TEN.date() + timedelta(days=14)
        lines = [
            f"{language},{self.site},{first + timedelta(days=number // 10)},{8 + number % 10}:00,"
            f"45,school,{CANARY} {number}"
            for number in range(rows)
        ]
        return "\n".join([HEADING, *lines]).encode()

    def bring(self, content: bytes) -> TestResponse:
        file = (io.BytesIO(content), "requests.csv")
        return send(self.client, "/requests/import", seen_on="/requests/import", file=file)

    def page(self, answer: TestResponse) -> str:
        return unescape(self.client.get(answer.location).text)

    def work(self) -> None:
        """Do what the worker would do."""
        with self.app.app_context():
            for file_id in db.session.scalars(sa.select(RequestFile.id)).all():
                files.take_over(file_id)

    def count(self, of: type | sa.Table) -> int:
        with self.app.app_context():
            return db.session.scalar(sa.select(sa.func.count()).select_from(of)) or 0


@pytest.fixture
def desk(app: Flask) -> Desk:
    with app.app_context(), transaction():
        account = factories.account(of=factories.organisation())
        site = str(factories.site().register_number)
    return Desk(app, account, site, sign_in(app, account))


def test_a_large_file_shows_how_far_it_is_and_becomes_requests(desk: Desk) -> None:
    brought = desk.bring(desk.file())
    waiting = desk.page(brought)
    assert f"{ROWS} rows wait for their turn." in waiting
    assert '<meta http-equiv="refresh"' in waiting
    assert desk.count(InterpretationRequest) == 0
    desk.work()
    done = desk.page(brought)
    assert f"{ROWS} requests were taken over." in done
    assert '<meta http-equiv="refresh"' not in done
    assert desk.count(InterpretationRequest) == ROWS
    with desk.app.app_context():
        [receipt] = db.session.scalars(sa.select(Message))
        assert f"{ROWS - taking.MOST_LISTED} more" in receipt.body


@sqlite_only
def test_the_same_file_again_names_the_rows_that_are_there_and_takes_none(desk: Desk) -> None:
    desk.bring(desk.file())
    desk.work()
    brought = desk.bring(desk.file())
    desk.work()
    page = desk.page(brought)
    assert "0 requests were taken over." in page
    assert "Row 2 is there already: " in page
    assert f"{ROWS - 100} more like these." in page
    assert desk.count(InterpretationRequest) == ROWS


@sqlite_only
def test_one_bad_row_keeps_all_out_and_a_hundred_errors_are_named(desk: Desk) -> None:
    brought = desk.bring(desk.file(language="tlh"))
    desk.work()
    page = desk.page(brought)
    assert "Nothing of the file was taken over." in page
    assert "Row 2, language: There is no language “tlh”" in page
    assert page.count("There is no language") == 100
    assert f"{ROWS - 100} more are wrong; mend these first." in page
    assert desk.count(InterpretationRequest) == 0


@pytest.mark.parametrize("language", ["ro", "tlh"])
def test_of_what_stood_in_a_file_nothing_stays_but_in_the_requests(
    desk: Desk, language: str
) -> None:
    desk.bring(desk.file(language=language))
    desk.work()
    with desk.app.app_context():
        files_left = repr(db.session.execute(sa.select(RequestFile.__table__)).all())
    assert CANARY not in files_left
    assert desk.count(STAGED) == 0


@sqlite_only
def test_nothing_of_a_file_stays_that_nobody_took_over_within_a_day(
    desk: Desk, frozen_clock: FrozenClock
) -> None:
    desk.bring(desk.file())
    with desk.app.app_context():
        account = db.session.get_one(Account, desk.account.id)
        checked = importing.read(account, desk.file(3), now=NOW)
        taking.stage("left by a kill", taking.look(checked), now=NOW)
        with transaction():
            files.forget_old(NOW + timedelta(days=1))
    assert (desk.count(RequestFile), desk.count(STAGED)) == (0, 0)
    desk.work()
    assert desk.count(InterpretationRequest) == 0


@sqlite_only
def test_nobody_else_finds_a_file_not_even_in_the_same_organisation(desk: Desk) -> None:
    address = desk.bring(desk.file()).location
    with desk.app.app_context(), transaction():
        organisation = db.session.merge(desk.account).organisation
        lead = factories.account(Role.ORGANISATION_LEAD, of=organisation)
        stranger = factories.account(of=factories.organisation("Elsewhere"))
    for other in (lead, stranger):
        assert sign_in(desk.app, other).get(address).status_code == 404


@sqlite_only
def test_a_second_file_waits_for_the_first(desk: Desk) -> None:
    desk.bring(desk.file())
    again = desk.bring(desk.file(language="tr"))
    assert "A file of yours is still being taken over" in again.text
    desk.work()
    assert desk.bring(desk.file(language="tr")).status_code == 302


def test_publishing_more_rows_takes_no_more_statements(desk: Desk) -> None:
    needed = []
    for rows, language in ((200, "ro"), (400, "tr")):
        with desk.app.app_context():
            account = db.session.get_one(Account, desk.account.id)
            checked = importing.read(account, desk.file(rows, language), now=NOW)
            found = taking.look(checked)
            taking.stage(language, found, now=NOW)
            with transaction(), counted() as statements:
                taken = taking.take(language, found, now=NOW)
            assert len(taken.ids) == rows
            needed.append(statements[0])
    assert needed[0] == needed[1]
    assert needed[0] < 30


def test_what_was_asked_for_while_a_file_was_staged_is_named_and_not_taken_twice(
    desk: Desk,
) -> None:
    with desk.app.app_context():
        account = db.session.get_one(Account, desk.account.id)
        checked = importing.read(account, desk.file(3), now=NOW)
        found = taking.look(checked)
        taking.stage("a", found, now=NOW)
        with transaction():
            taking.store(checked[1:2], now=NOW)
        with transaction():
            taken = taking.take("a", found, now=NOW)
        assert len(taken.ids) == 2
        assert [sentence.split(":")[0] for sentence in taken.there] == ["Row 3 is there already"]
