"""Looking at requests from the command line."""

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from tests import factories
from tests.dispatch.cli.conftest import Dragoman

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = {"DRAGOMAN_NOW": "2027-03-01T08:00Z"}


def test_a_request_says_where_it_stands_who_comes_and_what_is_next(
    app: Flask, dragoman: Dragoman
) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
        office = factories.account(Role.COORDINATOR).email
        asked = factories.asked(by=kim, interpreters=2)
        factories.coming(asked, factories.interpreter())
        ada = factories.interpreter(name="Ada")
        offers.make(SYSTEM, asked.id, ada.id, now=factories.NOW)
        number, email = asked.reference, kim.email
        stranger = factories.account(of=factories.organisation("Klinik")).email
    lines = dragoman("requests", "show", number, "--as", email, **NOW).out.splitlines()
    assert lines[:3] == [
        f"{number}: open",
        "Romanian, Tue, 2 Mar, 10:00 to 11:00, Rathaus Beispiel",
        "Mira: confirmed, assignment 1",
    ]
    assert lines[3].startswith("1 person is asked; the last answer is due by Mon, 1 Mar")
    assert lines[4] == "The office looks for somebody."
    assert "Ada" not in "\n".join(lines)
    assert "Mira Beispiel: " in dragoman("requests", "show", number, "--as", office, **NOW).out
    refused = dragoman("requests", "show", number, "--as", stranger, **NOW)
    assert (refused.code, refused.out) == (1, "")


def test_requests_are_listed_and_found_by_words(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
        first = factories.asked(by=kim)
        factories.coming(first, factories.interpreter())
        second = factories.asked("tr", by=kim)
        factories.asked("pl")
        number, other, email = first.reference, second.reference, kim.email
    listed = dragoman("requests", "list", "--as", email, **NOW).out.splitlines()
    where = "Tue, 2 Mar, 10:00 to 11:00, Rathaus Beispiel"
    assert listed == [
        f"{number}: Romanian, {where}: filled, Mira",
        f"{other}: Turkish, {where}: open",
    ]
    found = dragoman("requests", "list", "turkish", "--as", email, "--which", "open", **NOW)
    assert found.out.splitlines() == listed[1:]
    none = dragoman("requests", "list", "polish", "--as", email, **NOW)
    assert none.out == "No request is found.\n"
