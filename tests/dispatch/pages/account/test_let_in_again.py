"""Whatever was given out before somebody was shut out stays dead when they are let in again."""

from datetime import timedelta

import pytest
from flask import Flask

from dispatch.accounts import links, service
from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from dispatch.feeds import service as feeds
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from tests.browsing import send
from tests.conftest import FrozenClock
from tests.dispatch.web import stage
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")


def test_of_all_that_was_given_out_before_nothing_comes_to_life_again(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    here = stage.build(app)
    browser, visitor = here.browsers["interpreter"], app.test_client()
    with app.app_context():
        account_id = db.session.get_one(Interpreter, here.values["interpreter_id"]).account_id
        with transaction():
            account = db.session.get_one(Account, account_id)
            link, email = links.issue(account, NOW), account.email
    given = {
        "offer": f"/o/{here.values['token']}",
        "terms": f"/c/{here.values['terms_token']}",
        "day before": f"/d/{stage.DAY_BEFORE}",
        "calendar": f"/calendar/{here.values['feed_token']}.ics",
        "signing in": f"/sign-in/link/{link}",
    }
    assert {what: visitor.get(path).status_code for what, path in given.items()} == dict.fromkeys(
        given, 200
    )
    assert browser.get("/account/calendar").status_code == 200
    for verb in (service.disable, service.enable):
        frozen_clock.advance(minutes=5)
        with app.app_context(), transaction():
            verb(SYSTEM, email, now=NOW + timedelta(minutes=10))
        for what, path in given.items():
            assert visitor.get(path).status_code in {404, 410}, (verb.__name__, what)
        assert browser.get("/account/calendar").status_code == 302


def test_who_is_let_in_again_makes_a_new_address_for_the_calendar(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    here = stage.build(app)
    with app.app_context():
        account_id = db.session.get_one(Interpreter, here.values["interpreter_id"]).account_id
        with transaction():
            account = db.session.get_one(Account, account_id)
            before = feeds.address_of(account)
            for verb in (service.disable, service.enable):
                verb(SYSTEM, account.email, now=NOW + timedelta(minutes=5))
        assert feeds.address_of(db.session.get_one(Account, account_id)) is None
        with transaction():
            link = links.issue(db.session.get_one(Account, account_id), NOW)
    frozen_clock.advance(minutes=10)
    browser = app.test_client()
    send(browser, f"/sign-in/link/{link}", seen_on=f"/sign-in/link/{link}")
    send(browser, "/account/calendar/renew", seen_on="/account/calendar")
    with app.app_context():
        after = feeds.address_of(db.session.get_one(Account, account_id))
    assert after
    assert before
    assert after != before
    assert app.test_client().get(after.removeprefix("http://localhost:8000")).status_code == 200
    assert app.test_client().get(before.removeprefix("http://localhost:8000")).status_code == 404


def test_who_was_not_shut_out_keeps_what_they_have(app: Flask) -> None:
    here = stage.build(app)
    with app.app_context(), transaction():
        interpreter = db.session.get_one(Interpreter, here.values["interpreter_id"])
        service.enable(SYSTEM, interpreter.account.email, now=NOW + timedelta(minutes=5))
    path = f"/calendar/{here.values['feed_token']}.ics"
    assert app.test_client().get(path).status_code == 200
