"""Giving a seat to somebody else without JavaScript: a page, its form, and what it refuses."""

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.database import transaction
from tests import factories
from tests.browsing import send, sign_in

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_a_seat_is_moved_with_a_reason_and_not_without_one(app: Flask) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        comes = factories.coming(asked, factories.interpreter())
        ana = factories.interpreter(name="Ana")
        account = factories.account(Role.COORDINATOR)
    browser = sign_in(app, account)
    address = f"/board/requests/{asked.id}/give/{ana.id}"
    page = f"{address}?kind=assignment&instead={comes.id}"
    assert "Ana Beispiel instead of Mira Beispiel?" in browser.get(page).text
    move = {"kind": "assignment", "instead": comes.id, "way": "offer", "version": comes.version}
    refused = send(browser, address, seen_on=page, **move)
    assert refused.status_code == 422
    assert "Say in a few words why" in refused.text
    done = send(browser, address, seen_on=page, **move, reason_office="Mira is ill.")
    assert done.headers["Location"] == f"/requests/{asked.id}"
    assert "Moved; everyone concerned is told." in browser.get(done.headers["Location"]).text


def test_a_seat_of_another_request_is_not_there(app: Flask) -> None:
    with app.app_context(), transaction():
        comes = factories.coming(factories.asked(), factories.interpreter())
        other, ana = factories.asked(), factories.interpreter(name="Ana")
        account = factories.account(Role.COORDINATOR)
    browser = sign_in(app, account)
    page = f"/board/requests/{other.id}/give/{ana.id}?kind=assignment&instead={comes.id}"
    assert browser.get(page).status_code == 404
