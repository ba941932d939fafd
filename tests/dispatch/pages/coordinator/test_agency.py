"""A partner agency on the coordinator's pages: whom to call and when, and what they said."""

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.planning.rounds import service as rounds
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import AGENCY
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
CALL = f"Call {AGENCY}, +493023125001."


def test_the_office_notes_what_the_agency_said_and_takes_it_back(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        kim = factories.account(of=factories.organisation())
        asked = factories.asked(by=kim)
    office, page = sign_in(app, coordinator), f"/requests/{asked.id}"
    candidates = f"{page}/candidates"
    send(office, f"{page}/agency", seen_on=candidates, agency=AGENCY, cost="a lot")
    assert "“a lot” is no amount in euros" in office.get(candidates).text
    send(office, f"{page}/agency", seen_on=candidates, agency=AGENCY, cost="142,50")
    shown = office.get(page).text
    assert f"{AGENCY}, a partner agency, sends somebody" in shown
    assert "€142.50" in shown
    asks = sign_in(app, kim).get(page).text
    assert f"{AGENCY}, a partner agency, sends somebody" in asks
    assert "142.50" not in asks
    send(office, f"{page}/agency/off", seen_on=page)
    assert "We are looking for one interpreter." in sign_in(app, kim).get(page).text


def test_a_round_before_the_agency_says_whom_to_call_and_never_that_the_next_is_asked(
    app: Flask,
) -> None:
    with app.app_context():
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
            asked = factories.asked()
            ada = factories.interpreter(name="Ada")
            ada.employment = "volunteer"
            one = rounds.tiers(SYSTEM, asked.id, now=NOW)
        assert one.tier == "volunteer"
    page = sign_in(app, coordinator).get(f"/requests/{asked.id}").text
    assert f"If nobody has accepted by Mon, 1 Mar, 13:00: {CALL}" in page
    assert "The next is asked by" not in page
    with app.app_context(), transaction():
        offers.turn_to_agency(queries.of_request(asked.id)[0].round, NOW)
    page = sign_in(app, coordinator).get(f"/requests/{asked.id}").text
    assert f"1 person was asked so far. {CALL}" in page
    assert "The next is asked by" not in page
