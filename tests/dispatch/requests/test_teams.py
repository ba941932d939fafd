"""How many are sent: two in turn above so many minutes, unless somebody says why one is enough."""

import itertools
from dataclasses import replace
from datetime import datetime
from functools import partial
from html import unescape

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.database import db, transaction
from dispatch.errors import Refusal, Several
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.organisations.models import Organisation
from dispatch.requests import importing, rules, service
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NUMBERS = itertools.count(1)
IN_TIME = datetime(2027, 3, 15, 10)


def agreed(minutes: int | None = 90) -> Organisation:
    organisation = factories.organisation(f"Organisation {next(NUMBERS)}")
    organisation.two_above_minutes = minutes
    return organisation


def asked(minutes: int, *, interpreters: int = 1, because: str = "") -> InterpretationRequest:
    with transaction():
        kim = factories.account(of=agreed())
        details = RequestDetails(
            "ro", factories.site().id, IN_TIME, minutes, "school",
            interpreter_count=interpreters, alone_because=because,
        )  # fmt: skip
        return service.submit(kim.actor, kim, details, now=NOW)


@pytest.mark.parametrize(
    ("minutes", "interpreters", "because", "agreed_on"),
    [(90, 1, "", 90), (91, 2, "", 90), (91, 1, "long breaks", 90), (600, 1, "", None)],
)
def test_so_many_are_enough(
    minutes: int, interpreters: int, because: str, agreed_on: int | None
) -> None:
    rules.require_team(minutes, interpreters, because, two_above_minutes=agreed_on)


@in_session
def test_one_for_longer_than_agreed_is_refused_until_it_is_said_why() -> None:
    with pytest.raises(Refusal, match="longer than 90 minutes two interpret in turn") as refused:
        asked(120)
    assert refused.value.field == "interpreter_count"
    assert asked(120, because="mostly in writing").alone_because == "mostly in writing"
    team = asked(120, interpreters=2)
    with transaction():
        offers.make(SYSTEM, team.id, factories.interpreter().id, now=NOW)
    assert "In turn with: 1 other person" in written("offer")[0].body


@in_session
def test_made_longer_one_is_no_longer_enough_and_what_else_changes_asks_nothing() -> None:
    one = asked(90)
    longer = replace(details_of(one), duration_minutes=120)
    with pytest.raises(Refusal, match="two interpret in turn"), transaction():
        amendments.amend(SYSTEM, one.id, longer, now=NOW)
    with transaction():
        amendments.amend(SYSTEM, one.id, replace(longer, interpreter_count=2), now=NOW)
    assert (one.duration_minutes, one.interpreter_count) == (120, 2)
    with transaction():
        before = asked(90)
        before.organisation.two_above_minutes = 60
        amendments.amend(SYSTEM, before.id, replace(details_of(before), room="7"), now=NOW)
    assert before.room == "7"


@in_session
def test_a_file_names_the_row_and_may_say_why() -> None:
    with transaction():
        kim = factories.account(of=agreed())
        number = factories.site().register_number
    heading = "language,site,day,start,duration,setting"
    row = f"ro,{number},2027-03-15,10:00,120,school"
    with pytest.raises(Several, match="Row 2, interpreters: What is longer than 90 minutes"):
        importing.read(kim, f"{heading}\n{row}\n".encode(), now=NOW)
    content = f"{heading},Warum eine Person genügt\n{row},lange Pausen\n".encode()
    [good] = importing.read(kim, content, now=NOW)
    assert good.interpretation_request.alone_because == "lange Pausen"


@on_sqlite
def test_the_office_agrees_on_it_and_the_form_asks(app: Flask) -> None:
    with app.app_context(), transaction():
        school = factories.organisation("School")
        kim, office = factories.account(of=school), factories.account(Role.COORDINATOR)
        site, school_id = str(factories.site().id), str(school.id)
    coordinator = sign_in(app, office)
    page = f"/organisations/{school_id}"
    agree = partial(send, coordinator, f"{page}/agreement", seen_on=page, strategy="direct")
    assert "Give from 15 to 600 minutes" in agree(two_above="7").text
    agree(two_above="90")
    assert 'value="90"' in coordinator.get(page).text
    browser, new = sign_in(app, kim), "/requests/new"
    wanted = {
        "language": "ro", "site": site, "day": "2027-03-15", "start": "10:00", "duration": "120",
        "setting": "school", "interpreter_count": "1",
    }  # fmt: skip
    assert "Why one is enough" not in browser.get(new).text
    asks = send(browser, new, seen_on=new, **wanted)
    assert "Why one is enough" in unescape(asks.text)
    taken = send(browser, new, seen_on=new, alone_because="long breaks", **wanted)
    assert "long breaks" in coordinator.get(taken.location).text
    with app.app_context():
        assert db.session.query(InterpretationRequest).one().interpreter_count == 1
