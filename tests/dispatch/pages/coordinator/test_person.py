"""A person of the pool for the office: seen, changed, taken out and in again."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.offers import service as offers
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW, TOMORROW_TEN

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
AS_KEPT = {
    "first_name": "Mira",
    "last_name": "Beispiel",
    "email": "mira@beispiel.example",
    "phone": "01522 8817386",
    "locale": "de",
    "home_postcode": "44135",
    "travel_mode": "public_transport",
    "employment": "staff",
    "gender": "",
    "fee": "42.50",
    "maximum_minutes_per_day": "6",
    "maximum_minutes_per_week": "30",
    "office_note": "Only mornings, please.",
}


@pytest.fixture
def mira(app: Flask) -> Interpreter:
    with app.app_context(), transaction():
        return factories.interpreter("ro", "ru", name="Mira", qualification="sprint")


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
    return sign_in(app, coordinator)


def press(browser: FlaskClient, path: str, **fields: object) -> str:
    """Send a form that stands on the person's page, and return what is told then."""
    page = "/".join(path.split("/")[:3])
    answer = send(browser, path, seen_on=page, **fields)
    return browser.get(answer.location).text if answer.location else answer.text


def test_what_is_kept_is_changed_and_a_wrong_field_is_named(
    app: Flask, mira: Interpreter, browser: FlaskClient
) -> None:
    page = f"/interpreters/{mira.id}"
    form = f"{page}/change"
    wrong = send(browser, form, seen_on=form, **AS_KEPT | {"phone": "0231 123"})
    assert wrong.status_code == 422
    assert "Only mornings" in wrong.text
    far = send(browser, form, seen_on=form, **AS_KEPT | {"home_postcode": "10115"})
    assert "No site of the register lies in this postcode" in far.text
    send(browser, form, seen_on=form, **AS_KEPT)
    shown = browser.get(page).text
    for said in ("mira@beispiel.example", "Staff", "€42.50 an hour", "Only mornings, please."):
        assert said in shown
    assert "6 h a day, 30 h a week" in shown
    with app.app_context():
        account = db.session.get_one(Account, mira.account_id)
        assert (account.email, account.locale) == ("mira@beispiel.example", "de")


def test_who_reads_what_the_city_does_not_offer_keeps_it_when_something_else_changes(
    app: Flask, mira: Interpreter, browser: FlaskClient
) -> None:
    form = f"/interpreters/{mira.id}/change"
    assert send(browser, form, seen_on=form, **AS_KEPT | {"locale": "el"}).status_code == 422
    with app.app_context(), transaction():
        db.session.get_one(Account, mira.account_id).locale = "el"
    assert '<option selected value="el">' in browser.get(form).text
    assert send(browser, form, seen_on=form, **AS_KEPT | {"locale": "el"}).status_code == 302


def test_an_address_of_somebody_else_is_refused(mira: Interpreter, browser: FlaskClient) -> None:
    form = f"/interpreters/{mira.id}/change"
    taken = AS_KEPT | {"email": "nobody@beispiel.example"}
    assert send(browser, form, seen_on=form, **taken).status_code == 302
    with browser.application.app_context(), transaction():
        other = factories.account(name="Somebody")
    refused = send(browser, form, seen_on=form, **AS_KEPT | {"email": other.email})
    assert refused.status_code == 409
    assert "There is an account for" in refused.text


def test_qualifications_and_languages_come_and_go_and_what_ends_is_marked(
    mira: Interpreter, browser: FlaskClient
) -> None:
    page = f"/interpreters/{mira.id}"
    told = press(
        browser,
        f"{page}/qualifications",
        **{
            "held-qualification": "sworn",
            "held-valid_from": "2024-01-01",
            "held-valid_until": "2027-03-20",
        },
    )
    assert "Sworn" in told
    assert "ends within 30 days" in told
    backwards = {
        "held-qualification": "sworn",
        "held-valid_from": "2027-01-01",
        "held-valid_until": "2026-01-01",
    }
    assert "It ends before it begins" in press(browser, f"{page}/qualifications", **backwards)
    told = press(browser, f"{page}/languages", **{"language-tag": "uk", "language-level": "3"})
    assert "Ukrainian" in told
    for tag in ("uk", "ru"):
        assert f"/languages/{tag}/remove" in browser.get(page).text
        press(browser, f"{page}/languages/{tag}/remove")
    assert "Nobody can be asked for without a language" in press(
        browser, f"{page}/languages/ro/remove"
    )


def test_who_has_something_to_come_stays_and_who_has_nothing_leaves_and_comes_back(
    app: Flask, mira: Interpreter, browser: FlaskClient
) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        there = db.session.get_one(Interpreter, mira.id)
        offer = offers.make(factories.account(Role.COORDINATOR).actor, asked.id, there.id, now=NOW)
    page = f"/interpreters/{mira.id}"
    assert "assignments to come (0) or open questions (1)" in press(browser, f"{page}/leave")
    with app.app_context(), transaction():
        offers.withdraw(there.account.actor, offer.id, now=NOW)
    assert "Not in the pool any more" in press(browser, f"{page}/leave")
    assert "Mira" not in browser.get("/interpreters").text
    assert "Mira" in browser.get("/interpreters?left=1").text
    with app.app_context():
        assert not db.session.get_one(Account, mira.account_id).active
    assert "Take out of the pool" in press(browser, f"{page}/return")


