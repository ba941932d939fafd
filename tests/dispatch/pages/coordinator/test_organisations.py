"""Those who ask, for the office: added, changed, taken over from files, and closed; and sites."""

import io
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Several
from dispatch.ledger.rules import SYSTEM
from dispatch.organisations.models import Organisation
from dispatch.requests import closing
from dispatch.requests.models import InterpretationRequest
from dispatch.sites import queries as sites
from dispatch.sites.models import Site
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
    return sign_in(app, coordinator)


def upload(browser: FlaskClient, content: bytes) -> str:
    path = "/organisations/import"
    answer = send(browser, path, seen_on=path, file=(io.BytesIO(content), "organisations"))
    return browser.get(answer.location).text if answer.location else answer.text


def test_an_organisation_is_added_and_changed_and_no_two_have_one_name(
    app: Flask, browser: FlaskClient
) -> None:
    new = "/organisations/new"
    done = send(browser, new, seen_on=new, name="Klinik Nord", kind="clinic")
    page = done.location
    assert "Klinik Nord is added" in browser.get(page).text
    twice = send(browser, new, seen_on=new, name="Klinik Nord", kind="school")
    assert twice.status_code == 409
    assert "There is an organisation “Klinik Nord” already" in twice.text
    with app.app_context():
        version = str(db.session.query(Organisation).one().version)
    kept = {"name": "Klinikum Nord", "kind": "clinic", "version": version}
    send(browser, page, seen_on=page, **kept)
    assert "Klinikum Nord" in browser.get("/organisations?q=nord").text
    assert "An organisation was changed" in browser.get(page).text
    stale = send(browser, page, seen_on=page, **kept | {"name": "Klinik Süd"})
    assert stale.status_code == 409


def test_what_is_exported_is_imported_as_it_was_and_a_bad_row_is_named(
    app: Flask, browser: FlaskClient
) -> None:
    with app.app_context(), transaction():
        factories.organisation("Schule").is_reviewed = True
    content = browser.get("/organisations/export").data
    assert "there just so already: 1." in upload(browser, content)
    new = "Name;Art;Zwei ab Minuten\nKita Süd;Kita;90\nSchule;Schule;\n"
    assert "Organisations added: 1" in upload(browser, new.encode())
    with app.app_context():
        kita, school = db.session.query(Organisation).order_by(Organisation.name)
        assert (kita.kind, kita.two_above_minutes) == ("kindergarten", 90)
        assert (school.kind, school.is_reviewed) == ("school", True)
    refused = upload(browser, b"name,kind\nA,school\nA,castle\n")
    assert "stands in the file twice" in refused
    assert "castle" in refused
    assert "Row 3" in refused


def test_who_closed_asks_for_nothing_new_and_what_hangs_on_it_is_said_before(
    app: Flask, browser: FlaskClient
) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        number, caseworker = asked.organisation_id, asked.account_id
        name = asked.organisation.name
    page = f"/organisations/{number}"
    assert "1 request is still to come. It stays" in browser.get(page).text
    closed = send(browser, f"{page}/close", seen_on=page)
    assert "asks for nothing new" in browser.get(closed.location).text
    assert name not in browser.get("/organisations").text
    assert name in browser.get("/organisations?closed=1").text
    with app.app_context(), pytest.raises(Conflict, match="call the office"), transaction():
        factories.asked(by=db.session.get_one(Account, caseworker))
    send(browser, f"{page}/reopen", seen_on=page)
    with app.app_context(), transaction():
        factories.asked(by=db.session.get_one(Account, caseworker))


def test_a_closed_site_cannot_be_chosen_and_what_is_to_be_held_there_can_still_be_changed(
    app: Flask, browser: FlaskClient
) -> None:
    with app.app_context(), transaction():
        asked = factories.asked(at=factories.site("Rathaus Nord"))
        site_id, request_id = asked.site_id, asked.id
    page = f"/sites/{site_id}"
    assert "1 request is still to be held here" in browser.get(page).text
    send(browser, f"{page}/close", seen_on=page)
    assert "Closed: nobody can choose it" in browser.get(page).text
    assert "Rathaus Nord" not in browser.get("/sites").text
    assert "Rathaus Nord" in browser.get("/sites?closed=1").text
    with app.app_context():
        assert not sites.search("rathaus nord", sa.true()).sites
        assert not sites.search("rathuas nord", sa.true()).sites
        with pytest.raises(Several, match="Rathaus Nord is closed"), transaction():
            factories.asked(at=db.session.get_one(Site, site_id))
        with transaction():
            one = db.session.get_one(InterpretationRequest, request_id)
            amendments.amend(SYSTEM, request_id, replace(details_of(one), room="3.14"), now=NOW)
        assert closing.to_come_at(site_id, NOW) == 1
