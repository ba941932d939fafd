"""Finding one's own cases again, asking for the same next week, and what the lead reads."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.cancellations import service as cancellations
from dispatch.database import transaction
from dispatch.ledger.rules import Reasons
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW, TOMORROW_TEN

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def people(app: Flask) -> tuple[FlaskClient, FlaskClient, FlaskClient, FlaskClient]:
    """A caseworker, the lead of the same organisation, somebody of another one, the office."""
    with app.app_context(), transaction():
        school, clinic = factories.organisation("Schule"), factories.organisation("Klinik")
        kim = factories.account(of=school, name="Kim Muster")
        jo = factories.account(of=school, name="Jo Beispiel")
        lead = factories.account(Role.ORGANISATION_LEAD, of=school, name="Uli Leitung")
        stranger = factories.account(of=clinic)
        office = factories.account(Role.COORDINATOR)
        at = factories.site()
        factories.asked(by=kim, at=at, case_reference="AZ 12/3456", room="7")
        other = factories.asked("tr", by=jo, at=at, start=factories.hours_later(TOMORROW_TEN, 3))
        gone = factories.asked("tr", by=jo, at=at, start=factories.hours_later(TOMORROW_TEN, 5))
        cancellations.cancel_request(jo.actor, gone.id, reasons=Reasons(told="no need"), now=NOW)
        factories.coming(other, factories.interpreter("tr"))
        accounts = (kim, lead, stranger, office)
    kim_, lead_, stranger_, office_ = (sign_in(app, one) for one in accounts)
    return kim_, lead_, stranger_, office_


def found(browser: FlaskClient, text: str) -> int:
    return browser.get("/requests", query_string={"q": text}).text.count("role=rowheader")


def test_a_case_is_found_by_any_part_of_its_reference_and_by_nobody_else(
    people: tuple[FlaskClient, FlaskClient, FlaskClient, FlaskClient],
) -> None:
    kim, lead, stranger, office = people
    for text in ("AZ 12/3456", "3456", "az"):
        assert [found(one, text) for one in (kim, lead)] == [1, 1]
        assert [found(one, text) for one in (stranger, office)] == [0, 0]
    assert found(kim, "%") == 0


def test_the_lead_reads_who_asked_and_finds_it_by_name(
    people: tuple[FlaskClient, FlaskClient, FlaskClient, FlaskClient],
) -> None:
    kim, lead, _stranger, _office = people
    assert found(lead, "Jo") == 2
    assert found(kim, "Jo") == 0
    assert "Jo Beispiel" in lead.get("/requests").text


def test_the_figures_are_those_of_the_own_organisation(
    people: tuple[FlaskClient, FlaskClient, FlaskClient, FlaskClient],
) -> None:
    kim, lead, stranger, _office = people
    text = re.sub(r"<[^>]*>|\s+", " ", lead.get("/figures").text)
    text = re.sub(" +", " ", text)
    assert "Turkish 2 1 1 h 0 1" in text
    assert "Romanian 1 0 0 min 0 0" in text
    assert "Jo Beispiel 2 1 1 h 0 1" in text
    assert "Nothing was asked for" in lead.get("/figures?span=before").text
    assert "Jo Beispiel" in lead.get("/figures?span=year").text
    assert [one.get("/figures").status_code for one in (kim, stranger)] == [403, 403]


def test_again_next_week_has_everything_and_the_day_already(
    people: tuple[FlaskClient, FlaskClient, FlaskClient, FlaskClient],
) -> None:
    kim = people[0]
    [number] = set(re.findall(r"/requests/(\d+)", kim.get("/requests?q=3456").text))
    assert f"/requests/new?like={number}&amp;next_week=1" in kim.get(f"/requests/{number}").text
    form = kim.get(f"/requests/new?like={number}&next_week=1").text
    for value in ("2027-03-09", "10:00", "AZ 12/3456", "7"):
        assert f'value="{value}"' in form
