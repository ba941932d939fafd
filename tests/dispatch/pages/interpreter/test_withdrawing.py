"""The pages on which a yes is taken back: the interpreter's, and the office's after a call."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from tests import factories
from tests.browsing import send, sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def coming(
    app: Flask, frozen_clock: FrozenClock, *, hours: int = 0
) -> tuple[str, FlaskClient, FlaskClient, Account]:
    """Return the address of an assignment, and browsers of both who may end it.

    It was agreed 25 hours before the start; so many `hours` have passed since.
    """
    with app.app_context(), transaction():
        mira = factories.interpreter()
        path = f"/assignments/{factories.coming(factories.asked(), mira).id}"
        office, other = factories.account(Role.COORDINATOR), factories.interpreter(name="Other")
        accounts = mira.account, office, other.account
    frozen_clock.move_to(NOW + timedelta(hours=hours))
    return path, sign_in(app, accounts[0]), sign_in(app, accounts[1]), accounts[2]


def test_in_time_with_a_reason(app: Flask, frozen_clock: FrozenClock) -> None:
    path, mira, office, _other = coming(app, frozen_clock)
    page = f"{path}/withdraw"
    assert page in mira.get(path).text
    again = send(mira, page, seen_on=page, reason_office="")
    assert again.status_code == 422
    answer = send(mira, page, seen_on=page, reason_office="ILL")
    assert answer.status_code == 302
    assert "You are off this assignment" in mira.get("/assignments").text
    assert "ILL" in office.get(path).text
    assert "Somebody has withdrawn" in office.get("/").text


def test_later_the_number_to_call_and_the_other_button(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    path, mira, office, _other = coming(app, frozen_clock, hours=20)
    page = f"{path}/withdraw"
    assert "+493023125000" in mira.get(page).text
    refused = send(mira, page, seen_on=page, reason_office="ILL")
    assert refused.status_code == 409
    assert "less than 24 hours" in refused.text
    assert send(mira, f"{path}/cannot-come", seen_on=page).status_code == 302
    assert "Somebody cannot come" in office.get("/").text


def test_who_was_too_slow_reads_that_it_is_too_late(app: Flask, frozen_clock: FrozenClock) -> None:
    path, mira, _office, _other = coming(app, frozen_clock, hours=26)
    assert "no longer withdraw" in mira.get(f"{path}/withdraw").text
    assert f"{path}/withdraw" not in mira.get(path).text


def test_the_office_writes_down_what_was_said_on_the_telephone(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    path, _mira, office, _other = coming(app, frozen_clock)
    page = f"{path}/withdrawn"
    assert page in office.get(path).text
    assert send(office, page, seen_on=page, reason_office="").status_code == 422
    answer = send(office, page, seen_on=page, reason_office="train", reason_told="")
    assert answer.location.endswith("/rescue")


def test_nobody_withdraws_for_somebody_else(app: Flask, frozen_clock: FrozenClock) -> None:
    path, mira, _office, other = coming(app, frozen_clock)
    stranger = sign_in(app, other)
    for act in ("withdraw", "cannot-come"):
        answer = send(stranger, f"{path}/{act}", seen_on="/offers", reason_office="x")
        assert answer.status_code == 404
    assert f"{path}/withdraw" in mira.get(path).text


def newest_link(app: Flask) -> str:
    """Return where the offer made last is answered without signing in."""
    with app.app_context():
        texts = db.session.scalars(sa.select(Message.body).order_by(Message.id))
        return str(re.findall(r"/o/[\w-]+", " ".join(texts))[-1])


def accepted_by_link(app: Flask) -> tuple[str, FlaskClient]:
    """Return the address of an offer that was accepted there, 25 hours before the start."""
    with app.app_context(), transaction():
        request, mira = factories.asked(), factories.interpreter()
        offers.make(SYSTEM, request.id, mira.id, now=NOW)
    page, anybody = newest_link(app), app.test_client()
    anybody.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    send(anybody, f"{page}/accept", seen_on=page)
    return page, anybody


def test_by_the_link_of_the_offer_a_yes_is_taken_back_without_signing_in(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    page, anybody = accepted_by_link(app)
    back = f"{page}/withdraw"
    accepted = anybody.get(page).text
    assert "you can take your yes back here until Mon, 1 Mar, 10:00" in accepted
    assert back in accepted
    asked = anybody.get(back).text
    assert "My assignments" not in asked
    assert send(anybody, back, seen_on=back, reason_office="").status_code == 422
    done = send(anybody, back, seen_on=back, reason_office="ILL")
    assert done.location == page
    over = anybody.get(page).text
    assert "This assignment is not yours any more." in over
    assert "ILL" not in over
    assert back not in over
    assert anybody.get(back).location == page
    with app.app_context():
        [assignment] = db.session.scalars(sa.select(Assignment))
        assert assignment.withdrawn_at == frozen_clock.now


def test_by_the_link_too_it_is_the_telephone_within_a_day_and_nothing_after_the_start(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    page, anybody = accepted_by_link(app)
    frozen_clock.advance(hours=2)
    assert "If something comes up, call the office." in anybody.get(page).text
    back = f"{page}/withdraw"
    assert "tel:+493023125000" in anybody.get(back).text
    assert send(anybody, back, seen_on=back, reason_office="ILL").status_code == 409
    assert send(anybody, f"{page}/cannot-come", seen_on=back).location == page
    page, anybody = accepted_by_link(app)
    frozen_clock.advance(hours=24)
    assert f"{page}/withdraw" not in anybody.get(page).text
    assert send(anybody, f"{page}/cannot-come", seen_on=page).status_code == 409


def test_an_offer_that_waits_or_was_declined_has_no_yes_to_take_back(app: Flask) -> None:
    with app.app_context(), transaction():
        offers.make(SYSTEM, factories.asked().id, factories.interpreter().id, now=NOW)
    page, anybody = newest_link(app), app.test_client()
    anybody.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert anybody.get(f"{page}/withdraw").location == page
    assert send(anybody, f"{page}/withdraw", seen_on=page, reason_office="x").status_code == 404
