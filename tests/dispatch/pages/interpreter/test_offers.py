"""Answering offers by link."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.assignments.rules import Via
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from tests import factories
from tests.browsing import send
from tests.correspondence import written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")


@pytest.mark.parametrize("who", [Interpreter, Account])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_links_of_somebody_who_was_shut_out_are_dead(
    app: Flask, who: type[Interpreter] | type[Account]
) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        offers.make(SYSTEM, factories.asked().id, mira.id, now=NOW)
    with app.app_context():
        path = _path()
    client = app.test_client()
    client.get(path)
    with app.app_context(), transaction():
        person = mira.id if who is Interpreter else mira.account_id
        db.session.get_one(who, person).active = False  # type: ignore[attr-defined]
    over = client.get(path)
    assert over.status_code == 410
    assert 'href="tel:+493023125000"' in over.text
    send(client, f"{path}/accept", seen_on="/sign-in")
    with app.app_context():
        assert db.session.scalars(sa.select(Offer.state)).all() == ["made"]


def _path() -> str:
    found = re.search(r"/o/[\w-]+", " ".join(db.session.scalars(sa.select(Message.body))))
    assert found
    return found.group()


def test_the_link_of_a_yes_that_was_released_says_that_nobody_is_to_come(app: Flask) -> None:
    with app.app_context():
        with transaction():
            offer = offers.make(SYSTEM, factories.asked().id, factories.interpreter().id, now=NOW)
        link = re.search(r"/o/\S+", written("offer")[0].body)
        assert link
        with transaction():
            assignment = offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
            assignment_id = assignment.id
        with transaction():
            cancellations.release(SYSTEM, assignment_id, reasons=Reasons(office="ill"), now=NOW)
    page = app.test_client().get(link.group(), headers={"Accept-Language": "en"}).text
    assert "Please do not come" in page
    assert "You have accepted" not in page
