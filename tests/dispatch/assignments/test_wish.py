"""Naming whom one would like to come again."""

import re

import pytest
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments import service
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def came(who: Interpreter, by: Account) -> None:
    """Let somebody have interpreted for the one who asks, last Monday."""
    before = factories.hours_later(NOW, -9 * 24)
    asked = factories.asked(by=by, start=factories.hours_later(TOMORROW_TEN, -8 * 24), now=before)
    factories.coming(asked, who, now=before)


def wished(asked: InterpretationRequest) -> set[int]:
    db.session.refresh(asked)
    return {one.interpreter_id for one in asked.preferred_interpreters}


@in_session
def test_a_wish_is_kept_replaced_and_taken_back_and_stands_in_the_record() -> None:
    with transaction():
        mira, nour = factories.interpreter(name="Mira"), factories.interpreter(name="Nour")
        caseworker = factories.account(of=factories.organisation())
        came(mira, caseworker)
        came(nour, caseworker)
        asked = factories.asked(by=caseworker)
    for wish in ({mira.id, nour.id}, {nour.id}, set[int]()):
        version = asked.version
        with transaction():
            service.wish_for(caseworker.actor, asked.id, wish, now=NOW)
        assert wished(asked) == wish
        assert asked.version > version
    actions = [entry.kind for entry in ledger.history(Concerning(interpretation_request=asked.id))]
    assert actions.count("request.wished") == 3


@in_session
def test_only_who_has_interpreted_for_the_organisation_can_be_wished_for() -> None:
    with transaction():
        mira = factories.interpreter(name="Mira")
        came(mira, factories.account(of=factories.organisation("Klinik")))
        asked = factories.asked()
    with pytest.raises(Refusal, match="Only somebody who has"), transaction():
        service.wish_for(SYSTEM, asked.id, [mira.id], now=NOW)
    assert wished(asked) == set()


@in_session
def test_for_a_request_that_has_begun_nobody_can_be_wished_for(frozen_clock: FrozenClock) -> None:
    with transaction():
        mira = factories.interpreter()
        caseworker = factories.account(of=factories.organisation())
        came(mira, caseworker)
        asked = factories.asked(by=caseworker)
    later = frozen_clock.advance(days=2)
    with pytest.raises(Conflict, match="Nobody is needed"), transaction():
        service.wish_for(caseworker.actor, asked.id, [mira.id], now=later)


@on_sqlite
def test_a_caseworker_names_who_helped_before_and_the_coordinator_reads_it(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        coordinator = factories.account(Role.COORDINATOR)
        mira, nour = factories.interpreter(name="Mira"), factories.interpreter(name="Nour")
        turkish = factories.interpreter("tr", name="Emre")
        came(mira, caseworker)
        asked = factories.asked(by=caseworker)
    path = f"/requests/{asked.id}"
    browser = sign_in(app, caseworker)
    offered = re.findall(r'name="interpreter" value="(\d+)"', browser.get(path).text)
    assert offered == [str(mira.id)]
    assert "last here on Mon, 22 February 2027" in browser.get(path).text
    assert send(browser, f"{path}/wish", seen_on=path, interpreter=offered).location == path
    shown = browser.get(path).text
    assert "it is a wish, not a promise" in shown
    assert f'value="{mira.id}" checked' in shown
    for stranger in (nour, turkish):
        refused = send(browser, f"{path}/wish", seen_on=path, interpreter=str(stranger.id))
        assert refused.location == path
    assert "Mira Beispiel" in sign_in(app, coordinator).get(path).text
    assert "Mira Beispiel" not in shown


@on_sqlite
def test_where_nobody_helped_before_nothing_is_asked(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        factories.interpreter()
        asked = factories.asked(by=caseworker)
    assert "Who helped you before" not in sign_in(app, caseworker).get(f"/requests/{asked.id}").text
