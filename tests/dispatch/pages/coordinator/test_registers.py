"""The pool and the sites for the office: lists, forms, and files that come in and go out."""

import io

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.interpreters.importing import COLUMNS
from dispatch.interpreters.models import Interpreter
from dispatch.pages.coordinator import registers
from dispatch.sites.models import Site
from dispatch.sites.rules import SiteKind
from dispatch.tables import rows_of
from dispatch.tables.writing import workbook_of
from tests import factories
from tests.browsing import send, sign_in

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
NEW = {
    "register_number": "s-77",
    "name": "Stadthaus",
    "kind": "municipal_office",
    "address": "Südwall 2",
    "postcode": "44137",
    "district": "Innenstadt-West",
    "latitude": "51.509",
    "longitude": "7.466",
    "buffer_before_minutes": "10",
    "buffer_after_minutes": "5",
    "access_notes": "Eingang Hof",
}


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
    return sign_in(app, coordinator)


def upload(browser: FlaskClient, path: str, content: bytes, **fields: str) -> str:
    file = (io.BytesIO(content), "people.xlsx")
    answer = send(browser, path, seen_on=path, file=file, **fields)
    return browser.get(answer.location).text if answer.location else answer.text


def test_a_kind_of_one_city_stands_only_where_there_are_such_sites(
    app: Flask, browser: FlaskClient
) -> None:
    assert "lokal willkommen" not in browser.get("/sites/new").text
    with app.app_context(), transaction():
        factories.site().kind = SiteKind.LOKAL_WILLKOMMEN
    assert "lokal willkommen" in browser.get("/sites/new").text


def test_a_site_is_added_changed_and_found_and_what_is_wrong_is_named(
    app: Flask, browser: FlaskClient
) -> None:
    far = send(browser, "/sites/new", seen_on="/sites/new", **NEW | {"latitude": "7.466"})
    assert far.status_code == 422
    done = send(browser, "/sites/new", seen_on="/sites/new", **NEW)
    assert "Stadthaus is kept." in browser.get(done.location).text
    with app.app_context():
        one = db.session.query(Site).filter_by(register_number="s-77").one()
        assert (one.buffer_before_minutes, one.is_public) == (10, False)
    assert "10 / 5 min" in browser.get("/sites").text
    page = f"/sites/{one.id}"
    assert 'value="Eingang Hof"' in browser.get(page).text
    again = NEW | {"name": "Stadthaus Süd", "is_public": "y", "version": str(one.version)}
    send(browser, page, seen_on=page, **again)
    assert "Stadthaus Süd" in browser.get("/sites?q=suedwall").text
    stale = send(browser, page, seen_on=page, **again | {"name": "Rathaus"})
    assert stale.status_code == 409
    taken = send(browser, "/sites/new", seen_on="/sites/new", **NEW)
    assert "has this number already" in taken.text


def test_both_numbers_of_a_map_may_be_pasted_into_one_field(
    app: Flask, browser: FlaskClient
) -> None:
    pasted = NEW | {"latitude": " 51.511234, 7.464321 ", "longitude": ""}
    done = send(browser, "/sites/new", seen_on="/sites/new", **pasted)
    assert "Stadthaus is kept." in browser.get(done.location).text
    with app.app_context():
        one = db.session.query(Site).filter_by(register_number="s-77").one()
        assert (one.latitude, one.longitude) == (51.511234, 7.464321)
    half = send(browser, "/sites/new", seen_on="/sites/new", **NEW | {"longitude": ""})
    assert "This is needed." in half.text


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("rows", "said"), [([], ""), ([2], "2"), ([2, 3, 4, 7, 9, 10], "2–4, 7, 9–10")]
)
def test_many_rows_are_named_in_runs(rows: list[int], said: str) -> None:
    assert registers._in_runs(rows) == said


def test_what_is_exported_is_imported_as_it_was_and_no_name_is_a_formula(
    app: Flask, browser: FlaskClient
) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter("ro", "ru", name="Mira", qualification="sprint")
        factories.site("Rathaus")
    content = browser.get("/interpreters/export").data
    [row] = rows_of(content, COLUMNS)
    assert row.text("first_name") == "Mira"
    assert row.text("languages") == "ro:4 ru:4"
    shown = upload(browser, "/interpreters/import", content)
    assert "1 row is of somebody in the pool already, who is left as they are: 2." in shown
    sites = browser.get("/sites/export").data
    upload(browser, "/sites/import", sites)
    assert "there just so already: 1." in upload(browser, "/sites/import", sites)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of(["name"], [["=1+1"]]))).worksheets[0]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    new = workbook_of(
        COLUMNS.known,
        [[row.optional(name) if name != "email" else "new@x.example" for name in COLUMNS.known]],
    )
    assert "1 person was taken into the pool." in upload(browser, "/interpreters/import", new)
    with app.app_context():
        added = db.session.query(Interpreter).filter(Interpreter.id != mira.id).one()
        assert [one.tag for one in added.working_languages] == ["ro", "ru"]
        assert len(added.availability.weekly_hours) == 7


def test_whatever_a_name_begins_with_it_is_text_in_what_is_exported(
    app: Flask, browser: FlaskClient
) -> None:
    names = [
        f"{begins}1+1 Haus" for begins in ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")
    ]
    with app.app_context(), transaction():
        for name in names:
            factories.site(name)
            factories.organisation(name)
            factories.interpreter(name=name)
    for path in ("/interpreters/export", "/sites/export", "/organisations/export"):
        book = openpyxl.load_workbook(io.BytesIO(browser.get(path).data))
        cells = [cell for row in book.worksheets[0] for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} == {"s"}, path
        assert set(names) <= {cell.value for cell in cells}, path


@pytest.mark.parametrize("unwritable", ["\uffff", "\ufffe", "\ufdd0", "\U0001ffff"])
def test_a_name_no_other_program_could_read_is_refused(
    browser: FlaskClient, unwritable: str
) -> None:
    for path in ("/organisations/new", "/sites/new"):
        answer = send(browser, path, seen_on=path, name=f"Haus {unwritable}", kind="school")
        assert answer.status_code == 422
    assert unwritable not in browser.get("/organisations").text
    openpyxl.load_workbook(io.BytesIO(browser.get("/organisations/export").data))


def test_a_file_with_a_bad_row_is_refused_whole_and_the_row_named(
    app: Flask, browser: FlaskClient
) -> None:
    bad = workbook_of(COLUMNS.known, [["x"] * len(COLUMNS.known)])
    assert "Row 2" in upload(browser, "/interpreters/import", bad)
    with app.app_context():
        assert db.session.query(Interpreter).count() == 0
