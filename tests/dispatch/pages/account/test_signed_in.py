"""Everybody sees where they are signed in, and ends all of it at once."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from dispatch.accounts import links
from dispatch.accounts.models import Account
from dispatch.accounts.rules import SESSION_IDLE, Role
from dispatch.database import db, transaction
from tests import factories
from tests.browsing import send, sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")
PAGE = "/account/sessions"


def somebody(app: Flask, role: Role) -> Account:
    with app.app_context(), transaction():
        if role == Role.INTERPRETER:
            return factories.interpreter().account
        return factories.account(role)


@pytest.mark.parametrize("role", Role)
def test_everybody_sees_their_own_sessions_and_ends_them_all(
    app: Flask, frozen_clock: FrozenClock, role: Role
) -> None:
    one, other = somebody(app, role), somebody(app, Role.AUDITOR)
    stranger = sign_in(app, other)
    left_open = sign_in(app, one)
    frozen_clock.advance(minutes=12)
    own = sign_in(app, one)
    start = own.get("/", follow_redirects=True).text
    assert f'href="{PAGE}"' in start
    shown = own.get(PAGE).text
    rows = re.findall(r"<tr .*?</tr>", shown, re.DOTALL)[1:]
    assert [("dieser Browser" in row or "this browser" in row) for row in rows] == [True, False]
    with app.app_context(), transaction():
        link = links.issue(db.session.get_one(Account, one.id), NOW + timedelta(minutes=12))
    answer = send(own, "/sign-out/everywhere", seen_on=PAGE)
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (302, '"storage"')
    for browser in (own, left_open):
        assert browser.get(PAGE).status_code == 302, "led to signing in"
    assert app.test_client().get(f"/sign-in/link/{link}").status_code == 404
    assert stranger.get(PAGE).status_code == 200, "nobody else is signed out"
    assert sign_in(app, one).get(PAGE).status_code == 200, "and they can come again"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_session_that_is_over_is_not_shown(app: Flask, frozen_clock: FrozenClock) -> None:
    one = somebody(app, Role.CASEWORKER)
    sign_in(app, one)
    frozen_clock.advance(minutes=int(SESSION_IDLE.total_seconds() // 60))
    assert sign_in(app, one).get(PAGE).text.count("<tr ") == 2


def test_without_a_form_of_ours_nobody_is_signed_out(app: Flask) -> None:
    own = sign_in(app, somebody(app, Role.CASEWORKER))
    own.post("/sign-out/everywhere")
    assert own.get(PAGE).status_code == 200
