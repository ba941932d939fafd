"""Answering offers by link."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from tests import factories
from tests.browsing import send
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
    assert client.get(path).status_code == 410
    send(client, f"{path}/accept", seen_on="/sign-in")
    with app.app_context():
        assert db.session.scalars(sa.select(Offer.state)).all() == ["made"]


def _path() -> str:
    found = re.search(r"/o/[\w-]+", " ".join(db.session.scalars(sa.select(Message.body))))
    assert found
    return found.group()
