"""A form has one effect, and nothing that was typed is lost."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import TOKEN, send, sign_in
from tests.conftest import FrozenClock
from tests.correspondence import written
from tests.dispatch.web import stage
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")
HIDDEN = re.compile(r'<input type="hidden" name="(csrf_token|form_key)" value="([^"]*)">')


@pytest.fixture
def caseworker(app: Flask) -> Account:
    with app.app_context(), transaction():
        return factories.account(of=factories.organisation())


@pytest.fixture
def wanted(app: Flask) -> dict[str, str]:
    with app.app_context(), transaction():
        site = factories.site()
        db.session.flush()
        return {
            "language": "ro", "site": str(site.id), "day": "2027-03-02", "start": "10:00",
            "duration": "60", "setting": "school", "interpreter_count": "1",
            "note": "Bitte klingeln", "is_urgent": "y",
        }  # fmt: skip


def marks(browser: FlaskClient, page: str) -> dict[str, str]:
    shown = browser.get(page, follow_redirects=True).text
    return dict(HIDDEN.findall(shown.split("<main")[1]))


def count(app: Flask) -> int:
    with app.app_context():
        return len(db.session.scalars(sa.select(InterpretationRequest.id)).all())


def test_the_same_form_three_times_is_one_request(
    app: Flask, caseworker: Account, wanted: dict[str, str]
) -> None:
    browser = sign_in(app, caseworker)
    form = wanted | marks(browser, "/requests/new")
    places = set()
    for _ in range(3):
        answer = browser.post("/requests/new", data=form)
        assert answer.status_code == 302, answer.text
        places.add(answer.location)
        assert "Your request has the number" in browser.get(answer.location).text
    assert (len(places), count(app)) == (1, 1)


def test_the_same_form_at_the_same_moment_is_one_request(
    app: Flask, caseworker: Account, wanted: dict[str, str]
) -> None:
    browser = sign_in(app, caseworker)
    form = wanted | marks(browser, "/requests/new")
    cookie = browser.get_cookie("dragoman")
    assert cookie
    together = Barrier(6)

    def press(_number: int) -> str | None:
        window = app.test_client()
        window.set_cookie("dragoman", cookie.value)
        together.wait()
        return window.post("/requests/new", data=form).location

    with ThreadPoolExecutor(6) as pool:
        places = set(pool.map(press, range(6)))
    assert (len(places), count(app)) == (1, 1)
    assert None not in places


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_form_that_was_refused_or_changed_is_another_one(
    app: Flask, caseworker: Account, wanted: dict[str, str]
) -> None:
    browser = sign_in(app, caseworker)
    form = wanted | marks(browser, "/requests/new")
    assert browser.post("/requests/new", data=form | {"day": "2020-03-02"}).status_code == 422
    assert browser.post("/requests/new", data=form).status_code == 302
    assert browser.post("/requests/new", data=form | {"start": "15:00"}).status_code == 302
    assert count(app) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_typed_outlives_the_session_for_the_same_person_only(
    app: Flask, caseworker: Account, wanted: dict[str, str], frozen_clock: FrozenClock
) -> None:
    browser = sign_in(app, caseworker)
    form = wanted | marks(browser, "/requests/new")
    frozen_clock.advance(minutes=31)
    answer = browser.post("/requests/new", data=form)
    assert answer.location == "/sign-in?next=/requests/new"
    assert "was Sie eingegeben haben, ist noch da" in browser.get(answer.location).text
    with app.app_context(), transaction():
        somebody = factories.account(of=factories.organisation("Klinik"))
    assert "Bitte klingeln" not in _back(app, browser, somebody).text
    page = _back(app, browser, caseworker)
    assert "Bitte klingeln" in page.text
    assert 'value="10:00' in page.text
    assert count(app) == 0
    browser.post("/requests/new", data=form | marks(browser, "/requests/new"))
    assert count(app) == 1
    assert "Bitte klingeln" not in browser.get("/requests/new").text


def _back(app: Flask, browser: FlaskClient, account: Account) -> TestResponse:
    kept = browser.get_cookie("dragoman")
    assert kept
    other = sign_in(app, account, browser=browser)
    return other.get("/requests/new")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_form_that_is_out_of_date_comes_back_with_what_was_typed(
    app: Flask, caseworker: Account, wanted: dict[str, str]
) -> None:
    browser = sign_in(app, caseworker)
    answer = browser.post("/requests/new", data=wanted | {"csrf_token": "old"})
    assert answer.location == "/requests/new"
    page = browser.get(answer.location).text
    assert "Bitte klingeln" in page
    assert "open for too long" in page
    assert count(app) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_lost_race_comes_back_to_the_page_with_the_reason(app: Flask) -> None:
    with app.app_context():
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
            asked, mira = factories.asked(), factories.interpreter()
        with transaction():
            offers.make(SYSTEM, asked.id, mira.id, now=NOW)
    browser = sign_in(app, coordinator)
    page = f"/requests/{asked.id}"
    answer = browser.post(
        f"{page}/candidates/{mira.id}/offer",
        data=marks(browser, page + "/cancel"),
        headers={"Referer": f"http://localhost{page}"},
    )
    assert (answer.status_code, answer.location) == (302, page)
    shown = browser.get(page).text
    assert "notice--warning" in shown or 'role="status"' in shown
    assert "Fehler 409" not in shown


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("minutes", ["abc", "0", "99999"])
def test_what_is_refused_comes_back_to_the_page_with_the_reason(app: Flask, minutes: str) -> None:
    with app.app_context(), transaction():
        coordinator, asked = factories.account(Role.COORDINATOR), factories.asked()
        factories.interpreter()
    browser = sign_in(app, coordinator)
    page = f"/requests/{asked.id}/candidates"
    answer = browser.post(
        f"/requests/{asked.id}/tiers",
        data=marks(browser, page) | {"wait_minutes": minutes},
        headers={"Referer": f"http://localhost{page}"},
    )
    assert (answer.status_code, answer.location) == (302, page)
    assert "notice--warning" in browser.get(page).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_by_link_without_the_cookie_comes_back_to_be_pressed_once_more(
    app: Flask,
) -> None:
    with app.app_context():
        with transaction():
            offers.make(SYSTEM, factories.asked().id, factories.interpreter().id, now=NOW)
        found = re.search(r"/o/[\w-]+", written("offer")[0].body)
    assert found
    page, browser = found.group(), app.test_client()
    english = {"Accept-Language": "en"}
    token = {"csrf_token": "of a session that ended"}
    answer = browser.post(f"{page}/accept", data=token, headers=english)
    assert (answer.status_code, answer.location) == (302, page)
    shown = browser.get(page, headers=english)
    assert "please press once more" in shown.text
    send(browser, f"{page}/accept", seen_on=page)
    with app.app_context():
        assert db.session.scalars(sa.select(Offer.state)).all() == ["accepted"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", ["o", "c", "d"])
def test_a_link_that_was_cut_off_says_whom_to_call(app: Flask, kind: str) -> None:
    answer = app.test_client().get(f"/{kind}/abc")
    assert answer.status_code == 404
    assert 'href="tel:+493023125000"' in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_address_is_a_dead_end_after_a_reload(app: Flask, frozen_clock: FrozenClock) -> None:
    """Whatever is pressed: the address that stays in the browser can be opened again."""
    everything = stage.build(app)
    for name in ("coordinator", "caseworker", "interpreter", "nobody"):
        browser = everything.browsers[name]
        for _rule, path in everything.paths("POST"):
            if "/sign-out" in path or "/planning" in path or path.startswith("/plan/"):
                continue
            token = TOKEN.search(browser.get("/", follow_redirects=True).text)
            assert token
            answer = browser.post(path, data={"csrf_token": token.group(1), "reason": "x"})
            if answer.status_code == 302:
                continue
            assert answer.status_code in {200, 403, 404, 422, 410, 409}, (path, answer.status_code)
            if answer.status_code in {200, 409, 422}:
                assert browser.get(path).status_code != 405, (name, path)


def test_pinning_in_two_windows_pins_once(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        assignment = factories.coming(factories.asked(), factories.interpreter())
        page, pin = f"/assignments/{assignment.id}", f"/assignments/{assignment.id}/pin"
    browser = sign_in(app, coordinator)
    wanted = re.search(r'name="pinned" value="(\d)"', browser.get(page).text)
    assert wanted
    for _window in range(2):
        browser.post(pin, data={**marks(browser, page), "pinned": wanted.group(1)})
    assert f'name="pinned" value="{1 - int(wanted.group(1))}"' in browser.get(page).text


def test_what_is_over_is_not_offered_to_be_cancelled(
    app: Flask, caseworker: Account, frozen_clock: FrozenClock
) -> None:
    with app.app_context(), transaction():
        by = db.session.get(Account, caseworker.id)
        over = factories.asked(by=by)
        page, ends_at = f"/requests/{over.id}/cancel", over.ends_at
    frozen_clock.move_to(ends_at)
    told = sign_in(app, caseworker).get(page, follow_redirects=True).text
    assert "This is over already; what has happened cannot be cancelled." in told


def test_the_possible_times_loaded_again_are_the_form_as_it_was_typed(
    app: Flask, caseworker: Account, wanted: dict[str, str]
) -> None:
    browser = sign_in(app, caseworker)
    browser.post("/requests/times", data={**marks(browser, "/requests/new"), **wanted})
    assert "Bitte klingeln" in browser.get("/requests/times", follow_redirects=True).text