def test_the_page_says_how_much_somebody_works_and_how_they_answer(
    app: Flask, mira: Interpreter, browser: FlaskClient
) -> None:
    with app.app_context(), transaction():
        there = db.session.get_one(Interpreter, mira.id)
        factories.coming(factories.asked(minutes=90), there)
    shown = browser.get(f"/interpreters/{mira.id}").text
    assert 'value="90"' in shown
    assert re.search(r"100\s%", shown)
    assert "of 1 question in 90 days" in shown


def test_what_happened_is_turned_over_page_by_page(mira: Interpreter, browser: FlaskClient) -> None:
    with browser.application.app_context(), transaction():
        for _change in range(60):
            ledger.record(SYSTEM, "interpreter.changed", Concerning(interpreter=mira.id), now=NOW)
    address = f"/interpreters/{mira.id}"
    seen = []
    while address:
        page = browser.get(address).text
        seen.append(page.count('class="history__entry"'))
        found = re.search(r'href="([^"]*after=\d+)"', page)
        address = found[1] if found else ""
    assert len(seen) == 3
    assert 0 < seen[-1] < seen[0] == seen[1]


def test_one_person_is_added_by_a_form_and_a_wrong_field_is_named(
    app: Flask, browser: FlaskClient
) -> None:
    form = "/interpreters/new"
    new = AS_KEPT | {"email": "lale@beispiel.example", "first_name": "Lale", "level": "5"}
    wrong = send(browser, form, seen_on=form, **new | {"tag": "tr", "home_postcode": "44135"})
    assert "No site of the register lies in this postcode" in wrong.text
    assert 'value="Lale"' in wrong.text
    with app.app_context(), transaction():
        factories.site()
    assert send(browser, form, seen_on=form, **new | {"tag": ""}).status_code == 422
    done = send(browser, form, seen_on=form, **new | {"tag": "tr"})
    told = browser.get(done.location).text
    assert "Lale is in the pool. Nobody can be asked without times" in told
    twice = send(browser, form, seen_on=form, **new | {"tag": "tr", "office_note": ""})
    assert twice.status_code == 409
    with app.app_context():
        one = db.session.query(Interpreter).one()
        assert (one.account.email, one.maximum_minutes_per_day) == ("lale@beispiel.example", 360)
        assert [(each.tag, each.level) for each in one.working_languages] == [("tr", 5)]
    assert "Lale" in browser.get("/interpreters?q=Turkish").text
    assert "Lale" not in browser.get("/interpreters?q=Romanian").text


def test_what_hangs_on_somebody_is_said_before_they_are_taken_out(
    app: Flask, mira: Interpreter, browser: FlaskClient
) -> None:
    page = f"/interpreters/{mira.id}"
    assert "Take Mira Beispiel out of the pool?" in browser.get(page).text
    with app.app_context(), transaction():
        factories.coming(factories.asked(), db.session.get_one(Interpreter, mira.id))
    shown = browser.get(page).text
    assert "cannot leave yet" in shown
    assert "1 assignment to come" in shown
    assert f"{page}/leave" not in shown


def test_a_dead_address_is_seen_at_the_person_and_in_the_list(
    app: Flask, mira: Interpreter, browser: FlaskClient
) -> None:
    page, words = f"/interpreters/{mira.id}", "annot be reached by mail"
    assert words not in browser.get(page).text + browser.get("/interpreters").text
    with app.app_context(), transaction():
        factories.dead(db.session.get_one(Interpreter, mira.id).account.email)
    assert words in browser.get(page).text
    assert f"Call {mira.phone}" in browser.get(page).text
    assert words in browser.get("/interpreters").text


def test_the_story_of_a_person_says_which_job_and_leads_there(
    app: Flask, browser: FlaskClient, mira: Interpreter
) -> None:
    with app.app_context(), transaction():
        asked = factories.asked("ro")
        given = factories.asked("ru", start=TOMORROW_TEN + timedelta(hours=5))
        offers.make(SYSTEM, asked.id, mira.id, now=NOW)
        assignment = offers.assign(SYSTEM, given.id, mira.id, now=NOW)
    story = browser.get(f"/interpreters/{mira.id}").text.split("What happened")[1]
    assert f'Asked</bdi>: <a href="/requests/{asked.id}"><bdi>Romanian, Tue, 2 Mar' in story
    assert f'Confirmed</bdi>: <a href="/assignments/{assignment.id}"><bdi>Russian,' in story
    assert "An interpreter" not in story


def test_the_figures_of_a_person_lead_to_their_rows(
    app: Flask, browser: FlaskClient, mira: Interpreter
) -> None:
    with app.app_context(), transaction():
        offers.assign(SYSTEM, factories.asked("ro").id, mira.id, now=NOW)
    page = f"/interpreters/{mira.id}/assignments"
    assert f'href="{page}">Assignments to come' in browser.get(f"/interpreters/{mira.id}").text
    coming, over = browser.get(page).text, browser.get(f"{page}?show=past").text
    assert "Assignments of Mira" in coming
    assert "Romanian" in coming
    assert "Nothing here" in over
