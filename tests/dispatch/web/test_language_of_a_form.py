"""Who chooses another language below a half-filled form finds what was typed in it again."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import transaction
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import sign_in

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
CHOICE = re.compile(r'<button class="languages__choice"[^>]* lang="de"[^>]*>')


def choose_german(browser: FlaskClient, page: str, **typed: str) -> str:
    """Press “Deutsch” below the page's long form, as a browser does; return what stands then."""
    [button] = CHOICE.findall(page)
    form_id, action, token = (
        unescape(re.search(rf' {name}="([^"]+)"', button).group(1))  # type: ignore[union-attr]
        for name in ("form", "formaction", "value")
    )
    assert f'id="{form_id}"' in page
    answer = browser.post(action, data={"csrf_token": token, **typed})
    assert answer.status_code == 302
    shown = browser.get(answer.location).text
    assert '<html lang="de"' in shown
    return shown


@pytest.fixture
def people(app: Flask) -> tuple[Account, Account, InterpretationRequest, int]:
    with app.app_context(), transaction():
        asks = factories.account(of=factories.organisation())
        office = factories.account(Role.COORDINATOR)
        one = factories.asked("ro", by=asks)
        return asks, office, one, factories.interpreter("ro", name="Mira").id


def test_of_a_form_for_asking_everything_is_there_again(app: Flask, people) -> None:
    browser = sign_in(app, people[0])
    page = browser.get("/requests/new").text
    typed = {"language": "ro", "q": "Frieden", "day": "2027-03-09", "room": "Zimmer 12"}
    shown = choose_german(browser, page, **typed)
    assert 'value="Zimmer 12"' in shown
    assert 'value="2027-03-09"' in shown
    assert re.search(r'name="language" value="ro" checked', shown)
    assert 'value="Frieden"' in shown
    assert 'name="site"' in shown
    assert 'name="site"' in shown


def test_of_a_change_too_and_it_is_seen_again_before_it_is_done(app: Flask, people) -> None:
    browser = sign_in(app, people[0])
    address = f"/requests/{people[2].id}/change"
    page = browser.get(address).text
    shown = choose_german(browser, page, room="Zimmer 12", seen="a digest", version="1")
    assert 'value="Zimmer 12"' in shown
    assert "a digest" not in shown
    assert f'name="version" type="hidden" value="{people[2].version}"' in shown


def test_of_a_person_the_name_of_a_field_is_no_choice_of_a_language(app: Flask, people) -> None:
    browser = sign_in(app, people[1])
    page = browser.get(f"/interpreters/{people[3]}/change").text
    shown = choose_german(browser, page, first_name="Mirabella", locale="en")
    assert 'value="Mirabella"' in shown


def test_of_an_absence_the_days_are_there_again(app: Flask, people) -> None:
    browser = sign_in(app, people[1])
    address = f"/interpreters/{people[3]}/absences/new"
    shown = choose_german(browser, browser.get(address).text, first="2027-03-08", last="2027-03-09")
    assert 'value="2027-03-08"' in shown
    looked = browser.get(f"{address}?first=2027-03-08&last=2027-03-09").text
    days = {"first": "2027-03-08", "last": "2027-03-09"}
    shown = choose_german(browser, looked, reason="Kur", **days)
    assert 'value="Kur"' in shown


def test_a_form_begun_anew_from_something_else_is_not_the_old_one(app: Flask, people) -> None:
    browser = sign_in(app, people[0])
    choose_german(browser, browser.get("/requests/new").text, room="Zimmer 12")
    assert "Zimmer 12" not in browser.get(f"/requests/new?like={people[2].id}").text


def test_what_nobody_may_read_is_kept_by_no_choice_of_a_language(app: Flask, people) -> None:
    browser = app.test_client()
    page = browser.get("/sign-in").text
    [button] = CHOICE.findall(page)
    assert "formaction" not in button


def test_of_a_series_the_dates_stay_ticked_as_they_were(app: Flask, people) -> None:
    browser = sign_in(app, people[0])
    asked = {
        "language": "ro", "site": str(people[2].site_id), "day": "2027-03-08", "start": "10:00",
        "duration": "60", "setting": "school", "interpreter_count": "1",
        "series-repeats": "weekly", "series-count": "3", "series-every": "1",
        "series-on_holiday": "leave_out",
    }  # fmt: skip
    token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/requests/new").text)
    assert token
    page = browser.post("/series/new", data={"csrf_token": token.group(1), **asked}).text
    assert page.count('name="date"') == 3
    shown = choose_german(browser, page, **asked, date="2027-03-15")
    assert re.findall(r'name="date" value="([\d-]+)" checked', shown) == ["2027-03-15"]
    assert re.search(r'name="series-seen" type="hidden" value="\w+"', shown)
