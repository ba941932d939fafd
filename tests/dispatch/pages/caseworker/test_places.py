"""Which places somebody finds who asks: a shelter only those to whom it is known."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.errors import Several
from dispatch.requests import importing
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


class Town:
    """A shelter of one organisation, used by a second, unknown to a third; a clinic; an office."""

    def __init__(self) -> None:
        names = ("Frauenhaus e. V.", "Jugendamt", "Grundschule")
        owner, user, other = (factories.organisation(name) for name in names)
        self.owner, self.user, self.other = (
            factories.account(of=one) for one in (owner, user, other)
        )
        self.office = factories.account(Role.COORDINATOR)
        self.shelter = factories.site("Frauenhaus Nord", is_public=False)
        self.shelter.organisation_id = owner.id
        self.clinic = factories.site("Klinikum Nord", is_public=False)
        self.clinic.kind = "hospital"
        factories.asked(by=self.user, at=self.shelter)


@pytest.fixture
def town(app: Flask) -> Town:
    with app.app_context(), transaction():
        return Town()


def finds(browser: FlaskClient, words: str) -> bool:
    return "Friedensplatz" in browser.get(f"/sites/search?q={words}").text


def test_a_place_that_is_hidden_is_found_by_its_own_and_by_whoever_has_used_it(
    app: Flask, town: Town
) -> None:
    found = {}
    for name in ("owner", "user", "other", "office"):
        account: Account = getattr(town, name)
        browser = sign_in(app, account)
        found[name] = finds(browser, "frauenhaus") or finds(browser, "frauenhuas")
        assert finds(browser, "klinikum"), "everybody knows where the clinic is"
    assert found == {"owner": True, "user": True, "other": False, "office": True}


def test_its_number_or_id_tells_nothing_either(app: Flask, town: Town) -> None:
    browser = sign_in(app, town.other)
    fields = {"site": str(town.shelter.id), "language": "ro", "day": "2027-03-08", "start": "10:00"}
    shown = send(browser, "/requests/new", seen_on="/requests/new", **fields)
    assert shown.status_code == 422
    assert "This site is not in the register" in shown.text
    assert "Frauenhaus" not in shown.text
    heading = "language,site,day,start,duration,setting\n"
    row = f"{heading}ro,{town.shelter.register_number},2027-03-08,10:00,60,school\n"
    with app.app_context(), pytest.raises(Several) as refused:
        importing.read(db.session.merge(town.other), row.encode(), now=NOW)
    assert "is no number in the register" in str(refused.value)
    with app.app_context():
        assert importing.read(db.session.merge(town.user), row.encode(), now=NOW)


def test_the_office_says_whose_a_place_is(app: Flask, town: Town) -> None:
    browser, page = sign_in(app, town.office), f"/sites/{town.shelter.id}"
    assert f'<option selected value="{town.owner.organisation_id}"' in browser.get(page).text


def test_of_many_places_it_is_said_how_many_are_shown_and_what_to_type(
    app: Flask, town: Town
) -> None:
    with app.app_context(), transaction():
        for number in range(10):
            factories.site(f"Kita {number}")
    page = sign_in(app, town.user).get("/sites/search?q=kita").text
    assert page.count('name="site"') == 8
    assert "8 of 10: type the street or the district as well." in page


def test_who_finds_no_place_reads_whom_to_call_and_the_office_where_to_add_it(
    app: Flask, town: Town
) -> None:
    asks = sign_in(app, town.other).get("/sites/search?q=nirgendwo").text
    assert "Nothing found." in asks
    assert 'Call the office, it adds the site: <a href="tel:' in asks
    assert "/sites/new" not in asks
    assert "/sites/new" in sign_in(app, town.office).get("/sites/search?q=nirgendwo").text


def test_without_javascript_too_a_place_that_is_not_found_is_said(app: Flask, town: Town) -> None:
    page = send(
        sign_in(app, town.other), "/requests/new", seen_on="/requests/new", q="nirgendwo"
    ).text
    assert "Call the office, it adds the site:" in page


def test_a_number_that_stands_nowhere_is_left_out_and_said(app: Flask, town: Town) -> None:
    page = sign_in(app, town.other).get("/sites/search?q=44137+klinikum").text
    assert "In the register none of them has 44137." in page
    assert "Klinikum Nord" in page
