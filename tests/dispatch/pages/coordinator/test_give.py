"""Giving a seat to somebody else without JavaScript: a page, its form, and what it refuses."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.availability.models import Absence
from dispatch.database import db, transaction
from tests import factories
from tests.browsing import send, sign_in

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_a_seat_is_moved_with_a_reason_and_not_without_one(app: Flask) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        comes = factories.coming(asked, factories.interpreter())
        ana = factories.interpreter(name="Ana")
        account = factories.account(Role.COORDINATOR)
    browser = sign_in(app, account)
    address = f"/board/requests/{asked.id}/give/{ana.id}"
    page = f"{address}?kind=assignment&instead={comes.id}"
    asks = browser.get(page).text
    assert "Ana Beispiel instead of Mira Beispiel?" in asks
    assert "Mira Beispiel is owed then: " in asks
    move = {"kind": "assignment", "instead": comes.id, "way": "offer", "version": comes.version}
    refused = send(browser, address, seen_on=page, **move)
    assert refused.status_code == 422
    assert "Say in a few words why" in refused.text
    done = send(browser, address, seen_on=page, **move, reason_office="Mira is ill.")
    assert done.headers["Location"] == f"/requests/{asked.id}"
    assert (
        "Moved to Ana Beispiel; everyone concerned is told."
        in browser.get(done.headers["Location"]).text
    )


def test_a_wish_is_set_aside_with_a_reason_and_that_stays_marked(app: Flask) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        ana = factories.interpreter(name="Ana", hours=(12, 19))
        account = factories.account(Role.COORDINATOR)
    browser = sign_in(app, account)
    [row] = browser.get(f"/board/requests/{asked.id}/verdicts").json["rows"]  # type: ignore[index]
    assert row == [ana.id, "wish", "only with a reason: does not work at this time"]
    page = f"/board/requests/{asked.id}/give/{ana.id}"
    assert "Only if Ana Beispiel has agreed to it in person:" in browser.get(page).text
    refused = send(browser, page, seen_on=page, against="1", way="assign")
    assert refused.status_code == 422
    assert "Say in a few words why" in refused.text
    send(browser, page, seen_on=page, against="1", way="assign", reason_office="She offered it.")
    panel = browser.get(f"/board/requests/{asked.id}").text
    assert "<strong>Against a wish:</strong> outside their usual times" in panel
    assert "Agreed on against a wish of theirs: Ana Beispiel; for the office: She offered" in panel
    assert "#look-flag" in browser.get(f"/day/{asked.day}").text


def test_who_only_a_wish_keeps_away_can_be_assigned_from_the_list_as_well(app: Flask) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        ana = factories.interpreter(name="Ana", hours=(12, 19))
        factories.coming(factories.asked(), factories.interpreter(name="Ben"))
        account = factories.account(Role.COORDINATOR)
    page = sign_in(app, account).get(f"/requests/{asked.id}/candidates").text
    assert page.count("Assign with a reason") == 1
    assert f'href="/board/requests/{asked.id}/give/{ana.id}"' in page
    assert "Assign Ana Beispiel with a reason" in page


@pytest.mark.parametrize("why", ["another language", "absent", "asked in writing", "not directly"])
def test_what_is_no_wish_stays_hard(app: Flask, why: str) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        ana = factories.interpreter(
            "tr" if why == "another language" else "ro", name="Ana", hours=(12, 19)
        )
        if why == "absent":
            first = factories.NOW
            ana.availability.absences.append(
                Absence(starts_at=first, ends_at=first + timedelta(days=3))
            )
        asked.organisation.assigns_directly = why != "asked in writing"
        account = factories.account(Role.COORDINATOR)
    browser = sign_in(app, account)
    page = f"/board/requests/{asked.id}/give/{ana.id}"
    way = "offer" if why == "not directly" else "assign"
    send(browser, page, seen_on=page, against="1", way=way, reason_office="I want it.")
    with app.app_context():
        assert db.session.scalars(sa.select(Assignment)).all() == []
    if why != "not directly":
        assert "This is not possible as things stand:" in browser.get(page).text


def test_a_seat_of_another_request_is_not_there(app: Flask) -> None:
    with app.app_context(), transaction():
        comes = factories.coming(factories.asked(), factories.interpreter())
        other, ana = factories.asked(), factories.interpreter(name="Ana")
        account = factories.account(Role.COORDINATOR)
    browser = sign_in(app, account)
    page = f"/board/requests/{other.id}/give/{ana.id}?kind=assignment&instead={comes.id}"
    assert browser.get(page).status_code == 404
