"""Looking at requests from the command line."""

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.clients import service as clients
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.requests import queries as requests
from tests import factories
from tests.dispatch.cli.conftest import Dragoman, Outcome

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


def test_of_a_client_who_wrote_stop_it_says_so(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        clients.give(SYSTEM, asked.id, "0176 04069002", consents=True, now=factories.NOW)
        clients.stop("+4917604069002", now=factories.NOW)
        number, email = asked.reference, asked.account.email
    shown = dragoman("requests", "show", number, "--as", email, **NOW).out
    assert "The client wants no more SMS (STOP): please tell them another way.\n" in shown


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


def test_who_helped_before_is_listed_and_wished_for(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
        done = factories.coming(factories.asked(by=kim), factories.interpreter())
        done.state, done.hold_id = "completed", None
        asked = factories.asked(by=kim, start=factories.hours_later(factories.TOMORROW_TEN, 48))
        number, email = asked.reference, kim.email
    later = {"DRAGOMAN_NOW": "2027-03-02T12:00Z"}

    def wish(*words: str) -> Outcome:
        return dragoman("requests", "wish", number, "--as", email, *words, **later)

    assert wish().out == "Mira, last here on Tue, 2 March 2027\n"
    assert wish("--person", "mira", "--only").out == "Noted; it is a wish.\n"
    with app.app_context():
        kept = requests.by_reference(number)
        assert (len(kept.preferred_interpreters), kept.only_preferred) == (1, True)
    assert "is not the first name of exactly one" in wish("--person", "Ada").err
    assert wish("--nobody").out == "Your wish is taken back.\n"
    with app.app_context():
        assert requests.by_reference(number).preferred_interpreters == []
