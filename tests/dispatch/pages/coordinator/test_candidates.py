"""Who could come, and what is said when the question no longer arises."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.assignments.rules import Via
from dispatch.cancellations import service as cancellations
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.planning.proposals import service
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW
from tests.planning_days import TUESDAY, confirmed

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize("ending", ["cancelled", "asked"])
def test_a_request_that_needs_nobody_is_not_said_to_lack_speakers(app: Flask, ending: str) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        mira, asked = factories.interpreter("ro"), factories.asked("ro")
        if ending == "cancelled":
            cancellations.cancel_request(SYSTEM, asked.id, reasons=Reasons(office="moved"), now=NOW)
        else:
            offers.make(SYSTEM, asked.id, mira.id, now=NOW)
    page = sign_in(app, coordinator).get(f"/requests/{asked.id}/candidates").text
    assert "Nobody in the pool" not in page
    assert "Nobody is needed for this request any more." in page


def test_where_nobody_speaks_the_language_that_is_said(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        asked = factories.asked("ro")
    page = sign_in(app, coordinator).get(f"/requests/{asked.id}/candidates").text
    assert "Nobody in the pool speaks Romanian" in page
    assert 'Partneragentur Beispiel</bdi> <a href="tel:+493023125001">' in page


def help_on(browser: FlaskClient, asked: InterpretationRequest) -> str:
    path = f"/requests/{asked.id}/help"
    assert send(browser, path, seen_on=path).location == path
    return browser.get(path, headers={"HX-Request": "true"}).text


def test_where_nobody_fits_it_says_what_stands_in_the_way_and_what_would_help(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        factories.interpreter(gender="male")
        by = factories.account(of=factories.organisation())
        asked = factories.asked(by=by, gender_required="female")
    browser = sign_in(app, coordinator)
    page = browser.get(f"/requests/{asked.id}/candidates").text
    assert "Why nobody can come" in page
    assert "Mira Beispiel could come if only this did not stand in the way: the gender" in page
    assert f'hx-post="/requests/{asked.id}/help"' in page
    told = help_on(browser, asked)
    assert "Ask Grundschule Beispiel:" in told
    assert "is of the gender asked for? Otherwise" in told
    assert "What would help" in browser.get(f"/requests/{asked.id}/help").text


def test_where_enough_fit_nothing_has_to_help(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        factories.interpreter()
        factories.interpreter(hours=(15, 19))
        asked = factories.asked()
    page = sign_in(app, coordinator).get(f"/requests/{asked.id}/candidates").text
    assert "1 person can come" in page
    assert "What would help?" not in page


def test_where_one_of_a_team_is_missing_it_says_why_too_few_can_come(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        factories.interpreter()
        factories.interpreter(hours=(15, 19), name="Nour")
        asked = factories.asked(interpreters=2)
    page = sign_in(app, coordinator).get(f"/requests/{asked.id}/candidates").text
    assert "1 person can come" in page
    assert "Why too few can come" in page


def test_whoever_has_confirmed_elsewhere_can_be_planned_again_from_there(app: Flask) -> None:
    with app.app_context():
        moving = confirmed()
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
    browser = sign_in(app, coordinator)
    told = help_on(browser, moving.open)
    assert "at most 1 confirmed person may be asked to move, Nour Beispiel can come." in told
    assert f'action="/plan/{TUESDAY.first}"' in told
    assert 'name="disturb_at_most" value="1"' in told


@pytest.mark.parametrize(
    ("meanwhile", "said"),
    [
        ("asked", "Somebody goes to this request already."),
        ("cancelled", "Nobody is needed for this request any more."),
    ],
)
def test_what_is_settled_meanwhile_needs_no_help(app: Flask, meanwhile: str, said: str) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        mira, asked = factories.interpreter("ro"), factories.asked("ro")
        if meanwhile == "cancelled":
            cancellations.cancel_request(SYSTEM, asked.id, reasons=Reasons(office="moved"), now=NOW)
        else:
            offers.make(SYSTEM, asked.id, mira.id, now=NOW)
    assert said in help_on(sign_in(app, coordinator), asked)


def test_after_the_adoption_a_proposal_leads_to_what_would_help_now(app: Flask) -> None:
    with app.app_context():
        with transaction():
            factories.interpreter("ro")
            factories.asked("ro")
            left = factories.asked("tr")
        made = service.compute(TUESDAY, now=NOW)
        with transaction():
            proposal = service.store(SYSTEM, made, now=NOW).id
            left_id = left.id
        with transaction():
            service.adopt(SYSTEM, proposal, None, zone_name=TUESDAY.zone_name, now=NOW)
            coordinator = factories.account(Role.COORDINATOR)
    page = sign_in(app, coordinator).get(f"/proposals/{proposal}").text
    assert f'hx-post="/requests/{left_id}/help"' in page


def test_who_said_no_is_told_from_who_is_excluded(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        mira, asked = factories.interpreter("ro"), factories.asked("ro")
        offer = offers.make(SYSTEM, asked.id, mira.id, now=NOW)
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    page = sign_in(app, coordinator).get(f"/requests/{asked.id}/candidates").text
    assert "<span>has said no to this request</span>" in page
