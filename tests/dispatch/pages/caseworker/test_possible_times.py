"""Whoever asks sees when somebody could come, and takes one of those times."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import sign_in

pytestmark = pytest.mark.usefixtures("frozen_clock")
HIDDEN = re.compile(r'<input type="hidden" name="(csrf_token|form_key)" value="([^"]*)">')


@pytest.fixture
def site_id(app: Flask) -> str:
    with app.app_context(), transaction():
        factories.interpreter("ro")
        return str(factories.site().id)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    with app.app_context(), transaction():
        caseworker: Account = factories.account(of=factories.organisation())
    return sign_in(app, caseworker)


def send(browser: FlaskClient, to: str, **typed: str) -> str:
    form = browser.get("/requests/new").text.split("<main")[1]
    usual = {"duration": "60", "interpreter_count": "1", "setting": "school", "is_urgent": "y"}
    answer = browser.post(to, data={**dict(HIDDEN.findall(form)), **usual, **typed})
    assert answer.status_code in {200, 302}
    return answer.text


def test_the_week_shows_its_possible_times_and_keeps_what_was_typed(
    browser: FlaskClient, site_id: str
) -> None:
    page = send(browser, "/requests/times", language="ro", site=site_id, room="Zimmer 12")
    assert 'value="2027-03-02T10:00"' in page
    assert "Tue, 2 March 2027, 10:00: one person could come" in page
    assert "2027-03-01T08:00" not in page  # over
    assert 'value="Zimmer 12"' in page


def test_another_week_is_a_press_away(browser: FlaskClient, site_id: str) -> None:
    page = send(browser, "/requests/times", language="ro", site=site_id, week="2027-03-15")
    assert 'value="2027-03-16T10:00"' in page
    assert 'name="week" value="2027-03-08"' in page
    assert 'name="week" value="2027-03-22"' in page


@pytest.mark.parametrize("week", ["", "tomorrow", "9999-12-31", "0001-01-01"])
def test_a_week_that_is_none_is_this_one(browser: FlaskClient, site_id: str, week: str) -> None:
    page = send(browser, "/requests/times", language="ro", site=site_id, week=week)
    assert 'value="2027-03-02T10:00"' in page


def test_without_language_or_site_it_says_what_is_missing(
    browser: FlaskClient, site_id: str
) -> None:
    page = send(browser, "/requests/times", site=site_id)
    assert "Choose the language and the site first." in page


def test_where_nobody_could_come_it_says_so_and_what_to_do(
    browser: FlaskClient, site_id: str
) -> None:
    page = send(browser, "/requests/times", language="ro", site=site_id, gender_required="male")
    assert "In this week nobody could come at any time." in page
    assert "In this week this would help: no matter the gender." in page


def test_where_nobody_speaks_the_language_no_week_is_offered_but_what_may_help(
    browser: FlaskClient, site_id: str
) -> None:
    page = send(browser, "/requests/times", language="tr", site=site_id)
    assert "Nobody in the pool speaks Turkish; no other week changes that." in page
    assert "another language" in page
    assert "Look at another week" not in page


def test_what_counts_as_urgent_is_said_at_the_day_and_marked_among_the_times(
    browser: FlaskClient, site_id: str
) -> None:
    assert "we ask for 5 working days’ notice" in browser.get("/requests/new").text
    page = send(browser, "/requests/times", language="ro", site=site_id)
    assert "Tue, 2 March 2027, 10:00: one person could come, urgent" in page
    assert "in less than 5 working days" in page


def test_whoever_can_wait_sees_the_first_week_that_is_in_time(
    browser: FlaskClient, site_id: str
) -> None:
    page = send(browser, "/requests/times", language="ro", site=site_id, is_urgent="")
    assert 'value="2027-03-09T10:00"' in page
    assert "Marked with !" not in page


def test_a_chosen_time_is_the_day_and_start_of_the_request(
    app: Flask, browser: FlaskClient, site_id: str
) -> None:
    send(browser, "/requests/new", language="ro", site=site_id, possible_start="2027-03-02T10:30")
    with app.app_context():
        starts = db.session.scalar(sa.select(InterpretationRequest.wall_start))
    assert starts == "2027-03-02T10:30"
