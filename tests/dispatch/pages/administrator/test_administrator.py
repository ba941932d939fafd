"""What the administrator sees and does: settings without secrets, accounts, sessions."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.database import transaction
from tests import factories
from tests.browsing import send, sign_in

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    with app.app_context(), transaction():
        administrator = factories.account(Role.ADMINISTRATOR, name="Ada Verwaltung")
    return sign_in(app, administrator)


def test_the_first_page_says_how_messages_and_work_stand(browser: FlaskClient) -> None:
    assert browser.get("/").location == "/installation"
    page = browser.get("/installation").text
    for said in ("for trying things out; nothing reaches anybody", "Workers within a minute"):
        assert said in page
    assert "DRAGOMAN_DATABASE_URL" in page


def test_an_account_is_added_and_what_is_wrong_is_named(browser: FlaskClient) -> None:
    form = {"name": "Kim Neu", "email": "kim", "role": "auditor", "locale": "de"}
    wrong = send(browser, "/accounts", seen_on="/accounts", **form)
    assert wrong.status_code == 422
    form["email"] = "kim@stadt.example"
    answer = send(browser, "/accounts", seen_on="/accounts", **form)
    assert "Kim Neu can sign in now" in browser.get(answer.location).text
    found = browser.get("/accounts?q=KIM@&role=auditor").text
    assert "Kim Neu" in found
    assert "Ada Verwaltung" not in found.split("<table")[1]
    lost = form | {"role": "caseworker", "email": "lost@stadt.example"}
    assert (
        "A role of an organisation (Caseworker): name which."
        in send(browser, "/accounts", seen_on="/accounts", **lost).text
    )


def test_somebody_is_signed_out_shut_out_and_let_in_again(app: Flask, browser: FlaskClient) -> None:
    with app.app_context(), transaction():
        school = factories.organisation()
        account = factories.account(of=school, name="Kim Muster")
    theirs = sign_in(app, account)
    assert "on 1 browser" in browser.get("/accounts?q=Kim").text
    for step in ("end", "disable"):
        send(browser, "/accounts/access", seen_on="/accounts", account=account.id, step=step)
        assert theirs.get("/requests").status_code == 302
    assert "Let in again" in browser.get("/accounts?q=Kim").text
    send(browser, "/accounts/access", seen_on="/accounts", account=account.id, step="enable")
    assert sign_in(app, account, theirs).get("/requests").status_code == 200


def test_nobody_shuts_themselves_out(app: Flask, browser: FlaskClient) -> None:
    with app.app_context(), transaction():
        own = factories.account(Role.ADMINISTRATOR, name="Ben Verwaltung")
    here = sign_in(app, own)
    answer = send(here, "/accounts/access", seen_on="/accounts", account=own.id, step="disable")
    assert "Nobody shuts themselves out" in here.get(answer.location).text
    assert here.get("/accounts").status_code == 200
