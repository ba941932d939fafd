"""What somebody sees first."""

from datetime import timedelta

import pytest
from flask import Flask

from dispatch.assignments.rules import Via
from dispatch.cancellations import service as cancellations
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_what_is_next_leaves_out_what_was_cancelled(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        alive = factories.asked("ro", by=caseworker)
        dead = factories.asked("uk", by=caseworker)
        cancellations.cancel_request(SYSTEM, dead.id, reasons=Reasons(office="moved"), now=NOW)
    page = sign_in(app, caseworker).get("/").text
    assert f"/requests/{alive.id}" in page
    assert f"/requests/{dead.id}" not in page


def test_what_does_not_fit_there_is_a_link_to_all_of_it(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        for hour in range(8):
            factories.asked(by=caseworker, start=factories.TOMORROW_TEN + timedelta(hours=hour))
    browser = sign_in(app, caseworker)
    assert "All that are to come" not in browser.get("/").text
    with app.app_context(), transaction():
        factories.asked(by=caseworker, start=factories.TOMORROW_TEN + timedelta(days=1))
    assert "All that are to come" in browser.get("/").text


def test_whom_we_do_not_reach_reads_so_with_the_number_of_the_office(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
    browser = sign_in(app, caseworker)
    assert "We cannot reach you" not in browser.get("/").text
    with app.app_context(), transaction():
        factories.dead(caseworker.email)
    page = browser.get("/").text
    assert "We cannot reach you by mail" in page
    assert 'Please call the office: <a href="tel:+49' in page


def test_it_says_of_each_who_comes_whether_somebody_is_asked_or_nobody(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        factories.asked("uk", by=caseworker)
        factories.coming(factories.asked("ro", by=caseworker), factories.interpreter("ro"))
        declined = factories.asked("tr", by=caseworker)
        offer = offers.make(SYSTEM, declined.id, factories.interpreter("tr").id, now=NOW)
    browser = sign_in(app, caseworker)
    page = browser.get("/").text
    assert "nobody is asked yet" in page
    assert "somebody is asked" in page
    assert "Mira" in page
    with app.app_context(), transaction():
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    page = browser.get("/").text
    assert "asked; nobody comes so far" in page
    assert "somebody is asked" not in page


def test_a_question_of_the_office_is_answered_there_with_one_press(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        asked = factories.asked("uk", by=caseworker)
        asked.proposed_start_at = asked.starts_at + timedelta(minutes=30)
        colleague = factories.account(of=factories.organisation("Other"))
    page = sign_in(app, caseworker).get("/").text
    assert "10:30 instead of 10:00?" in page
    assert f"/requests/{asked.id}/start-question" in page
    assert "start-question" not in sign_in(app, colleague).get("/").text
