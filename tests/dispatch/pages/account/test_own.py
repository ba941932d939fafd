"""Those who ask look after the number that urgent news goes to."""

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts import service
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import db
from dispatch.errors import Refusal
from dispatch.ledger.rules import SYSTEM
from tests import factories
from tests.browsing import send, sign_in
from tests.cast import assemble
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def number_of(account_id: int) -> str | None:
    return db.session.scalars(sa.select(Account.phone).where(Account.id == account_id)).one()


def test_a_number_is_kept_as_it_is_dialled_and_can_be_taken_away_again(app: Flask) -> None:
    with app.app_context():
        anna = assemble().caseworker
        anna_id = anna.id
    browser = sign_in(app, anna)
    send(browser, "/account", seen_on="/account", phone="0176 04069001")
    page = browser.get("/account").text
    assert "Urgent news goes to +4917604069001 by text message as well." in page
    with app.app_context():
        assert number_of(anna_id) == "+4917604069001"
    send(browser, "/account", seen_on="/account", phone=" ")
    with app.app_context():
        assert number_of(anna_id) is None


def test_a_number_that_cannot_receive_sms_comes_back_as_it_was_typed(app: Flask) -> None:
    with app.app_context():
        anna = assemble().caseworker
        anna_id = anna.id
    browser = sign_in(app, anna)
    answer = send(browser, "/account", seen_on="/account", phone="0231 5012345")
    assert answer.status_code == 422
    assert "cannot receive text messages; give a mobile number" in answer.text
    assert 'value="0231 5012345"' in answer.text
    with app.app_context():
        assert number_of(anna_id) is None


def test_only_those_who_ask_find_the_page(app: Flask) -> None:
    with app.app_context():
        cast = assemble()
    asks, office = sign_in(app, cast.caseworker), sign_in(app, cast.coordinator)
    assert 'href="/account"' in asks.get("/").text
    assert 'href="/account"' not in office.get("/").text
    assert office.get("/account").status_code == 403


@pytest.mark.usefixtures("session")
def test_a_number_that_nothing_is_sent_to_is_not_kept() -> None:
    def add(role: str, organisation: str | None, phone: str) -> Account:
        return service.add(
            SYSTEM,
            email=f"{role}@example.org",
            name="Kim",
            role=role,
            organisation=organisation,
            password=None,
            phone=phone,
            now=NOW,
        )

    factories.organisation("Schule")
    assert add(Role.CASEWORKER, "Schule", "0176 04069001").phone == "+4917604069001"
    with pytest.raises(Refusal, match="Leave it out for a coordinator"):
        add(Role.COORDINATOR, None, "0176 04069001")
    with pytest.raises(Refusal, match="is not a telephone number that exists"):
        add(Role.ORGANISATION_LEAD, "Schule", "12")
