"""Asking once more, asking for a colleague, and what the form knows already."""

import re
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import written

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def value_of(name: str, page: str) -> str:
    """Return what stands in a field of a form."""
    [field] = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    found = re.search(r'value="([^"]*)"', field)
    return unescape(found.group(1)) if found else ""


def test_asking_again_fills_in_everything_but_the_day(app: Flask) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
        before = factories.asked(by=kim, room="101", gender_wished="female", minutes=75)
    browser = sign_in(app, kim)
    page = browser.get(f"/requests/{before.id}").text
    [link] = re.findall(r'href="(/requests/new\?like=\d+)"', page)
    form = browser.get(link).text
    assert (value_of("room", form), value_of("start", form)) == ("101", "10:00")
    assert value_of("day", form) == ""
    assert re.search(rf'name="site" value="{before.site_id}"[^>]*checked', form)
    assert '<option selected value="female">' in form
    assert re.search(r'checked[^>]*name="duration"[^>]*value="75"', form)


def test_the_request_of_another_organisation_is_no_pattern(app: Flask) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
        foreign = factories.asked(room="secret 7")
    answer = sign_in(app, kim).get(f"/requests/new?like={foreign.id}")
    assert answer.status_code == 404
    assert "secret 7" not in answer.text


def test_the_form_knows_the_place_the_setting_and_the_contact_of_the_last_time(app: Flask) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
        last = factories.asked(by=kim, contact="Kim, door 2", room="101")
    form = sign_in(app, kim).get("/requests/new").text
    assert value_of("contact", form) == "Kim, door 2"
    assert value_of("room", form) == ""
    assert re.search(rf'name="site" value="{last.site_id}"[^>]*checked', form)
    assert '<option selected value="school">' in form


def test_somebody_asks_for_a_colleague_who_hears_who_did_so(app: Flask) -> None:
    with app.app_context(), transaction():
        school = factories.organisation("School")
        kim, noa = (factories.account(of=school, name=name) for name in ("Kim Muster", "Noa Klein"))
        lead = factories.account(Role.ORGANISATION_LEAD, of=school, name="Lou Groß")
        stranger = factories.account(of=factories.organisation("Clinic"), name="Fremd")
        before = factories.asked(by=kim)
        fields = {
            "language": "ro",
            "site": str(before.site_id),
            "day": "2027-03-10",
            "start": "10:00",
            "duration": "60",
            "setting": "school",
            "interpreter_count": "1",
        }
    browser = sign_in(app, kim)
    form = unescape(browser.get("/requests/new").text)
    assert [name for name in ("Noa Klein", "Lou Groß", "Fremd") if name in form] == [
        "Noa Klein",
        "Lou Groß",
    ]
    answer = send(
        browser, "/requests/new", seen_on="/requests/new", colleague=str(noa.id), **fields
    )
    assert answer.status_code == 302
    page = browser.get(answer.location).text
    assert "Noa Klein" in page
    assert "Kim Muster" in page  # in what happened
    refused = send(
        browser, "/requests/new", seen_on="/requests/new", colleague=str(stranger.id), **fields
    )
    assert refused.status_code == 422
    assert "Choose somebody who asks for your organisation as well" in refused.text
    assert lead.name in unescape(refused.text)
    with app.app_context():
        newest = sa.select(InterpretationRequest).order_by(InterpretationRequest.id.desc())
        stored = db.session.scalars(newest.limit(1)).one()
        assert stored.account_id == noa.id
        told = written("request_received")[-1]
        assert (told.recipient, "Kim Muster has asked in your name." in told.body) == (
            noa.email,
            True,
        )
        assert "in your name" not in written("request_received")[0].body


def test_who_is_alone_in_an_organisation_is_not_asked_for_whom(app: Flask) -> None:
    with app.app_context(), transaction():
        kim = factories.account(of=factories.organisation())
    assert 'name="colleague"' not in sign_in(app, kim).get("/requests/new").text
