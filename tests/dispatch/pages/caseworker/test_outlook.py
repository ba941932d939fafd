"""Whoever asks reads who could come at the start they typed, and what it would cost."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.database import transaction
from tests import factories
from tests.browsing import sign_in
from tests.dispatch.pages.caseworker.test_possible_times import send

pytestmark = pytest.mark.usefixtures("frozen_clock")
NOON = {"language": "ro", "day": "2027-03-02", "start": "12:00"}


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


def told(browser: FlaskClient, **typed: str) -> str:
    return " ".join(send(browser, "/requests/outlook", **typed).split())


def test_it_says_who_could_come_what_it_costs_and_that_nobody_promised(
    browser: FlaskClient, site_id: str
) -> None:
    page = told(browser, site=site_id, **NOON)
    assert "Tue, 2 Mar, 12:00: one person could come." in page
    assert "It is nobody’s promise yet." in page
    assert "<dt>Estimated cost</dt><dd>€30.00</dd>" in page
    assert "<dt>More on the way</dt><dd>0 min</dd>" in page


def test_at_a_time_nobody_works_it_says_so_and_what_can_be_done(
    browser: FlaskClient, site_id: str
) -> None:
    page = told(browser, site=site_id, **NOON | {"start": "22:00"})
    assert "Tue, 2 Mar, 22:00: nobody could come." in page
    assert "Those who interpret the language do not work then." in page
    assert "Look below when somebody could come." in page
    assert "Estimated cost" not in page


def test_too_few_for_a_team_are_counted(browser: FlaskClient, site_id: str) -> None:
    page = told(browser, site=site_id, interpreter_count="2", **NOON)
    assert "only one person could come, 2 are needed." in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": ""},
        {"site": ""},
        {"day": "0002-03-02"},
        {"start": ""},
        {"day": "2027-02-01"},
        {"latest_start": "09:00"},
        {"duration": "1000000"},
    ],
)
def test_what_is_missing_or_wrong_is_said_by_the_fields_not_here(
    browser: FlaskClient, site_id: str, wrong: dict[str, str]
) -> None:
    page = told(browser, **{"site": site_id, **NOON, **wrong})
    assert not page


def test_without_scripts_it_stands_beside_the_possible_times(
    browser: FlaskClient, site_id: str
) -> None:
    page = " ".join(send(browser, "/requests/times", site=site_id, **NOON).split())
    assert "12:00: one person could come." in page
