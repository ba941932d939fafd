"""A language is found by any of its names, or pointed at; the form keeps what is in it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.database import transaction
from dispatch.languages.rules import known
from tests import factories
from tests.browsing import sign_in

pytestmark = pytest.mark.usefixtures("frozen_clock")
HIDDEN = re.compile(r'<input type="hidden" name="(csrf_token|form_key)" value="([^"]*)">')


def chosen(form: str) -> list[str]:
    """Return the languages that are chosen in a form."""
    return re.findall(r'name="language" value="([^"]*)" checked', form)


@pytest.fixture
def caseworker(app: Flask) -> Account:
    with app.app_context(), transaction():
        return factories.account(of=factories.organisation())


@pytest.fixture
def browser(app: Flask, caseworker: Account) -> FlaskClient:
    return sign_in(app, caseworker)


def let_point(browser: FlaskClient, page: str, **typed: str) -> str:
    """Press "let the client point" in the form at `page`; return the page of languages."""
    form = browser.get(page, follow_redirects=True).text.split("<main")[1]
    answer = browser.post(
        "/languages/point", data={**dict(HIDDEN.findall(form)), **typed, "form": page}
    )
    assert answer.status_code == 302
    return browser.get(answer.location).text


def test_every_language_stands_there_in_its_own_script(browser: FlaskClient) -> None:
    page = browser.get("/languages").text
    for language in known():
        assert language.own.partition(" (")[0] in page
        assert f"/requests/new?language={language.tag}" in page
    assert '<span class="tongue__own" lang="ur" dir="rtl">' in page


def test_what_was_typed_is_still_there_with_the_language_pointed_at(browser: FlaskClient) -> None:
    page = let_point(browser, "/requests/new", room="Zimmer 12", language="pl", duration="90")
    assert 'href="/requests/new?language=ro"' in page
    form = browser.get("/requests/new?language=ro").text
    assert chosen(form) == ["ro"]
    assert 'value="Zimmer 12"' in form
    assert re.search(r'checked[^>]*value="90"', form)


def test_none_of_these_leads_back_with_all_that_was_typed(browser: FlaskClient) -> None:
    let_point(browser, "/requests/new", room="Zimmer 12", language="pl")
    form = browser.get("/requests/new").text
    assert chosen(form) == ["pl"]
    assert 'value="Zimmer 12"' in form


@pytest.mark.parametrize("wrong", ["tlh", "", "ar"])
def test_an_address_with_no_language_of_ours_chooses_none(browser: FlaskClient, wrong: str) -> None:
    form = browser.get(f"/requests/new?language={wrong}")
    assert form.status_code == 200
    assert chosen(form.text) == []


def test_the_page_leads_to_nobody_elses(browser: FlaskClient) -> None:
    page = browser.get("/languages?form=https://elsewhere.example/").text
    assert "elsewhere" not in page.split("<main")[1].split("</main")[0]
    assert 'href="/requests/new?language=ro"' in page


def test_a_language_is_found_while_typing_under_its_names_and_with_its_own(
    browser: FlaskClient,
) -> None:
    found = browser.get("/languages/search?named=kurd").text
    assert "Kurdish (Kurmanji)" in found
    assert "Kurdî (Kurmancî)" in found
    assert 'name="language" value="ckb"' in found
    assert "Nothing found" in browser.get("/languages/search?named=qqq").text
    assert browser.get("/languages/search?named=").text.strip() == ""


def test_nothing_found_of_a_language_speaks_of_no_street(browser: FlaskClient) -> None:
    found = browser.get("/languages/search?named=klingonisch").text
    assert "another name of the language" in found
    assert "street" not in found


def test_without_javascript_the_languages_found_come_with_the_form(browser: FlaskClient) -> None:
    form = browser.get("/requests/new").text.split("<main")[1]
    data = {**dict(HIDDEN.findall(form)), "named": "arabisch", "room": "Zimmer 12"}
    answer = browser.post("/requests/new", data=data)
    assert answer.status_code == 422
    assert "Language: Choose the language." in answer.text
    assert 'value="arabisch"' in answer.text
    assert 'name="language" value="apc"' in answer.text
    assert 'value="Zimmer 12"' in answer.text
