"""The list for the day when nothing works, from the board."""

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.database import transaction
from tests import factories
from tests.browsing import sign_in
from tests.factories import TOMORROW_TEN

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_the_coordinator_takes_the_list_away_as_it_stands_now(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        factories.coming(factories.asked(), factories.interpreter(name="Mira"))
    browser = sign_in(app, coordinator)
    assert 'href="/emergency-list"' in browser.get(f"/day/{TOMORROW_TEN.date()}").text
    answer = browser.get("/emergency-list")
    assert (
        "attachment; filename=emergency-list-2027-03-01.html"
        in (answer.headers["Content-Disposition"])
    )
    assert "Mira Beispiel" in answer.text
    assert "01522 8817386" in answer.text, "numbers are grouped"
    assert "Rathaus Beispiel" in answer.text


def test_nobody_else_has_it(app: Flask) -> None:
    with app.app_context(), transaction():
        others = [
            factories.account(Role.CASEWORKER, of=factories.organisation()),
            factories.account(Role.AUDITOR),
            factories.account(Role.ADMINISTRATOR),
        ]
    for other in others:
        assert sign_in(app, other).get("/emergency-list").status_code == 403
