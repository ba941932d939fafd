"""Undo and redo on pages: what would be sent is said before, and only what one did is undone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.database import db, transaction
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def people(app: Flask) -> tuple[Account, Assignment]:
    with app.app_context(), transaction():
        coming = factories.coming(factories.asked(), factories.interpreter(name="Ada"))
        return factories.account(Role.COORDINATOR), coming


def go(browser: FlaskClient, way: str) -> str:
    count = "2" if 'name="count" value="2"' in browser.get(f"/board/{way}").text else "1"
    answer = send(browser, f"/board/{way}", seen_on=f"/board/{way}", count=count)
    return browser.get(answer.location).text


def pinned(app: Flask, assignment: Assignment) -> bool:
    with app.app_context():
        return db.session.get_one(Assignment, assignment.id).pinned


def test_pins_are_undone_and_done_again_in_the_order_they_were_set(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    account, coming = people
    browser = sign_in(app, account)
    assert "Nothing to undo" in browser.get("/board/undo").text
    page = f"/assignments/{coming.id}"
    send(browser, f"{page}/pin", seen_on=page, pinned="1")
    assert "Plans may move Ada Beispiel again; nothing is sent." in browser.get("/board/undo").text
    assert "Undone." in go(browser, "undo")
    assert not pinned(app, coming)
    assert "Nothing to undo" in browser.get("/board/undo").text
    assert "Done again." in go(browser, "redo")
    assert pinned(app, coming)


def test_a_release_is_undone_and_nobody_else_can_undo_it(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    account, coming = people
    browser = sign_in(app, account)
    page = f"/assignments/{coming.id}/release"
    send(browser, page, seen_on=page, reason_office="by mistake")
    said = browser.get("/board/undo").text
    assert "Ada Beispiel has not heard of the release yet" in said
    with app.app_context(), transaction():
        other = factories.account(Role.COORDINATOR)
    assert "Nothing to undo" in sign_in(app, other).get("/board/undo").text
    assert "Undone." in go(browser, "undo")
    assert "Ada Beispiel" in browser.get(f"/board/requests/{coming.interpretation_request_id}").text


def test_what_does_not_hold_any_more_says_why_and_stands_in_nobodys_way(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    account, coming = people
    browser = sign_in(app, account)
    page = f"/assignments/{coming.id}/release"
    send(browser, page, seen_on=page, reason_office="by mistake")
    with app.app_context(), transaction():
        asked = db.session.get_one(InterpretationRequest, coming.interpretation_request_id)
        factories.coming(asked, factories.interpreter(name="Ben"))
    assert "This cannot be undone any more: Somebody else has the seat" in go(browser, "undo")
    assert "Nothing to undo" in browser.get("/board/undo").text


def test_a_step_other_than_the_one_shown_is_not_undone(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    account, coming = people
    browser = sign_in(app, account)
    page = f"/assignments/{coming.id}"
    send(browser, f"{page}/pin", seen_on=page, pinned="1")
    answer = send(browser, "/board/undo", seen_on="/board/undo", count="7")
    told = browser.get(answer.location, follow_redirects=True).text
    assert "There is nothing to undo." in told
    assert pinned(app, coming)
