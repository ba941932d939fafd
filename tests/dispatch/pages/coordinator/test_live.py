"""What the board asks every few seconds."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch import clock
from dispatch.accounts.models import Account
from dispatch.accounts.rules import SESSION_IDLE, Role
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import sign_in
from tests.conftest import FrozenClock
from tests.dispatch.web.test_size import statements
from tests.factories import NOW, TOMORROW_TEN

PAGE = f"/day/{TOMORROW_TEN.date().isoformat()}"
ONE_DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("frozen_clock")


@pytest.fixture
def coordinator(app: Flask) -> Account:
    with app.app_context(), transaction():
        factories.asked()
        return factories.account(Role.COORDINATOR)


def seen(browser: FlaskClient) -> str:
    """The number of the newest change that a board is drawn of."""
    found = re.search(r'data-newest="(\d+)"', browser.get(PAGE).text)
    assert found
    return found[1]


def test_where_nothing_happens_one_small_question_is_asked(
    app: Flask, coordinator: Account
) -> None:
    browser = sign_in(app, coordinator)
    newest = seen(browser)
    with statements(app) as asked:
        answer = browser.get(f"{PAGE}/changes?since={newest}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert len([text for text, _values in asked if "changes" in text]) == 1
    assert len(asked) <= 3, "the session, the account and the question"


def test_what_happens_on_the_day_touches_it_and_what_happens_elsewhere_does_not(
    app: Flask, coordinator: Account
) -> None:
    browser = sign_in(app, coordinator)
    newest = seen(browser)

    def touches() -> object:
        return browser.get(f"{PAGE}/changes?since={newest}").json["touches"]  # type: ignore[index]

    with app.app_context(), transaction():
        later = TOMORROW_TEN + 3 * ONE_DAY
        factories.asked(start=later)
    assert touches() is False
    with app.app_context(), transaction():
        moved = factories.asked(start=TOMORROW_TEN).id
    assert touches() is True
    newest = seen(browser)
    with app.app_context(), transaction():
        other = replace(
            details_of(db.session.get_one(InterpretationRequest, moved)), wall_start=later
        )
        amendments.amend(SYSTEM, moved, other, now=NOW)
    assert touches() is True, "it has left the day"


def test_a_board_that_asks_by_itself_keeps_nobody_signed_in(
    app: Flask, coordinator: Account, frozen_clock: FrozenClock
) -> None:
    browser = sign_in(app, coordinator)
    newest = seen(browser)
    asks_by_itself = {"Dragoman-Watching": "1"}
    for _minute in range(2):
        frozen_clock.move_to(clock.now() + SESSION_IDLE * 0.6)
        answer = browser.get(f"{PAGE}/changes?since={newest}", headers=asks_by_itself)
    assert answer.status_code == 302
    assert "/sign-in" in answer.headers["Location"]


def test_how_many_could_come_is_asked_once_the_board_stands(
    app: Flask, coordinator: Account
) -> None:
    with app.app_context(), transaction():
        factories.interpreter("ro")
        [open_one] = db.session.scalars(sa.select(InterpretationRequest.id)).all()
        alone = factories.asked("el").id
    browser = sign_in(app, coordinator)
    assert f'data-could="{PAGE}/coming"' in browser.get(PAGE).text
    assert browser.get(f"{PAGE}/coming").json == {
        str(open_one): {"words": "1 could", "nobody": False},
        str(alone): {"words": "nobody in the pool", "nobody": True},
    }
