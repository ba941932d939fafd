"""What is to be done next about an open request, as a button on the worklist."""

import re
from datetime import time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries as offers
from dispatch.offers import service as rounds
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def coordinator(app: Flask) -> Account:
    with app.app_context(), transaction():
        return factories.account(Role.COORDINATOR)


def step_of(browser: FlaskClient, asked: InterpretationRequest) -> str:
    """Return what the worklist loads for a request once it comes into sight."""
    address = f"/worklist/{asked.id}"
    assert f'hx-get="{address}"' in browser.get("/").text
    return browser.get(address, headers={"HX-Request": "true"}).text


def test_who_fits_best_is_asked_by_one_press(app: Flask, coordinator: Account) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        near = factories.interpreter(name="Near")
        factories.interpreter(name="Far", home=(51.60, 7.60))
    browser = sign_in(app, coordinator)
    part = step_of(browser, asked)
    assert "Ask Near Beispiel" in part
    assert "1 other could come" in part
    [action] = re.findall(r'action="([^"]+)"', part)
    sent = send(browser, action, seen_on=f"/worklist/{asked.id}", back="worklist")
    assert 'name="back" value="worklist"' in part
    assert sent.location == f"/#w{asked.id}", "back to the place in the list"
    with app.app_context():
        assert [one.interpreter_id for one in offers.open_for(asked.id)] == [near.id]


def test_who_is_asked_already_stands_there_with_the_way_to_stop_it(
    app: Flask, coordinator: Account
) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        people = [factories.interpreter(name=name) for name in ("Near", "Far", "Other")]
        rounds.make_to_all(SYSTEM, asked.id, [one.id for one in people[:2]], now=NOW)
    browser = sign_in(app, coordinator)
    part = browser.get(f"/worklist/{asked.id}", headers={"HX-Request": "true"}).text
    assert "2 have not answered yet" in part
    assert "Yes, stop" in part
    assert "Fits best" not in part
    assert "/candidates/" not in part
    path = f"/requests/{asked.id}/candidates/{people[2].id}/offer"
    refused = send(browser, path, seen_on=f"/requests/{asked.id}/candidates")
    told = browser.get(refused.location).text
    assert "2 people are being asked for this request until" in told


def test_of_a_team_who_is_asked_stands_before_who_fits_best(
    app: Flask, coordinator: Account
) -> None:
    with app.app_context(), transaction():
        asked = factories.asked(interpreters=2)
        rounds.make(SYSTEM, asked.id, factories.interpreter(name="Near").id, now=NOW)
        factories.interpreter(name="Far")
    browser = sign_in(app, coordinator)
    part = step_of(browser, asked)
    assert "Near Beispiel is asked until" in part
    assert "Ask Far Beispiel" in part
    assert "Take back the question to Near Beispiel" in part


def test_of_a_window_the_start_that_suits_best_is_asked_for(
    app: Flask, coordinator: Account
) -> None:
    with app.app_context(), transaction():
        asked = factories.asked(latest_start=time(12))
        factories.interpreter(name="Late", hours=(11, 20))
    browser = sign_in(app, coordinator)
    part = step_of(browser, asked)
    assert "Ask Late Beispiel for 11:" in part
    [action] = re.findall(r'action="([^"]+)"', part)
    [start] = re.findall(r'name="start" value="([^"]+)"', part)
    send(browser, action, seen_on=f"/worklist/{asked.id}", start=start)
    with app.app_context():
        [offer] = offers.open_for(asked.id)
        assert offer.starts_at.isoformat() == start
        assert offer.starts_at - asked.starts_at >= timedelta(hours=1)


def test_where_nobody_could_come_what_was_found_to_help_stands_there_as_a_button(
    app: Flask, coordinator: Account
) -> None:
    with app.app_context(), transaction():
        factories.interpreter(gender="male")
        by = factories.account(of=factories.organisation())
        asked = factories.asked(by=by, gender_required="female")
    browser = sign_in(app, coordinator)
    part = step_of(browser, asked)
    assert "Nobody has looked yet what would help" in part
    send(browser, f"/requests/{asked.id}/help", seen_on=f"/worklist/{asked.id}")
    part = step_of(browser, asked)
    assert "Ask by e-mail" in part
    [action] = re.findall(r'action="(/advice/[^"]+)"', part)
    assert "is asked by e-mail" in browser.get(
        send(browser, action, seen_on=f"/worklist/{asked.id}").location
    ).text  # fmt: skip


def test_what_helps_is_found_on_a_day_on_which_somebody_comes_against_their_hours(
    app: Flask, coordinator: Account
) -> None:
    with app.app_context(), transaction():
        factories.interpreter(gender="male", name="Ivo")
        other = factories.asked("tr")
        comes = factories.coming(other, factories.interpreter("tr", name="Tara"))
        at = int(other.starts_at.timestamp() // 60)
        # a private calendar that says so later leaves what is agreed as it is
        comes.interpreter.availability.busy_minutes = [[at, at + 60]]
        asked = factories.asked(gender_required="female")
    browser = sign_in(app, coordinator)
    send(browser, f"/requests/{asked.id}/help", seen_on=f"/worklist/{asked.id}")
    assert "Otherwise Ivo Beispiel could come." in step_of(browser, asked)


def test_whom_only_a_wish_keeps_away_stands_there_where_nobody_else_could_come(
    app: Flask, coordinator: Account
) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        late = factories.interpreter(name="Late", hours=(12, 19))
    browser = sign_in(app, coordinator)
    for part in (step_of(browser, asked), browser.get(f"/board/requests/{asked.id}/could").text):
        assert "Late Beispiel" in part
        assert "only with a reason: does not work at this time" in part
        assert f"/board/requests/{asked.id}/give/{late.id}" in part


def test_what_needs_nobody_any_more_offers_nothing(app: Flask, coordinator: Account) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        factories.coming(asked, factories.interpreter())
    part = sign_in(app, coordinator).get(f"/worklist/{asked.id}").text
    assert "Ask " not in part.split("<main")[1].split("</main>")[0]
