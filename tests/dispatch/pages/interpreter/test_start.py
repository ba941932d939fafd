"""An interpreter's first page."""

import pytest
from flask import Flask

from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.offers import service as offers
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_whom_we_do_not_reach_reads_so_with_the_number_of_the_office(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        account = mira.account
        offers.make(SYSTEM, factories.asked().id, mira.id, now=NOW)
    browser = sign_in(app, account)
    assert "We cannot reach you" not in browser.get("/").text
    with app.app_context(), transaction():
        sms = db.session.query(Message).filter_by(channel="sms").one()
        sms.state, sms.error_code = MessageState.SUPPRESSED, "opted-out"
    page = browser.get("/").text
    assert "We cannot reach you by SMS" in page
    assert 'href="tel:+49' in page
