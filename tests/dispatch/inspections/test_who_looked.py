"""Whoever opens what is kept of an interpreter is named to that interpreter."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.inspections import queries, service
from dispatch.inspections.models import Inspection
from dispatch.inspections.rules import How
from dispatch.interpreters.models import Interpreter
from tests import factories
from tests.browsing import sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")


@pytest.fixture
def people(app: Flask) -> tuple[Interpreter, Interpreter, Account]:
    with app.app_context(), transaction():
        mira, nour = factories.interpreter(name="Mira"), factories.interpreter(name="Nour")
        return mira, nour, factories.account(Role.COORDINATOR, name="Vera Amt")


def opened(browser: FlaskClient, path: str) -> None:
    """Look at a page until all of it has come, as browsers do."""
    answer = browser.get(path)
    assert answer.status_code == 200
    answer.close()


def noted(app: Flask, interpreter: Interpreter) -> list[tuple[str, str]]:
    with app.app_context():
        return [(one.account.name, one.how) for one in queries.latest(interpreter.id)]


def test_who_opens_the_pages_of_a_person_is_named_to_that_person_once_a_day(
    app: Flask, people: tuple[Interpreter, Interpreter, Account], frozen_clock: FrozenClock
) -> None:
    mira, nour, office = people
    desk, own = sign_in(app, office), sign_in(app, mira.account)
    assert "Nobody else has opened" in own.get(f"/interpreters/{mira.id}/about").text
    for path in ("", "/availability", "/about", "/change"):
        opened(desk, f"/interpreters/{mira.id}{path}")
    opened(own, f"/interpreters/{mira.id}/about")
    assert noted(app, mira) == [("Vera Amt", How.PAGES)]
    assert noted(app, nour) == []
    page = own.get("/about-me", follow_redirects=True).text
    assert "Vera Amt" in page.split('id="inspections"')[1]
    frozen_clock.move_to(NOW + timedelta(days=1))
    opened(sign_in(app, office), f"/interpreters/{mira.id}")
    assert len(noted(app, mira)) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_takes_the_whole_list_is_named_to_everybody_in_it(
    app: Flask, people: tuple[Interpreter, Interpreter, Account]
) -> None:
    mira, nour, office = people
    desk = sign_in(app, office)
    for _time in range(2):
        opened(desk, "/interpreters/export")
    assert noted(app, mira) == noted(app, nour) == [("Vera Amt", How.LIST)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_is_read_where_nothing_can_be_written_down(
    app: Flask, people: tuple[Interpreter, Interpreter, Account]
) -> None:
    mira, _nour, office = people
    desk = sign_in(app, office)
    with app.app_context(), transaction():
        db.session.execute(
            sa.text(
                "CREATE TRIGGER full BEFORE INSERT ON inspections "
                "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        )
    opened(desk, f"/interpreters/{mira.id}")
    assert noted(app, mira) == []


@pytest.mark.usefixtures("session")
def test_after_a_year_it_is_forgotten() -> None:
    mira, office = factories.interpreter(), factories.account(Role.COORDINATOR)
    service.note(office.id, [mira.id], How.PAGES, now=NOW)
    service.forget_old(NOW + timedelta(days=365))
    assert db.session.scalar(sa.select(sa.func.count(Inspection.id))) == 1
    service.forget_old(NOW + timedelta(days=366))
    assert db.session.scalar(sa.select(sa.func.count(Inspection.id))) == 0
