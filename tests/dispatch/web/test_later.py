"""What was tapped without a connection and is sent later: it has one effect, and is answered."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.assignments.models import Assignment
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from tests import factories
from tests.browsing import TOKEN, sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def taps(browser: FlaskClient, path: str, at: str, **fields: str) -> Any:
    """Send later what was tapped on the kept page, as the telephone does; twice, to be sure."""
    token = TOKEN.search(browser.get("/next-days").text)
    assert token
    sent = {"csrf_token": token.group(1), "form_key": "one", **fields}
    first, again = (
        browser.post(path, data=sent, headers={"X-Tapped-At": at}).json for _ in range(2)
    )
    assert first == again
    return first


@pytest.fixture
def coming(app: Flask, frozen_clock: FrozenClock) -> tuple[Assignment, Account]:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        assignment, account = factories.coming(factories.asked(), mira), mira.account
    frozen_clock.move_to(assignment.starts_at + timedelta(minutes=30))
    return assignment, account


def test_what_began_began_when_it_was_tapped(
    app: Flask, coming: tuple[Assignment, Account]
) -> None:
    assignment, account = coming
    at = assignment.starts_at + timedelta(minutes=3)
    path = f"/assignments/{assignment.id}/day/running"
    answer = taps(sign_in(app, account), path, at.isoformat())
    assert answer == {"counts": True, "told": ["Written down."]}
    with app.app_context():
        assert db.session.get_one(Assignment, assignment.id).began_at == at


@pytest.mark.parametrize("wrong", ["", "yesterday", "2027-03-02T23:00:00Z", "2026-01-01T00:00:00Z"])
def test_a_time_that_cannot_be_is_taken_for_now(
    app: Flask, coming: tuple[Assignment, Account], frozen_clock: FrozenClock, wrong: str
) -> None:
    assignment, account = coming
    taps(sign_in(app, account), f"/assignments/{assignment.id}/day/running", wrong)
    with app.app_context():
        assert db.session.get_one(Assignment, assignment.id).began_at == frozen_clock.now


def test_what_was_overtaken_says_so(app: Flask, frozen_clock: FrozenClock) -> None:
    with app.app_context(), transaction():
        mira, account = (one := factories.interpreter()), one.account
        offer = offers.make(SYSTEM, factories.asked().id, mira.id, now=NOW)
    frozen_clock.move_to(offer.answer_by + timedelta(minutes=1))
    with app.app_context(), transaction():
        offers.expire(offer.id, now=frozen_clock.now)
    answer = taps(sign_in(app, account), f"/offers/{offer.id}/accept", NOW.isoformat())
    assert answer["counts"] is False
    assert re.search("run out|over", answer["told"][0])


def test_what_is_not_there_any_more_is_no_answer_that_counts(
    app: Flask, coming: tuple[Assignment, Account]
) -> None:
    answer = taps(sign_in(app, coming[1]), "/assignments/987654/day/arrived", NOW.isoformat())
    assert answer == {"counts": False, "told": ["Look at where it stands now."]}


def test_who_is_signed_out_is_told_nothing_and_nothing_is_lost(app: Flask) -> None:
    browser = app.test_client()
    token = TOKEN.search(browser.get("/sign-in").text)
    assert token
    answer = browser.post(
        "/assignments/1/day/arrived",
        data={"csrf_token": token.group(1)},
        headers={"X-Tapped-At": NOW.isoformat()},
    )
    assert (answer.status_code, answer.data) == (401, b"")


def test_a_no_that_arrives_after_the_start_says_that_it_did_not_count_and_why(
    app: Flask, coming: tuple[Assignment, Account]
) -> None:
    assignment, account = coming
    path, at = f"/assignments/{assignment.id}/cannot-come", assignment.starts_at.isoformat()
    answer = taps(sign_in(app, account), path, at)
    assert answer["counts"] is False
    assert answer["told"] == ["The start has passed; please call the office at once."]
    with app.app_context():
        assert db.session.get_one(Assignment, assignment.id).withdrawn_at is None


@pytest.mark.parametrize(("tapped", "until"), [(40, 75), (70, 85)])
def test_how_much_longer_it_takes_counts_from_when_it_was_tapped(
    app: Flask,
    coming: tuple[Assignment, Account],
    frozen_clock: FrozenClock,
    tapped: int,
    until: int,
) -> None:
    """The talk is agreed for an hour; it arrives when that is over."""
    assignment, account = coming
    page = f"/assignments/{assignment.id}"
    taps(sign_in(app, account), f"{page}/day/running", assignment.starts_at.isoformat())
    frozen_clock.move_to(assignment.starts_at + timedelta(minutes=80))
    at = (assignment.starts_at + timedelta(minutes=tapped)).isoformat()
    answer = taps(sign_in(app, account), f"{page}/longer", at, minutes="15", form_key="two")
    assert answer["counts"]
    with app.app_context():
        lasts_until = db.session.get_one(Assignment, assignment.id).lasts_until
        assert lasts_until == assignment.starts_at + timedelta(minutes=until)


def test_that_it_is_over_comes_with_its_real_times(
    app: Flask, coming: tuple[Assignment, Account]
) -> None:
    assignment, account = coming
    browser, page = sign_in(app, account), f"/assignments/{assignment.id}"
    at = (assignment.starts_at + timedelta(minutes=25)).isoformat()
    taps(browser, f"{page}/day/running", at)
    answer = taps(browser, f"{page}/finished", at, began="10:05", ended="10:25")
    assert answer["counts"]
    with app.app_context():
        ended_at = db.session.get_one(Assignment, assignment.id).ended_at
        assert ended_at == assignment.starts_at + timedelta(minutes=25)
