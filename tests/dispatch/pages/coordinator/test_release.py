"""Taking an interpreter off: what is owed then stands there before, unless she asked for it."""

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.cancellations.models import CancellationDecision
from dispatch.database import db, transaction
from tests import factories
from tests.browsing import send, sign_in

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize("own_wish", [False, True])
def test_what_is_owed_is_said_before_and_kept_unless_the_interpreter_asked_for_it(
    app: Flask, own_wish: bool
) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        asked = factories.asked()
        coming = factories.coming(asked, factories.interpreter())
        page, request_page = f"/assignments/{coming.id}/release", f"/requests/{asked.id}"
    browser = sign_in(app, coordinator)
    assert "What is owed then: 1 h, €30.00 (told late)." in browser.get(page).text
    ticked = {"own_wish": "y"} if own_wish else {}
    send(browser, page, seen_on=page, reason_office="another case", **ticked)
    with app.app_context():
        kept = db.session.scalars(sa.select(CancellationDecision.minutes)).all()
    assert kept == ([] if own_wish else [60])
    assert ("Waive" in browser.get(request_page).text) is not own_wish
