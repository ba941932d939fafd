"""Long lists: nothing is cut silently, everything is found, and the address says what is shown."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.rules import Via
from dispatch.database import transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW, TOMORROW_TEN

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
]
NUMBER = re.compile(r"DO-2027-\w+")


def test_a_long_list_is_walked_to_its_end_and_back(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        at = factories.site()
        # several at one moment, so that a page ends between them
        asked = [
            factories.asked(by=caseworker, at=at, start=TOMORROW_TEN + timedelta(days=number // 9))
            for number in range(60)
        ]
    browser = sign_in(app, caseworker)
    pages = [_numbers(browser, "/requests?q=romanian")]
    path = _turn(browser, "/requests?q=romanian", "next")
    while path:
        assert "q=romanian" in path
        pages.append(_numbers(browser, path))
        last, path = path, _turn(browser, path, "next")
    assert [len(page) for page in pages] == [25, 25, 10]
    assert [number for page in pages for number in page] == [one.reference for one in asked]
    before = _turn(browser, last, "prev")
    assert before
    assert _numbers(browser, before) == pages[1]
    first = _turn(browser, before, "prev")
    assert first
    assert _numbers(browser, first) == pages[0]
    assert _turn(browser, first, "prev") is None


def test_a_request_is_found_by_number_language_site_and_state(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        meant = factories.asked("uk", by=caseworker, at=factories.site("Stadthaus Nord"))
        other = factories.asked("ro", by=caseworker, at=factories.site("Klinikum"))
        _come(other)
    browser = sign_in(app, caseworker)
    for words in (meant.reference, meant.reference[-6:].lower(), "ukrain", "Ukrainisch", "NORD"):
        assert _numbers(browser, f"/requests?q={words}") == [meant.reference], words
    assert _numbers(browser, "/requests?q=ukrainian stadthaus") == [meant.reference]
    assert _numbers(browser, "/requests?state=filled") == [other.reference]
    assert _numbers(browser, "/requests?q=ukrainian klinikum") == []
    assert "Nothing found" in browser.get("/requests?q=%25").text


def test_only_the_coordinator_finds_by_person(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(
            of=factories.organisation("Schule Nord"), name="Anna Beispiel"
        )
        coordinator = factories.account(Role.COORDINATOR)
        asked = factories.asked(by=caseworker)
        factories.asked(by=factories.account(of=factories.organisation("Amt")))
        _come(asked)
    office, school = sign_in(app, coordinator), sign_in(app, caseworker)
    for words in ("mira", "anna", "nord", "Mira Beispiel"):
        assert _numbers(office, f"/requests?q={words}") == [asked.reference], words
    assert _numbers(school, "/requests?q=mira") == []


def test_nobody_finds_what_belongs_to_another_organisation(app: Flask) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        stranger = factories.account(of=factories.organisation())
    browser = sign_in(app, stranger)
    for show in ("coming", "past", "soon", "later", "asked", "missed"):
        assert _numbers(browser, f"/requests?show={show}&q={asked.language}") == []


def test_an_interpreter_finds_earlier_offers_and_assignments_but_never_by_their_place(
    app: Flask,
) -> None:
    with app.app_context(), transaction():
        mira, at = factories.interpreter("ro", "uk"), factories.site("Frauenhaus")
        declined = factories.asked("uk", at=at)
        offer = offers.make(SYSTEM, declined.id, mira.id, now=NOW)
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
        later = TOMORROW_TEN + timedelta(hours=3)
        coming = factories.coming(factories.asked("ro", at=at, start=later), mira)
        account, number = mira.account, coming.interpretation_request.reference
    browser = sign_in(app, account)
    assert "Ukrainian" in browser.get("/offers?q=ukr").text
    assert "Ukrainian" in browser.get(f"/offers?q={declined.reference}&state=declined").text
    assert "Nothing found" in browser.get("/offers?q=Frauenhaus").text
    assert "Nothing found" in browser.get("/offers?state=expired").text
    assert f"/assignments/{coming.id}" in browser.get(f"/assignments?q={number}").text
    assert "Nothing found" in browser.get("/assignments?q=Frauenhaus").text
    assert "Nothing found" in browser.get("/assignments?show=past&q=Frauenhaus").text


@pytest.mark.parametrize("place", ["0", "-1", "x", "999999999", "99999999999999999999"])
def test_an_address_nobody_made_leads_to_the_beginning(app: Flask, place: str) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        asked = factories.asked(by=caseworker)
    browser = sign_in(app, caseworker)
    for way in ("after", "before"):
        assert _numbers(browser, f"/requests?{way}={place}") == [asked.reference]


def _come(asked: InterpretationRequest) -> Account:
    mira: Interpreter = factories.interpreter(asked.language)
    factories.coming(asked, mira)
    return mira.account


def _numbers(browser: FlaskClient, path: str) -> list[str]:
    """Return the numbers a list shows, in their order."""
    rows = re.findall(r"<tr role=\"row\">.*?</tr>", browser.get(path).text, re.DOTALL)
    return [found.group() for row in rows if (found := NUMBER.search(row))]


def _turn(browser: FlaskClient, path: str, way: str) -> str | None:
    link = re.search(rf'<a [^>]*rel="{way}"[^>]*>', browser.get(path).text)
    if link is None:
        return None
    found = re.search(r'href="([^"]+)"', link.group())
    assert found
    return found.group(1).replace("&amp;", "&")
